/** Signing in with a code by e-mail. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LoginDocument, ResendOtpDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, askToLogIn, dataOf, enter, messageTo, sandboxOf, spend, writesOf, wrongFor } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PAUSE_SECONDS: '0', OTP_PER_PHONE_HOUR: '50' });
});
afterAll(() => service.close());

it('mails the code to whom has proven the address, in both forms and both languages, and signs in', async () => {
  const sandbox = sandboxOf(service);
  for (const [language, words, direction] of [
    ['en', 'is your sign-in code, valid for 5 minutes', 'ltr'],
    ['ar', 'هو رمز الدخول، ومدة صلاحيته 5 دقائق', 'rtl'],
  ] as const) {
    const challenge = await askToLogIn(service, { email: 'Lina@Example.com' }, { language });
    expect(challenge).toMatchObject({ channel: 'EMAIL', maskedDestination: 'L•••@Example.com' });
    const mail = await messageTo(sandbox, 'Lina@example.com', `${challenge.otpCode} ${words}`);
    expect(mail).toMatchObject({ channel: 'email', language });
    expect(mail.subject).not.toContain(challenge.otpCode);
    expect(mail.html).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(mail.html).toContain(`${challenge.otpCode} ${words}`);
    const session = await enter(service, challenge);
    expect(session).toMatchObject({ isNewCustomer: false, customer: { fullName: 'Lina Noor' } });
  }
  expect(writesOf(service)).toEqual([]);
});

it('leads an address that nobody has proven to register, and proves no phone by it', async () => {
  // Omar's address is in the shop, but was only ever typed.
  for (const email of ['omar@example.com', 'nobody@example.com']) {
    expect(await spend(service, await askToLogIn(service, { email }))).toEqual({
      __typename: 'CustomerNotRegisteredError',
      message:
        'No account has confirmed this e-mail address yet. Please sign in or register with your mobile number.',
      nextStep: 'REGISTER',
      phoneProof: null,
    });
  }
});

it('resends another code by e-mail, counts wrong ones, and takes the last', async () => {
  const first = await askToLogIn(service, { email: 'lina@example.com' });
  expect(await spend(service, { ...first, otpCode: wrongFor(first.otpCode) })).toMatchObject({
    attemptsRemaining: 4,
  });
  const { resendOtp } = dataOf(await service.ask(ResendOtpDocument, { otpId: first.otpId }));
  const second = as('OtpChallenge', resendOtp);
  expect(second).toMatchObject({ otpId: first.otpId, channel: 'EMAIL', attemptsRemaining: 4 });
  await messageTo(sandboxOf(service), 'lina@example.com', `${second.otpCode} is your sign-in code`);
  await enter(service, second);
});

it('O12: where it is off, is refused before anything is sent', async () => {
  const closed = await startTestService({ EMAIL_SIGN_IN: 'off' });
  try {
    const input = { email: 'lina@example.com' };
    const { login } = dataOf(await closed.ask(LoginDocument, { input }));
    expect(as('CustomerInputError', login).fields).toEqual([
      {
        path: ['input', 'email'],
        message: 'Signing in by e-mail is not available. Please use your mobile number.',
      },
    ]);
    expect(sandboxOf(closed).outbox.list()).toEqual([]);
  } finally {
    await closed.close();
  }
});
