/** A shopper without a hospital file, from the first visit to signing out. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AddressesDocument,
  CardsDocument,
  CustomerDocument,
  LogoutDocument,
  RefreshSessionDocument,
  RegisterDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToRegister,
  attributesOf,
  dataOf,
  enter,
  messageTo,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  spend,
  writesOf,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const HUDA = {
  phone: saudi('0561112233'),
  firstName: 'Huda',
  lastName: "Al-Sa'ad",
  email: 'Huda@example.com',
  gender: 'FEMALE',
  city: 'ABHA',
  acceptedTermsVersion: '2026-03',
  isSubscribed: true,
} as const;

it('registers, looks around, renews the session and signs out', async () => {
  const challenge = await askToRegister(service, HUDA);
  expect(challenge).toMatchObject({
    channel: 'SMS',
    maskedDestination: '+966 5•• ••• •33',
    expiresInSeconds: 300,
    resendInSeconds: 60,
    attemptsRemaining: 5,
  });
  expect(writesOf(service)).toEqual([]);
  const words = `${challenge.otpCode} is your registration code`;
  const sms = await messageTo(sandboxOf(service), '+966561112233', words);
  expect(sms).toMatchObject({ channel: 'sms', language: 'en' });

  const session = await enter(service, challenge);
  expect(session).toMatchObject({
    tokenType: 'Bearer',
    isNewCustomer: true,
    customer: { fullName: "Huda Al-Sa'ad", isPatient: false, isProfileCompleted: true },
  });
  expect(writesOf(service)).toEqual(['POST V1/customers']);
  const { token } = session;
  const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token }));
  expect(customer).toMatchObject({
    id: session.id,
    email: 'Huda@example.com',
    emailVerified: false,
    phone: { zipCode: '+966', number: '561112233', e164: '+966561112233' },
    phoneVerified: true,
    gender: 'FEMALE',
    country: 'SA',
    city: 'ABHA',
    language: 'EN',
    groupName: 'General',
    nationalId: null,
  });
  expect(dataOf(await service.ask(AddressesDocument, {}, { token })).addresses).toEqual([]);
  expect(dataOf(await service.ask(CardsDocument, {}, { token })).cards).toEqual([]);

  const { refreshToken } = session;
  const renewed = as(
    'CustomerSession',
    dataOf(await service.ask(RefreshSessionDocument, { refreshToken })).refreshSession,
  );
  expect(renewed.refreshToken).not.toBe(refreshToken);
  expect(dataOf(await service.ask(LogoutDocument, {}, { token: renewed.accessToken })).logout).toMatchObject({
    __typename: 'SessionsEnded',
    count: 1,
  });

  for (const ended of [token, renewed.accessToken]) {
    const { status, data, errors } = await service.ask(CustomerDocument, {}, { token: ended });
    expect([status, data]).toEqual([200, { customer: null }]);
    expect(errors).toMatchObject([{ path: ['customer'], extensions: { code: 'UNAUTHENTICATED' } }]);
  }
  const refused = await service.ask(RefreshSessionDocument, { refreshToken: renewed.refreshToken });
  expect(dataOf(refused).refreshSession).toEqual({
    __typename: 'InvalidCredentialsError',
    message: 'This sign-in has ended. Please sign in again.',
  });
});

it('leaves in the shop what was registered, the phone in one spelling and nothing proven but the phone', () => {
  const row = rowOf(shopOf(service), 'Huda@example.com');
  expect(row).toMatchObject({
    firstname: 'Huda',
    lastname: "Al-Sa'ad",
    gender: 2,
    is_subscribed: true,
    group_id: 1,
    store_id: 1,
    website_id: 1,
  });
  expect(row.secrets.passwordHash).toBeNull();
  expect(attributesOf(row)).toEqual({
    phone_number: '561112233',
    zip_code: '+966',
    phone_verified: '1',
    email_verified: '0',
    is_patient: '0',
    country: 'SA',
    city: 'ABHA',
    language: 'en',
    terms_version: '2026-03',
    terms_accepted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
});

it('signs in who registers again with the same phone, and writes nothing of the input', async () => {
  const before = structuredClone(rowOf(shopOf(service), 'Huda@example.com'));
  const writes = writesOf(service);
  const challenge = await askToRegister(service, {
    ...HUDA,
    phone: { zipCode: '00966', number: '٠٥٦١١١٢٢٣٣' },
    firstName: 'Somebody',
    email: 'else@example.com',
    isSubscribed: false,
    acceptedTermsVersion: '2027-01',
  });
  const session = await enter(service, challenge);
  expect(session).toMatchObject({ isNewCustomer: false, id: String(before.id) });
  expect(rowOf(shopOf(service), 'Huda@example.com')).toEqual(before);
  expect(writesOf(service)).toEqual(writes);
});

it('records no consent and no newsletter that nobody gave, and keeps the language of the request', async () => {
  const challenge = await askToRegister(
    service,
    { phone: saudi('561112244'), firstName: 'ليلى', lastName: 'الشهري', email: 'layla@example.com' },
    { language: 'ar' },
  );
  const session = await enter(service, challenge, { language: 'ar' });
  const row = rowOf(shopOf(service), session.id);
  expect(row).toMatchObject({ firstname: 'ليلى', is_subscribed: false });
  const { terms_version, terms_accepted_at, language } = attributesOf(row);
  expect({ terms_version, terms_accepted_at, language }).toEqual({ language: 'ar' });
});

it('knows a registering shopper for a patient when the hospital has the phone', async () => {
  const challenge = await askToRegister(service, {
    phone: saudi('552345678'),
    firstName: 'Fahad',
    lastName: 'Al-Otaibi',
    email: 'fahad.shops@example.com',
  });
  const session = await enter(service, challenge);
  expect(session).toMatchObject({ isNewCustomer: true, customer: { isPatient: true } });
  expect(attributesOf(rowOf(shopOf(service), session.id))).toMatchObject({ is_patient: '1' });
});

it('answers an e-mail that another customer has with a conflict, whose proof registers with another one', async () => {
  const input = {
    phone: saudi('561112255'),
    firstName: 'Sara',
    lastName: 'Other',
    email: 'SARA@example.com',
  };
  const before = shopOf(service).customers.size;
  const conflict = as('CustomerConflictError', await spend(service, await askToRegister(service, input)));
  expect(conflict).toMatchObject({
    field: 'email',
    message: 'Another account already uses this e-mail address.',
  });
  expect(shopOf(service).customers.size).toBe(before);

  const mended = { ...input, email: 'sara.other@example.com', phoneProof: conflict.phoneProof };
  const { register } = dataOf(await service.ask(RegisterDocument, { input: mended }));
  expect(as('CustomerSession', register)).toMatchObject({ isNewCustomer: true });
  expect(rowOf(shopOf(service), 'sara.other@example.com').custom.get('phone_number')).toBe('561112255');
});

it('names every problem of an input with its path, in the language of the request, and sends nothing', async () => {
  const sent = sandboxOf(service).outbox.list().length;
  const input = { phone: saudi('12'), firstName: ' ', lastName: '<b>', email: 'nobody' };
  const answers = await Promise.all(
    (['en', 'ar'] as const).map((language) => service.ask(RegisterDocument, { input }, { language })),
  );
  const [english, arabic] = answers.map((answer) => as('CustomerInputError', dataOf(answer).register));
  expect(english?.fields).toEqual([
    { path: ['input', 'phone', 'number'], message: 'Enter a valid mobile number.' },
    { path: ['input', 'firstName'], message: 'Please fill this in.' },
    {
      path: ['input', 'lastName'],
      message: 'Use letters, digits, spaces, hyphens, apostrophes and dots only.',
    },
    { path: ['input', 'email'], message: 'Enter a valid e-mail address.' },
  ]);
  expect(arabic?.fields.map(({ path }) => path)).toEqual(english?.fields.map(({ path }) => path));
  expect(arabic?.fields[0]?.message).toBe('يُرجى إدخال رقم جوال صحيح.');
  expect(sandboxOf(service).outbox.list().length).toBe(sent);
});
