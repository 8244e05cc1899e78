import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { cutOffAtWill } from '../journeys/cut-off.ts';
import { as, dataOf, rowOf, signIn } from '../journeys/steps.ts';
import { AddAddressDocument } from '../support/operations.ts';
import type { ProxiedRequest } from '../support/proxy.ts';
import type { GraphQLAnswer, RunningService } from '../support/service.ts';
import { ROUTER_SECRET, serviceToken, sharedSettings } from './services.ts';

const SCREEN = '{ customer { id fullName addresses { id city } cards { id last4Digits } } }';
const CITIES = '{ customer { id addresses { id city } } }';
const SEARCH = 'GET /rest/default/V1/customers/search';
const NEW_ADDRESS = {
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['1 Palm Street'],
  city: 'Abha',
  regionCode: 'SA-14',
  postcode: '62521',
  telephone: '0501234567',
};

const wires = cutOffAtWill();
let service: RunningService;
let sara: Awaited<ReturnType<typeof signIn>>;
beforeAll(async () => {
  service = await wires.start({ METRICS_PORT: '0' });
  sara = await signIn(service, '501234567');
});
afterAll(() => service?.close());
afterEach(() => vi.restoreAllMocks());

const asSara = (document: string): Promise<GraphQLAnswer> => service.ask(document, {}, sara);
const told = ({ method, path }: ProxiedRequest) => `${method} ${path}`;
const sentFrom = (from: number) => wires.proxies.m2.passed.slice(from).sort();
const sentSoFar = () => wires.proxies.m2.passed.length;

/** Lets no request that `isHeld` through before `release`; `asked` are all that came meanwhile. */
function hold(isHeld: (request: ProxiedRequest) => boolean = () => true) {
  const asked: ProxiedRequest[] = [];
  let release = () => {};
  const isOpen = new Promise<void>((open) => {
    release = open;
  });
  wires.proxies.m2.fate = async (request) => {
    asked.push(request);
    if (isHeld(request)) await isOpen;
    return 'pass' as const;
  };
  return { asked, release };
}

/** How many operations the service has taken in and not answered. */
async function underWay(): Promise<number> {
  const text = await (await fetch(service.metricsUrl?.replace('localhost', '127.0.0.1') ?? '')).text();
  return Number(/^subgraph_operations_in_flight (\d+)$/m.exec(text)?.[1]);
}

describe('the customer screen', () => {
  it('asks M2 twice, and for the second before the first is answered', async () => {
    const from = sentSoFar();
    const { asked, release } = hold();
    const answer = asSara(SCREEN);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    release();
    const { customer } = dataOf(await answer);
    expect(customer.addresses).toHaveLength(rowOf(wires.shop, sara.id).addresses.length);
    expect(customer.cards).toHaveLength(4);
    expect(sentFrom(from)).toEqual([SEARCH, `GET /rest/default/V1/hmg/customers/${sara.id}/cards`]);
  });

  it('asks no more for fields that are there twice, under another name or in fragments', async () => {
    const from = sentSoFar();
    const { one, two, addresses, _entities } = dataOf(
      await asSara(`
        query {
          one: customer { ...names cards { id } again: cards { id brand } }
          two: customer { ...names addresses { id } places: addresses { city } ... on Customer { cards { id } } }
          addresses { id }
          cards { id }
          _entities(representations: [{ __typename: "Customer", id: "${sara.id}" }]) { ...names }
        }
        fragment names on Customer { id fullName name: fullName }`),
    );
    expect(two).toMatchObject({ name: one.fullName, cards: one.cards, addresses });
    expect(_entities).toEqual([{ id: sara.id, fullName: one.fullName, name: one.fullName }]);
    expect(sentFrom(from).filter((request) => request === SEARCH)).toHaveLength(1);
    expect(sentFrom(from)).toHaveLength(2);
  });
});

describe('a hundred customers for another service', () => {
  let behindGateway: RunningService;
  beforeAll(async () => {
    behindGateway = await wires.start(sharedSettings({ ROUTER_SECRETS: ROUTER_SECRET }));
  });
  afterAll(() => behindGateway?.close());

  it('are one request, whichever of them exist', async () => {
    const template = rowOf(wires.shop, sara.id);
    const ids = Array.from({ length: 100 }, (_, index) => 5_000 + index);
    for (const id of ids.slice(0, 90)) {
      wires.shop.customers.set(id, { ...template, id, email: `shopper${id}@example.com`, addresses: [] });
    }
    const representations = ids.map((id) => ({ __typename: 'Customer', id: String(id) }));
    const { asked } = hold(() => false);
    const answer: GraphQLAnswer = await behindGateway.ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Customer { id email } } }',
      { representations },
      { token: await serviceToken('customer:read'), headers: { 'router-authorization': ROUTER_SECRET } },
    );
    for (const id of ids) wires.shop.customers.delete(id);
    expect(dataOf(answer)._entities).toEqual(
      ids.map((id, index) => (index < 90 ? { id: String(id), email: `shopper${id}@example.com` } : null)),
    );
    const aboutCustomers = asked.filter(({ path }) => !path.endsWith('/storeViews'));
    expect(aboutCustomers.map(told)).toEqual([SEARCH]);
  });

  it('are each looked up once, however often they are named', async () => {
    const [{ id = 0, city } = {}] = rowOf(wires.shop, sara.id).addresses;
    // More than may wait for M2 at a time.
    const representations = Array.from({ length: 300 }, () => ({
      __typename: 'CustomerAddress',
      id: String(id),
    }));
    const { asked } = hold(() => false);
    const answer: GraphQLAnswer = await behindGateway.ask(
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on CustomerAddress { id city } } }',
      { representations },
      { token: await serviceToken('customer:read'), headers: { 'router-authorization': ROUTER_SECRET } },
    );
    expect(dataOf(answer)._entities).toEqual(representations.map(() => ({ id: String(id), city })));
    const owners = asked.map(told).filter((line) => line.includes('/customers/addresses/'));
    expect(owners).toHaveLength(1);
  });
});

describe('reads of one customer at the same time', () => {
  it('are one request, though twenty ask', async () => {
    // Reads are joined for a moment only; here it lasts until all are there, however slow the machine.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    const { asked, release } = hold();
    const answers = Array.from({ length: 20 }, () => asSara(CITIES));
    await vi.waitFor(async () => expect(await underWay()).toBe(20), 4_000);
    // Comes behind the others through everything that they do before they ask M2.
    dataOf(await asSara('{ devices { id } }'));
    release();
    const [first, ...others] = await Promise.all(answers);
    for (const other of others) expect(dataOf(other)).toEqual(first?.data);
    expect(asked.map(told)).toEqual([SEARCH]);
  });

  it('are two where they show different parts, and each shows its own', async () => {
    const { asked } = hold(() => false);
    const answers = await Promise.all([asSara(CITIES), asSara('{ customer { id fullName } }')]);
    expect(answers.map((answer) => Object.keys(dataOf(answer).customer))).toEqual([
      ['id', 'addresses'],
      ['id', 'fullName'],
    ]);
    expect(asked.map(told)).toEqual([SEARCH, SEARCH]);
  });

  it('see what was written before them, though a read from before the write is still under way', async () => {
    vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    let isFirst = true;
    const { asked, release } = hold(({ path }) => {
      const isHeld = isFirst && path.endsWith('/search');
      isFirst &&= !isHeld;
      return isHeld;
    });
    const early = asSara(CITIES);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    const { addAddress } = dataOf(
      await service.ask(AddAddressDocument, { input: NEW_ADDRESS }, { token: sara.token }),
    );
    const { id } = as('CustomerAddress', addAddress);
    const { customer } = dataOf(await asSara(CITIES));
    expect(customer.addresses).toContainEqual({ id, city: 'Abha' });
    release();
    dataOf(await early);
    expect(asked.map(told).filter((request) => request === SEARCH)).toHaveLength(2);
  });
});

describe('what is read to be written back', () => {
  it('is the whole record, and read for each write anew', async () => {
    const { asked } = hold(() => false);
    const input = { ...NEW_ADDRESS, street: ['2 Palm Street'] };
    const token = sara.token;
    const [, one, two] = await Promise.all([
      asSara('{ customer { id addresses { id } } }'),
      service.ask(AddAddressDocument, { input }, { token }),
      service.ask(AddAddressDocument, { input: { ...input, city: 'Taif' } }, { token }),
    ]);
    as('CustomerAddress', dataOf(one).addAddress);
    as('CustomerAddress', dataOf(two).addAddress);
    const record = `/rest/default/V1/customers/${sara.id}`;
    const onRecord = asked.filter(({ path }) => path === record);
    expect(onRecord.map(({ method, query }) => [method, query])).toEqual([
      ['GET', ''],
      ['PUT', ''],
      ['GET', ''],
      ['PUT', ''],
    ]);
  });
});

describe('what M2 is asked for', () => {
  const parts = ['addresses', 'extension_attributes', 'custom_attributes'];

  it.each([
    ['{ customer { id email fullName groupName createdAt } }', []],
    ['{ customer { id phone { e164 } } }', ['custom_attributes']],
    ['{ customer { subscriptions { code } } }', ['extension_attributes']],
    ['{ addresses { city } }', ['addresses']],
  ])('is what is shown: %s', async (document, asked) => {
    const requests = hold(() => false).asked;
    dataOf(await asSara(document));
    const search = requests.find(({ path }) => path.endsWith('/search'));
    const fields = new URLSearchParams(search?.query).get('fields') ?? '';
    expect(fields).toMatch(/^items\[id,.*\],total_count$/);
    expect(parts.filter((part) => fields.includes(part))).toEqual(asked);
  });

  it('is the whole customer where a mutation looks at it before and shows it afterwards', async () => {
    const requests = hold(() => false).asked;
    const { updateCustomer } = dataOf(
      await asSara(
        'mutation { updateCustomer(input: { maritalStatus: "single", occupation: "Pharmacist" }) { ... on Customer { id occupation addresses { id } } } }',
      ),
    );
    expect(updateCustomer).toMatchObject({ id: sara.id, occupation: 'Pharmacist' });
    expect(updateCustomer.addresses.length).toBeGreaterThan(0);
    expect(requests.map(told)).toContain(SEARCH);
    for (const { query } of requests) expect(new URLSearchParams(query).has('fields')).toBe(false);
  });
});
