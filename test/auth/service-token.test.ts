import { importJWK, SignJWT } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { serviceTokensOf } from '../../src/auth/service-token.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { authOn, CONFIG, DAYS, HOURS, pass, stopTime } from './setup.ts';
import { describeOnEveryStore } from './stores.ts';

const key = await generateSigningKey();
const tokens = await tokensOf([key], CONFIG.tokens);
const ORDERS = { name: 'orders', scopes: ['customer:read'], seconds: HOURS };

const NOW = Math.floor(Date.now() / 1000);

/** Signed with the service's own key, whatever it says. */
async function wellSigned(claims: object): Promise<string> {
  return new SignJWT({
    iss: CONFIG.tokens.issuer,
    aud: CONFIG.tokens.audience,
    sub: 'service:orders',
    scope: 'customer:read',
    jti: 'token-1',
    iat: NOW,
    exp: NOW + HOURS,
    ...claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'service+jwt', kid: tokens.jwks.keys[0]?.kid ?? '' })
    .sign(await importJWK(key, 'EdDSA'));
}

afterEach(() => {
  vi.useRealTimers();
});

describeOnEveryStore('a service token', (replicas) => {
  test('S12: once revoked it is refused on every replica, and the others stay good', async () => {
    const [here, there] = (await replicas()).map((store) => serviceTokensOf(store, tokens));
    const token = await tokens.signService(ORDERS);
    const other = await tokens.signService(ORDERS);
    expect(await there?.find(token)).toMatchObject({ name: 'orders', scopes: new Set(['customer:read']) });
    expect(await here?.revoke(token)).toMatchObject({ name: 'orders' });
    for (const replica of [here, there]) {
      expect(await replica?.find(token)).toBeNull();
      expect(await replica?.find(other)).not.toBeNull();
    }
  });

  test('S12: of twenty that revoke it at once none undoes it', async () => {
    const [here, there] = (await replicas()).map((store) => serviceTokensOf(store, tokens));
    const token = await tokens.signService(ORDERS);
    const revoked = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? here : there)?.revoke(token)),
    );
    expect(revoked).toEqual(Array(20).fill(expect.objectContaining({ name: 'orders' })));
    expect(await here?.find(token)).toBeNull();
  });
});

describe('a revocation', () => {
  test('S12: lasts until no replica can take the token for good any more, and then leaves nothing', async () => {
    stopTime();
    const store = memoryStore();
    const { find, revoke } = serviceTokensOf(store, tokens);
    const token = await tokens.signService({ ...ORDERS, seconds: DAYS });
    const tokenId = (await revoke(token))?.tokenId;
    const kept = () => store.get(`revoked-service-token:${tokenId}`);
    pass(DAYS + 59);
    expect(await tokens.verifyService(token), 'within the clock skew').not.toBeNull();
    expect(await find(token)).toBeNull();
    pass(2);
    expect(await tokens.verifyService(token)).toBeNull();
    expect(await kept(), 'for a replica whose clock is late').not.toBeNull();
    pass(10 * 60);
    expect(await kept()).toBeNull();
  });

  test('S12: that cannot be read counts all the same', async () => {
    const store = memoryStore();
    const { find } = serviceTokensOf(store, tokens);
    const token = await tokens.signService(ORDERS);
    const tokenId = (await find(token))?.tokenId;
    await store.swap(`revoked-service-token:${tokenId}`, null, '{"of":"another release"', HOURS);
    expect(await find(token)).toBeNull();
  });

  test('S12: is not pretended for what is no service token of ours', async () => {
    const { revoke } = serviceTokensOf(memoryStore(), tokens);
    const foreign = await tokensOf([await generateSigningKey()], CONFIG.tokens);
    const session = { customerId: '7', sessionId: 's', authTime: new Date(), amr: ['otp'] };
    expect(await revoke('no token')).toBeNull();
    expect(await revoke(await foreign.signService(ORDERS))).toBeNull();
    expect(await revoke((await tokens.signAccess(session)).token)).toBeNull();
  });
});

describe('S12: refused although it is well signed is a service token', () => {
  const { find } = serviceTokensOf(memoryStore(), tokens);

  test('(one that keeps to the rules is not)', async () => {
    expect(await find(await wellSigned({}))).toMatchObject({ name: 'orders' });
    expect(await find(await wellSigned({ exp: NOW + DAYS }))).toMatchObject({ name: 'orders' });
  });

  test.each<[string, object]>([
    ['for longer than 24 hours', { exp: NOW + DAYS + 1 }],
    ['dated ahead, by which it would live for longer', { iat: NOW + 7 * DAYS, exp: NOW + 8 * DAYS }],
    ['dated ahead by minutes', { iat: NOW + 120, exp: NOW + HOURS }],
    ['that is over', { iat: NOW - 2 * HOURS, exp: NOW - 61 }],
    ['without an end', { exp: undefined }],
    ['that names a session', { sid: 'session-1' }],
    ['in the name of a customer', { sub: '7' }],
    ['for another audience', { aud: 'another-api' }],
    ['without an id to revoke it by', { jti: undefined }],
  ])('%s', async (_, change) => {
    expect(await find(await wellSigned(change))).toBeNull();
  });
});

describe('while the store does not answer', () => {
  test('S12: a service token is neither good nor bad but a failure to be tried again', async () => {
    const auth = await authOn();
    const token = await auth.tokens.signService(ORDERS);
    expect(await auth.findBearer(token)).toMatchObject({ kind: 'service', claims: { name: 'orders' } });
    await auth.store.close();
    const failure = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
    await expect(auth.findBearer(token)).rejects.toMatchObject(failure);
    await expect(auth.serviceTokens.find(token)).rejects.toMatchObject(failure);
    await expect(auth.serviceTokens.revoke(token)).rejects.toMatchObject(failure);
    expect(await auth.findBearer('no token')).toBeNull();
  });
});
