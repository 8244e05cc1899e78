/** E-mails with a link that proves the address they went to, and those that come in place of one. */
import { duration } from './duration.ts';
import { type EmailContent, escaped, page } from './email.ts';
import { type Language, text } from './texts.ts';

/** What the link is for: the name of the mutation that the page behind it calls. */
export type LinkPurpose = 'activateAccount' | 'confirmEmailChange';

/** What a link is made of. */
export interface LinkParts {
  /** The web shop's page. */
  pageUrl: string;
  purpose: LinkPurpose;
  identifier: string;
  key: string;
}

/**
 * `<page>?action=<purpose>&identifier=…#<key>`
 *
 * The key stands after `#`, so that browsers send it to no server and no server logs it.
 */
export function linkOf({ pageUrl, purpose, identifier, key }: LinkParts): string {
  const link = new URL(pageUrl);
  link.searchParams.set('action', purpose);
  link.searchParams.set('identifier', identifier);
  link.hash = key;
  return link.href;
}

/** The mail that holds the link. It names nobody: whoever asked for it may be a stranger to the mailbox. */
export function linkMail({
  language,
  seconds,
  ...parts
}: LinkParts & {
  language: Language;
  /** How long the link is good for. */
  seconds: number;
}): EmailContent {
  const { purpose } = parts;
  const link = linkOf(parts);
  const subject = text(language, `mail.${purpose}.subject`);
  const values = { duration: duration(language, seconds) };
  const paragraphs = text(language, `mail.${purpose}.body`, values).split('\n\n');
  const ignore = text(language, 'mail.ignore');
  return {
    subject,
    text: [...paragraphs, link, ignore].join('\n\n'),
    html: page(language, subject, [
      ...paragraphs.map(escaped),
      `<a href="${escaped(link)}" dir="ltr">${escaped(link)}</a>`,
      escaped(ignore),
    ]),
  };
}

/** What the address is told when it is taken: the answer to whoever asked must not tell it. */
export function takenMail(language: Language, purpose: LinkPurpose): EmailContent {
  const subject = text(language, `mail.${purpose}.taken.subject`);
  const paragraphs = text(language, `mail.${purpose}.taken.body`).split('\n\n');
  const ignore = text(language, 'mail.ignore');
  return {
    subject,
    text: [...paragraphs, ignore].join('\n\n'),
    html: page(language, subject, [...paragraphs, ignore].map(escaped)),
  };
}
