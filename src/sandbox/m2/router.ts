/** How the stand-in finds a route: Magento's path templates, store codes in front. */

import { badRequest, notFound, wrongType } from './errors.ts';
import type { Properties } from './input.ts';
import { toInt } from './input.ts';
import type { CustomerRow } from './shop.ts';
import { ALL_STORES, DEFAULT_STORE, STORE_VIEWS, type StoreView } from './stores.ts';

/** Who calls, by the bearer token. */
export type Caller = { kind: 'nobody' } | { kind: 'customer'; customer: CustomerRow } | { kind: 'admin' };

/** What a route is given. */
export interface Call {
  caller: Caller;
  store: StoreView;
  query: URLSearchParams;
  body: Properties;
  /** A path parameter, decoded. */
  param(name: string): string;
  /** A path parameter that must be a number; refused with 400 otherwise. */
  id(name: string): number;
  /** The customer whose token this is; an admin's or integration's call has none and is refused with 400. */
  self(): CustomerRow;
}

/** One route of the REST API. What `answer` throws as a `Refusal` is the answer too. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Such as `/V1/customers/{id}`. */
  path: string;
  /** `anonymous`, `self` (a customer's own token), or the ACL resource an admin or integration needs. */
  access: 'anonymous' | 'self' | (string & {});
  answer(call: Call): unknown;
}

/** A route, and the path parameters as they were sent. */
export interface Match {
  route: Route;
  params: ReadonlyMap<string, string>;
}

/** The store view that the path names, and the rest of the path, as in `/V1/customers/me`. */
export function splitStore(path: string): { store: StoreView; path: string } {
  const segments = path.split('/').filter((segment) => segment !== '');
  const [first = ''] = segments;
  if (/^V\d+$/.test(first)) return { store: DEFAULT_STORE, path: `/${segments.join('/')}` };
  const store = [...STORE_VIEWS, ALL_STORES].find(({ code }) => code === first);
  if (!store) throw badRequest('Specified request cannot be processed.');
  return { store, path: `/${segments.slice(1).join('/')}` };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function matched(template: string, path: string): Map<string, string> | null {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params = new Map<string, string>();
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) params.set(name, decoded(value));
    else if (segment !== value) return null;
  }
  return params;
}

/** The route for a method and path, literal segments before parameters; refused with 404 when there is none. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const parameters = ({ route }: Match) => route.path.split('{').length;
  const [best] = routes
    .filter((route) => route.method === method)
    .flatMap((route): Match[] => {
      const params = matched(route.path, path);
      return params ? [{ route, params }] : [];
    })
    .toSorted((a, b) => parameters(a) - parameters(b));
  if (!best) throw notFound('Request does not match any route.');
  return best;
}

/** The accessors of path parameters for a call. */
export function pathParameters(params: ReadonlyMap<string, string>): Pick<Call, 'param' | 'id'> {
  const param = (name: string) => params.get(name) ?? '';
  return {
    param,
    id(name) {
      const text = param(name);
      const value = toInt(text);
      if (value === null) throw wrongType(text, 'int');
      return value;
    },
  };
}
