/** One-time codes as text messages. */
import { duration } from './duration.ts';
import { type Language, text } from './texts.ts';

/** What the code is for. */
export type CodePurpose =
  | 'register'
  | 'login'
  | 'hmgLogin'
  | 'loyalty'
  | 'passwordLogin'
  | 'socialLink'
  | 'phoneChange';

/** One code and where it is going to be typed in. */
export interface CodeMessage {
  language: Language;
  /** ASCII digits, which is what phones look for. */
  code: string;
  purpose: CodePurpose;
  /** Host name of the web page that asks for the code, such as "shop.example.com". */
  webDomain: string | null;
  /** Eleven characters that name the Android app. */
  androidHash: string | null;
  /** How long the code is good for. */
  minutes: number;
}

/**
 * The text that takes a code to a phone, in a form that lets the phone fill it in.
 *
 * Browsers and iOS read the last line, `@<webDomain> #<code>`, so it comes last; Android apps are found by
 * their hash anywhere in the message, so that stands before it.
 *
 * @see https://wicg.github.io/sms-one-time-codes/
 * @see https://developers.google.com/identity/sms-retriever/verify
 */
export function codeMessage({
  language,
  code,
  purpose,
  webDomain,
  androidHash,
  minutes,
}: CodeMessage): string {
  return [
    text(language, `code.${purpose}`, { code, duration: duration(language, minutes * 60) }),
    androidHash,
    webDomain && `@${webDomain} #${code}`,
  ]
    .filter(Boolean)
    .join('\n');
}
