/** Changing the phone: a code to the new one, a notice to the old one. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import {
  ConfirmPhoneChangeDocument,
  DevicesDocument,
  LogoutAllDevicesDocument,
  RequestPhoneChangeDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToLogIn,
  attributesOf,
  dataOf,
  messageTo,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  signIn,
  spend,
  writesOf,
  wrongFor,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50', OTP_PAUSE_SECONDS: '0' });
});
afterAll(() => service.close());
beforeEach(() => {
  service.logged.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

const request = async (token: string, number: string) =>
  dataOf(await service.ask(RequestPhoneChangeDocument, { phone: saudi(number) }, { token }))
    .requestPhoneChange;
const challenge = async (token: string, number: string) => as('OtpChallenge', await request(token, number));
const confirm = async (token: string, given: { otpId: string; otpCode: string | null }) => {
  const { otpId, otpCode } = given;
  const answer = await service.ask(ConfirmPhoneChangeDocument, { otpId, otpCode: otpCode ?? '' }, { token });
  return dataOf(answer).confirmPhoneChange;
};

it('moves the customer to the new phone, tells the old one, and signs out the other devices', async () => {
  const elsewhere = await signIn(service, '502345678');
  const { token, id } = await signIn(service, '502345678');
  const asked = await challenge(token, '٠٥٠٥٥٥٠١٠٠');
  expect(asked.maskedDestination).toBe('+966 5•• ••• •00');
  const sandbox = sandboxOf(service);
  await messageTo(sandbox, '+966505550100', `${asked.otpCode} is your code to confirm this number`);
  expect(writesOf(service)).toEqual([]);

  const rejected = await confirm(token, { ...asked, otpCode: wrongFor(asked.otpCode) });
  expect(rejected).toMatchObject({ __typename: 'OtpRejectedError', attemptsRemaining: 4 });
  expect(await confirm(token, asked)).toMatchObject({
    __typename: 'Customer',
    id,
    phone: { zipCode: '+966', number: '505550100', e164: '+966505550100' },
    phoneVerified: true,
  });
  expect(attributesOf(rowOf(shopOf(service), id))).toMatchObject({
    phone_number: '505550100',
    zip_code: '+966',
    phone_verified: '1',
  });
  expect(writesOf(service)).toEqual(['PUT V1/customers/{id}']);
  await messageTo(sandbox, '+966502345678', 'has been changed to another one');
  await messageTo(sandbox, 'omar@example.com', 'has just been changed');

  const gone = await service.ask(DevicesDocument, {}, { token: elsewhere.token });
  expect(gone.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(dataOf(await service.ask(DevicesDocument, {}, { token })).devices).toHaveLength(1);
  const old = await spend(service, await askToLogIn(service, { phone: saudi('502345678') }));
  expect(old.__typename).toBe('CustomerNotRegisteredError');
  expect((await signIn(service, '505550100')).id).toBe(id);
  expect((await confirm(token, asked)).__typename).toBe('OtpExpiredError');
});

it("O9: answers alike for a phone that is another's, asks nobody, and gives it to nobody", async () => {
  const { token, id } = await signIn(service, '551234567');
  service.logged.length = 0;
  const taken = await challenge(token, '501234567');
  const upstream = service.logged.filter((line) => JSON.parse(line).upstream === 'M2');
  expect(upstream).toEqual([]);
  const free = await challenge(token, '505550177');
  expect(Object.keys(free)).toEqual(Object.keys(taken));

  const again = await challenge(token, '501234567');
  expect(await confirm(token, again)).toMatchObject({
    __typename: 'CustomerConflictError',
    field: 'phone',
    message: 'Another account already uses this phone number.',
  });
  expect(attributesOf(rowOf(shopOf(service), id)).phone_number).toBe('551234567');
  expect(writesOf(service)).toEqual([]);
});

it('is cancelled by signing out everywhere', async () => {
  const first = await signIn(service, '551234567');
  const asked = await challenge(first.token, '505550166');
  await service.ask(LogoutAllDevicesDocument, {}, { token: first.token });
  const { token } = await signIn(service, '551234567');
  expect((await confirm(token, asked)).__typename).toBe('OtpExpiredError');
  expect(writesOf(service)).toEqual([]);
});

it('S9: wants a fresh sign-in, and O11: a mobile of a country that is served', async () => {
  const { token } = await signIn(service, '551234567');
  for (const [number, path] of [
    ['112345678', ['phone', 'number']],
    ['12', ['phone', 'number']],
  ] as const) {
    expect(await request(token, number)).toMatchObject({
      __typename: 'CustomerInputError',
      fields: [{ path }],
    });
  }
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
  expect(await request(token, '505550155')).toMatchObject({
    __typename: 'RecentSignInRequiredError',
    maxAgeSeconds: 300,
  });
});

it('a code of another form than six digits costs no attempt', async () => {
  const { token } = await signIn(service, '551234567');
  const asked = await challenge(token, '505550144');
  expect(await confirm(token, { ...asked, otpCode: '12' })).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [{ path: ['otpCode'] }],
  });
  const rejected = await confirm(token, { ...asked, otpCode: wrongFor(asked.otpCode) });
  expect(rejected).toMatchObject({ attemptsRemaining: 4 });
});
