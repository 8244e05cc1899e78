/** Whether Redis answers, is new enough, takes writes, and forgets nothing by itself. */
import { Redis } from 'ioredis';
import { type Check, type Finding, fail, ok, reasonOf, warn } from './check.ts';

const TIMEOUT_MS = 5_000;
const LEAST = [6, 2] as const;

/** What `INFO` says is enough, for managed servers do not answer `CONFIG`. */
export function redisCheck(url: string): Check {
  return {
    name: 'Redis',
    async run() {
      const client = new Redis(url, {
        lazyConnect: true,
        connectTimeout: TIMEOUT_MS,
        commandTimeout: TIMEOUT_MS,
        maxRetriesPerRequest: 0,
        retryStrategy: () => null,
      });
      let last: unknown;
      client.on('error', (error) => {
        last = error;
      });
      try {
        await client.connect();
        return findingsOf(await client.info());
      } catch (error) {
        const words = `${String(last)} ${String(error)}`;
        if (/NOAUTH|WRONGPASS|NOPERM/.test(words)) {
          return fail(
            'Redis: refuses our password or its permissions',
            'see the user and password in REDIS_URL',
          );
        }
        return fail(`Redis: does not answer (${reasonOf(last ?? error)})`, 'see REDIS_URL and the network');
      } finally {
        client.disconnect();
      }
    },
  };
}

function findingsOf(info: string): Finding[] {
  const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = value('redis_version');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
  const policy = value('maxmemory_policy');
  const role = value('role');
  return [
    isNewEnough
      ? ok(`Redis: answers, version ${version}`)
      : fail(`Redis: is version ${version || 'unknown'}`, `use ${LEAST.join('.')} or newer`),
    policy === 'noeviction'
      ? ok('Redis: maxmemory-policy noeviction, so it forgets nothing by itself')
      : fail(
          `Redis: maxmemory-policy is ${policy || 'unknown'}, so that revoked tokens and locks may be forgotten`,
          'set maxmemory-policy noeviction, also where the server starts from',
        ),
    ...(role === 'slave'
      ? [fail('Redis: is a replica and takes no writes', 'name its master in REDIS_URL')]
      : []),
    ...(value('loading') === '1' ? [warn('Redis: is still loading its data', 'wait and look again')] : []),
  ];
}
