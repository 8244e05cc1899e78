import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../src/logger.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { records } from '../../src/stores/record.ts';
import { redisStore } from '../../src/stores/redis.ts';
import type { Store } from '../../src/stores/store.ts';
import { describeWithRedis, startRedis } from '../support/redis.ts';

const Counter = z.object({ count: z.int() });
type Counter = z.infer<typeof Counter>;

const ttlSeconds = 60;
const increment = (current: Counter | null) => {
  const count = (current?.count ?? 0) + 1;
  return { outcome: count, next: { value: { count }, ttlSeconds } };
};

const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
function memory(): Store {
  const store = memoryStore();
  opened.push(store);
  return store;
}

describe('records', () => {
  test('one that was never written is null', async () => {
    expect(await records(memory(), 'counter', Counter).get('a')).toBeNull();
  });

  test('are kept under their purpose and their id', async () => {
    const store = memory();
    await records(store, 'counter', Counter).update('a', increment);
    expect(await store.get('counter:a')).toBe('{"count":1}');
    expect(await records(store, 'other', Counter).get('a')).toBeNull();
  });

  test('an update answers what the change decided and keeps what it made', async () => {
    const counters = records(memory(), 'counter', Counter);
    expect(await counters.update('a', increment)).toBe(1);
    expect(await counters.update('a', increment)).toBe(2);
    expect(await counters.get('a')).toEqual({ count: 2 });
  });

  test('a change without a next keeps the record, with null removes it', async () => {
    const counters = records(memory(), 'counter', Counter);
    await counters.update('a', increment);
    expect(await counters.update('a', (current) => ({ outcome: current?.count }))).toBe(1);
    expect(await counters.get('a')).toEqual({ count: 1 });
    expect(await counters.update('a', (current) => ({ outcome: current?.count, next: null }))).toBe(1);
    expect(await counters.get('a')).toBeNull();
    expect(await counters.update('a', (current) => ({ outcome: current, next: null }))).toBeNull();
  });

  test('50 parallel updates of one record lose nothing', async () => {
    const counters = records(memory(), 'counter', Counter);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => counters.update('a', increment)));
    expect(outcomes.sort((one, other) => one - other)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect(await counters.get('a')).toEqual({ count: 50 });
  });

  test('of 50 who take a record at once, one gets it', async () => {
    const counters = records(memory(), 'counter', Counter);
    await counters.update('a', increment);
    const taken = await Promise.all(
      Array.from({ length: 50 }, () =>
        counters.update('a', (current) => ({ outcome: current, ...(current && { next: null }) })),
      ),
    );
    expect(taken.filter((record) => record !== null)).toEqual([{ count: 1 }]);
  });

  test.each([
    ['another release wrote', '{"total":1}'],
    ['is no JSON', 'hunter2'],
  ])('one that %s counts as absent and is written over', async (_, stored) => {
    const store = memory();
    await store.swap('counter:a', null, stored, 60);
    const counters = records(store, 'counter', Counter);
    expect(await counters.get('a')).toBeNull();
    expect(await counters.update('a', increment)).toBe(1);
    expect(await counters.get('a')).toEqual({ count: 1 });
  });

  test('an update that is beaten every time gives up as unavailable', async () => {
    const store: Store = { ...memory(), swap: async () => false };
    await expect(records(store, 'counter', Counter).update('a', increment)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  }, 10_000);

  test('S11: a store that does not answer fails the read and the update', async () => {
    const store = memory();
    await store.close();
    const counters = records(store, 'counter', Counter);
    await expect(counters.get('a')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await expect(counters.update('a', increment)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});

describeWithRedis('records on Redis', () => {
  test('50 parallel updates by five clients lose nothing', async () => {
    const redis = await startRedis();
    const log = createLogger('silent');
    const stores = Array.from({ length: 5 }, () => redisStore({ url: redis.url, log }));
    await Promise.all(
      stores.flatMap((store) => {
        const counters = records(store, 'counter', Counter);
        return Array.from({ length: 10 }, async () => {
          await sleep(Math.random() * 5);
          return counters.update('a', increment);
        });
      }),
    );
    expect(await stores[0]?.get('counter:a')).toBe('{"count":50}');
    await Promise.all(stores.map((store) => store.close()));
    await redis.stop();
  });
});
