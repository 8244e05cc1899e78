/** The media type of an answer. */
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

/** What Apollo Server offers, in its order and by the same library. */
const OFFERED = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
  'application/json; callbackSpec=1.0; charset=utf-8',
];

// Clients send a few of them, each time the same.
const chosen = new LRUCache<string, { type: string | undefined }>({ max: 100 });

/** What Apollo Server would answer a request with this `Accept` header in; `undefined` where it takes nothing of it. */
export function mediaTypeFor(accept: string | undefined): string | undefined {
  if (!accept) return OFFERED[0];
  const known = chosen.get(accept);
  if (known) return known.type;
  const type = new Negotiator({ headers: { accept } }).mediaType(OFFERED);
  chosen.set(accept, { type });
  return type;
}
