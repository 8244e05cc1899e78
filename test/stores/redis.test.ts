import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { redisStore } from '../../src/stores/redis.ts';
import type { Store } from '../../src/stores/store.ts';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { describeStore } from './contract.ts';

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };

function logged() {
  const lines: string[] = [];
  return { lines, log: createLogger('debug', { write: (line) => void lines.push(line) }) };
}

async function msUntilRejected(asked: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await expect(asked).rejects.toMatchObject(UNAVAILABLE);
  return performance.now() - startedAt;
}

/** A way to the server that can swallow a reply and break the connection, as networks do. */
async function proxyTo({ url }: TestRedis) {
  let isLosing = false;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (reply) => {
      if (isLosing) client.destroy();
      else client.write(reply);
      isLosing = false;
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    loseNextReply() {
      isLosing = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describeWithRedis('Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis.stop();
  });

  async function command(...words: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(redis.url);
    try {
      return await client.call(...words);
    } finally {
      client.disconnect();
    }
  }

  describeStore(
    'the Redis store',
    async () => {
      await command('FLUSHALL');
      return redisStore({ url: redis.url, log: logged().log });
    },
    async (seconds) => {
      await sleep(seconds * 1000);
    },
  );

  test('works on after FLUSHALL and after the scripts were flushed', async () => {
    const store = redisStore({ url: redis.url, log: logged().log });
    expect(await store.swap('flush:a', null, 'one', 60)).toBe(true);
    await command('FLUSHALL');
    expect(await store.swap('flush:a', null, 'two', 60)).toBe(true);
    await command('SCRIPT', 'FLUSH');
    expect(await store.get('flush:a')).toBe('two');
    await command('SCRIPT', 'FLUSH');
    const swaps = Array.from({ length: 20 }, (_, key) => store.swap(`flush:${key}`, null, 'x', 60));
    expect(await Promise.all(swaps)).toEqual(Array.from({ length: 20 }, () => true));
    await store.close();
  });

  test('two clients see one state', async () => {
    const [one, other] = [1, 2].map(() => redisStore({ url: redis.url, log: logged().log }));
    const wins = await Promise.all(
      [one, other].map((store, owner) => store?.swap('shared:a', null, `${owner}`, 60)),
    );
    expect(wins.filter(Boolean)).toHaveLength(1);
    expect(await one?.get('shared:a')).toBe(await other?.get('shared:a'));
    await Promise.all([one?.close(), other?.close()]);
  });

  test('every value it writes expires', async () => {
    const store = redisStore({ url: redis.url, log: logged().log });
    await store.swap('ttl:a', null, 'one', 90);
    await store.swap('ttl:a', 'one', 'two', 40.5);
    expect(Number(await command('PTTL', 'ttl:a'))).toBeGreaterThan(39_000);
    expect(Number(await command('PTTL', 'ttl:a'))).toBeLessThanOrEqual(40_500);
    await store.close();
  });

  test('what is read at once is one command, and each gets its own', async () => {
    const store = redisStore({ url: redis.url, log: logged().log });
    await Promise.all([store.swap('many:a', null, 'one', 60), store.swap('many:b', null, 'two', 60)]);
    // The server knows the script from then on.
    await store.get('many:a');
    await command('CONFIG', 'RESETSTAT');
    const keys = ['many:b', 'many:none', 'many:a', 'many:b'];
    expect(await Promise.all(keys.map((key) => store.get(key)))).toEqual(['two', null, 'one', 'two']);
    expect(await store.get('many:a')).toBe('one');
    expect(await command('INFO', 'commandstats')).toMatch(/cmdstat_evalsha:calls=2,/);
    await store.close();
  });

  test('a reply that is an error is a failure that carries its cause, and none of what was read beside it', async () => {
    const store = redisStore({ url: redis.url, log: logged().log });
    await command('LPUSH', 'list:a', 'x');
    await store.swap('text:a', null, 'one', 60);
    const [list, text] = await Promise.allSettled([store.get('list:a'), store.get('text:a')]);
    const wrongType = {
      ...UNAVAILABLE,
      cause: expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') }),
    };
    expect(list).toMatchObject({ reason: wrongType });
    expect(text).toMatchObject({ value: 'one' });
    await expect(store.swap('list:a', null, 'one', 60)).rejects.toMatchObject(wrongType);
    await store.close();
  });
});

describeWithRedis('a Redis in trouble', () => {
  let redis: TestRedis;
  let store: Store;
  let lines: string[];
  const messages = () => lines.map((line): unknown => JSON.parse(line).msg);

  beforeEach(async () => {
    redis = await startRedis();
    const logger = logged();
    lines = logger.lines;
    store = redisStore({ url: redis.url, log: logger.log });
    await store.ping();
  });
  afterEach(async () => {
    await store.close();
    await redis.stop();
  });

  test('S11: frozen, it makes everything fail within a second or so, and is used again once it thaws', async () => {
    await store.swap('otp:a', null, 'one', 60);
    redis.freeze();
    const waits = await Promise.all([
      msUntilRejected(store.get('otp:a')),
      msUntilRejected(store.swap('otp:a', 'one', 'two', 60)),
      msUntilRejected(store.ping()),
    ]);
    expect(Math.max(...waits)).toBeLessThan(1900);
    redis.thaw();
    await vi.waitFor(() => store.ping(), { timeout: 5000 });
    expect(await store.get('otp:a')).toMatch(/^(one|two)$/);
  });

  test('frozen for long, it is left for a new connection and used again once it thaws', async () => {
    redis.freeze();
    expect(await msUntilRejected(store.ping())).toBeLessThan(2500);
    await vi.waitFor(() => expect(messages()).toContain('the Redis store is away'), { timeout: 5000 });
    expect(await msUntilRejected(store.ping())).toBeLessThan(2500);
    redis.thaw();
    await vi.waitFor(() => store.ping(), { timeout: 5000 });
    expect(await store.swap('otp:a', null, 'one', 60)).toBe(true);
  }, 15_000);

  test('S11: killed, it makes everything fail at once, and is used again when it is back', async () => {
    await redis.kill();
    await sleep(50);
    for (let round = 0; round < 5; round++) {
      expect(await msUntilRejected(store.get('otp:a'))).toBeLessThan(100);
      await sleep(50);
    }
    await redis.restart();
    await vi.waitFor(() => store.ping(), { timeout: 5000 });
    expect(await store.swap('otp:a', null, 'one', 60)).toBe(true);
  });

  test('killed while a swap is under way, it fails the swap at once', async () => {
    redis.freeze();
    const swap = msUntilRejected(store.swap('otp:a', null, 'one', 60));
    await sleep(30);
    await redis.kill();
    expect(await swap).toBeLessThan(200);
  });

  test('a swap whose reply is lost fails; it is not sent again and then called a defeat', async () => {
    const proxy = await proxyTo(redis);
    const cutOff = redisStore({ url: proxy.url, log: logged().log });
    await cutOff.ping();
    proxy.loseNextReply();
    await expect(cutOff.swap('otp:a', null, 'one', 60)).rejects.toMatchObject(UNAVAILABLE);
    expect(await store.get('otp:a')).toBe('one');
    await vi.waitFor(() => cutOff.ping(), { timeout: 5000 });
    expect(await cutOff.get('otp:a')).toBe('one');
    await cutOff.close();
    await proxy.close();
  });

  test('is logged once when it goes and once when it comes back', async () => {
    await redis.kill();
    await sleep(700);
    await redis.restart();
    await vi.waitFor(() => store.ping(), { timeout: 5000 });
    expect(messages()).toEqual([
      'the Redis store answers',
      'the Redis store is away',
      'the Redis store answers',
    ]);
  });

  test('that is left on purpose is not logged as away', async () => {
    await store.close();
    await sleep(50);
    expect(messages()).toEqual(['the Redis store answers']);
  });
});

describe('a Redis that cannot be reached', () => {
  test('fails what is asked, and neither throws nor fills the log', async () => {
    const { log, lines } = logged();
    const store = redisStore({ url: `redis://127.0.0.1:${await freePort()}`, log });
    expect(await msUntilRejected(store.ping())).toBeLessThan(2500);
    await sleep(500);
    expect(lines).toHaveLength(1);
    await store.close();
  });

  test('is asked over TLS where the url says rediss', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const hello = once(server, 'connection').then(async ([socket]) => {
      const [bytes] = await once(socket, 'data');
      socket.destroy();
      return bytes;
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    const store = redisStore({ url: `rediss://127.0.0.1:${address.port}`, log: logged().log });
    const TLS_HANDSHAKE = 0x16;
    expect((await hello)[0]).toBe(TLS_HANDSHAKE);
    await store.close();
    server.close();
  });
});

describeWithRedis('a Redis with a password', () => {
  const password = 'p@ss/w:rd?#% hunter2';
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis({ password });
  });
  afterAll(async () => {
    await redis.stop();
  });

  test('is opened by the password in the url, and the log shows neither', async () => {
    const { log, lines } = logged();
    const store = redisStore({ url: redis.url, log });
    expect(await store.swap('otp:a', null, 'one', 60)).toBe(true);
    await store.close();
    expect(lines.join()).not.toMatch(/hunter2|redis:\/\//);
  });

  test('stays shut for a wrong one, which the log tells without showing it', async () => {
    const { log, lines } = logged();
    const url = new URL(redis.url);
    url.password = 'wrong-hunter2';
    const store = redisStore({ url: url.href, log });
    await expect(store.ping()).rejects.toMatchObject(UNAVAILABLE);
    await vi.waitFor(() => expect(lines.join()).toContain('WRONGPASS'));
    await store.close();
    expect(lines.join()).not.toMatch(/hunter2|redis:\/\//);
  });
});
