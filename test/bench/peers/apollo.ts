/** Apollo's usual recipe: the standalone server, the schema first, a REST data source for each request. */

import { type AugmentedRequest, RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Redis } from 'ioredis';
import { callerFinderOf } from './caller.ts';
import { buildSchema, contextOf, type PeerContext } from './graphql.ts';
import type { M2 } from './m2.ts';
import type { Peer, PeerSettings } from './settings.ts';

class ShopAPI extends RESTDataSource {
  override baseURL: string;
  readonly #token: string;
  readonly m2: M2 = {
    get: (path) => this.get(path),
    put: (path, json) => this.put(path, { body: json as object }),
  };

  constructor({ m2Url, m2Token }: PeerSettings, cache: ApolloServer['cache']) {
    super({ cache });
    this.baseURL = `${m2Url}/V1/`;
    this.#token = m2Token;
  }
  override willSendRequest(_path: string, request: AugmentedRequest): void {
    request.headers.authorization = `Bearer ${this.#token}`;
  }
}

export async function serve(settings: PeerSettings): Promise<Peer> {
  const redis = new Redis(settings.redisUrl);
  const find = callerFinderOf(redis, settings);
  const server = new ApolloServer<PeerContext>({ schema: buildSchema() });
  await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: settings.port },
    context: ({ req }) => contextOf(req.headers, { find, m2: new ShopAPI(settings, server.cache).m2, redis }),
  });
  return {
    async close() {
      await server.stop();
      redis.disconnect();
    },
  };
}
