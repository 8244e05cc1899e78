import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/failures.ts';
import { createLogger } from '../../src/logger.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { redisStore } from '../../src/stores/redis.ts';
import type { Store } from '../../src/stores/store.ts';
import { describeWithRedis, startRedis } from '../support/redis.ts';
import { as, authOn, deviceOf, pass, registrationOf, request, SARA, stopTime, wrong } from './setup.ts';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };

/**
 * A store that answers so many more times once it is told to go.
 *
 * With `afterwards` it still does what it is asked once more, and only the answer is lost.
 */
function leaving({ afterwards = false } = {}) {
  const store = memoryStore();
  let left = Number.POSITIVE_INFINITY;
  async function answer<T>(ask: () => Promise<T>): Promise<T> {
    left -= 1;
    if (left >= 0) return ask();
    if (afterwards && left === -1) await ask();
    throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the store is away' });
  }
  const away: Store = {
    ...store,
    get: (key) => answer(() => store.get(key)),
    swap: (...swap) => answer(() => store.swap(...swap)),
  };
  return {
    store: away,
    goAfter: (answers: number) => {
      left = answers;
    },
    comeBack: () => {
      left = Number.POSITIVE_INFINITY;
    },
  };
}

describe('with the store away', () => {
  test('S11: nobody is asked, sent to, signed in or told that a code is wrong', async () => {
    const { store, goAfter } = leaving();
    const auth = await authOn(store);
    const { outside, signIn } = auth;
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const code = await auth.askLogin();
    const phoneProof = 'any';
    const before = outside.calls.length;
    goAfter(0);
    const { circumstances, answered } = request();
    const login = { phone: SARA, createIfMissing: true, acceptedTermsVersion: null };
    const registration = registrationOf('sara@example.com');
    const device = null;
    for (const attempt of [
      () => signIn.login(login, circumstances),
      () => signIn.register({ phone: SARA, registration, phoneProof: null, device }, circumstances),
      () => signIn.register({ phone: SARA, registration, phoneProof, device }, circumstances),
      () => signIn.resend(code.otpId, circumstances),
      () => auth.verify(code),
      () => auth.verify({ ...code, code: wrong(code.code) }),
      () => auth.sessions.find('7', 'any'),
      () => auth.sessions.endAll('7'),
      () =>
        auth.passwordReset.request(
          { identifier: { kind: 'phone', phone: SARA }, redirectUri: null },
          circumstances,
        ),
    ]) {
      await expect(attempt()).rejects.toMatchObject(UNAVAILABLE);
    }
    await answered();
    expect(outside.calls).toHaveLength(before);
  });

  test('S11: a good refresh token is not called a bad one', async () => {
    const { store, goAfter, comeBack } = leaving();
    const auth = await authOn(store);
    auth.outside.shop.add({ phone: SARA, phoneVerified: true });
    const { session } = as('opened', await auth.verify(await auth.askLogin()));
    goAfter(0);
    await expect(auth.refreshSession(session.refreshToken)).rejects.toMatchObject(UNAVAILABLE);
    comeBack();
    expect(await auth.refreshSession(session.refreshToken)).not.toBeNull();
  });
});

describe('a store that goes away midway', () => {
  /** What comes of the same code once the store and the leases are over, for each step at which it went. */
  async function resumedAfterEachStep(how: { afterwards: boolean }): Promise<string[]> {
    const resumed: string[] = [];
    for (;;) {
      const { store, goAfter, comeBack } = leaving(how);
      const auth = await authOn(store);
      const { shop } = auth.outside;
      const asked = { ...(await auth.askLogin(SARA, { createIfMissing: true })), device: deviceOf('own') };
      goAfter(resumed.length);
      const outcome = await auth.verify(asked).catch((error: unknown) => error);
      comeBack();
      if (!(outcome instanceof Failure)) return resumed;
      expect(outcome).toMatchObject(UNAVAILABLE);
      pass(31);
      resumed.push((await auth.verify(asked)).kind);
      expect(await auth.sessions.list(shop.sole().id)).toHaveLength(1);
      await store.close();
    }
  }

  test('S11: at whatever step answers a failure, and the code opens one session of one customer later', async () => {
    const resumed = await resumedAfterEachStep({ afterwards: false });
    expect(resumed.length).toBeGreaterThan(15);
    expect(new Set(resumed)).toEqual(new Set(['opened']));
  });

  test('S11: the same where only its answer is lost, save that of spending the code', async () => {
    const resumed = await resumedAfterEachStep({ afterwards: true });
    expect(resumed.pop()).toBe('expired');
    expect(new Set(resumed)).toEqual(new Set(['opened']));
  });
});

describeWithRedis('with Redis killed', () => {
  test('S11: signing in fails closed, within the time that a client waits', async () => {
    const redis = await startRedis();
    const store = redisStore({ url: redis.url, log: createLogger('silent') });
    try {
      const auth = await authOn(store);
      auth.outside.shop.add({ phone: SARA, phoneVerified: true });
      const asked = await auth.askLogin();
      await redis.kill();
      await expect(auth.verify(asked)).rejects.toMatchObject(UNAVAILABLE);
      await expect(auth.verify({ ...asked, code: wrong(asked.code) })).rejects.toMatchObject(UNAVAILABLE);
      await expect(auth.sessions.find('7', 'any')).rejects.toMatchObject(UNAVAILABLE);
    } finally {
      await store.close();
      await redis.stop();
    }
  });
});
