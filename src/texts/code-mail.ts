/** One-time codes as e-mails. */
import type { CodePurpose } from './code-message.ts';
import { duration } from './duration.ts';
import { type EmailContent, escaped, page } from './email.ts';
import { type Language, text } from './texts.ts';

/** One code by e-mail; `code` in ASCII digits. The subject does not hold it: locked screens show subjects. */
export function codeMail({
  language,
  code,
  purpose,
  seconds,
}: {
  language: Language;
  code: string;
  purpose: CodePurpose;
  /** How long the code is good for. */
  seconds: number;
}): EmailContent {
  const subject = text(language, 'mail.code.subject');
  const body = text(language, `code.${purpose}`, { code, duration: duration(language, seconds) });
  const ignore = text(language, 'mail.ignore');
  return {
    subject,
    text: [body, ignore].join('\n\n'),
    html: page(language, subject, [escaped(body), escaped(ignore)]),
  };
}
