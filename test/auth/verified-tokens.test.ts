import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { rememberingTokens } from '../../src/auth/verified-tokens.ts';
import { CONFIG, pass, stopTime } from './setup.ts';

const SESSION = { customerId: '7', sessionId: 'session-1', authTime: new Date(0), amr: ['otp', 'sms'] };

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

test('a good token is verified once, a bad one each time', async () => {
  const verify = vi.fn(async (token: string) => (token === 'good' ? { customerId: '7' } : null));
  const verifyOnce = rememberingTokens(verify, () => false);
  for (const token of ['good', 'bad', 'good', 'bad']) await verifyOnce(token);
  expect(verify.mock.calls.flat()).toEqual(['good', 'bad', 'bad']);
  expect(await verifyOnce('good')).toEqual({ customerId: '7' });
  expect(await verifyOnce('good ')).toBeNull();
});

test('S2: a token that was verified before ends in the very second in which one ends that was not', async () => {
  const key = await generateSigningKey();
  const [seen, unseen] = [await tokensOf([key], CONFIG.tokens), await tokensOf([key], CONFIG.tokens)];
  const { token } = await seen.signAccess(SESSION);
  expect(await seen.verifyAccess(token)).not.toBeNull();
  pass(600 + 57);
  const ends: boolean[] = [];
  for (let second = 0; second < 6; second++) {
    const fresh = await tokensOf([key], CONFIG.tokens);
    const isGood = (await fresh.verifyAccess(token)) !== null;
    expect((await seen.verifyAccess(token)) !== null).toBe(isGood);
    ends.push(isGood);
    pass(1);
  }
  expect(new Set(ends)).toEqual(new Set([true, false]));
  expect(await unseen.verifyAccess(token)).toBeNull();
});

test('S12: a service token that was verified before ends as well', async () => {
  const tokens = await tokensOf([await generateSigningKey()], CONFIG.tokens);
  const token = await tokens.signService({ name: 'orders', scopes: ['introspect'], seconds: 60 });
  expect(await tokens.verifyService(token)).not.toBeNull();
  pass(120);
  expect(await tokens.verifyService(token)).toBeNull();
});
