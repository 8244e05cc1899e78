/** mercurius on fastify, every operation compiled by graphql-jit at its first use. */
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { mercurius } from 'mercurius';
import { callerFinderOf } from './caller.ts';
import { buildSchema, contextOf } from './graphql.ts';
import { m2PoolOf } from './m2.ts';
import type { Peer, PeerSettings } from './settings.ts';

export async function serve(settings: PeerSettings): Promise<Peer> {
  const redis = new Redis(settings.redisUrl);
  const find = callerFinderOf(redis, settings);
  const m2 = m2PoolOf(settings);
  const app = fastify();
  await app.register(mercurius, {
    schema: buildSchema(),
    jit: 1,
    context: ({ headers }) => contextOf(headers, { find, m2, redis }),
  });
  await app.listen({ host: '127.0.0.1', port: settings.port });
  return {
    async close() {
      await app.close();
      await m2.close();
      redis.disconnect();
    },
  };
}
