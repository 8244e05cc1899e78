/** A9: what caches on the way may keep, and what not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shopOf, signIn } from '../journeys/steps.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { get } from './http.ts';

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await startTestService();
  ({ token } = await signIn(service, '501234567'));
});
afterAll(() => service.close());

async function policyOf(query: string, asking = {}, variables?: Record<string, unknown>) {
  const { headers, errors } = await service.ask(query, variables, asking);
  return { policy: headers.get('cache-control'), vary: headers.get('vary'), errors };
}

describe('A9: public answers', () => {
  it.each([
    ['{ countries { code } }', 3600],
    ['{ country(code: "SA") { name regions { name } } }', 3600],
    ['{ cities { name } }', 86_400],
    ['{ regionByPoint(latitude: 24.7, longitude: 46.7) { code } }', 86_400],
    ['{ appInfo { termsUrl } }', 300],
    ['{ faqs { question } }', 300],
    ['{ __typename mine: cities { __typename } }', 86_400],
    [
      'query A { ...F } query B { customer { id } } fragment F on Query { ... { cities { code } faqs { answer } } }',
      300,
    ],
  ])('may be kept: %s', async (query, seconds) => {
    const parameters: Record<string, string> = { query };
    if (query.startsWith('query A')) parameters.operationName = 'A';
    const response = await get(service, parameters);
    expect((await response.json()).errors).toBeUndefined();
    expect(response.headers.get('cache-control')).toBe(`public, max-age=${seconds}`);
    expect(response.headers.get('vary')).toMatch(/\bAccept-Language\b/);
    expect(response.headers.get('vary')).toMatch(/\bAccept\b(?!-)/);
  });

  it('may be kept when asked for by POST, with a session or with one that is over', async () => {
    for (const asking of [{}, { token }, { token: 'no token' }, { language: 'ar' }]) {
      expect(await policyOf('{ cities { name } }', asking)).toMatchObject({
        policy: 'public, max-age=86400',
        vary: expect.stringContaining('Accept-Language'),
      });
    }
  });

  it('say of a page of another origin that they depend on it', async () => {
    const headers = { origin: 'https://studio.apollographql.com' };
    const { vary } = await policyOf('{ cities { name } }', { headers });
    expect(vary).toMatch(/\bOrigin\b.*\bAccept-Language\b/);
  });

  it('are not mixed up by a cache that keeps to Vary: languages differ', async () => {
    const names = async (language: 'en' | 'ar') =>
      (
        await service.ask<{ cities: { name: string }[] }, never>('{ cities { name } }', undefined, {
          language,
        })
      ).data.cities[0]?.name;
    expect(await names('en')).not.toBe(await names('ar'));
  });
});

describe('A9: no cache keeps', () => {
  const NO_STORE = { policy: 'no-store' };

  it.each([
    ['something of the customer beside something public', '{ cities { code } customer { id } }'],
    [
      'something of the customer in a fragment',
      '{ cities { code } ...F } fragment F on Query { cards { id } }',
    ],
    ['something of the customer that is skipped', '{ cities { code } customer @skip(if: true) { id } }'],
    ['the customer', '{ customer { id } }'],
    ['the schema', '{ cities { code } __schema { queryType { name } } }'],
    ['the SDL', '{ cities { code } _service { sdl } }'],
    ['nothing in particular', '{ __typename }'],
  ])('%s', async (_, query) => {
    expect(await policyOf(query, { token })).toMatchObject({ ...NO_STORE, errors: [] });
  });

  it('an entity', async () => {
    const query =
      'query($of: [_Any!]!) { cities { code } _entities(representations: $of) { ... on Customer { id } } }';
    expect(await policyOf(query, { token }, { of: [{ __typename: 'Customer', id: '1' }] })).toMatchObject(
      NO_STORE,
    );
  });

  it('a refusal for want of a session, a faulty document or a faulty variable', async () => {
    const one = 'query($code: CountryCode!) { country(code: $code) { name } }';
    for (const [query, variables] of [
      ['{ cities { code } customer { id } }', {}],
      ['{ cities { code', {}],
      ['{ cities { mayor } }', {}],
      [one, { code: 'nowhere' }],
      [one, {}],
    ] as const) {
      const answer = await policyOf(query, {}, variables);
      expect(answer).toMatchObject(NO_STORE);
      expect(answer.errors.length, query).toBeGreaterThan(0);
    }
  });

  it('a mutation', async () => {
    expect(await policyOf('mutation { logout { __typename } }')).toMatchObject(NO_STORE);
  });

  it('an answer that lacks something for now', async () => {
    const away = await startTestService();
    try {
      shopOf(away).settings.outage = 'maintenance';
      const { headers, errors } = await away.ask('{ cities { code } faqs { answer } }');
      expect(errors).toHaveLength(1);
      expect(headers.get('cache-control')).toBe('no-store');
    } finally {
      await away.close();
    }
  });
});
