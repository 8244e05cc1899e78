/** Watches every HTTP request that leaves this process, and knows all those that the service may make. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

const CHANNEL = 'http.client.request.start';

const ID = '[1-9]\\d{0,15}';

/** Method and path below the base URL; an id is a number of M2's, whatever a client called by that name. */
const M2_ROUTES = [
  'GET V1/store/storeViews',
  'GET V1/directory/countries/[A-Z]{2}',
  `GET V1/customerGroups/(0|${ID})`,
  'GET V1/customers/search',
  'POST V1/customers',
  `(GET|PUT) V1/customers/${ID}`,
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
];
const ESERVICES_ROUTES = ['POST api/customer/is_patient_exists', 'POST api/customer/login'];
const SMS_ROUTES = ['POST '];

/** What a search may look for, and the form that each value has by the time it gets there. */
const SEARCH_VALUES: Readonly<Record<string, RegExp>> = {
  entity_id: new RegExp(`^in ${ID}(,${ID})*$`),
  phone_number: /^in \+?\d+(,\+?\d+)*$/,
  email: /^eq [^\s,@]+@[A-Za-z0-9.-]+$/,
  national_id: /^eq \d{10}$/,
  file_no: /^eq [A-Za-z0-9-]{1,20}$/,
};

export interface UpstreamUrls {
  m2Url: string;
  eservicesUrl: string;
  smsUrl: string;
}

export interface UpstreamWatch {
  /** How many requests went out so far. */
  count(): number;
  /** Requests that should not have been made, in words; empties the list. */
  takeProblems(): string[];
  stop(): void;
}

/** Watches from now on. Requests made by `fetch` are not seen: the service makes none, its tests do. */
export function watchUpstreams(
  { m2Url, eservicesUrl, smsUrl }: UpstreamUrls,
  websiteId = '1',
): UpstreamWatch {
  const routes = [
    ...M2_ROUTES.map((route) => allowed(route, m2Url)),
    ...ESERVICES_ROUTES.map((route) => allowed(route, eservicesUrl)),
    ...SMS_ROUTES.map((route) => allowed(route, smsUrl)),
  ];
  const search = allowed('GET V1/customers/search', m2Url);
  let count = 0;
  let problems: string[] = [];

  function seen(message: unknown): void {
    const { request } = message as { request: ClientRequest };
    count += 1;
    const [path = '', query = ''] = request.path.split(/\?(.*)/s);
    const line = `${request.method} ${request.protocol}//${request.getHeader('host')}${path}`;
    if (!routes.some((route) => route.test(line))) problems.push(line);
    const wrong = search.test(line) ? searchProblem(query, websiteId) : query;
    if (wrong) problems.push(`${line}?${query} (${wrong})`);
  }
  subscribe(CHANNEL, seen);

  return {
    count: () => count,
    takeProblems() {
      const taken = problems;
      problems = [];
      return taken;
    },
    stop: () => void unsubscribe(CHANNEL, seen),
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
  const expected = filters.size * 3 + 4;
  if ([...given].length !== expected) return 'more or fewer parameters';
  if (given.get('searchCriteria[pageSize]') !== '100') return 'its page size';
  return /^\d+$/.test(given.get('searchCriteria[currentPage]') ?? '') ? null : 'its page';
}
