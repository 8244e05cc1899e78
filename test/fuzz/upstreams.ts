/** Watches every HTTP request that leaves this process, and knows all those that the service may make. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const CHANNEL = 'http.client.request.start';
/** Of reads, and of `fetch`, by which the keys of Google and Apple are read. */
const FETCH_CHANNEL = 'undici:request:create';

const ID = '[1-9]\\d{0,15}';

/** Method and path below the base URL; an id is a number of M2's, whatever a client called by that name. */
const M2_ROUTES = [
  'GET V1/store/storeViews',
  'GET V1/directory/countries(/[A-Z]{2})?',
  `GET V1/customerGroups/(0|${ID})`,
  'GET V1/customers/search',
  'POST V1/customers',
  `(GET|PUT|DELETE) V1/customers/${ID}`,
  `GET V1/customers/${ID}/confirm`,
  `GET V1/customers/addresses/${ID}`,
  `DELETE V1/addresses/${ID}`,
  'POST V1/integration/customer/token',
  'POST V1/integration/customer/revoke-customer-token',
  'PUT V1/customers/me/password',
  'PUT V1/customers/password',
  'POST V1/customers/resetPassword',
  `GET V1/customers/${ID}/password/resetLinkToken/[A-Za-z0-9_-]{1,512}`,
  `GET V1/hmg/customers/${ID}/cards`,
  // Only ids that the shop itself has listed.
  `DELETE V1/hmg/customers/${ID}/cards/900\\d`,
  `(GET|POST) V1/hmg/customers/${ID}/loyalty`,
  'PUT V1/hmg/customers/password',
  `(GET|PUT) V1/hmg/customers/${ID}/wallet`,
  `PUT V1/hmg/customers/${ID}/notifications/read`,
  // A device's own id is hashed: whatever it holds, it reaches no other route.
  `(PUT|DELETE) V1/hmg/customers/${ID}/devices/[\\w-]{43}`,
];
/** The shop's own texts, which are asked for in the client's language: in either store view. */
const TEXT_ROUTES = ['GET V1/hmg/(app-info|faqs)'];
const STORE_VIEW = /\/rest\/default$/;
const NOTIFICATIONS = `(GET|DELETE) V1/hmg/customers/${ID}/notifications`;
const IDS = `ids=${ID}(%2C${ID}){0,99}`;
/** A `DELETE` names what it deletes. */
const NOTIFICATION_QUERIES: Readonly<Record<string, RegExp>> = {
  GET: new RegExp(`^pageSize=\\d{1,3}(&${IDS}|(&before=${ID})?&language=(en|ar))?$`),
  DELETE: new RegExp(`^${IDS}$`),
};
const ESERVICES_ROUTES = ['POST api/customer/is_patient_exists', 'POST api/customer/login'];
const SMS_ROUTES = ['POST '];

/** What a search may look for, and the form that each value has by the time it gets there. */
const SEARCH_VALUES: Readonly<Record<string, RegExp>> = {
  entity_id: new RegExp(`^in ${ID}(,${ID})*$`),
  phone_number: /^in \+?\d+(,\+?\d+)*$/,
  email: /^eq [^\s,@]+@[A-Za-z0-9.-]+$/,
  national_id: /^eq \d{10}$/,
  file_no: /^eq [A-Za-z0-9-]{1,20}$/,
  google_sub: /^eq \S{1,255}$/,
  apple_sub: /^eq \S{1,255}$/,
};

/** What a search leaves out is chosen from a few lists, whatever a client asks for. */
const FIELDS = new RegExp(
  '^items\\[id,group_id,default_billing,default_shipping,created_at,updated_at,created_in,dob,email,firstname,' +
    'middlename,lastname,gender,store_id,website_id(,addresses)?(,extension_attributes)?(,custom_attributes)?' +
    '\\],total_count$',
);

export interface UpstreamUrls {
  m2Url: string;
  eservicesUrl: string;
  smsUrl: string;
  /** Where Google and Apple publish their keys, where both are stood in for. */
  keysUrl?: string;
  /** Where the service itself answers, for tests in its process that ask it by `fetch`. */
  ownUrl?: string;
}

export interface UpstreamWatch {
  /** How many requests went out so far. */
  count(): number;
  /** Requests that should not have been made, in words; empties the list. */
  takeProblems(): string[];
  stop(): void;
}

/** Watches from now on. */
export function watchUpstreams(
  { m2Url, eservicesUrl, smsUrl, keysUrl, ownUrl }: UpstreamUrls,
  websiteId = '1',
): UpstreamWatch {
  const routes = [
    ...[...M2_ROUTES, NOTIFICATIONS].map((route) => allowed(route, m2Url)),
    ...TEXT_ROUTES.flatMap((route) => [
      allowed(route, m2Url),
      allowed(route, m2Url.replace(STORE_VIEW, '/rest/ar')),
    ]),
    ...ESERVICES_ROUTES.map((route) => allowed(route, eservicesUrl)),
    ...SMS_ROUTES.map((route) => allowed(route, smsUrl)),
  ];
  const search = allowed('GET V1/customers/search', m2Url);
  const notifications = allowed(NOTIFICATIONS, m2Url);
  let count = 0;
  let problems: string[] = [];

  function seen(message: unknown): void {
    const { request } = message as { request: ClientRequest };
    judge(request.method, `${request.protocol}//${request.getHeader('host')}`, request.path);
  }
  function judge(method: string, origin: string, whole: string): void {
    count += 1;
    const [path = '', query = ''] = whole.split(/\?(.*)/s);
    const line = `${method} ${origin}${path}`;
    if (!routes.some((route) => route.test(line))) problems.push(line);
    const wrong = queryProblem(line, method, query);
    if (wrong) problems.push(`${line}?${query} (${wrong})`);
  }
  function queryProblem(line: string, method: string, query: string): string | null {
    if (search.test(line)) return searchProblem(query, websiteId);
    if (notifications.test(line)) return NOTIFICATION_QUERIES[method]?.test(query) ? null : 'its query';
    return query === '' ? null : 'a query';
  }
  function seenFetch(message: unknown): void {
    const { request } = message as { request: { method: string; origin: string | URL; path: string } };
    const line = `${request.method} ${new URL(request.path, request.origin).href}`;
    if (ownUrl !== undefined && line === `POST ${ownUrl}`) return;
    if (keysUrl !== undefined && line === `GET ${keysUrl}`) count += 1;
    else judge(request.method, String(request.origin), request.path);
  }
  subscribe(CHANNEL, seen);
  subscribe(FETCH_CHANNEL, seenFetch);

  return {
    count: () => count,
    takeProblems() {
      const taken = problems;
      problems = [];
      return taken;
    },
    stop() {
      unsubscribe(CHANNEL, seen);
      unsubscribe(FETCH_CHANNEL, seenFetch);
    },
  };
}

function allowed(route: string, baseUrl: string): RegExp {
  const [method = '', path = ''] = route.split(' ');
  const base = baseUrl.replace(/\/+$/, '').replace(/[.]/g, '\\.');
  return new RegExp(`^${method} ${base}/${path}$`);
}

/** `null` for a search of one known field within the website, with a page size. */
function searchProblem(query: string, websiteId: string): string | null {
  const given = new URLSearchParams(query);
  const filters = new Map<string, string>();
  for (const [name, field] of given) {
    const filter = /^(searchCriteria\[filterGroups\]\[\d\]\[filters\]\[0\])\[field\]$/.exec(name)?.[1];
    if (filter)
      filters.set(field, `${given.get(`${filter}[conditionType]`)} ${given.get(`${filter}[value]`)}`);
  }
  const [[field = '', value = ''] = [], website, ...more] = [...filters];
  if (more.length > 0 || website?.[0] !== 'website_id' || website[1] !== `eq ${websiteId}`)
    return 'its filters';
  if (!SEARCH_VALUES[field]?.test(value)) return 'its field or value';
  const fields = given.get('fields');
  if (fields !== null && !FIELDS.test(fields)) return 'its fields';
  const expected = filters.size * 3 + (fields === null ? 4 : 5);
  if ([...given].length !== expected) return 'more or fewer parameters';
  if (given.get('searchCriteria[pageSize]') !== '100') return 'its page size';
  return /^\d+$/.test(given.get('searchCriteria[currentPage]') ?? '') ? null : 'its page';
}
