/** News about somebody's account as e-mails. */
import type { NoticeKey } from './notice-message.ts';
import { type Language, text } from './texts.ts';

/** One e-mail's content; `text` and `html` say the same. */
export interface EmailContent {
  subject: string;
  text: string;
  html: string;
}

/** What the notices mention. */
export interface NoticeValues {
  /** A phone to call when it was not the customer; `null`: the notice names none. */
  supportPhone: string | null;
}

/** The notice as an e-mail, its page running right to left in Arabic. */
export function notice(
  language: Language,
  key: NoticeKey,
  { supportPhone }: NoticeValues = { supportPhone: null },
): EmailContent {
  const subject = text(language, `notice.${key}.subject`);
  const paragraphs = text(language, `notice.${key}.body`).split('\n\n');
  // A phone keeps its direction inside Arabic: in the page by `bdi`, in plain text by isolate marks.
  const supportAs = (shown: string) => text(language, 'notice.supportPhone', { supportPhone: shown });
  const none = text(language, 'notice.support');
  return {
    subject,
    text: [...paragraphs, supportPhone === null ? none : supportAs(`\u2066${supportPhone}\u2069`)].join(
      '\n\n',
    ),
    html: page(language, subject, [
      ...paragraphs.map(escaped),
      supportPhone === null ? escaped(none) : supportAs(`<bdi dir="ltr">${escaped(supportPhone)}</bdi>`),
    ]),
  };
}

/** A page of `paragraphs`, which are HTML already. */
export function page(language: Language, title: string, paragraphs: readonly string[]): string {
  const direction = language === 'ar' ? 'rtl' : 'ltr';
  return [
    '<!doctype html>',
    `<html lang="${language}" dir="${direction}">`,
    `<head><meta charset="utf-8"><title>${escaped(title)}</title></head>`,
    `<body dir="${direction}" style="font-family: Tahoma, Arial, sans-serif; font-size: 16px; line-height: 1.6">`,
    ...paragraphs.map((paragraph) => `<p>${paragraph}</p>`),
    '</body>',
    '</html>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, in attributes as well. */
export function escaped(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
