/** What a stolen token must not be able to do needs a fresh sign-in. */
import { type Context, signedIn } from '../context.ts';
import { text } from '../texts/texts.ts';
import { RecentSignInRequiredError } from '../types/customer-error.ts';

/** The error for a caller whose sign-in is too long ago; `null` when it is fresh. Throws `UNAUTHENTICATED`. */
export function tooLongSignedIn(context: Context): RecentSignInRequiredError | null {
  const { authTime } = signedIn(context);
  const maxAgeSeconds = context.parts.config.session.recentSignInSeconds;
  if (Date.now() - authTime.getTime() <= maxAgeSeconds * 1000) return null;
  return new RecentSignInRequiredError(text(context.language, 'error.recentSignInRequired'), maxAgeSeconds);
}
