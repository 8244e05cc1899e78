/** The stores that a statement about concurrency has to hold on. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { redisStore } from '../../src/stores/redis.ts';
import type { Store } from '../../src/stores/store.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';

/** Two ways to the same state, as two replicas have them. */
export type Replicas = readonly [Store, Store];

/**
 * Declares the tests once for the memory store and once for two connections to a real Redis.
 *
 * `replicas` is to be called within a test, and gives empty stores.
 */
export function describeOnEveryStore(name: string, tests: (replicas: () => Promise<Replicas>) => void): void {
  const open: Store[] = [];
  const closeAll = async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  };

  describe(`${name}, in memory`, () => {
    afterEach(closeAll);
    tests(async () => {
      const store = memoryStore();
      open.push(store);
      return [store, store];
    });
  });

  describeWithRedis(`${name}, on two connections to Redis`, () => {
    let redis: TestRedis;
    const log = createLogger('silent');
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterEach(closeAll);
    afterAll(() => redis.stop());
    tests(async () => {
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
      const stores = [redisStore({ url: redis.url, log }), redisStore({ url: redis.url, log })] as const;
      open.push(...stores);
      return stores;
    });
  });
}
