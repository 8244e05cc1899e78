/** What a stolen token alone must not do: it takes a sign-in of the last minutes. */
import { type Context, signedIn } from '../context.ts';
import { text } from '../texts/texts.ts';
import { RecentSignInRequiredError } from '../types/customer-error.ts';

/** The answer to a caller whose sign-in is too old; `null` where it is recent. Throws `UNAUTHENTICATED`. */
export function recentSignInRequired(context: Context): RecentSignInRequiredError | null {
  const { authTime } = signedIn(context);
  const maxAgeSeconds = context.parts.config.session.recentSignInSeconds;
  if (Date.now() - authTime.getTime() <= maxAgeSeconds * 1000) return null;
  return new RecentSignInRequiredError(text(context.language, 'error.recentSignInRequired'), maxAgeSeconds);
}
