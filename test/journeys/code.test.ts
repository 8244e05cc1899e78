/** One-time codes: sent, sent again, tried and spent. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HmgLoginDocument, ResendOtpDocument, VerifyOtpDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, askToLogIn, dataOf, enter, messageTo, sandboxOf, saudi, spend, wrongFor } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' });
});
afterAll(() => service.close());

it('takes the code in Arabic digits and with spaces', async () => {
  const { otpId, otpCode } = await askToLogIn(service, { phone: saudi('501234567') });
  const arabic = (otpCode ?? '').replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] ?? '');
  await enter(service, { otpId, otpCode: `${arabic.slice(0, 3)} ${arabic.slice(3)}` });
});

it('sends to the phone the very code that the sandbox shows, in the language of the request', async () => {
  const sandbox = sandboxOf(service);
  for (const [language, words] of [
    ['en', 'is your sign-in code, valid for 5 minutes'],
    ['ar', 'هو رمز الدخول، ومدة صلاحيته 5 دقائق'],
  ] as const) {
    const challenge = await askToLogIn(service, { phone: saudi('501234567') }, { language });
    const sms = await messageTo(sandbox, '+966501234567', `${challenge.otpCode} ${words}`);
    expect(sms).toMatchObject({ channel: 'sms', language });
    await enter(service, challenge);
  }
});

it('resends another code for the same challenge after the pause, and the first is void', async () => {
  const first = await askToLogIn(service, { phone: saudi('561113322') });
  const soon = dataOf(await service.ask(ResendOtpDocument, { otpId: first.otpId })).resendOtp;
  expect(as('CustomerThrottledError', soon).retryAfterSeconds).toBeGreaterThan(50);
  const unknown = dataOf(await service.ask(ResendOtpDocument, { otpId: 'nobody-has-this' })).resendOtp;
  expect(unknown).toMatchObject({ __typename: 'OtpExpiredError' });

  const hasty = await startTestService({ OTP_PAUSE_SECONDS: '0' });
  try {
    const challenge = await askToLogIn(hasty, { phone: saudi('501234567') });
    const wrong = { otpId: challenge.otpId, otpCode: wrongFor(challenge.otpCode) };
    expect(await spend(hasty, wrong)).toMatchObject({ attemptsRemaining: 4 });
    const { resendOtp } = dataOf(await hasty.ask(ResendOtpDocument, { otpId: challenge.otpId }));
    const second = as('OtpChallenge', resendOtp);
    expect(second).toMatchObject({ otpId: challenge.otpId, attemptsRemaining: 4 });
    await messageTo(sandboxOf(hasty), '+966501234567', `${second.otpCode} is your sign-in code`);
    if (challenge.otpCode !== second.otpCode) {
      expect(await spend(hasty, challenge)).toMatchObject({ attemptsRemaining: 3 });
    }
    await enter(hasty, second);
  } finally {
    await hasty.close();
  }
});

it('compares five codes and no more, and a code is spent once', async () => {
  const { otpId, otpCode } = await askToLogIn(service, { phone: saudi('551234567') });
  const left: unknown[] = [];
  for (let guess = 1; guess <= 5; guess++) {
    const rejected = await spend(service, { otpId, otpCode: wrongFor(otpCode) });
    left.push(as('OtpRejectedError', rejected).attemptsRemaining);
  }
  expect(left).toEqual([4, 3, 2, 1, 0]);
  expect(await spend(service, { otpId, otpCode })).toEqual({
    __typename: 'OtpExpiredError',
    message: 'This code is no longer valid. Please ask for a new one.',
  });

  const challenge = await askToLogIn(service, { phone: saudi('501234567') });
  await enter(service, challenge);
  expect(await spend(service, challenge)).toMatchObject({ __typename: 'OtpExpiredError' });
});

it('refuses a code of another form with its path, which costs no attempt', async () => {
  const challenge = await askToLogIn(service, { phone: saudi('501234567') });
  const { otpId } = challenge;
  for (const otpCode of ['12345', 'abcdef', '', '1234567']) {
    const { verifyOtp } = dataOf(await service.ask(VerifyOtpDocument, { input: { otpId, otpCode } }));
    expect(verifyOtp).toMatchObject({
      __typename: 'CustomerInputError',
      fields: [{ path: ['input', 'otpCode'], message: 'Enter the six digits of the code.' }],
    });
  }
  await enter(service, challenge);
});

it('answers a second code within the minute with the wait, whoever asks and for whatever', async () => {
  const phone = saudi('561113344');
  await askToLogIn(service, { phone });
  const { hmgLogin } = dataOf(await service.ask(HmgLoginDocument, { input: { phone, fileNo: '70001' } }));
  const { message, retryAfterSeconds } = as('CustomerThrottledError', hmgLogin);
  expect(message).toBe('That was a lot at once. Please try again a little later.');
  expect(retryAfterSeconds).toBeGreaterThan(50);
});

it('opens one session for fifty who give the right code at once', async () => {
  const challenge = await askToLogIn(service, { phone: saudi('501234567') });
  const results = await Promise.all(Array.from({ length: 50 }, () => spend(service, challenge)));
  expect(results.filter(({ __typename }) => __typename === 'CustomerSession')).toHaveLength(1);
});
