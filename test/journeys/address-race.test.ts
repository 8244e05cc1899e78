/** Many changes of one customer's addresses at once: M2 replaces the whole list at each, and none may be lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import {
  AddAddressDocument,
  AddressesDocument,
  DeleteAddressDocument,
  LogoutDocument,
  UpdateAddressDocument,
} from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, dataOf, rowOf, sandboxOf, shopOf, signIn } from './steps.ts';

const ADDRESS = {
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  telephone: '0501234567',
};
const LABELS = Array.from({ length: 20 }, (_, index) => `Place ${index + 1}`);

/** Adds twenty at once, spread over the services, and looks at what the shop holds afterwards. */
async function addTwenty(services: RunningService[]): Promise<void> {
  const [first] = services;
  if (!first) throw new Error('no service');
  const { token } = await signIn(first, '501234567');
  const shop = shopOf(first);
  const before = structuredClone(rowOf(shop, 'sara@example.com'));
  const answers = await Promise.all(
    LABELS.map((label, index) => {
      const service = services[index % services.length] ?? first;
      return service.ask(AddAddressDocument, { input: { ...ADDRESS, label } }, { token });
    }),
  );
  const added = answers.map((answer) => as('CustomerAddress', dataOf(answer).addAddress));
  expect(added.map(({ label }) => label)).toEqual(LABELS);

  const after = rowOf(shop, 'sara@example.com');
  expect(after.addresses.slice(0, 2)).toEqual(
    before.addresses.map((row) => expect.objectContaining({ id: row.id })),
  );
  expect(after.addresses.map(({ custom }) => custom.get('address_label')).toSorted()).toEqual(
    ['Home', 'Work', ...LABELS].toSorted(),
  );
  expect(new Set(added.map(({ id }) => id)).size).toBe(20);
  expect([after.default_billing, after.default_shipping]).toEqual([
    before.default_billing,
    before.default_shipping,
  ]);
  for (const service of services) {
    const { addresses } = dataOf(await service.ask(AddressesDocument, {}, { token }));
    expect(addresses).toHaveLength(22);
  }
}

describe('in one process', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  it('keeps all of twenty addresses added at once, and the defaults', () => addTwenty([service]));

  it('adds, changes and removes at once without one undoing another', async () => {
    const { token } = await signIn(service, '501234567');
    const all = dataOf(await service.ask(AddressesDocument, {}, { token })).addresses ?? [];
    const places = all.filter(({ label }) => label?.startsWith('Place'));
    const answers = await Promise.all(
      places.map(({ id }, index) =>
        index % 2 === 0
          ? service.ask(DeleteAddressDocument, { id }, { token })
          : service.ask(UpdateAddressDocument, { id, input: { city: `City ${index}` } }, { token }),
      ),
    );
    for (const answer of answers) dataOf<unknown>(answer);
    const left = rowOf(shopOf(service), 'sara@example.com').addresses;
    const cities = Array.from({ length: 10 }, (_, index) => `City ${2 * index + 1}`);
    expect(left.slice(2).map(({ city }) => city)).toEqual(cities);
  });
});

describeWithRedis('in two processes that share a Redis', () => {
  let redis: TestRedis;
  let services: RunningService[] = [];
  beforeAll(async () => {
    redis = await startRedis();
    const shared = {
      REDIS_URL: redis.url,
      OTP_SECRET: 'a secret of both, not of this world',
      TOKEN_KEYS: JSON.stringify({ keys: [await generateSigningKey()] }),
    };
    const one = await startTestService(shared);
    const { m2Url, m2AccessToken } = sandboxOf(one);
    const theSameShop = { NODE_ENV: 'test', M2_URL: m2Url, M2_ACCESS_TOKEN: m2AccessToken };
    services = [one, await startTestService({ ...shared, ...theSameShop })];
  });
  afterAll(async () => {
    for (const service of services.toReversed()) await service.close();
    await redis.stop();
  });

  it('keeps all of twenty addresses added at once, and the defaults', () => addTwenty(services));

  it('S6: a session that is ended on one is refused on the other', async () => {
    const [one, two] = services;
    if (!one || !two) throw new Error('two services');
    const { token } = await signIn(one, '502345678');
    dataOf(await two.ask(AddressesDocument, {}, { token }));
    dataOf(await two.ask(LogoutDocument, {}, { token }));
    const { errors } = await one.ask(AddressesDocument, {}, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});
