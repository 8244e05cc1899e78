/** Reads of M2 that are kept for a while, where that is switched on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOffAtWill } from '../journeys/cut-off.ts';
import { as, dataOf, rowOf, signIn } from '../journeys/steps.ts';
import { CardsDocument, CustomerDocument } from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import type { GraphQLAnswer, RunningService } from '../support/service.ts';
import { ROUTER_SECRET, serviceToken, sharedSettings } from './services.ts';

const SCREEN = `{
  customer {
    id fullName email phone { e164 } occupation createdAt updatedAt groupName subscriptions { isSubscribed }
    addresses { id city region { code name } isDefaultShipping } defaultShippingAddress { id }
    cards { id brand }
  }
}`;
const KEPT = sharedSettings({ M2_CACHE_SECONDS: '30', METRICS_PORT: '0' });

const wires = cutOffAtWill();
const sentSoFar = () => wires.proxies.m2.passed.length;
/** What M2 was asked about customers, by the last word of its routes. */
const sentFrom = (from: number) =>
  wires.proxies.m2.passed
    .slice(from)
    .filter((request) => !request.includes('/customerGroups/'))
    .map((request) => request.split('/').at(-1));

let people = 0;
/** Somebody of whom nothing is kept, as Sara is otherwise. */
async function somebody(service: RunningService) {
  people += 1;
  const [id, number] = [7_000 + people, `50900${String(people).padStart(4, '0')}`];
  const sara = rowOf(wires.shop, 'sara@example.com');
  const addresses = sara.addresses.map((address, at) => ({ ...address, id: id * 10 + at }));
  const custom = new Map([...sara.custom, ['phone_number', number]]);
  wires.shop.customers.set(id, {
    ...sara,
    id,
    email: `somebody${people}@example.com`,
    default_billing: null,
    default_shipping: String(addresses[0]?.id),
    addresses,
    custom,
  });
  wires.shop.cards.set(id, [...(wires.shop.cards.get(sara.id) ?? [])]);
  const session = await signIn(service, number);
  expect(session.id).toBe(String(id));
  return { ...session, row: rowOf(wires.shop, String(id)) };
}
type Somebody = Awaited<ReturnType<typeof somebody>>;

/** The data that this person is answered. */
async function asked({ ask }: RunningService, document: string, { token }: { token: string }) {
  const answer: GraphQLAnswer = await ask(document, {}, { token });
  return dataOf(answer);
}
/** What came of this field of `Mutation`. */
const done = async (
  service: RunningService,
  field: string,
  person: { token: string },
  shown = '__typename',
) => (await asked(service, `mutation { done: ${field} { ${shown} } }`, person)).done;
const screenOf = async (service: RunningService, person: { token: string }) =>
  (await asked(service, SCREEN, person)).customer;

describe('without a setting', () => {
  it('M2 is asked each time, and nobody can tell of changes', async () => {
    const person = await somebody(wires.service);
    const from = sentSoFar();
    expect(await screenOf(wires.service, person)).toEqual(await screenOf(wires.service, person));
    expect(sentFrom(from).toSorted()).toEqual(['cards', 'cards', 'search', 'search']);
    const response = await fetch(`${wires.service.base}/customer-changes`, { method: 'POST' });
    expect(response.status).toBe(404);
  });
});

describe('with M2_CACHE_SECONDS', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await wires.start(KEPT);
  });
  afterAll(() => service?.close());

  it('the same screen asks M2 once, compiled or not, and says the same each time', async () => {
    const person = await somebody(service);
    const { token } = person;
    const first = await screenOf(service, person);
    const all = dataOf(await service.ask(CustomerDocument, {}, { token }));
    const from = sentSoFar();
    // From the sixth time on its queries are answered by functions that were made of them.
    for (let time = 0; time < 10; time++) {
      expect(await screenOf(service, person)).toEqual(first);
      const again = await service.ask(CustomerDocument, {}, { token });
      expect(dataOf(again)).toEqual(all);
      expect(again.headers.get('cache-control')).toBe('no-store');
    }
    expect(sentFrom(from)).toEqual([]);
    const uncached = await signIn(wires.service, person.row.custom.get('phone_number') ?? '');
    expect(first).toEqual(await screenOf(wires.service, uncached));
    expect(dataOf(await service.ask(CardsDocument, {}, { token })).cards).toHaveLength(4);
  });

  it('hits and misses are counted', async () => {
    const counts = async () => {
      const text = await (await fetch(service.metricsUrl?.replace('localhost', '127.0.0.1') ?? '')).text();
      const samples = text.matchAll(/^subgraph_kept_reads_total\{kind="(\w+)",outcome="(\w+)"\} (\d+)$/gm);
      return Object.fromEntries(
        [...samples].map(([, kind, outcome, count]) => [`${kind} ${outcome}`, Number(count)]),
      );
    };
    const person = await somebody(service);
    const before = await counts();
    for (let time = 0; time < 3; time++) await screenOf(service, person);
    const since = Object.entries(await counts()).map(([what, count]) => [what, count - (before[what] ?? 0)]);
    expect(Object.fromEntries(since)).toEqual({
      'customer hit': 2,
      'customer miss': 1,
      'cards hit': 2,
      'cards miss': 1,
    });
  });

  it('another customer, another selection and an ended session get nothing of it', async () => {
    const [one, other] = [await somebody(service), await somebody(service)];
    await screenOf(service, one);
    expect(await screenOf(service, other)).toMatchObject({ id: other.id, email: other.row.email });
    const narrow = await asked(service, '{ customer { occupation } }', one);
    expect(narrow.customer).toEqual({ occupation: one.row.custom.get('occupation') ?? null });
    await asked(service, 'mutation { logout { __typename } }', one);
    const { errors } = await service.ask(SCREEN, {}, { token: one.token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('what is merged and written is read of M2, so that nothing of what others wrote is lost', async () => {
    const person = await somebody(service);
    const { row } = person;
    await screenOf(service, person);
    const [first] = row.addresses;
    const cards = wires.shop.cards.get(row.id);
    if (!first || !cards?.[0]) throw new Error('nothing to change');
    row.addresses.push({ ...first, id: 99_001, city: 'Jizan' });
    cards.push({ ...cards[0], id: '99001' });
    as(
      'CustomerAddress',
      await done(service, `updateAddress(id: "${first.id}", input: { city: "Taif" })`, person),
    );
    expect(rowOf(wires.shop, person.id).addresses.map(({ city }) => city)).toContain('Jizan');
    const other = await somebody(service);
    await screenOf(service, other);
    wires.shop.cards.get(other.row.id)?.push({ ...cards[0], id: '99002' });
    as('Deleted', await done(service, 'deleteCard(id: "99002")', other));
  });
});

describe('behind a gateway', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await wires.start({ ...KEPT, ROUTER_SECRETS: ROUTER_SECRET });
  });
  afterAll(() => service?.close());

  it('A2: what was kept for its owner opens nothing to another service, nor the other way round', async () => {
    const headers = { 'router-authorization': ROUTER_SECRET };
    const routed = {
      ...service,
      ask: ((document, variables, asking) =>
        service.ask(document, variables, { ...asking, headers })) as RunningService['ask'],
    };
    const person = await somebody(routed);
    const document = `{ _entities(representations: [{ __typename: "Customer", id: "${person.id}" }]) {
      ... on Customer { id lastName occupation } } }`;
    const callers = [person.token, await serviceToken('customer:read'), person.token];
    const from = sentSoFar();
    const answers: GraphQLAnswer[] = [];
    for (const token of callers) answers.push(await routed.ask(document, {}, { token }));
    expect(sentFrom(from)).toEqual(['search']);
    const [own, others, ownAgain] = answers;
    expect(others?.data._entities).toMatchObject([{ id: person.id, lastName: 'Ali', occupation: null }]);
    expect(others?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(own?.errors).toEqual([]);
    expect(ownAgain?.data).toEqual(own?.data);
    expect(ownAgain?.errors).toEqual([]);
  });
});

describeWithRedis('two replicas on one Redis', () => {
  let redis: TestRedis;
  let replicas: [RunningService, RunningService];
  beforeAll(async () => {
    redis = await startRedis();
    const env = { ...KEPT, REDIS_URL: redis.url };
    replicas = await Promise.all([wires.start(env), wires.start(env)]);
  });
  afterAll(async () => {
    await Promise.all(replicas?.map((replica) => replica.close()) ?? []);
    await redis?.stop();
  });

  const NEW_ADDRESS = `{ firstName: "Sara", lastName: "Ali", street: ["1 Palm Street"], city: "Abha", regionCode: "SA-14",
    postcode: "62521", telephone: "0501234567" }`;
  const addressOf = ({ row }: Somebody, at = 0) => row.addresses[at]?.id;

  it.each<[string, string, (person: Somebody) => string]>([
    ['a profile', 'Customer', () => 'updateCustomer(input: { occupation: "Pilot" })'],
    [
      'a subscription',
      'Customer',
      () => 'updateSubscriptions(input: [{ code: "newsletter", isSubscribed: true }])',
    ],
    ['a new address', 'CustomerAddress', () => `addAddress(input: ${NEW_ADDRESS})`],
    [
      'an address',
      'CustomerAddress',
      (one) => `updateAddress(id: "${addressOf(one)}", input: { city: "Taif" })`,
    ],
    [
      'the default address',
      'CustomerAddress',
      (one) => `updateAddress(id: "${addressOf(one, 1)}", input: { isDefaultShipping: true })`,
    ],
    ['a deleted address', 'Deleted', (one) => `deleteAddress(id: "${addressOf(one)}")`],
    ['a deleted card', 'Deleted', () => 'deleteCard(id: "9001")'],
  ])('both show %s at once', async (_, result, mutationFor) => {
    const [here, there] = replicas;
    const person = await somebody(here);
    await screensAreKept(person);
    as(result, await done(here, mutationFor(person), person));
    await screensAreNew(person, there);
  });

  it('both show a phone and an e-mail address at once, once they are confirmed', async () => {
    const [here, there] = replicas;
    const person = await somebody(here);
    await screensAreKept(person);
    const phone = `{ zipCode: "+966", number: "50955${String(people).padStart(4, '0')}" }`;
    const code = await done(
      here,
      `requestPhoneChange(phone: ${phone})`,
      person,
      '... on OtpChallenge { otpId otpCode }',
    );
    const given = `otpId: "${code.otpId}", otpCode: "${code.otpCode}"`;
    as('Customer', await done(there, `confirmPhoneChange(${given})`, person));
    await screensAreNew(person, here);

    const other = await somebody(here);
    await screensAreKept(other);
    const email = `new.somebody${people}@example.com`;
    const link = await done(
      here,
      `requestEmailChange(newEmail: "${email}")`,
      other,
      '... on EmailChallenge { identifier key }',
    );
    const taken = `identifier: "${link.identifier}", key: "${link.key}"`;
    as('CustomerAcknowledgement', await done(there, `confirmEmailChange(${taken})`, other));
    await screensAreNew(other, here);
  });

  it('both show what the shop itself has changed as soon as it tells', async () => {
    const [here, there] = replicas;
    const person = await somebody(here);
    await screensAreKept(person);
    const before = await screenOf(there, person);
    person.row.custom.set('occupation', 'Dentist');
    expect(await screenOf(there, person)).toEqual(before);
    const response = await fetch(`${here.base}/customer-changes`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await serviceToken('customer:changed')}`,
      },
      body: JSON.stringify({ customerIds: [person.id] }),
    });
    expect(response.status).toBe(204);
    expect(await screenOf(there, person)).toEqual({ ...before, occupation: 'Dentist' });
    await screensAreNew(person, here);
  });

  it('both show what was written though its answer was lost', async () => {
    const [here, there] = replicas;
    const person = await somebody(here);
    await screensAreKept(person);
    wires.proxies.m2.fate = ({ method }) => (method === 'PUT' ? 'lose' : 'pass');
    const { errors } = await here.ask(
      'mutation { updateCustomer(input: { occupation: "Pilot" }) { __typename } }',
      {},
      { token: person.token },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
    await screensAreNew(person, there);
  });

  /** Both replicas have a screen of which M2 is asked no more. */
  async function screensAreKept(person: Somebody): Promise<void> {
    for (const replica of replicas) await screenOf(replica, person);
    const from = sentSoFar();
    for (const replica of replicas) kept.set(replica, await screenOf(replica, person));
    expect(sentFrom(from)).toEqual([]);
  }
  const kept = new Map<RunningService, unknown>();

  /** Both show something else than before, and the same; the one that is asked first has had nothing to do with it. */
  async function screensAreNew(person: Somebody, first: RunningService): Promise<void> {
    const shown = await screenOf(first, person);
    expect(shown).not.toEqual(kept.get(first));
    for (const replica of replicas) expect(await screenOf(replica, person)).toEqual(shown);
  }
});
