import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  as,
  authOn,
  CONFIG,
  deviceOf,
  MINUTES,
  pass,
  request,
  SARA,
  stopTime,
  tally,
  wrong,
} from './setup.ts';

const EMAIL = 'Sara@example.com';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

const asked = { email: EMAIL, acceptedTermsVersion: null };

describe('a code by e-mail', () => {
  test('signs in whom the e-mail was proven to stand for, whatever its case', async () => {
    const { askLoginByEmail, verify, outside, tokens, sessions } = await authOn();
    const { id } = outside.shop.add({ email: EMAIL.toLowerCase(), emailVerified: true, phone: SARA });
    const code = await askLoginByEmail(EMAIL);
    expect(outside.messages).toEqual([
      { kind: 'code', to: EMAIL, code: code.code, purpose: 'login', language: 'en' },
    ]);
    const { session, isNewCustomer } = as('opened', await verify({ ...code, device: deviceOf('own') }));
    expect(isNewCustomer).toBe(false);
    expect(await tokens.verifyAccess(session.accessToken)).toMatchObject({
      customerId: id,
      amr: ['otp', 'email'],
    });
    expect(await sessions.list(id)).toHaveLength(1);
    expect(await verify(code)).toEqual({ kind: 'expired' });
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('never signs in somebody who merely typed the e-mail, and says alike that there is nobody', async () => {
    const { askLoginByEmail, verify, outside, sessions } = await authOn();
    const { id } = outside.shop.add({ email: EMAIL, phone: SARA, phoneVerified: true });
    expect(await verify(await askLoginByEmail(EMAIL))).toEqual({ kind: 'emailNotRegistered' });
    expect(await verify(await askLoginByEmail('nobody@example.com'))).toEqual({ kind: 'emailNotRegistered' });
    expect(await sessions.list(id)).toEqual([]);
  });

  test('O9: is asked for without anything about the person being looked up', async () => {
    const { signIn, outside } = await authOn();
    outside.shop.add({ email: EMAIL, emailVerified: true });
    const asking = request();
    expect(await signIn.loginByEmail(asked, asking.circumstances)).toMatchObject({ kind: 'sent' });
    expect(outside.calls).toEqual([]);
    await asking.answered();
    expect(outside.calls.map(({ name }) => name)).toEqual(['messenger.mailCode']);
  });

  test('O6: counts per address, whatever its case, and per client together with codes by SMS', async () => {
    const once = { ...CONFIG.send, ipv4: { perHour: 2, targets: 2 } };
    const { askLoginByEmail, askLogin, signIn } = await authOn(undefined, undefined, { send: once });
    await askLoginByEmail(EMAIL);
    expect(
      await signIn.loginByEmail({ ...asked, email: EMAIL.toUpperCase() }, request().circumstances),
    ).toEqual({ kind: 'throttled', retryAfterSeconds: MINUTES });
    await askLogin();
    await expect(askLoginByEmail('other@example.com')).rejects.toThrow('throttled');
    await askLoginByEmail('other@example.com', { address: '192.0.2.9' });
  });

  test('is sent again for the same challenge', async () => {
    const { askLoginByEmail, signIn, verify, sent, outside } = await authOn();
    outside.shop.add({ email: EMAIL, emailVerified: true });
    const first = await askLoginByEmail(EMAIL);
    pass(MINUTES);
    const asking = request({ language: 'ar' });
    const again = sent(await signIn.resend(first.otpId, asking.circumstances));
    await asking.answered();
    expect(again.otpId).toBe(first.otpId);
    expect(outside.messages.at(-1)).toMatchObject({ to: EMAIL, code: again.code, language: 'ar' });
    as('opened', await verify(again));
  });

  test('O6: a mail that never left may be asked for again at once', async () => {
    const { askLoginByEmail, outside } = await authOn();
    outside.fail('messenger.mailCode');
    await askLoginByEmail(EMAIL);
    outside.mend();
    await askLoginByEmail(EMAIL);
  });

  test('O5: wrong ones are counted across challenges, apart from those of the phone', async () => {
    const unlimited = { ...CONFIG.send, pauseSeconds: 0, perTargetHour: 1000, perTargetDay: 1000 };
    const { askLoginByEmail, askLogin, verify, outside } = await authOn(undefined, undefined, {
      send: unlimited,
    });
    outside.shop.add({ email: EMAIL, emailVerified: true, phone: SARA, phoneVerified: true });
    const outcomes = [];
    for (let round = 0; round < 2; round++) {
      const code = await askLoginByEmail(round === 0 ? EMAIL : EMAIL.toUpperCase());
      for (let guess = 0; guess < 5; guess++)
        outcomes.push(await verify({ ...code, code: wrong(code.code) }));
    }
    expect(tally(outcomes)).toEqual({ rejected: 10 });
    expect(await verify(await askLoginByEmail(EMAIL))).toMatchObject({ kind: 'throttled' });
    as('opened', await verify(await askLogin()));
  });

  test('O5: a hundred wrong ones close the e-mail for a day and tell the customer of just that', async () => {
    const unlimited = { ...CONFIG.send, pauseSeconds: 0, perTargetHour: 1000, perTargetDay: 1000 };
    const { askLoginByEmail, askLogin, verify, outside } = await authOn(undefined, undefined, {
      send: unlimited,
    });
    outside.shop.add({ email: EMAIL, emailVerified: true, phone: SARA, phoneVerified: true });
    const outcomes = [];
    for (let guess = 0; guess < 100; guess++) {
      const code = await askLoginByEmail(EMAIL);
      const address = `198.51.100.${Math.floor(guess / 9)}`;
      outcomes.push(await verify({ ...code, code: wrong(code.code), address }));
    }
    expect(tally(outcomes)).toEqual({ rejected: 99, locked: 1 });
    expect(outside.notices()).toMatchObject([
      { notice: 'emailLocked', channel: 'email', to: EMAIL },
      { notice: 'emailLocked', channel: 'sms', to: SARA.e164 },
    ]);
    as('opened', await verify(await askLogin()));
  });

  test('O13: is not spent by the shop’s trouble', async () => {
    const { askLoginByEmail, verify, outside } = await authOn();
    outside.shop.add({ email: EMAIL, emailVerified: true });
    const code = await askLoginByEmail(EMAIL);
    outside.fail('customers');
    await expect(verify(code)).rejects.toThrow();
    outside.mend();
    as('opened', await verify(code));
  });

  test('records newer terms of whom it signs in, and nothing else', async () => {
    const { signIn, sent, verify, outside } = await authOn();
    const { id } = outside.shop.add({ email: EMAIL, emailVerified: true });
    const withTerms = { ...asked, acceptedTermsVersion: '2026-02' };
    as('opened', await verify(sent(await signIn.loginByEmail(withTerms, request().circumstances))));
    expect(outside.named('customers.update').map(({ args }) => args)).toEqual([
      [id, { termsVersion: '2026-02', termsAcceptedAt: expect.any(Date) }],
    ]);
  });
});
