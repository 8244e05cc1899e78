import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CLIENT_IDS, ISSUERS } from '../support/provider.ts';
import { as, authOn, HOURS, MINUTES, pass, request, stopTime, tally, times } from './setup.ts';
import { GRACE, socialAuth } from './social.ts';

let auth: Awaited<ReturnType<typeof socialAuth>>;
beforeAll(async () => {
  auth = await socialAuth();
});
afterAll(() => auth.provider.close());
afterEach(() => {
  vi.useRealTimers();
  auth.provider.comeBack();
  auth.outside.mend();
});

const seconds = () => Math.floor(Date.now() / 1000);

describe('an ID token', () => {
  test.each([
    ['https://accounts.google.com', 'RS256'],
    ['accounts.google.com', 'RS256'],
    ['https://accounts.google.com', 'ES256'],
  ] as const)('of %s signed by %s opens a session', async (iss, alg) => {
    const key = auth.provider.published[alg];
    as('opened', await auth.enter(GRACE, { unlike: { claims: { iss }, key } }));
  });

  test.each([
    ['another issuer', { iss: 'https://accounts.example.com' }],
    ["Apple's issuer", { iss: ISSUERS.APPLE }],
    ['another audience', { aud: 'another.apps.example' }],
    ["Apple's audience", { aud: CLIENT_IDS.APPLE }],
    ['several audiences', { aud: [CLIENT_IDS.GOOGLE, 'another.apps.example'] }],
    ['no audience', { aud: undefined }],
    ['no subject', { sub: undefined }],
    ['a blank subject', { sub: '' }],
    ['a subject of many letters', { sub: 'a'.repeat(256) }],
    ['a subject outside ASCII', { sub: '１１０' }],
    ['no end', { exp: undefined }],
    ['no time of issue', { iat: undefined }],
    ['an end that is past', { exp: seconds() - 61 }],
    ['an age of more than five minutes', { iat: seconds() - 5 * MINUTES - 61 }],
    ['an issue in times to come', { iat: seconds() + 120 }],
    ['a beginning in times to come', { nbf: seconds() + 120 }],
  ])('with %s is refused', async (_, claims) => {
    const before = auth.outside.calls.length;
    expect(await auth.enter(GRACE, { unlike: { claims } })).toEqual({ kind: 'bad' });
    expect(auth.outside.calls, 'nobody is asked about it').toHaveLength(before);
  });

  test.each([
    ['signed by a key that nobody publishes', () => ({ key: auth.provider.stranger })],
    [
      'signed by a stranger under a published key id',
      () => ({ key: auth.provider.stranger, header: { kid: auth.provider.published.RS256.kid } }),
    ],
    ['of another type', () => ({ header: { typ: 'at+jwt' } })],
  ])('%s is refused', async (_, unlike) => {
    expect(await auth.bring(await auth.provider.tokenOf(GRACE, unlike()))).toEqual({ kind: 'bad' });
  });

  test('that brings its own key along is refused', async () => {
    const { stranger, tokenOf, url } = auth.provider;
    const jwk = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
    const token = await tokenOf(GRACE, { key: stranger, header: { jwk, jku: url, x5u: url } });
    expect(await auth.bring(token)).toEqual({ kind: 'bad' });
  });

  test('with alg none, or with HS256 keyed by the published key, is refused', async () => {
    expect(await auth.bring(await auth.provider.unsignedTokenOf(GRACE))).toEqual({ kind: 'bad' });
    expect(await auth.bring(await auth.provider.confusedTokenOf(GRACE))).toEqual({ kind: 'bad' });
  });

  test('with claims changed after it was signed is refused', async () => {
    const [header, , signature] = (await auth.provider.tokenOf(GRACE)).split('.');
    const [, payload] = (await auth.provider.tokenOf({ ...GRACE, sub: 'somebody-else' })).split('.');
    expect(await auth.bring([header, payload, signature].join('.'))).toEqual({ kind: 'bad' });
  });

  test.each(['', 'x', 'a.b', 'a.b.c', '....', 'e30.e30.'])(
    'that is no token is refused: %j',
    async (text) => {
      expect(await auth.bring(text)).toEqual({ kind: 'bad' });
    },
  );

  test("of one provider is not taken for the other's", async () => {
    const token = await auth.provider.tokenOf(GRACE, { provider: 'GOOGLE' });
    expect(await auth.bring(token, { provider: 'APPLE' })).toEqual({ kind: 'bad' });
  });

  test('of a provider without client ids is not looked at', async () => {
    const { socialLogin } = await authOn();
    const asked = {
      provider: 'GOOGLE' as const,
      idToken: await auth.provider.tokenOf(GRACE),
      nonce: null,
      firstName: null,
      lastName: null,
      acceptedTermsVersion: null,
      device: null,
    };
    expect(await socialLogin(asked, request().circumstances)).toEqual({ kind: 'off' });
  });
});

describe('a nonce', () => {
  const hashed = createHash('sha256').update('n-1').digest('hex');
  test.each([
    ['GOOGLE', 'n-1', 'n-1', 'opened'],
    ['APPLE', 'n-1', 'n-1', 'opened'],
    ['APPLE', hashed, 'n-1', 'opened'],
    ['GOOGLE', hashed, 'n-1', 'bad'],
    ['GOOGLE', 'n-1', 'n-2', 'bad'],
    ['APPLE', hashed, 'n-2', 'bad'],
    ['GOOGLE', 'n-1', null, 'nonceMissing'],
    ['GOOGLE', undefined, 'n-1', 'bad'],
  ] as const)('of %s: token %s, given %s: %s', async (provider, nonce, given, kind) => {
    const unlike = { claims: { nonce } };
    expect((await auth.enter(GRACE, { provider, unlike, nonce: given })).kind).toBe(kind);
  });
});

describe('a token that is brought again', () => {
  test('opens nothing', async () => {
    const token = await auth.provider.tokenOf(GRACE);
    as('opened', await auth.bring(token));
    expect(await auth.bring(token)).toEqual({ kind: 'bad' });
  });

  test('opens nothing in another writing of its signature', async () => {
    const token = await auth.provider.tokenOf(GRACE);
    as('opened', await auth.bring(token));
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (const other of [...alphabet].filter((letter) => letter !== last)) {
      expect(await auth.bring(token.slice(0, -1) + other)).toEqual({ kind: 'bad' });
    }
    expect(await auth.bring(`${token}=`)).toEqual({ kind: 'bad' });
  });

  test('by many at once opens one session', async () => {
    const token = await auth.provider.tokenOf(GRACE);
    const outcomes = await times(20, () => auth.bring(token));
    expect(tally(outcomes)).toEqual({ opened: 1, bad: 19 });
  });

  test('opens nothing up to the last second in which it would be good', async () => {
    stopTime();
    const token = await auth.provider.tokenOf(GRACE);
    as('opened', await auth.bring(token));
    for (const wait of [4 * MINUTES, 1 * MINUTES, 59, 1, 1, 1, HOURS]) {
      pass(wait);
      expect(await auth.bring(token)).toEqual({ kind: 'bad' });
    }
  });

  test("O13: is good once more after the shop's trouble", async () => {
    const token = await auth.provider.tokenOf(GRACE);
    auth.outside.fail('customers');
    await expect(auth.bring(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    auth.outside.mend();
    as('opened', await auth.bring(token));
  });
});

describe('the key set', () => {
  test('is read once for many tokens', async () => {
    const own = await socialAuth();
    await times(5, () => own.enter());
    expect(own.provider.reads()).toBe(1);
    await own.provider.close();
  });

  test('that has rotated is read anew', async () => {
    const own = await socialAuth();
    as('opened', await own.enter());
    await own.provider.rotate();
    as('opened', await own.enter());
    expect(own.provider.reads()).toBe(2);
    await own.provider.close();
  });

  test('is not read again and again for invented key ids', async () => {
    const own = await socialAuth({ cooldownMs: 30_000 });
    as('opened', await own.enter());
    for (let turn = 0; turn < 5; turn++) {
      expect(await own.enter(GRACE, { unlike: { key: own.provider.stranger } })).toEqual({ kind: 'bad' });
    }
    expect(own.provider.reads()).toBe(1);
    await own.provider.close();
  });

  test('that cannot be read is a failure to try again after, and spends no token', async () => {
    const own = await socialAuth();
    const token = await own.provider.tokenOf(GRACE);
    own.provider.goDown();
    await expect(own.bring(token)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    own.provider.comeBack();
    as('opened', await own.bring(token));
    await own.provider.close();
    await expect((await socialAuthOfNobody()).bring(token), 'nobody listens').rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryable: true,
    });
  });
});

/** Whose provider does not listen any more. */
async function socialAuthOfNobody() {
  const own = await socialAuth();
  await own.provider.close();
  return own;
}
