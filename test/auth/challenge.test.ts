import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { challengesOf } from '../../src/auth/challenge.ts';
import type { ChallengePurpose } from '../../src/auth/ports.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { as, CONFIG, MINUTES, pass, SECRET, stopTime, times, wrong } from './setup.ts';

const PHONE = '+966501234567';
const ANYBODY = { purposes: ['login'] as const, customerId: null };

function challenges(secret = SECRET, store = memoryStore()) {
  return { ...challengesOf(store, secretsOf(secret), CONFIG.challenge), store };
}
const asked = { purpose: 'login' as ChallengePurpose, to: PHONE, details: { typed: 'in' } };

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('a code', () => {
  test('O1: is not to be guessed: six digits, leading zeros kept, and an otpId of 128 bits or more', async () => {
    const { open } = challenges();
    const opened = await times(300, () => open(asked));
    for (const { code, challenge } of opened) {
      expect(code).toMatch(/^[0-9]{6}$/);
      expect(Buffer.from(challenge.id, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    }
    expect(opened.some(({ code }) => code.startsWith('0'))).toBe(true);
    expect(new Set(opened.map(({ code }) => code)).size).toBeGreaterThan(280);
    expect(new Set(opened.map(({ challenge }) => challenge.id)).size).toBe(300);
  });

  test('opens what was asked for with it, once', async () => {
    const { open, attempt, finish } = challenges();
    const { challenge, code } = await open(asked);
    const { entry } = as('right', await attempt(challenge.id, code, ANYBODY));
    expect(entry).toMatchObject({ ...asked, id: challenge.id, step: null });
    await finish(entry);
    expect(await attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
  });

  test('O7: is no good for another challenge of the same phone', async () => {
    const { open, attempt } = challenges();
    const [first, second] = [await open(asked), await open(asked)];
    if (first.code === second.code) return;
    expect(await attempt(second.challenge.id, first.code, ANYBODY)).toMatchObject({ kind: 'wrong' });
  });

  test.each([
    ['another purpose', { purpose: 'loyalty' as const }],
    ["a customer's own purpose, where nobody is signed in", { purpose: 'login' as const, customerId: '7' }],
  ])('O7: is no good for %s, and the attempt is not even counted', async (_, change) => {
    const { open, attempt, find } = challenges();
    const { challenge, code } = await open({ ...asked, ...change });
    expect(await attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
    expect(await find(challenge.id)).toMatchObject({ attemptsRemaining: 5 });
  });

  test('O7: is no good for another challenge into which its record was copied', async () => {
    const { open, attempt, store } = challenges();
    const [own, other] = [await open(asked), await open(asked)];
    const [key, kept] = [`otp:${other.challenge.id}`, await store.get(`otp:${own.challenge.id}`)];
    await store.swap(key, await store.get(key), kept, 60);
    expect(await attempt(other.challenge.id, own.code, ANYBODY)).toMatchObject({ kind: 'wrong' });
  });

  test("O7: of one customer is no good in another's hands", async () => {
    const { open, attempt } = challenges();
    const { challenge, code } = await open({ ...asked, purpose: 'loyalty', customerId: '7' });
    const use = { purposes: ['loyalty'] as const };
    expect(await attempt(challenge.id, code, { ...use, customerId: '8' })).toEqual({ kind: 'gone' });
    expect(await attempt(challenge.id, code, { ...use, customerId: null })).toEqual({ kind: 'gone' });
    expect(await attempt(challenge.id, code, { ...use, customerId: '7' })).toMatchObject({ kind: 'right' });
  });

  test('O8: is no good where the server key is another', async () => {
    const store = memoryStore();
    const { challenge, code } = await challenges(SECRET, store).open(asked);
    const others = challenges('another secret that is also long enough', store);
    expect(await others.find(challenge.id)).toBeNull();
    expect(await others.attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
    expect(await others.resend(challenge.id)).toEqual({ kind: 'gone' });
  });

  test('an otpId that was never given out is gone', async () => {
    const { attempt, find, resend } = challenges();
    expect(await attempt('unknown', '123456', ANYBODY)).toEqual({ kind: 'gone' });
    expect(await find('unknown')).toBeNull();
    expect(await resend('unknown')).toEqual({ kind: 'gone' });
  });
});

describe('attempts', () => {
  test('O4: five are compared, then the right code is no good either', async () => {
    const { open, attempt, find, resend } = challenges();
    const { challenge, code } = await open(asked);
    for (const attemptsRemaining of [4, 3, 2, 1, 0]) {
      const outcome = await attempt(challenge.id, wrong(code), ANYBODY);
      expect(outcome).toEqual({ kind: 'wrong', attemptsRemaining });
    }
    expect(await attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
    expect(await find(challenge.id)).toBeNull();
    pass(2 * MINUTES);
    expect(await resend(challenge.id)).toEqual({ kind: 'gone' });
  });

  test('O4: the right code at the fifth is right', async () => {
    const { open, attempt } = challenges();
    const { challenge, code } = await open(asked);
    for (let wrongs = 0; wrongs < 4; wrongs++) await attempt(challenge.id, wrong(code), ANYBODY);
    expect(await attempt(challenge.id, code, ANYBODY)).toMatchObject({ kind: 'right' });
  });

  test('O4: an attempt is counted before its code is compared', async () => {
    const store = memoryStore();
    const secrets = secretsOf(SECRET);
    let leftAtCompare: number | undefined;
    const { open, attempt } = challengesOf(
      store,
      {
        ...secrets,
        async open(purpose, sealed) {
          const [key] = keys;
          const stored: { attemptsLeft: number } = JSON.parse((await store.get(key ?? '')) ?? '');
          leftAtCompare = stored.attemptsLeft;
          return secrets.open(purpose, sealed);
        },
      },
      CONFIG.challenge,
    );
    const { challenge, code } = await open(asked);
    const keys = [`otp:${challenge.id}`];
    await attempt(challenge.id, wrong(code), ANYBODY);
    expect(leftAtCompare).toBe(4);
  });

  test('O2: a resend does not refill them', async () => {
    const { open, attempt, resend } = challenges();
    const { challenge, code } = await open(asked);
    for (let wrongs = 0; wrongs < 3; wrongs++) await attempt(challenge.id, wrong(code), ANYBODY);
    pass(1 * MINUTES);
    const resent = as('resent', await resend(challenge.id));
    expect(resent.challenge).toMatchObject({ id: challenge.id, attemptsRemaining: 2 });
  });
});

describe('the life of a challenge', () => {
  test("O2: is five minutes by the server's clock", async () => {
    const { open, attempt, find } = challenges();
    const { challenge, code } = await open(asked);
    expect(challenge.expiresAt.getTime() - Date.now()).toBe(5 * MINUTES * 1000);
    pass(5 * MINUTES - 1);
    expect(await find(challenge.id)).not.toBeNull();
    pass(1);
    expect(await find(challenge.id)).toBeNull();
    expect(await attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
  });

  test('O2: is extended by resends to fifteen minutes in all', async () => {
    const { open, attempt, resend } = challenges();
    const startedAt = Date.now();
    const { challenge } = await open(asked);
    let resent = { challenge, code: '' };
    for (let minute = 4; minute <= 12; minute += 4) {
      pass(4 * MINUTES);
      resent = as('resent', await resend(challenge.id));
    }
    expect(resent.challenge.expiresAt.getTime() - startedAt).toBe(15 * MINUTES * 1000);
    pass(3 * MINUTES);
    expect(await attempt(challenge.id, resent.code, ANYBODY)).toEqual({ kind: 'gone' });
    expect(await resend(challenge.id)).toEqual({ kind: 'gone' });
  });

  test('O2: a resent code replaces the one before', async () => {
    const { open, attempt, resend } = challenges();
    const { challenge, code } = await open(asked);
    pass(1 * MINUTES);
    const resent = as('resent', await resend(challenge.id));
    if (resent.code !== code) {
      expect(await attempt(challenge.id, code, ANYBODY)).toMatchObject({ kind: 'wrong' });
    }
    expect(await attempt(challenge.id, resent.code, ANYBODY)).toMatchObject({ kind: 'right' });
  });

  test('O6: no second code leaves within the pause, unless the first never left', async () => {
    const { open, resend, endPause } = challenges();
    const { challenge } = await open(asked);
    pass(20);
    expect(await resend(challenge.id)).toEqual({ kind: 'tooSoon', retryAfterSeconds: 40 });
    await endPause(challenge.id);
    expect(await resend(challenge.id)).toMatchObject({ kind: 'resent' });
  });

  test('O2: an outage does not let a right code live for ever', async () => {
    const { open, attempt, release } = challenges();
    const { challenge, code } = await open(asked);
    for (let passed = 0; passed < 5 * MINUTES; passed += 20) {
      const { entry } = as('right', await attempt(challenge.id, code, ANYBODY));
      await release(entry);
      pass(20);
    }
    expect(await attempt(challenge.id, code, ANYBODY)).toEqual({ kind: 'gone' });
  });
});
