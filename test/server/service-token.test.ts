import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceTokensOf } from '../../src/auth/service-token.ts';
import { createLogger } from '../../src/logger.ts';
import { redisStore } from '../../src/stores/redis.ts';
import { dataOf, signIn } from '../journeys/steps.ts';
import { LogoutDocument } from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  askedUpstream,
  asker,
  ENTITY,
  INACTIVE,
  introspect,
  ROUTER_SECRET,
  serviceToken,
  sharedSettings,
  tokens,
} from './services.ts';

describe('a service token at GraphQL', () => {
  let open: RunningService;
  let behindRouter: RunningService;
  beforeAll(async () => {
    [open, behindRouter] = await Promise.all([
      startTestService(sharedSettings()),
      startTestService(sharedSettings({ ROUTER_SECRETS: ROUTER_SECRET })),
    ]);
  });
  afterAll(() => Promise.all([open?.close(), behindRouter?.close()]));

  it('S12: is no access token: fields of a customer stay closed, and nobody is asked', async () => {
    const token = await serviceToken('customer:read', 'introspect');
    const from = open.logged.length;
    const { status, data, errors } = await open.ask('{ customer { id } devices { id } }', {}, { token });
    expect({ status, data }).toEqual({ status: 200, data: { customer: null, devices: null } });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
    expect(askedUpstream(open, from)).toEqual([]);
  });

  it('A2: reads no customer without the router, and nobody is asked', async () => {
    const token = await serviceToken('customer:read');
    const from = open.logged.length;
    const claims: Record<string, string>[] = [{}, { 'router-authorization': ROUTER_SECRET }];
    for (const headers of claims) {
      const { status, data, errors } = await open.ask(ENTITY, {}, { token, headers });
      expect({ status, data }).toEqual({ status: 200, data: { _entities: [null] } });
      expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(askedUpstream(open, from)).toEqual([]);
  });

  it('A2: is not even read where a router has to prove itself and did not', async () => {
    const token = await serviceToken('customer:read');
    const from = behindRouter.logged.length;
    expect(await behindRouter.ask(ENTITY, {}, { token })).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect(askedUpstream(behindRouter, from)).toEqual([]);
  });

  it('A2: reads a customer through the router with the scope, and not without it', async () => {
    const headers = { 'router-authorization': ROUTER_SECRET };
    const token = await serviceToken('customer:read');
    const before = behindRouter.logged.length;
    const { data } = await behindRouter.ask(ENTITY, {}, { token, headers });
    expect(data).toEqual({ _entities: [{ id: '1', lastName: expect.any(String) }] });
    expect(askedUpstream(behindRouter, before)).toEqual(['GET V1/customers/search']);

    const from = behindRouter.logged.length;
    const other = await serviceToken('introspect');
    const { errors } = await behindRouter.ask(ENTITY, {}, { token: other, headers });
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'FORBIDDEN' } }]);
    expect(askedUpstream(behindRouter, from)).toEqual([]);
  });

  it('S12: asks /introspect directly also where GraphQL takes requests from the router alone', async () => {
    expect(await introspect(behindRouter, 'no-token')).toMatchObject(INACTIVE);
    expect((await introspect(behindRouter, 'no-token', null)).status).toBe(401);
  });
});

describeWithRedis('two replicas on one Redis', () => {
  let redis: TestRedis;
  let replicas: [RunningService, RunningService];
  const headers = { 'router-authorization': ROUTER_SECRET };
  beforeAll(async () => {
    redis = await startRedis();
    const env = sharedSettings({ REDIS_URL: redis.url, ROUTER_SECRETS: ROUTER_SECRET });
    replicas = await Promise.all([startTestService(env), startTestService(env)]);
  });
  afterAll(async () => {
    await Promise.all(replicas?.map((replica) => replica.close()) ?? []);
    await redis?.stop();
  });

  /** A replica as the router reaches it. */
  const routed = ({ ask }: RunningService): Pick<RunningService, 'ask'> => ({
    ask: (document, variables, asking) => ask(document, variables, { ...asking, headers }),
  });

  it('S6: an access token logged out on one is inactive on the other within a second', async () => {
    const [here, there] = replicas;
    const { token } = await signIn(routed(here), '501234567');
    expect((await introspect(there, token)).body.active).toBe(true);
    dataOf(await routed(here).ask(LogoutDocument, {}, { token }));
    const loggedOutAt = performance.now();
    expect(await introspect(there, token)).toMatchObject(INACTIVE);
    expect(performance.now() - loggedOutAt).toBeLessThan(1000);
    const { errors } = await routed(there).ask('{ customer { id } }', {}, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('S12: a revoked service token is refused on both, for entities and for introspection', async () => {
    const token = await serviceToken('customer:read', 'introspect');
    for (const replica of replicas) {
      expect((await routed(replica).ask(ENTITY, {}, { token })).errors).toEqual([]);
      expect((await introspect(replica, token, token)).body.active).toBe(true);
    }
    const store = redisStore({ url: redis.url, log: createLogger('silent') });
    expect(await serviceTokensOf(store, tokens).revoke(token)).toMatchObject({ name: 'orders' });
    await store.close();

    for (const replica of replicas) {
      const from = replica.logged.length;
      const { data, errors } = await routed(replica).ask(ENTITY, {}, { token });
      expect(data).toEqual({ _entities: [null] });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(askedUpstream(replica, from)).toEqual([]);
      expect(await introspect(replica, token)).toMatchObject(INACTIVE);
      expect((await introspect(replica, asker, token)).status).toBe(401);
    }
  });

  it('S11: while Redis is away no token counts as good or bad, and all is well once it is back', async () => {
    const [here] = replicas;
    const { token } = await signIn(routed(here), '551234567');
    const service = await serviceToken('customer:read');
    redis.freeze();
    try {
      const { status, headers: sent, body } = await introspect(here, token);
      expect({ status, body }).toMatchObject({
        status: 503,
        body: { error: 'temporarily_unavailable', retryable: true },
      });
      expect(sent.get('retry-after')).toBe('1');
      expect(sent.get('www-authenticate'), 'that would call the token bad').toBeNull();

      const from = here.logged.length;
      const asked = await routed(here).ask('{ customer { id } }', {}, { token: service });
      expect(asked.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
      const { data, errors } = await routed(here).ask(ENTITY, {}, { token: service });
      expect(data).toEqual({ _entities: [null] });
      expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
      expect(askedUpstream(here, from)).toEqual([]);
    } finally {
      redis.thaw();
    }
    await expect.poll(async () => (await introspect(here, token)).status, { timeout: 5000 }).toBe(200);
    expect((await introspect(here, token)).body.active).toBe(true);
  });
});
