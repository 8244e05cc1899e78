/**
 * What stands behind every server of the bench: M2 with the shop's module, EServices and the SMS gateway, in one
 * `node:http` server that does as little as it can for each request.
 *
 * It keeps no address that is written, so that every write costs the same as the first one. SMTP is never asked.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { pickFields } from '../../src/sandbox/m2/fields.ts';
import { CUSTOMERS, emailOf, type M2Customer, m2Cards, m2Customer, phoneOf } from './customers.ts';

const VIEW = '/rest/default/V1/';
const STORE_VIEWS = [
  { id: 1, code: 'default', name: 'Default', website_id: 1, store_group_id: 1, is_active: 1 },
];
const MOST_KEPT = 5_000;
const CODE_TIMEOUT_MS = 20_000;

export const M2_TOKEN = 'invented-integration-token';

export interface BenchUpstream {
  m2Url: string;
  eservicesUrl: string;
  smsUrl: string;
  /** Milliseconds that each answer of M2 and EServices takes. */
  delayMs: number;
  /** What was answered so far. */
  counts(): { requests: number; bytes: number };
  /** The code that was sent, or will be, to a phone in E.164 form. Each is told once; rejects where none comes. */
  codeFor(phone: string): Promise<string>;
  close(): Promise<void>;
}

/** An answer with its status; a body that is a Buffer is JSON already. */
interface Answer {
  status: number;
  body: unknown;
}
const ok = (body: unknown): Answer => ({ status: 200, body });
const notFound = (fieldName: string, fieldValue: string): Answer => ({
  status: 404,
  body: { message: 'No such entity with %fieldName = %fieldValue', parameters: { fieldName, fieldValue } },
});

const NEWCOMERS_FROM = 1_000_000;
// What is asked for one newcomer is not asked again, and not worth keeping.
const OF_NEWCOMERS = /phone_number|1\d{6}/;

const NUMBERS = Array.from({ length: CUSTOMERS }, (_, at) => at + 1);
const IDS: Record<string, ReadonlyMap<string, number>> = {
  phone_number: new Map(NUMBERS.map((n) => [phoneOf(n), n])),
  email: new Map(NUMBERS.map((n) => [emailOf(n), n])),
};

/** The ids that a search finds by its first filter; every other one of the bench is on the website. */
function foundIds(query: URLSearchParams): number[] {
  const filter = 'searchCriteria[filterGroups][0][filters][0]';
  const field = query.get(`${filter}[field]`) ?? '';
  const values = query.get(`${filter}[value]`)?.split(',') ?? [];
  if (field === 'entity_id') return values.map(Number);
  const ids = IDS[field];
  return values.flatMap((value) => ids?.get(value) ?? []);
}

/** Starts it on a free port of the loopback interface. */
export async function startUpstream(): Promise<BenchUpstream> {
  const customers = new Map(NUMBERS.map((n) => [n, m2Customer(n)]));
  const reads = new Map<string, Buffer>();
  const codes = new Map<string, string>();
  const waiting = new Map<string, (code: string) => void>();
  let lastCustomer = NEWCOMERS_FROM;
  let lastAddress = NEWCOMERS_FROM;
  let requests = 0;
  let bytes = 0;

  function read(path: string, query: URLSearchParams): Answer {
    if (path === 'store/storeViews') return ok(STORE_VIEWS);
    if (path === 'customers/search') {
      const items = foundIds(query).flatMap((id) => customers.get(id) ?? []);
      return ok({ items, search_criteria: {}, total_count: items.length });
    }
    const [, id = '', cards] = path.match(/^(?:hmg\/)?customers\/(\d+)(\/cards)?$/) ?? [];
    const customer = customers.get(Number(id));
    if (!customer) return notFound('customerId', id);
    return ok(cards === undefined ? customer : m2Cards(Number(id)));
  }

  function written(path: string, method: string, body: string): Answer {
    const { customer: sent } = JSON.parse(body) as { customer: Partial<M2Customer> };
    if (method === 'POST' && path === 'customers') {
      lastCustomer += 1;
      const created = { ...m2Customer(lastCustomer), addresses: [], ...sent, id: lastCustomer };
      customers.set(lastCustomer, created);
      customers.delete(lastCustomer - MOST_KEPT);
      return ok(created);
    }
    const stored = customers.get(Number(path.slice('customers/'.length)));
    if (!stored) return notFound('customerId', path);
    const addresses = sent.addresses?.map(({ id, ...entry }) => {
      lastAddress += 1;
      const before = stored.addresses.find((address) => address.id === id);
      const region = { region_code: null, region: null, region_id: 0 };
      return { id: id ?? lastAddress, customer_id: stored.id, region, ...before, ...entry };
    });
    return ok({ ...stored, ...sent, addresses: addresses ?? stored.addresses });
  }

  function takeMessage(body: string): Answer {
    const { to, text: words } = JSON.parse(body) as { to: string; text: string };
    const code = /\b\d{6}\b/.exec(words)?.[0];
    if (code !== undefined) {
      const tell = waiting.get(to);
      if (tell) tell(code);
      else codes.set(to, code);
      waiting.delete(to);
    }
    return { status: 202, body: {} };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method = '', url = '' } = request;
    if (url === '/sms') return takeMessage(await text(request));
    if (url.startsWith('/eservices/')) {
      request.resume();
      return ok(false);
    }
    if (!url.startsWith(VIEW) || request.headers.authorization !== `Bearer ${M2_TOKEN}`) {
      return { status: 401, body: { message: 'The consumer isn’t authorized to access %resources.' } };
    }
    if (method !== 'GET') return written(url.slice(VIEW.length), method, await text(request));
    const kept = reads.get(url);
    if (kept) return ok(kept);
    const { pathname, searchParams } = new URL(url, 'http://m2.invalid');
    const { status, body } = read(pathname.slice(VIEW.length), searchParams);
    const json = Buffer.from(JSON.stringify(pickFields(body, searchParams.get('fields'))));
    if (reads.size < MOST_KEPT && status === 200 && !OF_NEWCOMERS.test(url)) reads.set(url, json);
    return { status, body: json };
  }

  function send(response: ServerResponse, { status, body }: Answer): void {
    const json = body instanceof Buffer ? body : Buffer.from(JSON.stringify(body));
    requests += 1;
    bytes += json.length;
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': json.length,
      'cache-control': 'no-store',
    });
    response.end(json);
  }

  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    answer(request).then(
      (answered) => {
        if (upstream.delayMs === 0 || request.url === '/sms') send(response, answered);
        else setTimeout(send, upstream.delayMs, response, answered);
      },
      (error: unknown) => response.destroy(error as Error),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const upstream: BenchUpstream = {
    m2Url: `${origin}/rest/default`,
    eservicesUrl: `${origin}/eservices`,
    smsUrl: `${origin}/sms`,
    delayMs: 0,
    counts: () => ({ requests, bytes }),
    codeFor(phone) {
      const code = codes.get(phone);
      codes.delete(phone);
      if (code !== undefined) return Promise.resolve(code);
      return new Promise((resolve, reject) => {
        const giveUp = setTimeout(() => reject(new Error('a code was not sent')), CODE_TIMEOUT_MS);
        waiting.set(phone, (sent) => {
          clearTimeout(giveUp);
          resolve(sent);
        });
      });
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return upstream;
}
