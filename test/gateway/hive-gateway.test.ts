/** The recipe `schema/hive-gateway.config.ts`, run as it is in front of both subgraphs. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { print } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { gatewayConfigOf } from '../../schema/hive-gateway.config.ts';
import { composeByHive } from '../../schema/tools/compose.ts';
import {
  CustomerDocument,
  LoginDocument,
  RefreshSessionDocument,
  VerifyOtpDocument,
} from '../support/operations.ts';
import { type ProxiedRequest, startProxy, type UpstreamProxy } from '../support/proxy.ts';
import { type Answer, ROUTER_SECRET, type Subgraphs, startSubgraphs } from './supergraph.ts';

type Ask = (query: string, variables?: object, headers?: Record<string, string>) => Promise<Answer>;

const closing: (() => Promise<void>)[] = [];
const received: Record<string, ProxiedRequest[]> = {};
let subgraphs: Subgraphs;
let serviceOrigin: string;
let ask: Ask;
let session: { accessToken: string; refreshToken: string; id: string };

/** The gateway of the recipe as a server of its own. */
async function startGateway(supergraph: string, env: Record<string, string>): Promise<Ask> {
  const gateway = createGatewayRuntime({ ...gatewayConfigOf(env), supergraph, logging: false });
  const server = createServer(gateway);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.close();
    server.closeAllConnections();
    await gateway[Symbol.asyncDispose]();
  });
  const { port } = server.address() as AddressInfo;
  return async (query, variables = {}, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer;
  };
}

let supergraph: string;
beforeAll(async () => {
  subgraphs = await startSubgraphs({ AUTH_DIRECTIVES: 'on', TRUSTED_PROXIES: '127.0.0.1' });
  closing.push(() => subgraphs.close());
  const parts = [];
  for (const part of subgraphs.parts) {
    const { origin, pathname } = new URL(part.url);
    const proxy: UpstreamProxy = await startProxy(origin.replace('localhost', '127.0.0.1'));
    closing.push(() => proxy.close());
    proxy.fate = (request) => {
      received[part.name]?.push(request);
      return 'pass';
    };
    parts.push({ ...part, url: `${proxy.url}${pathname}` });
    if (part.name === 'customer') serviceOrigin = origin;
  }
  supergraph = composeByHive(parts);
  ask = await startGateway(supergraph, {
    CUSTOMER_ROUTER_SECRET: ROUTER_SECRET,
    CUSTOMER_JWKS_URL: `${serviceOrigin}/.well-known/jwks.json`,
  });

  const asked = await ask(print(LoginDocument), { input: { phone: { number: '0501234567' } } });
  const { otpId, otpCode } = Object(asked.data?.login);
  const verified = await ask(print(VerifyOtpDocument), { input: { otpId, otpCode } });
  const { accessToken, refreshToken, customer } = Object(verified.data?.verifyOtp);
  session = { accessToken, refreshToken, id: customer.id };
}, 30_000);
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});
beforeEach(() => {
  for (const { name } of subgraphs.parts) received[name] = [];
});

const bearer = () => ({ authorization: `Bearer ${session.accessToken}` });
const codesOf = ({ errors = [] }: Answer) =>
  errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);

it('passes on what the subgraph reads of the client, and proves itself in place of the client', async () => {
  const sent = {
    ...bearer(),
    'accept-language': 'ar',
    'idempotency-key': '7f1f9a2e-0000-4000-8000-000000000001',
    'x-request-id': 'request-of-the-client',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  const answer = await ask(
    'mutation { updateWallet(useInPayment: true) { __typename } }',
    {},
    {
      ...sent,
      'x-forwarded-for': '203.0.113.7',
      'router-authorization': 'a secret that the client made up for itself',
      cookie: 'theirs=1',
    },
  );
  expect(answer).toEqual({ data: { updateWallet: { __typename: 'CustomerWallet' } } });
  expect(received.customer).toHaveLength(1);
  const [{ headers }] = received.customer as [ProxiedRequest];
  expect(headers).toMatchObject({
    ...sent,
    'x-forwarded-for': '203.0.113.7, 127.0.0.1',
    'router-authorization': ROUTER_SECRET,
  });
  expect(headers.cookie).toBeUndefined();
});

it("tells neighbours neither the router's secret nor the client's address", async () => {
  const query = 'query ($id: ID!) { order(id: $id) { customer { firstName } } }';
  const answer = await ask(
    query,
    { id: `${session.id}-1` },
    { ...bearer(), 'x-forwarded-for': '203.0.113.7' },
  );
  expect(answer).toEqual({ data: { order: { customer: { firstName: 'Sara' } } } });
  const [{ headers }] = received.orders as [ProxiedRequest];
  expect(headers).toMatchObject(bearer());
  expect(headers['router-authorization']).toBeUndefined();
  expect(headers['x-forwarded-for']).toBeUndefined();
});

it('answers @authenticated fields without a good token itself, and everything else as ever', async () => {
  const [head, payload] = session.accessToken.split('.');
  const bad = ['Bearer nonsense', `Bearer ${head}.${payload}.AAAA`];
  for (const headers of [undefined, ...bad.map((authorization) => ({ authorization }))]) {
    const answer = await ask('{ customer { id } countries { code } }', {}, headers);
    expect(answer.data).toMatchObject({
      customer: null,
      countries: expect.arrayContaining([{ code: 'SA' }]),
    });
    expect(codesOf(answer)).toEqual([['customer', 'UNAUTHENTICATED']]);
  }
  expect(received.customer?.filter(({ body }) => /\bcustomer\b/.test(body))).toEqual([]);
});

it('lets a session be renewed whose access token is no longer good', async () => {
  const { refreshToken } = session;
  const answer = await ask(
    print(RefreshSessionDocument),
    { refreshToken },
    { authorization: 'Bearer expired' },
  );
  expect(answer).toMatchObject({ data: { refreshSession: { __typename: 'CustomerSession' } } });
  session = { ...session, ...Object(answer.data?.refreshSession) };
});

it("lets the subgraph's messages, codes and details get through, in the language of the client", async () => {
  const stranger = await ask(
    'query ($id: ID!) { order(id: $id) { customer { firstName } } }',
    { id: '999-1' },
    bearer(),
  );
  expect(stranger.data).toEqual({ order: { customer: { firstName: null } } });
  expect(stranger.errors).toMatchObject([
    { message: 'This is not for the caller to see.', extensions: { code: 'FORBIDDEN' } },
  ]);
  const input = { phone: { number: '12' } };
  const refused = await ask(print(LoginDocument), { input }, { 'accept-language': 'ar' });
  expect(refused.data?.login).toMatchObject({
    __typename: 'CustomerInputError',
    message: expect.stringMatching(/[\u0600-\u06ff]/),
  });
});

it('refuses what costs too much before the subgraph is asked', async () => {
  const costly = Array.from(
    { length: 25 },
    (_, i) => `c${i}: customer { notifications(first: 50) { edges { node { id } } } }`,
  );
  const answer = await ask(`{ ${costly.join(' ')} }`, {}, bearer());
  expect(new Set(codesOf(answer).map(([, code]) => code))).toEqual(new Set(['COST_ESTIMATED_TOO_EXPENSIVE']));
  expect(received.customer).toEqual([]);
});

it.each([
  ['are out of reach', 'http://127.0.0.1:9/.well-known/jwks.json'],
  ['are answered as something else', () => `${serviceOrigin}/health`],
  ['are answered as an error', () => `${serviceOrigin}/nowhere`],
])('leaves it to the subgraph where the keys %s', async (_name, url) => {
  const askWithoutKeys = await startGateway(supergraph, {
    CUSTOMER_ROUTER_SECRET: ROUTER_SECRET,
    CUSTOMER_JWKS_URL: typeof url === 'string' ? url : url(),
  });
  const answer = await askWithoutKeys(print(CustomerDocument), {}, bearer());
  expect(answer).toMatchObject({ data: { customer: { id: session.id } } });
  const [head, payload] = session.accessToken.split('.');
  const forged = { authorization: `Bearer ${head}.${payload}.AAAA` };
  expect(codesOf(await askWithoutKeys('{ customer { id } }', {}, forged))).toEqual([
    ['customer', 'UNAUTHENTICATED'],
  ]);
});
