import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountRegistration } from '../../src/auth/account.ts';
import {
  as,
  authOn,
  deviceOf,
  HOURS,
  MINUTES,
  pass,
  request,
  SARA,
  stopTime,
  tally,
  times,
} from './setup.ts';

const EMAIL = 'sara@example.com';
const PASSWORD = 'Seven plum trees, 1 row';
const OTHER = 'Eight fig trees, 2 rows';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

const typed: AccountRegistration = {
  firstName: 'Sara',
  lastName: 'Example',
  email: EMAIL,
  password: PASSWORD,
  phone: SARA,
  acceptedTermsVersion: '2026-01',
  isSubscribed: true,
};

async function registering() {
  const auth = await authOn();
  const { account, outside } = auth;
  async function ask(changes: Partial<AccountRegistration> = {}, language: 'en' | 'ar' = 'en') {
    const asking = request({ language });
    const requested = await account.request({ ...typed, ...changes }, asking.circumstances);
    const before = [...outside.calls];
    await asking.answered();
    return { requested, before };
  }
  /** The link of the last mail. */
  function link() {
    const mail = outside.messages.findLast((message) => message.kind === 'link');
    if (mail?.kind !== 'link') throw new Error('no link was mailed');
    return { identifier: mail.identifier, key: mail.key };
  }
  const activate = (given: { password?: string | null; identifier?: string; key?: string } = {}) =>
    account.activate({ ...link(), password: null, device: deviceOf('own'), ...given });
  return { ...auth, ask, link, activate };
}

describe('registering with a password', () => {
  test('mails a link, and the shop learns nothing before it is opened', async () => {
    const { ask, outside } = await registering();
    const { requested, before } = await ask({}, 'ar');
    expect(before, 'O9').toEqual([]);
    const sent = as('sent', requested);
    expect(sent.expiresAt).toEqual(new Date(Date.now() + 24 * HOURS * 1000));
    expect(outside.messages).toEqual([
      {
        kind: 'link',
        purpose: 'activateAccount',
        to: EMAIL,
        identifier: sent.identifier,
        key: sent.key,
        language: 'ar',
      },
    ]);
    expect(outside.shop.rows.size).toBe(0);
  });

  test('O9: answers alike where the e-mail is taken; the mail says so, and the key opens nothing', async () => {
    const { ask, outside, account } = await registering();
    outside.shop.add({ email: EMAIL.toUpperCase() });
    const { requested, before } = await ask();
    expect(before).toEqual([]);
    const { identifier, key } = as('sent', requested);
    expect([identifier, key]).toEqual([expect.any(String), expect.any(String)]);
    expect(outside.messages).toEqual([
      { kind: 'taken', purpose: 'activateAccount', to: EMAIL, language: 'en' },
    ]);
    const given = { identifier, key: key ?? '', password: null, device: null };
    expect(await account.activate(given)).toEqual({ kind: 'gone' });
    expect(outside.shop.rows.size).toBe(1);
  });

  test('O8: in production the key is in the mail alone', async () => {
    const { account, outside } = await authOn(undefined, undefined, { showsCodes: false });
    const asking = request();
    expect(await account.request(typed, asking.circumstances)).toMatchObject({ kind: 'sent', key: null });
    await asking.answered();
    expect(outside.messages).toMatchObject([{ kind: 'link', key: expect.stringMatching(/^[\w-]{43}$/) }]);
  });

  test.each([
    ['short', 'a 1 new word'],
    ['common', 'passwordpassword'],
    ['personal', 'it is Example 1 family'],
    ['personal', `trees and ${SARA.nationalNumber}`],
  ])('refuses a password that is %s before anything is sent', async (problem, password) => {
    const { ask, outside } = await registering();
    expect((await ask({ password })).requested).toEqual({ kind: 'problem', problem });
    expect(outside.messages).toEqual([]);
  });

  test('O6: is limited for each address, taken or not, and a mail that never left is not', async () => {
    const { ask, outside } = await registering();
    outside.shop.add({ email: 'taken@example.com' });
    for (const email of [EMAIL, 'taken@example.com']) {
      as('sent', (await ask({ email })).requested);
      const throttled = { kind: 'throttled', retryAfterSeconds: MINUTES };
      expect((await ask({ email: email.toUpperCase() })).requested).toEqual(throttled);
    }
    outside.fail('messenger.mailLink');
    as('sent', (await ask({ email: 'other@example.com' })).requested);
    outside.mend();
    as('sent', (await ask({ email: 'other@example.com' })).requested);
  });
});

describe('activating the account', () => {
  test('creates the customer, its e-mail proven and its phone not, and signs it in', async () => {
    const { ask, activate, outside, sessions, tokens, askLogin, askLoginByEmail, verify } =
      await registering();
    await ask({}, 'ar');
    const agreedAt = new Date();
    pass(HOURS);
    const { session } = as('opened', await activate());
    const row = outside.shop.sole();
    expect(row).toMatchObject({
      firstName: 'Sara',
      lastName: 'Example',
      email: EMAIL,
      emailVerified: true,
      phone: SARA,
      phoneVerified: false,
      password: PASSWORD,
      language: 'AR',
      isSubscribed: true,
      termsVersion: '2026-01',
      termsAcceptedAt: agreedAt,
    });
    expect(session.customerId).toBe(row.id);
    expect(await sessions.list(row.id)).toMatchObject([{ device: { deviceId: 'own' } }]);
    expect(await tokens.verifyAccess(session.accessToken)).toMatchObject({ amr: ['otp', 'email'] });
    expect(await verify(await askLogin(SARA))).toMatchObject({ kind: 'notRegistered' });
    as('opened', await verify(await askLoginByEmail(EMAIL)));
  });

  test('takes the link once, for a day, and only with its key', async () => {
    const { ask, activate, link } = await registering();
    await ask();
    const first = link();
    expect(await activate({ key: 'x'.repeat(43) })).toEqual({ kind: 'gone' });
    as('opened', await activate());
    expect(await activate()).toEqual({ kind: 'gone' });
    expect(await activate({ identifier: 'unknown', key: first.key })).toEqual({ kind: 'gone' });
    await ask({ email: 'other@example.com' });
    pass(24 * HOURS);
    expect(await activate()).toEqual({ kind: 'gone' });
  });

  test('asks for a password where none waits, and says what is wrong with one; the link stays good', async () => {
    const { ask, activate, outside } = await registering();
    await ask({ password: null });
    expect(await activate()).toEqual({ kind: 'passwordMissing' });
    expect(await activate({ password: 'short' })).toEqual({ kind: 'problem', problem: 'short' });
    const noDigit = 'the shop wants a digit here';
    expect(await activate({ password: noDigit })).toEqual({ kind: 'problem', problem: 'refused' });
    expect(outside.shop.rows.size).toBe(0);
    as('opened', await activate({ password: PASSWORD }));
    expect(outside.shop.sole().password).toBe(PASSWORD);
  });

  test('a password that a stranger registered with counts for nothing where another is given now', async () => {
    const { ask, activate, outside } = await registering();
    await ask();
    as('opened', await activate({ password: OTHER }));
    expect(outside.shop.sole().password).toBe(OTHER);
  });

  test('finds the e-mail taken meanwhile, and opens nothing of whoever took it', async () => {
    const { ask, activate, outside, sessions } = await registering();
    await ask();
    const { id } = outside.shop.add({ email: EMAIL, password: PASSWORD });
    expect(await activate()).toEqual({ kind: 'emailTaken' });
    expect(await sessions.list(id)).toEqual([]);
    outside.shop.rows.delete(id);
    expect(await activate()).toEqual({ kind: 'gone' });
  });

  test('two who open the link at once make one customer and one session', async () => {
    const { ask, activate, outside, sessions } = await registering();
    await ask();
    const release = outside.stall('customers.createWithPassword');
    const both = times(2, () => activate());
    await vi.waitFor(() => expect(outside.named('customers.createWithPassword')).toHaveLength(1));
    release();
    expect(tally(await both)).toEqual({ opened: 1, busy: 1 });
    expect(await sessions.list(outside.shop.sole().id)).toHaveLength(1);
    expect(await activate()).toEqual({ kind: 'gone' });
  });

  test('two links for one e-mail make one customer', async () => {
    const { ask, account, link, outside } = await registering();
    await ask();
    const first = { ...link(), password: null, device: null };
    pass(MINUTES);
    await ask({ password: OTHER });
    const second = { ...link(), password: null, device: null };
    as('opened', await account.activate(second));
    expect(await account.activate(first)).toEqual({ kind: 'emailTaken' });
    expect(outside.shop.sole().password).toBe(OTHER);
  });
});

describe('an activation whose answer was lost', () => {
  test('looks before it repeats, and finds the customer that the shop has made', async () => {
    const { ask, activate, outside, sessions } = await registering();
    await ask();
    outside.fail('customers.createWithPassword', { afterwards: true });
    const { session } = as('opened', await activate());
    expect(session.customerId).toBe(outside.shop.sole().id);
    expect(await sessions.list(session.customerId)).toHaveLength(1);
    expect(outside.named('customers.createWithPassword')).toHaveLength(1);
  });

  test('finds it at the next try, where the shop could not be asked at once', async () => {
    const { ask, activate, outside } = await registering();
    await ask();
    outside.fail('customers.createWithPassword', { afterwards: true });
    outside.fail('passwords');
    await expect(activate()).rejects.toThrow();
    outside.mend();
    const { session } = as('opened', await activate({ password: OTHER }));
    expect(outside.shop.sole()).toMatchObject({ id: session.customerId, password: OTHER });
  });

  test('repeats it where the shop has made none', async () => {
    const { ask, activate, outside } = await registering();
    await ask();
    outside.fail('customers.createWithPassword');
    await expect(activate()).rejects.toThrow();
    outside.mend();
    as('opened', await activate());
    expect(outside.shop.sole().email).toBe(EMAIL);
  });

  test('does not take a stranger for it who was faster in between', async () => {
    const { ask, activate, outside, sessions } = await registering();
    await ask();
    outside.fail('customers.createWithPassword');
    await expect(activate()).rejects.toThrow();
    outside.mend();
    const { id } = outside.shop.add({ email: EMAIL, password: OTHER });
    expect(await activate()).toEqual({ kind: 'emailTaken' });
    expect(await sessions.list(id)).toEqual([]);
  });

  test('opens the same session, not a second one, after a crash before the answer', async () => {
    const { ask, activate, outside, sessions, store } = await registering();
    await ask();
    const swap = store.swap;
    store.swap = (key, ...rest) => {
      if (key.startsWith('sessions:')) throw new Error('a crash');
      return swap(key, ...rest);
    };
    await expect(activate()).rejects.toThrow('a crash');
    store.swap = swap;
    const { session } = as('opened', await activate());
    expect(outside.named('customers.createWithPassword')).toHaveLength(1);
    expect(await sessions.list(outside.shop.sole().id)).toMatchObject([{ id: session.sessionId }]);
  });
});
