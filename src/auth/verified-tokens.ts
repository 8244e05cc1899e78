/** Tokens whose signatures were checked already: that is a large part of what a short request costs. */
import { LRUCache } from 'lru-cache';
import { hashOf } from './secrets.ts';

// Less than a kilobyte each, and none of it the token itself.
const MOST_TOKENS = 20_000;

/**
 * The same as `verify`, which is asked once for each good token, and again for those that were pushed out by others.
 *
 * What a token says never changes; what may change is asked by others: whether its session is open, or it was
 * revoked. `isOver` is asked each time.
 */
export function rememberingTokens<Claims extends object>(
  verify: (token: string) => Promise<Claims | null>,
  isOver: (claims: Claims) => boolean,
): (token: string) => Promise<Claims | null> | Claims | null {
  const verified = new LRUCache<string, Claims>({ max: MOST_TOKENS });

  return (token) => {
    const id = hashOf(token);
    const known = verified.get(id);
    if (known === undefined) {
      return verify(token).then((claims) => {
        if (claims !== null) verified.set(id, claims);
        return claims;
      });
    }
    if (!isOver(known)) return known;
    verified.delete(id);
    return null;
  };
}
