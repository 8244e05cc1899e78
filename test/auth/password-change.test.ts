import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { as, authOn, deviceOf, MINUTES, pass, request, SARA, stopTime } from './setup.ts';

const CURRENT = 'correct horse 1 battery';
const NEXT = 'a new 2 sentence of words';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Sara, signed in on two devices. */
async function signedIn() {
  const auth = await authOn();
  const row = auth.outside.shop.add({
    phone: SARA,
    phoneVerified: true,
    email: 'sara@example.com',
    password: CURRENT,
  });
  as('opened', await auth.verify({ ...(await auth.askLogin()), device: deviceOf('other') }));
  const { session } = as(
    'opened',
    await auth.verify({ ...(await auth.askLogin()), device: deviceOf('own') }),
  );
  const caller = { customerId: row.id, sessionId: session.sessionId };

  async function change(currentPassword = CURRENT, newPassword = NEXT, address: string | null = '192.0.2.1') {
    const asking = request({ address });
    const outcome = await auth.changePassword(caller, { currentPassword, newPassword }, asking.circumstances);
    await asking.answered();
    return outcome;
  }
  const openIds = async () => (await auth.sessions.list(row.id)).map(({ id }) => id);
  return { ...auth, row, caller, change, openIds };
}

describe('changing the password', () => {
  test('S7: ends the other sessions, revokes the shop’s own tokens and tells the customer', async () => {
    const { change, openIds, row, caller, outside } = await signedIn();
    await outside.shop.passwords.signIn(row.email, CURRENT);
    expect(await change()).toEqual({ kind: 'changed' });
    expect(row.password).toBe(NEXT);
    expect(await openIds()).toEqual([caller.sessionId]);
    expect(outside.shop.tokens.size).toBe(0);
    expect(outside.notices()).toEqual([
      { kind: 'notice', channel: 'email', notice: 'passwordChanged', to: row.email, language: 'en' },
    ]);
  });

  test('S9: takes the current password', async () => {
    const { change, openIds, row, outside } = await signedIn();
    expect(await change('not the current one')).toEqual({ kind: 'wrong' });
    expect(row.password).toBe(CURRENT);
    expect(await openIds()).toHaveLength(2);
    expect(outside.named('passwords.change')).toEqual([]);
  });

  test.each([
    ['short', 'a 1 new word'],
    ['long', 'ab 1 cd '.repeat(17)],
    ['common', 'passwordpassword'],
    ['personal', 'this is sara@example.com 1'],
    ['personal', 'call me at 0501234567'],
    ['refused', 'the shop wants a digit here'],
  ])('says what is wrong with a new one: %s', async (problem, newPassword) => {
    const { change, row } = await signedIn();
    expect(await change(CURRENT, newPassword)).toEqual({ kind: 'problem', problem });
    expect(row.password).toBe(CURRENT);
  });

  test('counts fifteen to 128 characters by code point and cuts nothing', async () => {
    const { change, row } = await signedIn();
    const longest = ['🔑1'.repeat(10), 'ab 2 cd '.repeat(13), 'last'].join('');
    expect([...longest]).toHaveLength(128);
    expect(await change(CURRENT, `${longest}!`)).toEqual({ kind: 'problem', problem: 'long' });
    expect(await change(CURRENT, longest)).toEqual({ kind: 'changed' });
    expect(row.password).toBe(longest);
  });

  test('S7: ends no session that it could not have ended: with the store away the password stays', async () => {
    const { change, row, store } = await signedIn();
    await store.close();
    await expect(change()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(row.password).toBe(CURRENT);
  });

  test('S7: whose answer is lost is found to have happened, and ends the other sessions', async () => {
    const { change, openIds, caller, row, outside } = await signedIn();
    outside.fail('passwords.change', { afterwards: true });
    expect(await change()).toEqual({ kind: 'changed' });
    expect(row.password).toBe(NEXT);
    expect(await openIds()).toEqual([caller.sessionId]);
  });

  test('S7: leaves no session that was opened while it was under way', async () => {
    const { change, openIds, caller, row, sessions, outside } = await signedIn();
    const goOn = outside.stall('passwords.change');
    const changing = change();
    await expect.poll(() => outside.named('passwords.change')).toHaveLength(1);
    await sessions.open(row.id, { sessionId: 'thief', amr: ['pwd'], device: null });
    goOn();
    expect(await changing).toEqual({ kind: 'changed' });
    expect(await openIds()).toEqual([caller.sessionId]);
  });

  test('is done even where the shop’s tokens cannot be revoked', async () => {
    const { change, outside } = await signedIn();
    outside.fail('passwords.revokeTokens');
    expect(await change()).toEqual({ kind: 'changed' });
  });

  test.each([
    ['an e-mail address', { email: 'p-1@customers.invalid' }],
    ['a password', { password: null }],
  ])('answers somebody without %s as it answers a wrong password', async (_, without) => {
    const { change, row } = await signedIn();
    Object.assign(row, without);
    expect(await change()).toEqual({ kind: 'wrong' });
  });
});

describe('guessing the current password', () => {
  test('waits longer and longer from the third on, and asks the shop nothing meanwhile', async () => {
    const { change, outside } = await signedIn();
    const waits = [];
    for (let guess = 1; guess <= 5; guess++) {
      expect(await change(`guess ${guess}`)).toEqual({ kind: 'wrong' });
      const asked = outside.named('passwords.signIn').length;
      const next = await change('one more');
      if (next.kind !== 'throttled') continue;
      expect(outside.named('passwords.signIn')).toHaveLength(asked);
      waits.push(next.retryAfterSeconds);
      pass(next.retryAfterSeconds);
    }
    expect(waits.slice(0, 3)).toEqual([2, 4, 8]);
  });

  test('reaches the shop five times in half an hour from wherever, for the sixth would lock the name there', async () => {
    const { change, outside } = await signedIn();
    for (let guess = 0; guess < 12; guess++) {
      expect(await change('a guess', NEXT, `192.0.2.${guess}`)).toEqual({ kind: 'wrong' });
    }
    expect(outside.named('passwords.signIn')).toHaveLength(5);
    expect(await change(CURRENT, NEXT, '192.0.2.100'), 'locked answers like wrong').toEqual({
      kind: 'wrong',
    });
    pass(30 * MINUTES);
    expect(await change(CURRENT, NEXT, '192.0.2.100')).toEqual({ kind: 'changed' });
  });

  test('from all over one IPv6 /64 is guessing by one client', async () => {
    const { change } = await signedIn();
    for (let guess = 1; guess <= 3; guess++) await change('a guess', NEXT, `2001:db8::${guess}`);
    expect(await change('a guess', NEXT, '2001:db8::9')).toMatchObject({ kind: 'throttled' });
  });

  test('is forgotten with the right one', async () => {
    const { change, outside } = await signedIn();
    for (let guess = 0; guess < 4; guess++) await change('a guess', NEXT, `192.0.2.${guess}`);
    expect(await change(CURRENT, NEXT, '192.0.2.50')).toEqual({ kind: 'changed' });
    const asked = outside.named('passwords.signIn').length;
    for (let guess = 0; guess < 7; guess++) await change('a guess', CURRENT, `192.0.2.${guess}`);
    expect(outside.named('passwords.signIn').length - asked).toBe(5);
  });

  test("O13: the shop's trouble is no wrong password", async () => {
    const { change, outside } = await signedIn();
    outside.fail('passwords.signIn');
    for (let tries = 0; tries < 8; tries++) {
      await expect(change()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
    outside.mend();
    expect(await change()).toEqual({ kind: 'changed' });
  });
});
