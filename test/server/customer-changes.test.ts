import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '../journeys/steps.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { serviceToken, sharedSettings } from './services.ts';

const KEPT = sharedSettings({ M2_CACHE_SECONDS: '5' });
const GOOD = JSON.stringify({ customerIds: ['1'] });

async function tell(
  { base }: RunningService,
  body: string,
  { bearer, type = 'application/json' }: { bearer?: string | null; type?: string } = {},
) {
  const token = bearer === undefined ? await serviceToken('customer:changed') : bearer;
  const response = await fetch(`${base}/customer-changes`, {
    method: 'POST',
    headers: { 'content-type': type, ...(token !== null && { authorization: `Bearer ${token}` }) },
    body,
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, body: text === '' ? null : JSON.parse(text) };
}

describe('telling of changed customers', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startTestService(KEPT);
  });
  afterAll(() => service?.close());

  it.each([
    ['one', ['1']],
    ['a hundred', Array.from({ length: 100 }, (_, at) => String(at + 1))],
    ['one twice', ['2', '2']],
    ['one that the shop does not have', ['999999999']],
  ])('is taken for %s', async (_, customerIds) => {
    expect(await tell(service, JSON.stringify({ customerIds }))).toMatchObject({ status: 204, body: null });
  });

  it('S12: needs a scope of its own: who may read customers or try tokens may not have them read anew', async () => {
    const bearer = await serviceToken('customer:read', 'introspect');
    const refused = await tell(service, GOOD, { bearer });
    expect(refused).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="customer:changed"',
    );
  });

  it('S12: is refused to everybody without a good service token, customers among them', async () => {
    const { token } = await signIn(service, '501234567');
    for (const bearer of [token, 'no-token']) {
      const refused = await tell(service, GOOD, { bearer });
      expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
    const nobody = await tell(service, 'no JSON, which is not looked at', { bearer: null });
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="customer:changed"');
  });

  it.each<[string, number, string, string?]>([
    ['nothing', 400, ''],
    ['no JSON', 400, '{'],
    ['no object', 400, '["1"]'],
    ['no ids', 400, '{"customerIds":[]}'],
    ['more than a hundred', 400, JSON.stringify({ customerIds: Array.from({ length: 101 }, () => '1') })],
    ['what is no id', 400, '{"customerIds":["1","1 or 2"]}'],
    ['a number', 400, '{"customerIds":[1]}'],
    ['something besides', 400, '{"customerIds":["1"],"all":true}'],
    ['a form', 415, 'customerIds=1', 'application/x-www-form-urlencoded'],
    ['more than it reads', 413, JSON.stringify({ customerIds: ['1'], more: 'a'.repeat(9000) })],
  ])('answers %s with %i', async (_, status, body, type) => {
    const answer = await tell(service, body, type === undefined ? {} : { type });
    expect(answer).toMatchObject({ status, body: { error: 'invalid_request' } });
  });
});

describeWithRedis('telling of changed customers while Redis is away', () => {
  let redis: TestRedis;
  let service: RunningService;
  beforeAll(async () => {
    redis = await startRedis();
    service = await startTestService({ ...KEPT, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await service?.close();
    await redis?.stop();
  });

  it('is answered with 503 and Retry-After, and taken once it is back', async () => {
    const bearer = await serviceToken('customer:changed');
    redis.freeze();
    try {
      const { status, headers, body } = await tell(service, GOOD, { bearer });
      expect({ status, body }).toMatchObject({ status: 503, body: { retryable: true } });
      expect(headers.get('retry-after')).toBe('1');
    } finally {
      redis.thaw();
    }
    await expect
      .poll(async () => (await tell(service, GOOD, { bearer })).status, { timeout: 5000 })
      .toBe(204);
  });
});
