import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { secretsOf } from '../../src/auth/secrets.ts';
import { type SessionSettings, sessionsOf } from '../../src/auth/session.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { CONFIG, DAYS, deviceOf, pass, SECRET, stopTime } from './setup.ts';

const SARA = '7';
const OMAR = '8';

function sessions(settings: Partial<SessionSettings> = {}) {
  const all = sessionsOf(memoryStore(), secretsOf(SECRET), { ...CONFIG.session, ...settings });
  return {
    ...all,
    openFor: (customerId: string, deviceId: string | null = null, sessionId: string = randomUUID()) =>
      all.open(customerId, {
        sessionId,
        amr: ['otp'],
        device: deviceId === null ? null : deviceOf(deviceId),
      }),
    ids: async (customerId: string) => (await all.list(customerId)).map(({ id }) => id),
  };
}

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('sessions of a customer', () => {
  test('are found by their own id until they end', async () => {
    const { openFor, find, end } = sessions();
    const { session } = await openFor(SARA);
    expect(await find(SARA, session.id)).toMatchObject({ id: session.id });
    expect(await end(SARA, session.id)).toBe(true);
    expect(await find(SARA, session.id)).toBeNull();
    expect(await end(SARA, session.id)).toBe(false);
  });

  test("S8: somebody else's session id is not found, and ends nothing", async () => {
    const { openFor, find, end } = sessions();
    const { session } = await openFor(SARA);
    expect(await find(OMAR, session.id)).toBeNull();
    expect(await end(OMAR, session.id)).toBe(false);
    expect(await find(SARA, session.id)).not.toBeNull();
  });

  test('S8: are ten at most, and the one unused for longest goes', async () => {
    const { openFor, ids, refresh } = sessions();
    const first = await openFor(SARA, 'first');
    pass(1);
    const second = await openFor(SARA, 'second');
    for (let more = 0; more < 8; more++) {
      pass(1);
      await openFor(SARA, `more ${more}`);
    }
    await refresh(first.refreshToken);
    pass(1);
    await openFor(SARA, 'eleventh');
    const open = await ids(SARA);
    expect(open).toHaveLength(10);
    expect(open).toContain(first.session.id);
    expect(open).not.toContain(second.session.id);
  });

  test('S8: is one at a time where one is allowed', async () => {
    const { openFor, ids } = sessions({ maxPerCustomer: 1 });
    await openFor(SARA, 'first');
    const { session } = await openFor(SARA, 'second');
    expect(await ids(SARA)).toEqual([session.id]);
  });

  test('S8: the cap of one customer takes nothing from another', async () => {
    const { openFor, ids } = sessions();
    await openFor(OMAR);
    for (let count = 0; count < 12; count++) await openFor(SARA);
    expect(await ids(OMAR)).toHaveLength(1);
  });

  test('a device signs in anew: its earlier session ends, that of others and nameless ones stay', async () => {
    const { openFor, ids } = sessions();
    const others = [await openFor(SARA, 'other'), await openFor(SARA), await openFor(SARA)];
    const before = await openFor(SARA, 'own');
    const { session } = await openFor(SARA, 'own');
    const open = await ids(SARA);
    expect(open).not.toContain(before.session.id);
    expect([...open].sort()).toEqual([session.id, ...others.map((one) => one.session.id)].sort());
  });

  test('an id that is opened again replaces itself', async () => {
    const { openFor, ids } = sessions();
    await openFor(SARA, null, 'resumed');
    await openFor(SARA, null, 'resumed');
    expect(await ids(SARA)).toEqual(['resumed']);
  });

  test('S7: all end at once, or all but one', async () => {
    const { openFor, ids, endAll } = sessions();
    const { session } = await openFor(SARA);
    await openFor(SARA);
    await openFor(SARA);
    await openFor(OMAR);
    expect(await endAll(SARA, session.id)).toBe(2);
    expect(await ids(SARA)).toEqual([session.id]);
    expect(await endAll(SARA)).toBe(1);
    expect(await ids(SARA)).toEqual([]);
    expect(await ids(OMAR)).toHaveLength(1);
  });

  test('are listed the last used first', async () => {
    const { openFor, ids, refresh } = sessions();
    const first = await openFor(SARA);
    pass(60);
    const second = await openFor(SARA);
    expect(await ids(SARA)).toEqual([second.session.id, first.session.id]);
    pass(60);
    await refresh(first.refreshToken);
    expect(await ids(SARA)).toEqual([first.session.id, second.session.id]);
  });
});

describe('the end of a session', () => {
  test('S4: comes after fourteen days without use', async () => {
    const { openFor, find, refresh, ids } = sessions();
    const { session, refreshToken, refreshTokenExpiresAt } = await openFor(SARA);
    expect(refreshTokenExpiresAt.getTime() - Date.now()).toBe(14 * DAYS * 1000);
    pass(14 * DAYS - 1);
    expect(await find(SARA, session.id)).not.toBeNull();
    pass(1);
    expect(await find(SARA, session.id)).toBeNull();
    expect(await ids(SARA)).toEqual([]);
    expect(await refresh(refreshToken)).toBeNull();
  });

  test('S4: comes after thirty days in all, however often it was used', async () => {
    const { openFor, find, refresh } = sessions();
    const opened = await openFor(SARA);
    let latest = opened;
    for (let day = 10; day < 30; day += 10) {
      pass(10 * DAYS);
      const next = await refresh(latest.refreshToken);
      if (next === null) throw new Error(`the session ended on day ${day}`);
      latest = next;
    }
    expect(latest.refreshTokenExpiresAt.getTime() - Date.now()).toBe(10 * DAYS * 1000);
    pass(10 * DAYS - 1);
    expect(await find(SARA, opened.session.id)).not.toBeNull();
    pass(1);
    expect(await find(SARA, opened.session.id)).toBeNull();
    expect(await refresh(latest.refreshToken)).toBeNull();
  });

  test('S4: comes after thirty days also where another device has used the account since', async () => {
    const { openFor, find, refresh, ids } = sessions();
    let latest = await openFor(SARA, 'old');
    for (let day = 10; day < 30; day += 10) {
      pass(10 * DAYS);
      latest = (await refresh(latest.refreshToken)) ?? latest;
    }
    const young = await openFor(SARA, 'young');
    pass(10 * DAYS);
    expect(await find(SARA, latest.session.id)).toBeNull();
    expect(await refresh(latest.refreshToken)).toBeNull();
    expect(await ids(SARA)).toEqual([young.session.id]);
  });

  test('S4: an ended one does not keep the others from living on', async () => {
    const { openFor, find, ids } = sessions();
    await openFor(SARA, 'first');
    pass(10 * DAYS);
    const { session } = await openFor(SARA, 'second');
    pass(5 * DAYS);
    expect(await ids(SARA)).toEqual([session.id]);
    expect(await find(SARA, session.id)).not.toBeNull();
  });

  test('S1: a refresh moves no time of signing in', async () => {
    const { openFor, refresh } = sessions();
    const { session, refreshToken } = await openFor(SARA);
    pass(2 * DAYS);
    const renewed = await refresh(refreshToken);
    expect(renewed?.session.authTime).toBe(session.authTime);
  });
});
