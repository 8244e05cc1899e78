import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  as,
  authOn,
  CONFIG,
  MINUTES,
  OMAR,
  pass,
  registrationOf,
  request,
  SARA,
  stopTime,
  wrong,
} from './setup.ts';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

const login = { phone: SARA, createIfMissing: false, acceptedTermsVersion: null };

describe('asking for a code', () => {
  test('O9: answers before the outside is asked for anything, the message included', async () => {
    const { signIn, outside } = await authOn();
    const asking = request();
    const noProof = { phoneProof: null, device: null };
    await signIn.login(login, asking.circumstances);
    const registration = registrationOf('sara@example.com');
    await signIn.register({ phone: OMAR, registration, ...noProof }, asking.circumstances);
    const file = { by: 'fileNo' as const, value: 'F-1', acceptedTermsVersion: null };
    const other = { ...OMAR, e164: '+966551234569' };
    await signIn.hmgLogin({ phone: other, ...file, ...noProof }, asking.circumstances);
    expect(outside.calls).toEqual([]);
    await asking.answered();
    expect(outside.named('messenger.sendCode')).toHaveLength(3);
    expect(outside.named('patients.find')).toHaveLength(1);
    expect(outside.named('customers')).toEqual([]);
  });

  test('O9: answers alike for a phone with and without a customer, and sends to both', async () => {
    const { signIn, outside } = await authOn();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const shapes = [];
    for (const phone of [SARA, OMAR]) {
      const asking = request();
      const { challenge, ...rest } = as(
        'sent',
        await signIn.login({ ...login, phone }, asking.circumstances),
      );
      await asking.answered();
      shapes.push({
        ...rest,
        code: 'six digits',
        challenge: { ...challenge, id: 'an id', to: 'the phone' },
      });
    }
    expect(shapes[0]).toEqual(shapes[1]);
    expect(outside.messages).toHaveLength(2);
  });

  test('O8: in production the code is in the message alone', async () => {
    const { signIn, outside } = await authOn(undefined, undefined, { showsCodes: false });
    const asking = request({ language: 'ar' });
    expect(await signIn.login(login, asking.circumstances)).toMatchObject({ kind: 'sent', code: null });
    await asking.answered();
    const message = { kind: 'code', to: SARA.e164, purpose: 'login', language: 'ar' };
    expect(outside.messages).toEqual([{ ...message, code: expect.stringMatching(/^\d{6}$/) }]);
  });

  test('O6: within a minute sends nothing, and says when', async () => {
    const { signIn, outside, askLogin } = await authOn();
    await askLogin();
    pass(10);
    const asking = request();
    const answer = await signIn.login(login, asking.circumstances);
    await asking.answered();
    expect(answer).toEqual({ kind: 'throttled', retryAfterSeconds: 50 });
    expect(outside.messages).toHaveLength(1);
  });

  test('O6: after a code rightly spent sends the next at once, after a wrong one not', async () => {
    const { askLogin, verify, outside } = await authOn();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const asked = await askLogin();
    as('rejected', await verify({ ...asked, code: wrong(asked.code) }));
    await expect(askLogin()).rejects.toThrow('throttled');
    as('opened', await verify(asked));
    await askLogin();
  });

  test('O6: a message that never left may be asked for again at once', async () => {
    const { askLogin, outside } = await authOn();
    outside.fail('messenger.sendCode');
    await askLogin();
    outside.mend();
    await askLogin();
    expect(outside.messages).toHaveLength(1);
  });
});

describe('asking for it again', () => {
  test('sends another code for the same challenge, after a minute', async () => {
    const { askLogin, signIn, outside, verify, sent } = await authOn();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const { otpId } = await askLogin();
    const asking = request();
    expect(await signIn.resend(otpId, asking.circumstances)).toEqual({
      kind: 'throttled',
      retryAfterSeconds: 60,
    });
    pass(MINUTES);
    const again = sent(await signIn.resend(otpId, asking.circumstances));
    await asking.answered();
    expect(again.otpId).toBe(otpId);
    expect(outside.messages).toHaveLength(2);
    expect(await verify(again)).toMatchObject({ kind: 'opened' });
  });

  test('O2: keeps the attempts', async () => {
    const { askLogin, signIn, verify, sent } = await authOn();
    const { otpId, code } = await askLogin();
    for (let wrongs = 0; wrongs < 4; wrongs++) await verify({ otpId, code: wrong(code) });
    pass(MINUTES);
    const again = sent(await signIn.resend(otpId, request().circumstances));
    expect(await verify({ otpId, code: wrong(again.code) })).toEqual({
      kind: 'rejected',
      attemptsRemaining: 0,
    });
    expect(await verify(again)).toEqual({ kind: 'expired' });
  });

  test('O6: five times an hour at most, and a refused one is not counted', async () => {
    const { askLogin, signIn } = await authOn();
    const { otpId } = await askLogin();
    for (let resends = 1; resends < 5; resends++) {
      for (let early = 0; early < 3; early++) {
        expect((await signIn.resend(otpId, request().circumstances)).kind).toBe('throttled');
      }
      pass(MINUTES);
      expect((await signIn.resend(otpId, request().circumstances)).kind).toBe('sent');
    }
    pass(MINUTES);
    const retryAfterSeconds = 55 * MINUTES;
    expect(await signIn.resend(otpId, request().circumstances)).toEqual({
      kind: 'throttled',
      retryAfterSeconds,
    });
  });

  test('O6: too soon is not counted either when the phone itself may be written to again', async () => {
    const { askLogin, signIn, verify, outside } = await authOn();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const first = await askLogin();
    pass(MINUTES);
    const { otpId } = await askLogin();
    as('opened', await verify(first));
    for (let early = 0; early < 10; early++) {
      expect((await signIn.resend(otpId, request().circumstances)).kind).toBe('throttled');
    }
    for (let sent = 2; sent < 5; sent++) {
      pass(MINUTES);
      expect((await signIn.resend(otpId, request().circumstances)).kind).toBe('sent');
    }
  });

  test('of a challenge that is gone is not found', async () => {
    const { askLogin, signIn } = await authOn();
    const { otpId } = await askLogin();
    pass(CONFIG.challenge.ttlSeconds);
    expect(await signIn.resend(otpId, request().circumstances)).toEqual({ kind: 'expired' });
    expect(await signIn.resend('unknown', request().circumstances)).toEqual({ kind: 'expired' });
  });
});
