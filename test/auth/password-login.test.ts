import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/stores/memory.ts';
import { fakeOutside } from '../support/outside.ts';
import {
  as,
  authOn,
  CONFIG,
  deviceOf,
  HOURS,
  MINUTES,
  OMAR,
  pass,
  request,
  SARA,
  stopTime,
  tally,
  times,
  wrong,
} from './setup.ts';

const EMAIL = 'sara@example.com';
const LONG = 'correct horse 1 battery';
const SHORT = 'Sandbox-Sara-1';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

/** Sara with her password; refusals do not wait unless they are told to. */
async function withSara({
  password = LONG,
  secondProof = 'short',
  refusalMs = 0,
  ...facts
}: {
  secondProof?: 'short' | 'always';
  refusalMs?: number;
} & Parameters<ReturnType<typeof fakeOutside>['shop']['add']>[0] = {}) {
  const auth = await authOn(memoryStore(), fakeOutside(), {
    password: { ...CONFIG.password, secondProof, refusalMs },
  });
  const row = auth.outside.shop.add({
    email: EMAIL,
    phone: SARA,
    phoneVerified: true,
    password: password ?? LONG,
    ...facts,
  });

  async function enter(
    given: string = row.password ?? '',
    { email = EMAIL, deviceId, address }: { email?: string; deviceId?: string; address?: string | null } = {},
  ) {
    const entering = request(address === undefined ? {} : { address });
    const device = deviceId === undefined ? null : deviceOf(deviceId);
    const outcome = await auth.passwordLogin({ email, password: given, device }, entering.circumstances);
    await entering.answered();
    return outcome;
  }
  const amr = async () => (await auth.sessions.list(row.id)).map((session) => session.amr);
  return { ...auth, row, enter, amr };
}

describe('signing in with a password', () => {
  test('opens a session for it, and keeps nothing of the shop’s token', async () => {
    const { enter, row, amr, outside } = await withSara();
    const { session, isNewCustomer } = as('opened', await enter());
    expect([session.customerId, isNewCustomer]).toEqual([row.id, false]);
    expect(await amr()).toEqual([['pwd']]);
    expect(outside.named('passwords').map(({ name }) => name)).toEqual(['passwords.signIn']);
    expect(outside.messages).toEqual([]);
  });

  test('takes the e-mail in any case, and one that was never verified', async () => {
    const { enter } = await withSara({ emailVerified: false });
    as('opened', await enter(LONG, { email: 'SARA@Example.com' }));
  });

  test.each([
    ['a wrong password', 'not the right one', EMAIL, {}],
    ['an unknown e-mail', LONG, 'nobody@example.com', {}],
    ['a customer without a password', LONG, EMAIL, { password: null }],
  ])('answers %s with the same wrong', async (_, given, email, facts) => {
    const { enter, row, sessions } = await withSara();
    Object.assign(row, facts);
    expect(await enter(given, { email })).toEqual({ kind: 'wrong' });
    expect(await sessions.list(row.id)).toEqual([]);
  });

  test('answers wrong where the shop lets somebody in whom it does not show us', async () => {
    const { enter, outside } = await withSara();
    outside.shop.customers.findByEmail = async () => null;
    expect(await enter()).toEqual({ kind: 'wrong' });
  });

  test('answers a closed password as a wrong one, and counts it as a failure', async () => {
    const { enter, verify, askHmgLogin, outside, row } = await withSara({ phone: OMAR, fileNo: 'F-1' });
    outside.addPatient(SARA, { fileNo: 'F-1' });
    as('opened', await verify(await askHmgLogin()));
    for (let guess = 0; guess < 5; guess++) {
      expect(await enter(LONG, { address: `192.0.2.${guess}` })).toEqual({ kind: 'wrong' });
    }
    expect(outside.named('passwords.signIn')).toHaveLength(5);
    expect(await enter(LONG, { address: '192.0.2.9' }), 'as a wrong one would').toEqual({ kind: 'wrong' });
    expect(outside.named('passwords.signIn')).toHaveLength(5);
    expect(row.phone).toEqual(SARA);
  });

  test.each([
    ['a wrong password', LONG.slice(1), EMAIL],
    ['an unknown e-mail', LONG, 'nobody@example.com'],
  ])('refuses after a whole number of steps, so that time does not tell: %s', async (_, given, email) => {
    const { enter, outside } = await withSara({ refusalMs: 120 });
    const lasted = async () => {
      const startedAt = performance.now();
      expect(await enter(given, { email })).toEqual({ kind: 'wrong' });
      return performance.now() - startedAt;
    };
    expect(await lasted()).toBeGreaterThan(115);
    const slow = outside.stall('passwords.signIn');
    setTimeout(slow, 130);
    expect(await lasted()).toBeGreaterThan(235);
  });
});

describe('guessing a password', () => {
  test('waits twice as long each time from the third on, and asks the shop nothing meanwhile', async () => {
    const { enter, outside } = await withSara();
    await enter('guess 1');
    await enter('guess 2');
    for (const wait of [2, 4, 8]) {
      expect(await enter('one more guess')).toEqual({ kind: 'wrong' });
      const asked = outside.named('passwords').length;
      expect(await enter(LONG)).toEqual({ kind: 'throttled', retryAfterSeconds: wait });
      expect(outside.named('passwords')).toHaveLength(asked);
      pass(wait);
    }
  });

  test('reaches the shop five times in half an hour from wherever, known name or unknown', async () => {
    const { enter, outside } = await withSara();
    for (const email of [EMAIL, 'nobody@example.com']) {
      const before = outside.named('passwords.signIn').length;
      const guesses = await times(12, (index) => enter('a guess', { email, address: `192.0.2.${index}` }));
      expect(tally(guesses)).toEqual({ wrong: 12 });
      expect(outside.named('passwords.signIn').length - before).toBe(5);
    }
    expect(await enter(LONG, { address: '192.0.2.100' }), 'locked answers like wrong').toEqual({
      kind: 'wrong',
    });
    pass(30 * MINUTES);
    as('opened', await enter(LONG, { address: '192.0.2.100' }));
  });

  test('shares its count with the change of password', async () => {
    const { enter, changePassword, outside, row } = await withSara();
    const { session } = as('opened', await enter());
    const before = outside.named('passwords.signIn').length;
    const caller = { customerId: row.id, sessionId: session.sessionId };
    const change = { currentPassword: 'a guess', newPassword: 'a new 2 sentence of words' };
    for (let guess = 0; guess < 3; guess++) {
      const { circumstances } = request({ address: `192.0.2.${guess}` });
      expect(await changePassword(caller, change, circumstances)).toEqual({ kind: 'wrong' });
    }
    for (let guess = 3; guess < 8; guess++) await enter('a guess', { address: `192.0.2.${guess}` });
    expect(outside.named('passwords.signIn').length - before).toBe(5);
  });

  test('in capitals is guessing for the same name', async () => {
    const { enter, outside } = await withSara();
    for (let guess = 0; guess < 9; guess++) {
      const email = guess % 2 ? EMAIL : EMAIL.toUpperCase();
      await enter('a guess', { email, address: `192.0.2.${guess}` });
    }
    expect(outside.named('passwords.signIn')).toHaveLength(5);
  });

  test.each(['passwords.signIn', 'customers.findByEmail'])(
    "O13: the shop's trouble is no wrong password: %s",
    async (method) => {
      const { enter, outside } = await withSara();
      outside.fail(method);
      for (let tries = 0; tries < 8; tries++) {
        await expect(enter()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      }
      outside.mend();
      as('opened', await enter());
    },
  );
});

describe('a second proof', () => {
  test('is due for a short password on a device that the phone does not know', async () => {
    const { enter, sent, verify, outside, sessions, row, amr } = await withSara({ password: SHORT });
    const asked = sent(await enter(SHORT, { deviceId: 'own' }));
    expect(outside.messages).toMatchObject([{ kind: 'code', to: SARA.e164, purpose: 'passwordLogin' }]);
    expect(await sessions.list(row.id)).toEqual([]);
    expect(await verify({ ...asked, code: wrong(asked.code) })).toMatchObject({ kind: 'rejected' });
    const { session, isNewCustomer } = as('opened', await verify({ ...asked, device: deviceOf('own') }));
    expect([session.customerId, isNewCustomer]).toEqual([row.id, false]);
    expect(await amr()).toEqual([['pwd', 'otp', 'sms']]);
    expect(await verify(asked), 'the code is spent').toEqual({ kind: 'expired' });
  });

  test('is due once for a device: the next 90 days the password is enough there, and only there', async () => {
    const { enter, sent, verify } = await withSara({ password: SHORT });
    as('opened', await verify({ ...sent(await enter()), device: deviceOf('own') }));
    as('opened', await enter(SHORT, { deviceId: 'own' }));
    sent(await enter(SHORT, { deviceId: 'strange' }));
    pass(91 * 24 * HOURS);
    sent(await enter(SHORT, { deviceId: 'own' }));
  });

  test.each([
    ['a password of fifteen characters', { password: 'fifteen letters'.slice(0, 15) }, 'opened'],
    ['one of fourteen', { password: 'fourteen lette' }, 'sent'],
    ['fourteen that are more code units', { password: '🔑'.repeat(14) }, 'sent'],
    ['a short one, with no phone to prove', { password: SHORT, phoneVerified: false }, 'opened'],
    [
      'a short one, with a phone from before codes',
      {
        password: SHORT,
        phoneVerified: false,
        verifiedWithoutOtp: true,
      },
      'sent',
    ],
    ['a long one where it is always due', { secondProof: 'always' as const }, 'sent'],
  ])('%s', async (_, facts, kind) => {
    const { enter } = await withSara(facts);
    expect((await enter()).kind).toBe(kind);
  });

  test('a device that is known for the password alone does not count as proven', async () => {
    const { enter, sent, row } = await withSara();
    as('opened', await enter(LONG, { deviceId: 'own' }));
    row.password = SHORT;
    sent(await enter(SHORT, { deviceId: 'own' }));
  });

  test('is no way around the limits on codes', async () => {
    const { enter, sent } = await withSara({ password: SHORT });
    sent(await enter());
    expect(await enter()).toEqual({ kind: 'throttled', retryAfterSeconds: 60 });
  });

  test('S7: its code is void once the password is reset', async () => {
    const { enter, sent, verify, passwordReset, outside, sessions, row } = await withSara({
      password: SHORT,
    });
    const asked = sent(await enter());
    outside.shop.resetTokens.set(row.id, 'token');
    const reset = { holder: { customerId: row.id }, token: 'token', newPassword: 'entirely new 1 sentence' };
    expect(await passwordReset.reset(reset, request().circumstances)).toEqual({ kind: 'reset' });
    expect(await verify(asked)).toEqual({ kind: 'expired' });
    expect(await sessions.list(row.id)).toEqual([]);
  });

  test('S7: its code is void once the password is changed', async () => {
    const { enter, sent, verify, changePassword, sessions, row } = await withSara({ password: SHORT });
    await sessions.open(row.id, { sessionId: 'own', amr: ['otp'], device: null });
    const asked = sent(await enter());
    const change = { currentPassword: SHORT, newPassword: 'a new 2 sentence of words' };
    const caller = { customerId: row.id, sessionId: 'own' };
    expect(await changePassword(caller, change, request().circumstances)).toEqual({ kind: 'changed' });
    expect(await verify(asked)).toEqual({ kind: 'expired' });
    expect((await sessions.list(row.id)).map(({ id }) => id)).toEqual(['own']);
  });

  test.each([
    ['the phone is another', { phone: OMAR }],
    ['the phone is not verified any more', { phoneVerified: false }],
  ])('its code is void where %s by now', async (_, change) => {
    const { enter, sent, verify, row } = await withSara({ password: SHORT });
    const asked = sent(await enter());
    Object.assign(row, change);
    expect(await verify(asked)).toEqual({ kind: 'expired' });
  });

  test('its code is void where the account was deleted or taken over by now', async () => {
    const { enter, sent, verify, askHmgLogin, outside, row } = await withSara({
      password: SHORT,
      fileNo: 'F-1',
    });
    const asked = sent(await enter());
    outside.addPatient(OMAR, { fileNo: 'F-1' });
    as('opened', await verify(await askHmgLogin(OMAR)));
    expect(await verify(asked)).toEqual({ kind: 'expired' });

    row.phone = SARA;
    outside.shop.rows.delete(row.id);
    expect(await enter()).toEqual({ kind: 'wrong' });
  });

  test('of many right codes at once one session comes', async () => {
    const { enter, sent, verify, sessions, row } = await withSara({ password: SHORT });
    const asked = sent(await enter());
    const outcomes = await times(10, () => verify(asked));
    expect(tally(outcomes).opened).toBe(1);
    expect(await sessions.list(row.id)).toHaveLength(1);
  });
});

describe('S7: a password that is replaced while it signs in', () => {
  test.each(['passwords.signIn', 'customers.findByEmail'])('opens nothing: during %s', async (method) => {
    const { enter, passwordReset, outside, sessions, row } = await withSara();
    outside.shop.resetTokens.set(row.id, 'token');
    const goOn = outside.stall(method, { afterwards: true });
    const entering = enter();
    await expect.poll(() => outside.named(method)).toHaveLength(1);
    outside.mend();
    const reset = { holder: { customerId: row.id }, token: 'token', newPassword: 'entirely new 1 sentence' };
    expect(await passwordReset.reset(reset, request().circumstances)).toEqual({ kind: 'reset' });
    goOn();
    expect(await entering).toEqual({ kind: 'wrong' });
    expect(await sessions.list(row.id)).toEqual([]);
  });
});
