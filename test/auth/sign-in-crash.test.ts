import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/stores/memory.ts';
import { fakeOutside } from '../support/outside.ts';
import { as, authOn, pass, SARA, stopTime, wrong } from './setup.ts';

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Two replicas over one store, each with its own way to one shop: the first is the one to crash. */
async function two() {
  const store = memoryStore();
  const world = fakeOutside();
  const doomed = fakeOutside(world.shop);
  return { world, doomed, crashing: await authOn(store, doomed), auth: await authOn(store, world) };
}

describe('a process that dies between spending a code and answering', () => {
  test.each([
    ['before the shop was asked', 'customers.findByPhone', false],
    ['before the customer was created', 'customers.create', false],
    ['after the customer was created', 'customers.create', true],
  ])('%s: the same code opens one session of one customer after the lease', async (_, name, afterwards) => {
    const { world, doomed, crashing, auth } = await two();
    const asked = await crashing.askLogin(SARA, { createIfMissing: true });
    doomed.stall(name, { afterwards });
    void crashing.verify(asked);
    await expect.poll(() => doomed.named(name)).toHaveLength(1);
    expect(await auth.verify(asked)).toEqual({ kind: 'throttled', retryAfterSeconds: 30 });

    pass(31);
    as('opened', await auth.verify(asked));
    expect(await auth.sessions.list(world.shop.sole().id)).toHaveLength(1);
    expect(await auth.verify(asked)).toEqual({ kind: 'expired' });
  });

  test('and was only asleep: what it does on waking ends nothing of the session that was opened instead', async () => {
    const { world, doomed, crashing, auth } = await two();
    const asked = await crashing.askLogin(SARA, { createIfMissing: true });
    const wake = doomed.stall('customers.findByPhone');
    const sleeping = crashing.verify(asked);
    await expect.poll(() => doomed.named('customers.findByPhone')).toHaveLength(1);
    pass(31);
    const { session } = as('opened', await auth.verify(asked));
    wake();
    await expect(sleeping).rejects.toMatchObject(UNAVAILABLE);

    expect(world.shop.rows.size).toBe(1);
    expect(await auth.sessions.list(session.customerId)).toHaveLength(1);
    expect(await auth.refreshSession(session.refreshToken)).not.toBeNull();
  });

  test('after the customer was named: the code resumes with the same session, without asking again', async () => {
    const store = memoryStore();
    const outside = fakeOutside();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    let isDead = false;
    const dying = await authOn(
      {
        ...store,
        async swap(key, ...more) {
          if (!key.startsWith('sessions:')) return store.swap(key, ...more);
          isDead = true;
          return new Promise<boolean>(() => {});
        },
      },
      outside,
    );
    const auth = await authOn(store, outside);
    const asked = await dying.askLogin();
    void dying.verify(asked);
    await expect.poll(() => isDead).toBe(true);
    const lookups = outside.named('customers').length;

    pass(31);
    const opened = as('opened', await auth.verify(asked));
    expect(opened).toMatchObject({ isNewCustomer: false, session: { customerId: id } });
    expect(outside.named('customers')).toHaveLength(lookups);
  });

  test('after the session was opened: the code opens that same session again, and no second', async () => {
    const store = memoryStore();
    const outside = fakeOutside();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    const dying = await authOn(
      {
        ...store,
        // The session is there, the challenge's end is not.
        async swap(key, expected, next, ttlSeconds) {
          if (key.startsWith('otp:') && next === null) return new Promise<boolean>(() => {});
          return store.swap(key, expected, next, ttlSeconds);
        },
      },
      outside,
    );
    const auth = await authOn(store, outside);
    const asked = await dying.askLogin();
    void dying.verify(asked);
    await expect.poll(() => auth.sessions.list(id)).toHaveLength(1);
    const [first] = await auth.sessions.list(id);

    pass(31);
    const { session } = as('opened', await auth.verify(asked));
    expect(session.sessionId).toBe(first?.id);
    expect(await auth.sessions.list(id)).toHaveLength(1);
  });
});

describe("the outside's trouble", () => {
  test.each(['customers.findByPhone', 'customers.create'])(
    'O13: of %s gives the code back, spends no attempt and is not called a wrong code',
    async (name) => {
      const { askLogin, verify, outside } = await authOn();
      const asked = await askLogin(SARA, { createIfMissing: true });
      outside.fail(name);
      for (let tries = 0; tries < 12; tries++) {
        await expect(verify(asked)).rejects.toMatchObject(UNAVAILABLE);
      }
      outside.mend();
      expect(await verify({ ...asked, code: wrong(asked.code) })).toEqual({
        kind: 'rejected',
        attemptsRemaining: 4,
      });
      expect(await verify(asked)).toMatchObject({ kind: 'opened', isNewCustomer: true });
    },
  );

  test('O13: with an answer that was lost makes no second customer', async () => {
    const { askLogin, verify, outside } = await authOn();
    const asked = await askLogin(SARA, { createIfMissing: true });
    outside.fail('customers.create', { afterwards: true });
    await expect(verify(asked)).rejects.toMatchObject(UNAVAILABLE);
    outside.mend();
    as('opened', await verify(asked));
    expect(outside.shop.rows.size).toBe(1);
  });
});
