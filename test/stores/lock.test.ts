import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/failures.ts';
import { createLogger } from '../../src/logger.ts';
import { lockOf } from '../../src/stores/lock.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { redisStore } from '../../src/stores/redis.ts';
import type { Store } from '../../src/stores/store.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';

const opened: Store[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
function memory(): Store {
  const store = memoryStore();
  opened.push(store);
  return store;
}

/** Work that tells how many did it at once, at most. */
function guardedWork() {
  let inside = 0;
  const seen = { most: 0, rounds: 0 };
  async function work(): Promise<void> {
    seen.most = Math.max(seen.most, ++inside);
    await sleep(2);
    inside--;
    seen.rounds++;
  }
  return { work, seen };
}

describe('a lock', () => {
  test('answers what the work answers', async () => {
    expect(await lockOf(memory())('a', async () => 42)).toBe(42);
  });

  test('lets one work at a time', async () => {
    const lock = lockOf(memory());
    const { work, seen } = guardedWork();
    await Promise.all(Array.from({ length: 20 }, () => lock('addresses:1', work)));
    expect(seen).toEqual({ most: 1, rounds: 20 });
  });

  test('holds up nobody under another name', async () => {
    const lock = lockOf(memory());
    await lock('addresses:1', async () => {
      expect(await lock('addresses:2', async () => 'done')).toBe('done');
    });
  });

  test('is given back when the work fails, whose error comes through', async () => {
    const lock = lockOf(memory());
    const broken = new Error('broken');
    await expect(lock('a', () => Promise.reject(broken))).rejects.toBe(broken);
    expect(await lock('a', async () => 'done')).toBe('done');
  });

  test('that stays busy is unavailable, and the log may know which kind it is but not whose', async () => {
    const lock = lockOf(memory(), { waitMs: 100 });
    await lock('addresses:4711', async () => {
      const failure = await lock('addresses:4711', async () => 'never').catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'the lock on addresses is busy',
      });
    });
  });

  test('is kept by renewal while the work outlasts its lease', async () => {
    const lock = lockOf(memory(), { leaseSeconds: 1, waitMs: 5000 });
    const order: string[] = [];
    await Promise.all([
      lock('a', async () => {
        await sleep(1500);
        order.push('slow');
      }),
      sleep(50).then(() => lock('a', async () => order.push('quick'))),
    ]);
    expect(order).toEqual(['slow', 'quick']);
  });

  test('lasts through a renewal that the store refuses', async () => {
    const store = memory();
    let refusals = 0;
    const flaky: Store = {
      ...store,
      async swap(key, expected, next, ttlSeconds) {
        if (expected !== null && expected === next && refusals++ === 0)
          throw new Failure('UPSTREAM_UNAVAILABLE');
        return store.swap(key, expected, next, ttlSeconds);
      },
    };
    const order: string[] = [];
    const lock = lockOf(flaky, { leaseSeconds: 1, waitMs: 5000 });
    await Promise.all([
      lock('a', async () => {
        await sleep(1500);
        order.push('slow');
      }),
      sleep(50).then(() => lock('a', async () => order.push('quick'))),
    ]);
    expect(refusals).toBeGreaterThan(1);
    expect(order).toEqual(['slow', 'quick']);
  });

  test('is not the next holder’s when a late one gives it back', async () => {
    const store = memory();
    const lock = lockOf(store);
    await lock('a', async () => {
      const held = await store.get('lock:a');
      await store.swap('lock:a', held, 'the next holder', 60);
    });
    expect(await store.get('lock:a')).toBe('the next holder');
  });

  test('that the store took but failed to confirm blocks nobody', async () => {
    const store = memory();
    const mute: Store = {
      ...store,
      async swap(key, expected, next, ttlSeconds) {
        const swapped = await store.swap(key, expected, next, ttlSeconds);
        if (expected === null) throw new Failure('UPSTREAM_UNAVAILABLE');
        return swapped;
      },
    };
    const work = vi.fn();
    await expect(lockOf(mute)('a', work)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(work).not.toHaveBeenCalled();
    expect(await lockOf(store, { waitMs: 100 })('a', async () => 'done')).toBe('done');
  });

  test('S11: is unavailable where the store is, and the work is not done', async () => {
    const store = memory();
    await store.close();
    const work = vi.fn();
    await expect(lockOf(store)('a', work)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(work).not.toHaveBeenCalled();
  });
});

describeWithRedis('a lock on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.stop();
  });
  function client(): Store {
    const store = redisStore({ url: redis.url, log: createLogger('silent') });
    opened.push(store);
    return store;
  }

  test('lets one work at a time among two clients', async () => {
    const locks = [lockOf(client()), lockOf(client())];
    const { work, seen } = guardedWork();
    await Promise.all(locks.flatMap((lock) => Array.from({ length: 10 }, () => lock('addresses:1', work))));
    expect(seen).toEqual({ most: 1, rounds: 20 });
  });

  test('of a holder that was killed lapses with its lease', async () => {
    const doomed = client();
    const options = { leaseSeconds: 1, waitMs: 5000 };
    await new Promise<void>((started) => {
      void lockOf(doomed, options)('a', () => {
        started();
        return new Promise(() => {});
      });
    });
    await doomed.close();
    const startedAt = performance.now();
    expect(await lockOf(client(), options)('a', async () => 'done')).toBe('done');
    expect(performance.now() - startedAt).toBeGreaterThan(700);
  });

  test('is kept by renewal while the work outlasts its lease', async () => {
    const options = { leaseSeconds: 1, waitMs: 100 };
    const other = lockOf(client(), options);
    await lockOf(client(), options)('b', async () => {
      await sleep(1300);
      await expect(other('b', async () => 'never')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    });
    expect(await other('b', async () => 'done')).toBe('done');
  });
});
