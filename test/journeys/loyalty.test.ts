/** Joining the loyalty programme with a code from the customer's own phone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ConfirmLoyaltyDocument,
  CustomerOverviewDocument,
  JoinLoyaltyDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  dataOf,
  messageTo,
  rowOf,
  sandboxOf,
  shopOf,
  signIn,
  spend,
  writesOf,
  wrongFor,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50' });
});
afterAll(() => service.close());

const loyaltyOf = async (token: string) =>
  dataOf(await service.ask(CustomerOverviewDocument, {}, { token })).customer?.loyalty;
const join = async (token: string) =>
  as('OtpChallenge', dataOf(await service.ask(JoinLoyaltyDocument, {}, { token })).joinLoyalty);
const confirm = async (token: string, otpId: string, otpCode: string | null) =>
  dataOf(await service.ask(ConfirmLoyaltyDocument, { otpId, otpCode: otpCode ?? '' }, { token }))
    .confirmLoyalty;

it('shows a member the points and what they are worth', async () => {
  const { token } = await signIn(service, '501234567');
  expect(await loyaltyOf(token)).toEqual({
    status: 'ACTIVE',
    memberId: 'LK100001',
    points: 1250,
    worth: { amount: '625.00', currency: 'SAR' },
  });
});

it('joins with a code, and not before', async () => {
  const { token, id } = await signIn(service, '502345678');
  expect(await loyaltyOf(token)).toMatchObject({ status: 'NOT_ENROLLED', memberId: null, points: 0 });
  const challenge = await join(token);
  expect(challenge.maskedDestination).toBe('+966 5•• ••• •78');
  await messageTo(sandboxOf(service), '+966502345678', `${challenge.otpCode} is your code to join Lakum`);
  expect(writesOf(service)).toEqual([]);

  const wrong = await confirm(token, challenge.otpId, wrongFor(challenge.otpCode));
  expect(wrong).toMatchObject({ __typename: 'OtpRejectedError', attemptsRemaining: 4 });
  expect(await confirm(token, challenge.otpId, '12')).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [{ path: ['otpCode'] }],
  });
  expect(shopOf(service).loyalty.has(Number(id))).toBe(false);

  expect(await confirm(token, challenge.otpId, challenge.otpCode)).toMatchObject({
    __typename: 'LoyaltyMembership',
    status: 'ACTIVE',
    memberId: `LK${100_000 + Number(id)}`,
    points: 0,
    worth: { amount: '0.00', currency: 'SAR' },
  });
  expect(writesOf(service)).toEqual(['POST V1/hmg/customers/{id}/loyalty']);
  expect(shopOf(service).loyalty.get(Number(id))).toMatchObject({ status: 'active' });
  expect(await loyaltyOf(token)).toMatchObject({ status: 'ACTIVE' });
  expect((await confirm(token, challenge.otpId, challenge.otpCode)).__typename).toBe('OtpExpiredError');
});

it('O7: a code to join opens no session, and serves nobody but the customer who asked for it', async () => {
  const sara = await signIn(service, '501234567');
  const noura = await signIn(service, '551234567');
  const challenge = await join(sara.token);
  expect((await spend(service, challenge)).__typename).toBe('OtpExpiredError');
  const { otpId, otpCode } = challenge;
  expect((await confirm(noura.token, otpId, otpCode)).__typename).toBe('OtpExpiredError');
  expect((await confirm(sara.token, otpId, otpCode)).__typename).toBe('LoyaltyMembership');
  expect(shopOf(service).loyalty.get(rowOf(shopOf(service), 'sara@example.com').id)?.points).toBe(1250);
});
