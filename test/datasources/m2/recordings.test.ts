import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connection } from '../../../src/datasources/m2/connection.ts';
import { toCustomer } from '../../../src/datasources/m2/customer.ts';
import { connectM2, type M2 } from '../../../src/datasources/m2/m2.ts';
import { failureOf, fieldNames, isNoSuchEntity } from '../../../src/datasources/m2/refusal.ts';
import {
  readCountry,
  readCustomer,
  readCustomerPage,
  readStoreViews,
  readToken,
  type WireCustomer,
} from '../../../src/datasources/m2/wire.ts';
import { Failure } from '../../../src/failures.ts';
import { Customer } from '../../../src/types/customer.ts';
import { parsePhone } from '../../../src/values/phone.ts';
import { capturedLog, processLock } from '../../support/m2.ts';
import { recording, recordings } from '../../support/recordings.ts';

const all = recordings();
const settings = {
  url: 'http://127.0.0.1:9/rest/default',
  mediaUrl: 'https://shop.example.com/media/customer',
  credentials: { kind: 'bearer', token: 'x' } as const,
  placeholderDomain: 'customers.invalid',
  storeViews: {},
  timeoutMs: 1_000,
};
const log = capturedLog();
const offline = connection(settings, log.logger, processLock());

function shown(wire: WireCustomer): Customer {
  return toCustomer(offline, wire);
}

const path = (request: { path: string }) =>
  request.path.replace(/^\/rest\/(?:\w+\/)?V1\//, '').split('?')[0] ?? '';
const answered = all.filter(({ response }) => response.status === 200 && response.body !== undefined);
const single = answered.filter(
  ({ request }) =>
    /^customers(\/me|\/-?[\d.]+|\/[^/]+\/activate)?$/.test(path(request)) &&
    request.method !== 'DELETE' &&
    !request.path.includes('fields='),
);
const searches = answered.filter(({ request }) => path(request) === 'customers/search');
const refusals = all.filter(({ response }) => response.status >= 400);

describe('the readers', () => {
  it('have enough recordings to read', () => {
    expect(single.length).toBeGreaterThan(150);
    expect(searches.length).toBeGreaterThan(40);
    expect(refusals.length).toBeGreaterThan(200);
  });

  it.each(single.map((exchange) => [exchange.name, exchange] as const))(
    'take the customer of %s',
    (_, exchange) => {
      const wire = readCustomer(exchange.response.body);
      const customer = shown(wire);
      expect(customer).toBeInstanceOf(Customer);
      expect(customer.id).toBe(wire.id);
      expect(customer.addresses).toHaveLength(wire.addresses.length);
      expect(customer.createdAt.getTime()).toBeGreaterThan(Date.parse('2001-01-01') - 1);
    },
  );

  it.each(searches.map((exchange) => [exchange.name, exchange] as const))(
    'take the page of %s',
    (_, exchange) => {
      if (exchange.request.path.includes('fields=items')) {
        // Pruned rows are no customers, and we never prune; an empty pruned page still has to be read.
        const pruned = JSON.stringify(exchange.response.body);
        if (!pruned.includes('"items":null')) return;
      }
      const { items, total_count } = readCustomerPage(exchange.response.body);
      expect(total_count).toBeGreaterThanOrEqual(items.length);
      for (const wire of items) expect(shown(wire)).toBeInstanceOf(Customer);
    },
  );

  it('take store views, countries with and without regions, and tokens', () => {
    expect(readStoreViews(recording('390').response.body).map(({ code }) => code)).toContain('ar');
    expect(readCountry(recording('380').response.body).available_regions).toEqual([]);
    expect(readCountry(recording('381').response.body).available_regions).toContainEqual({
      id: '12',
      code: 'CA',
      name: 'California',
    });
    expect(readToken(recording('090').response.body)).toBeTypeOf('string');
  });

  it.each([
    ['a list', []],
    ['an empty object', {}],
    ['a bare true', true],
    ['nothing', undefined],
    ['null', null],
    ['an error body', { message: 'x' }],
    ['a customer without addresses', { ...(recording('006').response.body as object), addresses: undefined }],
    [
      'a customer whose addresses are null',
      { ...(recording('006').response.body as object), addresses: null },
    ],
  ])('take %s for no customer', (_, body) => {
    expect(() => readCustomer(body)).toThrow(Failure);
  });
});

describe('a recorded refusal', () => {
  it.each(refusals.map((exchange) => [exchange.name, exchange] as const))(
    '%s explains itself',
    (_, exchange) => {
      const { status, body } = exchange.response;
      const failure = failureOf('a test', { status, body });
      expect(failure).toBeInstanceOf(Failure);
      // M2 repeats what it was sent; only names of its own may get into the log.
      expect(failure.detail).toMatch(/^M2 answered \d{3} to a test(?: \([\w, ]+\))?$/);
      expect(Array.isArray(fieldNames(body))).toBe(true);
      if (isNoSuchEntity({ status, body })) expect(status).toBe(404);
    },
  );

  it('of a missing route is not taken for a missing customer', () => {
    expect(isNoSuchEntity(recording('400').response as never)).toBe(false);
    expect(isNoSuchEntity(recording('376').response as never)).toBe(true);
  });
});

describe('a recorded refusal over HTTP', () => {
  // Answers whatever is asked with the refusal of the moment; only the store views go through.
  let refusal = refusals[0]?.response;
  const server = createServer((request, response) => {
    request.resume();
    const isViews = request.url?.endsWith('/store/storeViews');
    const answer = isViews ? recording('390').response : refusal;
    const text = answer?.rawBody ?? JSON.stringify(answer?.body);
    response.writeHead(answer?.status ?? 500, { 'content-type': 'text/plain' }).end(text);
  });
  let m2: M2;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const config = { ...settings, url: `http://127.0.0.1:${port}/rest/default` };
    m2 = connectM2({ config, log: log.logger, lock: processLock() });
    await m2.start();
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const phone = parsePhone('+966', '501234567');
  if (!phone) throw new Error('the phone of these tests is none');
  const address = {
    firstName: 'S',
    lastName: 'A',
    street: ['x'],
    city: 'y',
    countryCode: 'SA',
    telephone: '1',
  };

  it.each(refusals.map((exchange) => [exchange.name, exchange] as const))(
    '%s is an outcome or a Failure, whatever was asked',
    async (_, { response }) => {
      refusal = response;
      const outcomes = await Promise.allSettled([
        m2.customers.find('7'),
        m2.customers.findMany(['7']),
        m2.customers.findByPhone(phone),
        m2.customers.create({ email: 'sara@example.com', phone, addresses: [address] }),
        m2.customers.update('7', { firstName: 'X' }),
        m2.addresses.add('7', address),
        m2.addresses.update('7', '1', { city: 'X' }),
        m2.addresses.remove('7', '1'),
        m2.cards.list('7'),
        m2.cards.remove('7', 'c-1'),
        m2.loyalty.find('7'),
        m2.loyalty.join('7'),
        m2.groups.name('7'),
        m2.directory.regions('US'),
        m2.passwords.signIn('sara@example.com', 'x'),
        m2.passwords.change('token', 'x', 'y'),
        m2.passwords.revokeTokens('token'),
        m2.passwords.requestReset('sara@example.com'),
        m2.passwords.requestResetTo('sara@example.com', 'https://app.example.com'),
        m2.passwords.checkResetToken('7', 'token'),
        m2.passwords.reset('sara@example.com', 'token', 'y'),
      ]);
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        expect(outcome.reason).toBeInstanceOf(Failure);
        expect(outcome.reason.code).toMatch(/^UPSTREAM_(?:UNAVAILABLE|INVALID)$/);
      }
      // A customer is missing where M2 says so by its placeholders, and nowhere else.
      const isMissing = outcomes[0]?.status === 'fulfilled';
      expect(isMissing).toBe(isNoSuchEntity({ status: response.status, body: response.body }));
    },
  );
});
