/** News about somebody's account as text messages. */
import { type Language, text } from './texts.ts';

/**
 * What happened.
 *
 * - `phoneTaken`: somebody proved the hospital identity of the account with another phone; its sign-ins are
 *   ended and its password is closed until a reset.
 * - `phoneChanged`: the customer changed the phone; told at the old one.
 * - `passwordChanged`: the password was changed.
 * - `accountLocked`: signing in by phone is closed for 24 hours.
 * - `accountDeleted`: the account is gone.
 * - `emailChanged`: the account has another e-mail address; its other sign-ins are ended.
 * - `emailLocked`: signing in by e-mail code is closed for 24 hours.
 */
export type NoticeKey =
  | 'phoneTaken'
  | 'phoneChanged'
  | 'passwordChanged'
  | 'accountLocked'
  | 'accountDeleted'
  | 'emailChanged'
  | 'emailLocked';

/** The notice as one text message. */
export function noticeMessage(language: Language, key: NoticeKey): string {
  return text(language, `notice.${key}.sms`);
}
