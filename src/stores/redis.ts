/** Short-lived state shared by all replicas. */
import { setTimeout as sleep } from 'node:timers/promises';
import DataLoader from 'dataloader';
import { Redis, type Result } from 'ioredis';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import { lifetimeMs, type Store } from './store.ts';

// Longer than a process may stand still that shares its cores with others: its own pause is no trouble of Redis.
const COMMAND_TIMEOUT_MS = 1000;
const CONNECT_TIMEOUT_MS = 2000;
// A peer that vanished without a word is noticed by this, not by TCP, which would take a quarter of an hour.
const SILENCE_MS = 2000;
const LONGEST_RECONNECT_DELAY_MS = 1000;

// `=` before each given value keeps the empty text apart from absence.
const SWAP = `
local current = redis.call('GET', KEYS[1])
if (current and '=' .. current or '') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.sub(ARGV[2], 2), 'PX', ARGV[3])
end
return 1
`;

// Not MGET, to which what is no text is absent: a lock that cannot be read must not count as open.
const GET_ALL = `
local values = {}
for place, key in ipairs(KEYS) do values[place] = redis.pcall('GET', key) end
return values
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    getAll(count: number, ...keys: string[]): Result<(string | null | Error)[], Context>;
    swapIfEqual(key: string, expected: string, next: string, ttlMs: number): Result<number, Context>;
  }
}

/**
 * A store in the Redis at `url` (`redis://` or `rediss://`, with user, password and database as usual).
 *
 * Connects at once and reconnects for ever. While Redis is away every method rejects, at once or,
 * when Redis is there but silent, within a second. `log` gets one line each time it comes or goes.
 */
export function redisStore({ url, log }: { url: string; log: Logger }): Store {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    enableOfflineQueue: false,
    // A swap that was sent twice would call its own first success a defeat: never resend.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) =>
      Math.min(25 * 2 ** attempt, LONGEST_RECONNECT_DELAY_MS) * (0.5 + Math.random() / 2),
    // After a failover the old master is a replica: look again where the name leads.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    scripts: { getAll: { lua: GET_ALL }, swapIfEqual: { lua: SWAP, numberOfKeys: 1 } },
  });

  let isUp: boolean | undefined;
  let isClosing = false;
  function noteDown(error?: Error): void {
    if (isUp === false || isClosing) return;
    isUp = false;
    log.warn(error ? { err: error } : {}, 'the Redis store is away');
  }
  client.on('ready', () => {
    isUp = true;
    log.info('the Redis store answers');
  });
  client.on('error', noteDown);
  client.on('close', () => noteDown());

  // What is asked while the process starts waits for the first connection; later nothing waits.
  const opened = Promise.race([
    client.connect().catch(() => undefined),
    sleep(COMMAND_TIMEOUT_MS, undefined, { ref: false }),
  ]);

  let isOpened = false;
  void opened.then(() => {
    isOpened = true;
  });

  function answer<T>(command: () => Promise<T>): Promise<T> {
    const answered = isOpened ? command() : opened.then(command);
    return answered.catch((cause) => {
      throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the Redis store does not answer', cause });
    });
  }

  // What one turn of the event loop asks for is one command; ioredis takes much longer over a pipeline of many.
  const values = new DataLoader<string, string | null>((keys) => client.getAll(keys.length, ...keys), {
    cache: false,
    batchScheduleFn: setImmediate,
  });

  return {
    get: (key) => answer(() => values.load(key)),
    async swap(key, expected, next, ttlSeconds) {
      const ttlMs = lifetimeMs(ttlSeconds);
      const swapped = await answer(() => client.swapIfEqual(key, marked(expected), marked(next), ttlMs));
      return swapped === 1;
    },
    async ping() {
      await answer(() => client.ping());
    },
    async close() {
      isClosing = true;
      // QUIT lets the replies that are on their way arrive; a server that is away has none.
      await client.quit().catch(() => undefined);
      client.disconnect();
    },
  };
}

function marked(value: string | null): string {
  return value === null ? '' : `=${value}`;
}
