/** Addresses of requests, from templates and from names and values as they are. */
import { Failure } from '../../failures.ts';

/** Names and values as they are, not encoded; a name may come more than once. */
export type Query = readonly (readonly [name: string, value: string])[];

/** Fills a route's `{names}`; a value stays one path segment whatever it holds. */
export function fill(route: string, params: Readonly<Record<string, string>>): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    // "." and ".." climb even when percent-encoded, and nothing at all would be another route.
    if (value === undefined || /^\.*$/.test(value)) {
      throw new Failure('UPSTREAM_INVALID', { detail: `${route} cannot be asked for such a ${name}` });
    }
    return encodeURIComponent(value);
  });
}

/** Spaces as %20 and plus signs as %2B: M2 verifies signatures with `rawurldecode`, which leaves a + alone. */
export function queryString(query: Query): string {
  return query.map(([name, value]) => `${encodedName(name)}=${encodeURIComponent(value)}`).join('&');
}

// Names are this service's own, a few dozen; their brackets take long to encode.
const encodedNames = new Map<string, string>();

function encodedName(name: string): string {
  const known = encodedNames.get(name);
  if (known !== undefined) return known;
  const encoded = encodeURIComponent(name);
  encodedNames.set(name, encoded);
  return encoded;
}
