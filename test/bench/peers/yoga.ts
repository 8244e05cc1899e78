/** graphql-yoga on `node:http`, with its defaults. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { Redis } from 'ioredis';
import { callerFinderOf } from './caller.ts';
import { buildSchema, contextOf, type PeerContext } from './graphql.ts';
import { m2PoolOf } from './m2.ts';
import type { Peer, PeerSettings } from './settings.ts';

export async function serve(settings: PeerSettings): Promise<Peer> {
  const redis = new Redis(settings.redisUrl);
  const find = callerFinderOf(redis, settings);
  const m2 = m2PoolOf(settings);
  const yoga = createYoga<{ req: IncomingMessage }, PeerContext>({
    schema: buildSchema(),
    context: ({ req }) => contextOf(req.headers, { find, m2, redis }),
  });
  const server = createServer(yoga);
  server.listen(settings.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await m2.close();
      redis.disconnect();
    },
  };
}
