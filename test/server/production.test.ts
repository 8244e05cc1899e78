import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { as, askToLogIn, dataOf, enter, messageTo, saudi } from '../journeys/steps.ts';
import { LoginDocument } from '../support/operations.ts';
import { productionSettings } from '../support/production.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { get, JSON_TYPE, post, refusalOf } from './http.ts';

describeWithRedis('in production', () => {
  let upstreams: Sandbox;
  let redis: TestRedis;
  let service: RunningService;
  beforeAll(async () => {
    [upstreams, redis] = await Promise.all([startSandbox({ log: createLogger('silent') }), startRedis()]);
    service = await startTestService(await productionSettings(upstreams, redis));
  });
  afterAll(async () => {
    await service.close();
    await upstreams.close();
    await redis.stop();
  });

  it('O8: a code is in the message and in no answer, and signs in', async () => {
    const { otpId, otpCode } = await askToLogIn(service, { phone: saudi('501234567') });
    expect(otpCode).toBeNull();
    const { text } = await messageTo(upstreams, '+966501234567', 'code');
    const code = text.match(/\d{6}/)?.[0] ?? '';
    const session = await enter(service, { otpId, otpCode: code });
    expect(session.customer?.fullName).toBe('Sara Ali');
    expect(service.logged.join('')).not.toContain(code);
  });

  it('O12: an e-mail address alone signs nobody in, nor does asking send anything', async () => {
    const { length } = upstreams.outbox.list();
    for (const email of ['sara@example.com', 'nobody@example.com']) {
      const { login } = dataOf(await service.ask(LoginDocument, { input: { email } }));
      expect(as('CustomerInputError', login).fields).toMatchObject([{ path: ['input', 'email'] }]);
    }
    expect(upstreams.outbox.list()).toHaveLength(length);
  });

  it('there is no sandbox, no landing page and no explorer', async () => {
    expect(service.sandbox).toBeNull();
    const paths = ['outbox', 'outbox.json', 'outbox/events'].map((path) => `/sandbox/${path}`);
    for (const path of [...paths, '/explorer', '/explorer/graphiql.js']) {
      expect((await refusalOf(await fetch(service.base + path))).status).toBe(404);
    }
    const page = await get(service, {}, { accept: 'text/html,*/*;q=0.8' });
    expect(await refusalOf(page)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('A7: the schema is not shown, but for a gateway’s `_service`', async () => {
    const introspection = await post(service, JSON.stringify({ query: '{ __schema { types { name } } }' }));
    expect(introspection.status).toBe(400);
    expect(await introspection.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    const { data } = await service.ask<{ _service: { sdl: string } }, never>('{ _service { sdl } }');
    expect(data._service.sdl).toContain('type Customer');
  });

  it('A7: no name is guessed for who misspells one', async () => {
    const { errors } = await service.ask('{ custome { id } }');
    expect(errors[0]?.message).toBe('Cannot query field "custome" on type "Query".');
  });

  it('A8: no other origin may ask, Apollo Studio and localhost included', async () => {
    for (const origin of ['https://studio.apollographql.com', 'http://localhost:3000']) {
      const headers = { origin, 'access-control-request-method': 'POST' };
      const network = { 'access-control-request-private-network': 'true' };
      const preflight = await fetch(service.url, { method: 'OPTIONS', headers: { ...headers, ...network } });
      const answer = await post(service, JSON.stringify({ query: '{ __typename }' }), {
        ...JSON_TYPE,
        origin,
      });
      expect([preflight.status, answer.status]).toEqual([405, 200]);
      for (const response of [preflight, answer]) {
        const names = [...response.headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect(names).toEqual([]);
      }
    }
  });

  it('S11: without its state store it signs nobody in, says that it may be retried, and comes back', async () => {
    await redis.kill();
    const { errors } = await service.ask(
      'mutation { login(input: { phone: { number: "0502345678" } }) { __typename } }',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
    await redis.restart();
    await vi.waitFor(async () => expect((await fetch(`${service.base}/ready`)).status).toBe(200), {
      timeout: 5000,
    });
  });
});
