/** What auth says of a code, as clients see it. */
import type { CodeRequested } from '../auth/code-request.ts';
import type { CodeRefused } from '../auth/code-spending.ts';
import { destinationOf } from '../auth/destination.ts';
import type { Context } from '../context.ts';
import type { InputProblem } from '../inputs/checked.ts';
import { text } from '../texts/texts.ts';
import {
  CustomerInputError,
  CustomerLockedError,
  CustomerThrottledError,
  OtpExpiredError,
  OtpRejectedError,
} from '../types/customer-error.ts';
import { OtpChallenge } from '../types/otp.ts';
import { maskEmail } from '../values/email.ts';
import { maskPhone } from '../values/phone.ts';

/** Where the code went, for its owner to know it again. */
function shown(destination: string): Pick<OtpChallenge, 'channel' | 'maskedDestination'> {
  const to = destinationOf(destination);
  if (to && 'email' in to) return { channel: 'EMAIL', maskedDestination: maskEmail(to.email) };
  return { channel: 'SMS', maskedDestination: to ? maskPhone(to.phone) : '•••' };
}

export const secondsUntil = (time: Date) => Math.max(0, Math.ceil((time.getTime() - Date.now()) / 1000));

export function inputError({ language }: Context, problems: InputProblem[]): CustomerInputError {
  return new CustomerInputError(text(language, 'error.input'), problems);
}

export function throttled(context: Context, retryAfterSeconds: number): CustomerThrottledError {
  const { language } = context;
  context.isPassing = true;
  return new CustomerThrottledError(text(language, 'error.throttled'), retryAfterSeconds);
}

export function expired({ language }: Context): OtpExpiredError {
  return new OtpExpiredError(text(language, 'error.otpExpired'));
}

/** The challenge that a code was sent for, or why none was. */
export function toChallenge(
  context: Context,
  requested: CodeRequested,
): OtpChallenge | CustomerThrottledError {
  if (requested.kind === 'throttled') return throttled(context, requested.retryAfterSeconds);
  const { challenge, code } = requested;
  return new OtpChallenge({
    otpId: challenge.id,
    ...shown(challenge.to),
    expiresAt: challenge.expiresAt,
    expiresInSeconds: secondsUntil(challenge.expiresAt),
    resendAvailableAt: challenge.resendAvailableAt,
    resendInSeconds: secondsUntil(challenge.resendAvailableAt),
    attemptsRemaining: challenge.attemptsRemaining,
    otpCode: code,
  });
}

/** Why a code was not acted upon. */
export function toRefusal(context: Context, refused: CodeRefused) {
  switch (refused.kind) {
    case 'rejected':
      return new OtpRejectedError(text(context.language, 'error.otpRejected'), refused.attemptsRemaining);
    case 'expired':
      return expired(context);
    case 'throttled':
      return throttled(context, refused.retryAfterSeconds);
    case 'locked':
      return new CustomerLockedError(
        text(context.language, 'error.locked'),
        context.parts.config.supportPhone,
      );
  }
}
