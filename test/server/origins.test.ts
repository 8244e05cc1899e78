import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE, post } from './http.ts';

const STUDIO = 'https://studio.apollographql.com';
const SHOP = 'https://shop.example.com';
const HELLO = JSON.stringify({ query: '{ __typename }' });

const preflight = (service: RunningService, origin: string, headers: Record<string, string> = {}) =>
  fetch(service.url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
      ...headers,
    },
  });
const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('A8: outside production', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.close());

  it.each([
    STUDIO,
    'http://localhost:3000',
    'https://localhost',
    'http://127.0.0.1:8080',
    'http://[::1]:5173',
  ])('pages of this machine and Apollo Studio may ask: %s', async (origin) => {
    const asked = await preflight(service, origin);
    expect([asked.status, allowed(asked)]).toEqual([204, origin]);
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect(asked.headers.get('access-control-allow-methods')).toContain('POST');

    const answer = await post(service, HELLO, { ...JSON_TYPE, origin });
    expect([answer.status, allowed(answer)]).toEqual([200, origin]);
    expect(answer.headers.get('access-control-expose-headers')).toBe(
      'x-request-id, retry-after, idempotency-replayed',
    );
  });

  it.each([SHOP, 'null', 'http://localhost.example.com', `${STUDIO}.example.com`, 'http://192.168.1.7:3000'])(
    'others may not: %s',
    async (origin) => {
      expect(allowed(await preflight(service, origin))).toBeNull();
      const answer = await post(service, HELLO, { ...JSON_TYPE, origin });
      expect(allowed(answer)).toBeNull();
      expect(answer.headers.get('vary')).toMatch(/\borigin\b/i);
    },
  );

  it('a browser that asks whether Studio may speak to this machine is told so', async () => {
    const asked = await preflight(service, STUDIO, { 'access-control-request-private-network': 'true' });
    expect(asked.headers.get('access-control-allow-private-network')).toBe('true');
    expect((await preflight(service, STUDIO)).headers.get('access-control-allow-private-network')).toBeNull();
  });

  it('a page that may ask can also read why it was refused', async () => {
    const refused = await post(service, 'no JSON', { ...JSON_TYPE, origin: STUDIO });
    expect([refused.status, allowed(refused)]).toEqual([400, STUDIO]);
  });
});

describe('A8: with origins named', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startTestService({ CORS_ORIGINS: `${SHOP}, https://m.example.com` });
  });
  afterAll(() => service.close());

  it('those may ask and nobody else, Studio included', async () => {
    expect(allowed(await preflight(service, SHOP))).toBe(SHOP);
    expect(allowed(await preflight(service, 'https://m.example.com'))).toBe('https://m.example.com');
    for (const origin of [STUDIO, 'http://localhost:3000', 'https://www.shop.example.com']) {
      expect(allowed(await preflight(service, origin))).toBeNull();
    }
  });
});
