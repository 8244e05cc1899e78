import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { signIn } from '../journeys/steps.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';

describe('/.well-known/jwks.json', () => {
  let service: RunningService;
  let old: { kid?: string };
  beforeAll(async () => {
    const keys = [
      { ...(await generateSigningKey()), kid: 'old' },
      { ...(await generateSigningKey()), kid: 'new' },
    ];
    [old] = keys as [{ kid: string }, unknown];
    service = await startTestService({ TOKEN_KEYS: JSON.stringify({ keys }) });
  });
  afterAll(() => service.close());

  it('S3: shows old and new keys, and nothing of their private halves', async () => {
    const response = await fetch(`${service.base}/.well-known/jwks.json`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=300');
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys.map(({ kid }) => kid)).toEqual([old.kid, 'new']);
    for (const key of keys) {
      expect(key).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
      });
    }
  });

  it('S1: lets another service check our tokens with nothing but the address', async () => {
    const { token, id } = await signIn(service, '501234567');
    const keySet = createRemoteJWKSet(new URL(`${service.base}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      issuer: 'customer-subgraph',
      audience: 'customer-api',
      typ: 'at+jwt',
    });
    expect(payload.sub).toBe(id);
    expect(protectedHeader).toMatchObject({ kid: 'new', alg: 'EdDSA' });
  });
});

describeWithRedis('health and readiness', () => {
  let redis: TestRedis;
  let service: RunningService;
  beforeAll(async () => {
    redis = await startRedis();
    service = await startTestService({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await service.close();
    await redis.stop();
  });
  const look = async (path: string) => {
    const response = await fetch(service.base + path);
    return { status: response.status, body: await response.json() };
  };

  it('follow the state store: a process without it is alive but not ready', async () => {
    const up = { status: 200, body: { status: 'up' } };
    const ready = { status: 200, body: { status: 'ready' } };
    expect([await look('/health'), await look('/ready')]).toEqual([up, ready]);

    await redis.kill();
    const away = { status: 503, body: { status: 'the state store does not answer' } };
    expect([await look('/health'), await look('/ready')]).toEqual([up, away]);

    await redis.restart();
    await vi.waitFor(async () => expect(await look('/ready')).toEqual(ready), { timeout: 5000 });
  });

  it('notice a store that is there but silent, soon', async () => {
    redis.freeze();
    try {
      const startedAt = performance.now();
      expect((await look('/ready')).status).toBe(503);
      expect(performance.now() - startedAt).toBeLessThan(2000);
    } finally {
      redis.thaw();
    }
    await vi.waitFor(async () => expect((await look('/ready')).status).toBe(200), { timeout: 5000 });
  });
});
