/** News about somebody's account as text messages. */
import { type Language, text } from './texts.ts';

/**
 * What happened.
 *
 * - `phoneTaken`: somebody proved the hospital identity of the account with another phone; its sign-ins are
 *   ended and its password is closed until a reset.
 * - `passwordChanged`: the password was changed.
 * - `accountLocked`: signing in by phone is closed for 24 hours.
 */
export type NoticeKey = 'phoneTaken' | 'passwordChanged' | 'accountLocked';

/** The notice as one text message. */
export function noticeMessage(language: Language, key: NoticeKey): string {
  return text(language, `notice.${key}.sms`);
}
