import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { as, authOn, CONFIG, DAYS, deviceOf, MINUTES, pass, SARA, stopTime, tally, wrong } from './setup.ts';

// Without limits on sending, which would end these stories early.
const unlimited = { ...CONFIG.send, pauseSeconds: 0, perTargetHour: 1000, perTargetDay: 1000 };

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

async function withSara() {
  const auth = await authOn(undefined, undefined, { send: unlimited });
  const { id } = auth.outside.shop.add({ phone: SARA, phoneVerified: true, email: 'sara@example.com' });

  /** So many wrong codes, each for a new challenge where the one before is used up. */
  async function fail(count: number, from: { address?: (index: number) => string; device?: string } = {}) {
    const outcomes = [];
    let asked = await auth.askLogin();
    for (let index = 0; index < count; index++) {
      if (index % 5 === 0) asked = await auth.askLogin();
      const address = from.address?.(index) ?? '192.0.2.1';
      const device = from.device === undefined ? null : deviceOf(from.device);
      outcomes.push(await auth.verify({ ...asked, code: wrong(asked.code), address, device }));
    }
    return outcomes;
  }
  return { ...auth, id, fail };
}
const everywhere = (index: number) => `198.51.100.${Math.floor(index / 9)}`;

describe('wrong codes', () => {
  test('say how many attempts are left', async () => {
    const { fail } = await withSara();
    const outcomes = await fail(5);
    expect(outcomes).toEqual([4, 3, 2, 1, 0].map((left) => ({ kind: 'rejected', attemptsRemaining: left })));
  });

  test('O5: a new code resets nothing: after ten wrong ones, of two challenges, even the right one waits', async () => {
    const { fail, askLogin, verify } = await withSara();
    await fail(10);
    const asked = await askLogin();
    expect(await verify(asked)).toEqual({ kind: 'throttled', retryAfterSeconds: 15 * MINUTES });
    expect(await verify({ ...asked, address: '203.0.113.5' })).toMatchObject({ kind: 'opened' });
  });

  test('O5: a right code sets zero', async () => {
    const { fail, askLogin, verify } = await withSara();
    await fail(9);
    as('opened', await verify(await askLogin()));
    expect(tally(await fail(9))).toEqual({ rejected: 9 });
  });

  test('O5: a code that nobody could compare is no failure', async () => {
    const { askLogin, verify } = await withSara();
    const spent = await askLogin();
    as('opened', await verify(spent));
    for (let late = 0; late < 20; late++) expect(await verify(spent)).toEqual({ kind: 'expired' });
    expect(await verify(await askLogin())).toMatchObject({ kind: 'opened' });
  });

  test('O5: a stranger at the same address cannot lock out the device that signed in', async () => {
    const { fail, askLogin, verify } = await withSara();
    const device = deviceOf('own');
    as('opened', await verify({ ...(await askLogin()), device }));
    await fail(10);
    const asked = await askLogin();
    expect(await verify({ ...asked, device: deviceOf('another') })).toMatchObject({ kind: 'throttled' });
    expect(await verify({ ...asked, device })).toMatchObject({ kind: 'opened' });
  });
});

describe('a hundred wrong codes from anywhere', () => {
  test('O5: close the phone for a day and tell the customer once, in every way', async () => {
    const { fail, askLogin, verify, outside } = await withSara();
    const outcomes = await fail(100, { address: everywhere });
    expect(tally(outcomes)).toEqual({ rejected: 99, locked: 1 });
    expect(outcomes.at(-1)).toEqual({ kind: 'locked' });
    for (let tries = 0; tries < 3; tries++) {
      expect(await verify({ ...(await askLogin()), address: '203.0.113.5' })).toEqual({ kind: 'locked' });
    }
    const told = { kind: 'notice', notice: 'accountLocked', language: 'en' };
    expect(outside.notices()).toEqual([
      { ...told, channel: 'sms', to: SARA.e164 },
      { ...told, channel: 'email', to: 'sara@example.com' },
    ]);
    pass(DAYS);
    expect(await verify({ ...(await askLogin()), address: '203.0.113.5' })).toMatchObject({ kind: 'opened' });
  });

  test('O5: leave open sessions and the own device alone', async () => {
    const { fail, askLogin, verify, sessions, id } = await withSara();
    const device = deviceOf('own');
    as('opened', await verify({ ...(await askLogin()), device }));
    await fail(100, { address: everywhere });
    expect(await sessions.list(id)).toHaveLength(1);
    expect(await verify({ ...(await askLogin()), device })).toMatchObject({ kind: 'opened' });
  });

  test('O5: tell nobody where the phone is nobody’s', async () => {
    const { fail, outside, id } = await withSara();
    outside.shop.rows.delete(id);
    await fail(100, { address: everywhere });
    expect(outside.notices()).toEqual([]);
  });
});
