/** What auth says of a mailed link, as clients see it. */
import type { LinkRequested } from '../auth/link-request.ts';
import type { KeyRefused } from '../auth/mailed-key.ts';
import type { Context } from '../context.ts';
import { text } from '../texts/texts.ts';
import {
  CustomerConflictError,
  type CustomerThrottledError,
  LinkExpiredError,
} from '../types/customer-error.ts';
import { EmailChallenge } from '../types/email-challenge.ts';
import { maskEmail } from '../values/email.ts';
import { secondsUntil, throttled } from './challenge.ts';

/** The link that was sent, or why none was. */
export function toEmailChallenge(
  context: Context,
  requested: LinkRequested,
): EmailChallenge | CustomerThrottledError {
  if (requested.kind === 'throttled') return throttled(context, requested.retryAfterSeconds);
  const { identifier, email, expiresAt, key } = requested;
  return new EmailChallenge({
    identifier,
    maskedDestination: maskEmail(email),
    expiresAt,
    expiresInSeconds: secondsUntil(expiresAt),
    key,
  });
}

/** Why a link opened nothing. */
export function toLinkRefusal(context: Context, refused: KeyRefused | { kind: 'emailTaken' }) {
  switch (refused.kind) {
    case 'gone':
      return new LinkExpiredError(text(context.language, 'error.linkExpired'));
    case 'busy':
      return throttled(context, refused.retryAfterSeconds);
    case 'emailTaken':
      return new CustomerConflictError(text(context.language, 'error.conflictEmail'), 'email');
  }
}
