/** This subgraph and its neighbour as running services, and two gateways in front of them. */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeByApollo, composeByHive, type Part } from '../../schema/tools/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { startService } from '../../src/server.ts';
import { NEIGHBOUR_SDL, startNeighbour } from '../support/neighbour.ts';

/** What a router proves itself with. */
export const ROUTER_SECRET = 'a router secret of invented words and 32 letters';

export interface Answer {
  data?: Record<string, unknown> | null;
  errors?: readonly {
    path?: readonly (string | number)[];
    message: string;
    extensions?: { code?: string };
  }[];
}

/** Sends one operation; the token is what the client has as its `Authorization: Bearer`. */
export type Ask = (
  query: string,
  variables?: Record<string, unknown>,
  accessToken?: string,
) => Promise<Answer>;

export interface Gateway {
  ask: Ask;
  close(): Promise<void>;
}

export interface Subgraphs {
  parts: Part[];
  close(): Promise<void>;
}

/** Starts both subgraphs on free ports; the SDL is what the service itself answers to a gateway. */
export async function startSubgraphs(env: Record<string, string> = {}): Promise<Subgraphs> {
  const config = readConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
    ROUTER_SECRETS: ROUTER_SECRET,
    ...env,
  });
  const [service, neighbour] = await Promise.all([
    startService(config, createLogger(config.logLevel)),
    startNeighbour(),
  ]);
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': ROUTER_SECRET },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  const answer = (await response.json()) as { data: { _service: { sdl: string } } };
  return {
    parts: [
      { name: 'customer', sdl: answer.data._service.sdl, url: service.url },
      { name: 'orders', sdl: NEIGHBOUR_SDL, url: neighbour.url },
    ],
    async close() {
      await Promise.all([service.close(), neighbour.close()]);
    },
  };
}

const headersFor = (accessToken: string | undefined): Record<string, string> => ({
  'router-authorization': ROUTER_SECRET,
  ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
});

/** Apollo's gateway in an Apollo Server, over Apollo's composition. */
export async function startApolloGateway(parts: readonly Part[]): Promise<Gateway> {
  const server = new ApolloServer<{ accessToken?: string }>({
    gateway: new ApolloGateway({
      supergraphSdl: composeByApollo(parts),
      buildService: ({ url }) =>
        new RemoteGraphQLDataSource<{ accessToken?: string }>({
          url,
          willSendRequest({ request, context }) {
            for (const [name, value] of Object.entries(headersFor(context.accessToken))) {
              request.http?.headers.set(name, value);
            }
          },
        }),
    }),
    includeStacktraceInErrorResponses: false,
  });
  await server.start();
  return {
    async ask(query, variables, accessToken) {
      const { body } = await server.executeOperation({ query, variables }, { contextValue: { accessToken } });
      if (body.kind !== 'single') throw new Error('The gateway answered in parts.');
      return body.singleResult;
    },
    close: () => server.stop(),
  };
}

/** Hive's gateway, over Hive's composition. */
export async function startHiveGateway(parts: readonly Part[]): Promise<Gateway> {
  const gateway = createGatewayRuntime({
    supergraph: composeByHive(parts),
    logging: false,
    maskedErrors: false,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) =>
        headersFor(request.headers.get('authorization')?.replace('Bearer ', '')),
    },
  });
  return {
    async ask(query, variables, accessToken) {
      const response = await gateway.fetch('http://gateway.invalid/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(accessToken !== undefined && { authorization: `Bearer ${accessToken}` }),
        },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    close: async () => {
      await gateway[Symbol.asyncDispose]();
    },
  };
}
