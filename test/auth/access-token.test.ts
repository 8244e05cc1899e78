import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { CONFIG, DAYS, HOURS, pass, stopTime } from './setup.ts';

const authTime = new Date('2026-11-20T10:00:00Z');
const SESSION = { customerId: '7', sessionId: 'session-1', authTime, amr: ['otp', 'sms'] };

async function ecKey(): Promise<JWK> {
  return exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
}

beforeEach(() => {
  stopTime();
  vi.setSystemTime('2026-11-20T10:00:30.700Z');
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ['Ed25519', 'EdDSA', generateSigningKey],
  ['P-256', 'ES256', ecKey],
])('an access token under a key of %s', (_, alg, generate) => {
  test('S1: carries what RFC 9068 asks for, for ten minutes, and nothing about the person', async () => {
    const tokens = await tokensOf([await generate()], CONFIG.tokens);
    const { token, expiresAt } = await tokens.signAccess(SESSION);
    const [shown] = tokens.jwks.keys;
    expect(decodeProtectedHeader(token)).toEqual({ alg, kid: shown?.kid, typ: 'at+jwt' });
    const now = Date.parse('2026-11-20T10:00:30Z') / 1000;
    expect(decodeJwt(token)).toEqual({
      iss: CONFIG.tokens.issuer,
      aud: CONFIG.tokens.audience,
      sub: '7',
      sid: 'session-1',
      iat: now,
      exp: now + 600,
      auth_time: authTime.getTime() / 1000,
      amr: ['otp', 'sms'],
      jti: expect.any(String),
    });
    expect(expiresAt).toEqual(new Date((now + 600) * 1000));
  });

  test('is read back as it was given', async () => {
    const tokens = await tokensOf([await generate()], CONFIG.tokens);
    const { token, expiresAt } = await tokens.signAccess(SESSION);
    expect(await tokens.verifyAccess(token)).toMatchObject({ ...SESSION, expiresAt });
  });

  test('S3: shows the public half of its key and nothing of the private one', async () => {
    const key = { ...(await generate()), comment: 'of the vault', key_ops: ['sign'] };
    const { jwks } = await tokensOf([key], CONFIG.tokens);
    const members = ['alg', 'crv', 'kid', 'kty', 'use', 'x', ...(alg === 'ES256' ? ['y'] : [])];
    for (const shown of jwks.keys) expect(Object.keys(shown).sort()).toEqual(members);
  });
});

describe('the time of a token', () => {
  test('S2: ends a minute of clock skew after its ten', async () => {
    const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const { token } = await tokens.signAccess(SESSION);
    pass(600 + 58);
    expect(await tokens.verifyAccess(token)).not.toBeNull();
    pass(2);
    expect(await tokens.verifyAccess(token)).toBeNull();
  });

  test('S1: no two are the same', async () => {
    const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const [first, second] = [await tokens.signAccess(SESSION), await tokens.signAccess(SESSION)];
    expect(first.token).not.toBe(second.token);
  });
});

describe('the keys', () => {
  test('S3: rotate without ending sessions, even from one curve to another', async () => {
    const [old, next] = [await generateSigningKey(), await ecKey()];
    const before = await tokensOf([old], CONFIG.tokens);
    const during = await tokensOf([old, next], CONFIG.tokens);
    const after = await tokensOf([next], CONFIG.tokens);
    const { token } = await before.signAccess(SESSION);
    expect(await during.verifyAccess(token)).not.toBeNull();
    expect(during.jwks.keys).toEqual([...before.jwks.keys, ...after.jwks.keys]);

    const renewed = await during.signAccess(SESSION);
    expect(decodeProtectedHeader(renewed.token).kid).toBe(after.jwks.keys[0]?.kid);
    expect(await after.verifyAccess(renewed.token)).not.toBeNull();
    expect(await after.verifyAccess(token), 'an old key that was taken away').toBeNull();
  });

  test('keep the key id that they were given', async () => {
    const tokens = await tokensOf([{ ...(await generateSigningKey()), kid: 'autumn' }], CONFIG.tokens);
    const { token } = await tokens.signAccess(SESSION);
    expect(decodeProtectedHeader(token).kid).toBe('autumn');
    expect(await tokens.verifyAccess(token)).not.toBeNull();
  });

  test('are refused where they are none, or of another kind', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const rsa = await exportJWK(privateKey);
    await expect(tokensOf([], CONFIG.tokens)).rejects.toThrow();
    await expect(tokensOf([rsa], CONFIG.tokens)).rejects.toThrow();
  });
});

describe('a service token', () => {
  const SERVICE = { name: 'orders', scopes: ['customer:read', 'introspect'], seconds: HOURS };

  test('names the service and its scopes, and no session', async () => {
    const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const token = await tokens.signService(SERVICE);
    expect(decodeProtectedHeader(token).typ).toBe('service+jwt');
    expect(decodeJwt(token)).toMatchObject({ sub: 'service:orders', scope: 'customer:read introspect' });
    expect(decodeJwt(token)).not.toHaveProperty('sid');
    expect(await tokens.verifyService(token)).toMatchObject({
      name: 'orders',
      scopes: new Set(SERVICE.scopes),
      tokenId: expect.any(String),
      expiresAt: new Date('2026-11-20T11:00:30Z'),
    });
  });

  test('lives a day at most', async () => {
    const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const { exp = 0, iat = 0 } = decodeJwt(await tokens.signService({ ...SERVICE, seconds: 7 * DAYS }));
    expect(exp - iat).toBe(DAYS);
  });

  test('S2: is never taken as an access token, nor an access token as it', async () => {
    const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const { token } = await tokens.signAccess({ ...SESSION, customerId: 'service:orders' });
    expect(await tokens.verifyService(token)).toBeNull();
    expect(await tokens.verifyAccess(await tokens.signService(SERVICE))).toBeNull();
  });
});
