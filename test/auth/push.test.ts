import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Device } from '../../src/auth/ports.ts';
import { deviceKeyOf } from '../../src/auth/push.ts';
import { Failure } from '../../src/failures.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { fakeOutside } from '../support/outside.ts';
import { authOn, DAYS, deviceOf, pass, stopTime, times } from './setup.ts';

const SARA = '7';
const OMAR = '8';

const phone = (registrationId: string | null = 'push-1', deviceId = 'phone'): Device => ({
  ...deviceOf(deviceId),
  registrationId,
});

/** A replica, and what the shop was told by it. */
async function replica(store = memoryStore(), outside = fakeOutside()) {
  const auth = await authOn(store, outside);
  const open = (customerId: string, device: Device | null, sessionId?: string) =>
    auth.sessions.open(customerId, { sessionId: sessionId ?? crypto.randomUUID(), amr: ['otp'], device });
  const nameOf = new Map(['phone', 'tablet', 'watch'].map((id) => [deviceKeyOf(id), id]));
  return {
    ...auth,
    outside,
    open,
    settled: outside.settled,
    /** The shop's registrations, the device by its own id: `7 phone`. */
    held: async () => {
      await outside.settled();
      const entries = [...outside.registrations].map(([where, registrationId]) => {
        const [customerId = '', key = ''] = where.split(' ');
        return [`${customerId} ${nameOf.get(key) ?? key}`, registrationId] as const;
      });
      return Object.fromEntries(entries);
    },
    told: () => outside.named('devices').map(({ name }) => name),
    reached: async (customerId: string) => {
      const sessions = await auth.sessions.list(customerId);
      return Promise.all(sessions.map((session) => auth.push.reaches(session)));
    },
  };
}

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('a push registration', () => {
  test('comes with the sign-in of a device, with all that the shop needs, and not without one', async () => {
    const { open, held, outside, reached } = await replica();
    await open(SARA, { ...phone(), language: 'ar' });
    await open(SARA, phone(null, 'tablet'));
    await open(SARA, null);
    expect(await held()).toEqual({ '7 phone': 'push-1' });
    const expiresAt = new Date(Date.now() + 30 * DAYS * 1000);
    const registration = {
      registrationId: 'push-1',
      type: 'IOS',
      name: 'A phone',
      language: 'ar',
      expiresAt,
    };
    expect(outside.named('devices')).toEqual([
      { name: 'devices.register', args: [SARA, deviceKeyOf('phone'), registration] },
    ]);
    expect((await reached(SARA)).sort()).toEqual([false, false, true]);
  });

  test('names the device by nothing that could climb in a path', () => {
    expect(deviceKeyOf('../../8/devices/%2f')).toMatch(/^[\w-]{43}$/);
  });

  test('goes with every way in which a session ends', async () => {
    const { open, held, sessions } = await replica();
    const ends: [string, (sessionId: string, refreshToken: string) => Promise<unknown>][] = [
      ['logout', (id) => sessions.end(SARA, id)],
      ['logout everywhere', () => sessions.endAll(SARA)],
      ['a change of password on another device', () => sessions.endAll(SARA, 'another')],
      [
        'S5: reuse of a refresh token',
        async (_id, token) => {
          const next = await sessions.refresh(token);
          await sessions.refresh(next?.refreshToken ?? '');
          await sessions.refresh(token);
        },
      ],
      ['S8: the cap of ten', () => times(10, async () => open(SARA, null))],
    ];
    for (const [name, end] of ends) {
      const { session, refreshToken } = await open(SARA, phone());
      expect(await held(), name).toEqual({ '7 phone': 'push-1' });
      pass(1);
      await end(session.id, refreshToken);
      expect(await held(), name).toEqual({});
    }
  });

  test('goes with a session that had run out, as soon as anything is done with the sessions', async () => {
    const { open, held } = await replica();
    await open(SARA, phone());
    pass(5 * DAYS);
    await open(SARA, null);
    pass(10 * DAYS);
    await open(SARA, null);
    expect(await held()).toEqual({});
  });

  test('stays when other sessions end, and when its own is renewed', async () => {
    const { open, held, sessions, told } = await replica();
    const { refreshToken } = await open(SARA, phone());
    const other = await open(SARA, phone('push-2', 'tablet'));
    await sessions.end(SARA, other.session.id);
    await sessions.refresh(refreshToken);
    expect(await held()).toEqual({ '7 phone': 'push-1' });
    expect(told().filter((name) => name === 'devices.register')).toHaveLength(2);
  });

  test('is replaced by a new sign-in on the device, which needs no taking away in between', async () => {
    const { open, held, told } = await replica();
    await open(SARA, phone());
    await open(SARA, phone('push-2'));
    expect(await held()).toEqual({ '7 phone': 'push-2' });
    expect(told()).not.toContain('devices.remove');
  });

  test('goes when the device signs in anew without one', async () => {
    const { open, held } = await replica();
    await open(SARA, phone());
    await open(SARA, phone(null));
    expect(await held()).toEqual({});
  });

  test('is told once for a sign-in that is taken up again', async () => {
    const { open, held } = await replica();
    await open(SARA, phone(), 'resumed');
    await open(SARA, phone(), 'resumed');
    expect(await held()).toEqual({ '7 phone': 'push-1' });
  });
});

describe('a phone that changes hands', () => {
  test.each([
    ['with a registration', 'push-2', { '8 phone': 'push-2' }],
    ['without one', null, {}],
  ])('takes the former customer’s registration away (%s)', async (_name, registrationId, after) => {
    const { open, held, reached } = await replica();
    await open(SARA, phone());
    await held();
    await open(OMAR, phone(registrationId));
    expect(await held()).toEqual(after);
    expect(await reached(SARA)).toEqual([false]);
  });

  test('keeps the new customer’s registration when the former one’s session ends later', async () => {
    const { open, held, sessions, reached } = await replica();
    const former = await open(SARA, phone());
    await open(OMAR, phone('push-2'));
    await sessions.end(SARA, former.session.id);
    expect(await held()).toEqual({ '8 phone': 'push-2' });
    expect(await reached(OMAR)).toEqual([true]);
  });

  test('leaves exactly one registration, however many sign in on it at once on two replicas', async () => {
    const one = await replica();
    const other = await replica(one.store, one.outside);
    await times(20, async (index) => (index % 2 ? one : other).open(`${index + 1}`, phone(`push-${index}`)));
    const held = Object.keys(await one.held());
    expect(held).toHaveLength(1);
    const [customerId = ''] = held[0]?.split(' ') ?? [];
    expect(await one.reached(customerId)).toEqual([true]);
  });
});

describe('a device told anew', () => {
  test('has its new registration, and keeps what was left out', async () => {
    const { open, held, sessions } = await replica();
    const { session } = await open(SARA, phone());
    const told = { deviceId: 'phone', type: 'IOS' as const };
    expect(
      await sessions.changeDevice(SARA, session.id, { ...told, registrationId: 'push-2' }),
    ).toMatchObject({
      id: session.id,
      device: { name: 'A phone', registrationId: 'push-2' },
    });
    expect(await held()).toEqual({ '7 phone': 'push-2' });
    await sessions.changeDevice(SARA, session.id, { ...told, name: 'Renamed' });
    expect(await held()).toEqual({ '7 phone': 'push-2' });
    expect((await sessions.find(SARA, session.id))?.device).toMatchObject({ name: 'Renamed' });
  });

  test('gets no more push messages after a registration of null', async () => {
    const { open, held, sessions, reached } = await replica();
    const { session } = await open(SARA, phone());
    await sessions.changeDevice(SARA, session.id, { deviceId: 'phone', type: 'IOS', registrationId: null });
    expect(await held()).toEqual({});
    expect(await reached(SARA)).toEqual([false]);
  });

  test('under another id: the registration goes with the old one, and an earlier sign-in on the new one ends', async () => {
    const { open, held, sessions } = await replica();
    const { session } = await open(SARA, phone());
    await open(SARA, phone('push-2', 'tablet'));
    await sessions.changeDevice(SARA, session.id, { deviceId: 'tablet', type: 'ANDROID' });
    expect(await held()).toEqual({});
    const open2 = await sessions.list(SARA);
    expect(open2).toHaveLength(1);
    expect(open2[0]).toMatchObject({ id: session.id, device: { name: null, registrationId: null } });
  });

  test('A1: is the caller’s own session or none', async () => {
    const { open, sessions, told, settled } = await replica();
    const { session } = await open(SARA, null);
    expect(await sessions.changeDevice(OMAR, session.id, phone())).toBeNull();
    await settled();
    expect(told()).toEqual([]);
  });
});

describe('while the shop does not answer', () => {
  test('signing in and out wait for nothing', async () => {
    const { open, sessions, outside, held } = await replica();
    const release = outside.stall('devices');
    const { session } = await open(SARA, phone());
    expect(await sessions.end(SARA, session.id)).toBe(true);
    outside.mend();
    release();
    expect(await held()).toEqual({});
  });

  test('no push is promised', async () => {
    const { open, outside, reached, settled } = await replica();
    outside.fail('devices');
    await open(SARA, phone());
    expect(await settled()).toMatchObject([{ status: 'rejected' }]);
    expect(await reached(SARA)).toEqual([false]);
  });

  test('a short trouble is got over', async () => {
    const { open, held, outside, reached } = await replica();
    outside.fail('devices');
    await open(SARA, phone());
    outside.mend();
    expect(await held()).toEqual({ '7 phone': 'push-1' });
    expect(await reached(SARA)).toEqual([true]);
  });

  test('what could not be told is told with the next that the shop takes, the last word of each device', async () => {
    const { open, sessions, held, outside, settled } = await replica();
    const { session } = await open(SARA, phone());
    await settled();
    outside.fail('devices');
    await sessions.end(SARA, session.id);
    await open(SARA, phone('push-2', 'tablet'));
    await settled();
    outside.mend();
    await open(OMAR, phone('push-3', 'watch'));
    expect(await held()).toEqual({ '7 tablet': 'push-2', '8 watch': 'push-3' });
  });

  test('a registration is told again when its session is renewed, unless the device has changed hands', async () => {
    const { open, sessions, held, outside, settled } = await replica();
    outside.fail('devices');
    const sara = await open(SARA, phone());
    const former = await open(SARA, phone('push-2', 'tablet'));
    await open(OMAR, phone('push-3', 'tablet'));
    await settled();
    outside.mend();
    await sessions.refresh(former.refreshToken);
    expect(await held()).toEqual({});
    await sessions.refresh(sara.refreshToken);
    expect(await held()).toMatchObject({ '7 phone': 'push-1' });
  });

  test('a lost answer to a registration leaves none behind after signing out', async () => {
    const { open, sessions, held, outside, settled } = await replica();
    outside.fail('devices', { afterwards: true });
    const { session } = await open(SARA, phone());
    await settled();
    outside.mend();
    await sessions.end(SARA, session.id);
    expect(await held()).toEqual({});
  });

  test('what the shop refuses is not tried again', async () => {
    const outside = fakeOutside();
    const refusing = {
      ...outside,
      devices: {
        ...outside.devices,
        register: vi.fn(async () => {
          throw new Failure('UPSTREAM_INVALID');
        }),
      },
    };
    const { open, settled, reached } = await replica(memoryStore(), refusing);
    await open(SARA, phone());
    expect(await settled()).toMatchObject([{ status: 'rejected', reason: { code: 'UPSTREAM_INVALID' } }]);
    expect(refusing.devices.register).toHaveBeenCalledTimes(1);
    expect(await reached(SARA)).toEqual([false]);
  });
});

test('trouble with the store keeps nobody out: the session is open, and the log tells', async () => {
  const memory = memoryStore();
  const store = {
    ...memory,
    get: async (key: string) => {
      if (key.startsWith('push:')) throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the store' });
      return memory.get(key);
    },
  };
  const { open, sessions, settled, told } = await replica(store);
  const { session } = await open(SARA, phone());
  expect(await sessions.find(SARA, session.id)).not.toBeNull();
  await settled();
  expect(told()).toEqual([]);
});
