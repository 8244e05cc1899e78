import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Identifier, LinkHolder } from '../../src/auth/password-reset.ts';
import { as, authOn, MINUTES, OMAR, request, SARA, stopTime } from './setup.ts';

const EMAIL = 'sara@example.com';
const ID = '1000000008';
const NEW = 'a new 2 sentence of words';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

async function forgetful() {
  const auth = await authOn();
  const row = auth.outside.shop.add({
    phone: SARA,
    phoneVerified: true,
    email: EMAIL,
    nationalId: ID,
    fileNo: 'F-1',
    password: 'forgotten 1 long ago',
  });
  async function ask(identifier: Identifier, redirectUri: string | null = null) {
    const asking = request();
    const outcome = await auth.passwordReset.request({ identifier, redirectUri }, asking.circumstances);
    return { outcome, answered: asking.answered };
  }
  /** The shop has mailed the link. */
  const mailed = () => auth.outside.shop.resetTokens.set(row.id, 'the-token');
  async function reset(given: { token?: string; holder?: LinkHolder; newPassword?: string } = {}) {
    const link = { holder: { customerId: row.id }, token: 'the-token', newPassword: NEW, ...given };
    const asking = request();
    const outcome = await auth.passwordReset.reset(link, asking.circumstances);
    await asking.answered();
    return outcome;
  }
  return { ...auth, row, ask, mailed, reset };
}

describe('asking for a reset link', () => {
  test.each<[string, Identifier]>([
    ['e-mail', { kind: 'email', email: EMAIL }],
    ['phone', { kind: 'phone', phone: SARA }],
    ['national ID', { kind: 'nationalId', nationalId: ID }],
    ['file number', { kind: 'fileNo', fileNo: 'F-1' }],
  ])('by %s has the shop mail it, after the answer', async (_, identifier) => {
    const { ask, outside } = await forgetful();
    const { outcome, answered } = await ask(identifier);
    expect(outcome).toEqual({ kind: 'accepted' });
    expect(outside.calls, 'O9').toEqual([]);
    await answered();
    expect(outside.named('passwords').map(({ name, args }) => [name, ...args])).toEqual([
      ['passwords.requestReset', EMAIL],
    ]);
  });

  test.each<[string, Identifier]>([
    ['phone', { kind: 'phone', phone: OMAR }],
    ['national ID', { kind: 'nationalId', nationalId: '2000000006' }],
    ['file number', { kind: 'fileNo', fileNo: 'F-9' }],
  ])('O9: by a %s that nobody has answers alike and mails nothing', async (_, identifier) => {
    const { ask, outside } = await forgetful();
    const { outcome, answered } = await ask(identifier);
    expect(outcome).toEqual({ kind: 'accepted' });
    await answered();
    expect(outside.named('passwords')).toEqual([]);
  });

  test('by a phone that somebody merely typed, or an ID that several have, mails nothing', async () => {
    const { ask, outside } = await forgetful();
    outside.shop.add({ phone: OMAR, fileNo: 'F-1' });
    await (await ask({ kind: 'phone', phone: OMAR })).answered();
    await (await ask({ kind: 'fileNo', fileNo: 'F-1' })).answered();
    expect(outside.named('passwords')).toEqual([]);
  });

  test('of a customer who has only a placeholder mails nothing there', async () => {
    const { ask, outside, row } = await forgetful();
    row.email = 'p-1@customers.invalid';
    await (await ask({ kind: 'phone', phone: SARA })).answered();
    expect(outside.named('passwords')).toEqual([]);
  });

  test('with a return address goes by the shop’s module', async () => {
    const { ask, outside } = await forgetful();
    const { answered } = await ask({ kind: 'email', email: EMAIL }, 'https://shop.example.com/reset');
    await answered();
    expect(outside.named('passwords').map(({ name, args }) => [name, ...args])).toEqual([
      ['passwords.requestResetTo', EMAIL, 'https://shop.example.com/reset'],
    ]);
  });

  test('O6: is limited by whom it is for, whatever the spelling, and alike where there is nobody', async () => {
    const { ask } = await forgetful();
    for (const [first, second] of [
      [EMAIL, EMAIL.toUpperCase()],
      ['nobody@example.com', 'Nobody@example.com'],
    ] as const) {
      expect((await ask({ kind: 'email', email: first })).outcome).toEqual({ kind: 'accepted' });
      expect((await ask({ kind: 'email', email: second })).outcome).toEqual({
        kind: 'throttled',
        retryAfterSeconds: MINUTES,
      });
    }
  });
});

describe('resetting the password', () => {
  test('S7: ends every session, revokes the shop’s own tokens and tells the customer', async () => {
    const { mailed, reset, askLogin, verify, sessions, row, outside } = await forgetful();
    as('opened', await verify(await askLogin()));
    outside.shop.tokens.set('the token of a thief', row.id);
    mailed();
    expect(await reset()).toEqual({ kind: 'reset' });
    expect(row.password).toBe(NEW);
    expect(await sessions.list(row.id)).toEqual([]);
    expect(outside.shop.tokens.size).toBe(0);
    expect(outside.notices()).toMatchObject([{ notice: 'passwordChanged', to: EMAIL }]);
  });

  test('takes the link once', async () => {
    const { mailed, reset } = await forgetful();
    mailed();
    expect(await reset({ holder: { email: EMAIL } })).toEqual({ kind: 'reset' });
    expect(await reset()).toEqual({ kind: 'linkExpired' });
  });

  test('answers an unknown customer and a bad token alike', async () => {
    const { mailed, reset, passwordReset, row } = await forgetful();
    mailed();
    const unknown = { email: 'nobody@example.com' };
    expect(await reset({ token: 'bad' })).toEqual({ kind: 'linkExpired' });
    expect(await reset({ holder: unknown })).toEqual({ kind: 'linkExpired' });
    expect(await reset({ holder: unknown, newPassword: 'short' })).toEqual({ kind: 'linkExpired' });
    expect(await reset({ token: 'bad', newPassword: 'short' })).toEqual({ kind: 'linkExpired' });
    expect(await passwordReset.isGood(unknown, 'the-token')).toBe(false);
    expect(await passwordReset.isGood({ customerId: row.id }, 'bad')).toBe(false);
    expect(await passwordReset.isGood({ customerId: row.id }, 'the-token')).toBe(true);
  });

  test('O9: asks the shop as often about nobody as about somebody, so that the time does not tell who is known', async () => {
    const { mailed, reset, passwordReset, outside, row } = await forgetful();
    mailed();
    const askedFor = async (work: () => Promise<unknown>) => {
      const before = outside.calls.length;
      await work();
      return outside.calls.slice(before).map(({ name }) => name);
    };
    for (const [known, unknown] of [
      [{ email: EMAIL }, { email: 'nobody@example.com' }],
      [{ customerId: row.id }, { customerId: '999' }],
    ] as const) {
      const asks = [
        (holder: LinkHolder) => passwordReset.isGood(holder, 'bad'),
        (holder: LinkHolder) => reset({ holder, token: 'bad' }),
      ];
      for (const ask of asks) {
        const asked = await askedFor(() => ask(known));
        expect(asked).toContain('passwords.checkResetToken');
        expect(await askedFor(() => ask(unknown))).toEqual(asked);
      }
    }
  });

  test.each([
    ['short', 'a 1 new word'],
    ['common', 'passwordpassword'],
    ['personal', 'it is Example 1 family'],
    ['refused', 'the shop wants a digit here'],
  ])('says what is wrong with the new one, %s, and keeps the link good', async (problem, newPassword) => {
    const { mailed, reset } = await forgetful();
    mailed();
    expect(await reset({ newPassword })).toEqual({ kind: 'problem', problem });
    expect(await reset()).toEqual({ kind: 'reset' });
  });

  test('whose answer was lost is a reset all the same', async () => {
    const { mailed, reset, outside, row } = await forgetful();
    mailed();
    outside.fail('passwords.reset', { afterwards: true });
    expect(await reset()).toEqual({ kind: 'reset' });
    expect(row.password).toBe(NEW);
  });

  test('that failed is a failure, not an expired link', async () => {
    const { mailed, reset, outside } = await forgetful();
    mailed();
    outside.fail('passwords.reset');
    await expect(reset()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  test('S7: leaves no session that was opened while it was under way', async () => {
    const { mailed, reset, outside, sessions, row } = await forgetful();
    mailed();
    const goOn = outside.stall('passwords.reset');
    const resetting = reset();
    await expect.poll(() => outside.named('passwords.reset')).toHaveLength(1);
    await sessions.open(row.id, { sessionId: 'thief', amr: ['pwd'], device: null });
    goOn();
    expect(await resetting).toEqual({ kind: 'reset' });
    expect(await sessions.list(row.id)).toEqual([]);
  });

  test('S7: with the store away changes nothing', async () => {
    const { mailed, reset, row, store } = await forgetful();
    mailed();
    await store.close();
    await expect(reset()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(row.password).not.toBe(NEW);
  });
});
