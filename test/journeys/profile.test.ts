/** What customers change of themselves. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  CustomerDocument,
  type CustomerSubscriptionInput,
  SubscriptionsDocument,
  UpdateCustomerDocument,
  type UpdateCustomerInput,
  UpdateSubscriptionsDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToRegister,
  attributesOf,
  dataOf,
  enter,
  rowOf,
  saudi,
  shopOf,
  signIn,
  writesOf,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({
    OTP_PER_PHONE_HOUR: '50',
    OTP_PAUSE_SECONDS: '0',
    M2_STORE_VIEWS: 'en:default,ar:ar',
  });
});
afterAll(() => service.close());
beforeEach(() => {
  service.logged.length = 0;
});

const update = async (token: string, input: UpdateCustomerInput, language: 'en' | 'ar' = 'en') =>
  dataOf(await service.ask(UpdateCustomerDocument, { input }, { token, language })).updateCustomer;
const subscribe = async (token: string, input: CustomerSubscriptionInput[]) =>
  dataOf(await service.ask(UpdateSubscriptionsDocument, { input }, { token })).updateSubscriptions;

it('changes what is given, derives what follows from it, and keeps the rest', async () => {
  const { token } = await signIn(service, '501234567');
  const before = dataOf(await service.ask(CustomerDocument, {}, { token })).customer;
  const changed = as(
    'Customer',
    await update(token, {
      middleName: 'Mai',
      dateOfBirth: '1994-04-10',
      nationalityIsoCode: 'AE',
      occupation: 'Teacher',
      latitude: 24.7136,
      longitude: 46.6753,
      profilePicture: 'https://pictures.example.com/sara.jpg',
    }),
  );
  expect(changed).toMatchObject({
    firstName: 'Sara',
    middleName: 'Mai',
    lastName: 'Ali',
    dateOfBirth: '1994-04-10',
    dateOfBirthHijri: '1414-10-28',
    nationality: 'United Arab Emirates',
    occupation: 'Teacher',
    profilePicture: 'https://pictures.example.com/sara.jpg',
  });
  expect(writesOf(service)).toEqual(['PUT V1/customers/{id}']);
  const row = rowOf(shopOf(service), 'sara@example.com');
  expect(row).toMatchObject({ middlename: 'Mai', dob: '1994-04-10', firstname: 'Sara' });
  expect(row.addresses).toHaveLength(2);
  expect(attributesOf(row)).toMatchObject({
    dob_hijri: '1414-10-28',
    nationality_iso_code: 'AE',
    phone_verified: '1',
    latitude: '24.7136',
    longtitude: '46.6753',
  });

  const cleared = { middleName: null, dateOfBirth: null, nationalityIsoCode: null, occupation: null };
  expect(
    await update(token, { ...cleared, latitude: null, longitude: null, profilePicture: null }),
  ).toMatchObject({
    ...cleared,
    dateOfBirthHijri: null,
    nationality: null,
    profilePicture: null,
  });
  await update(token, { dateOfBirth: '1994-04-09' });
  const after = dataOf(await service.ask(CustomerDocument, {}, { token })).customer;
  expect({ ...after, updatedAt: '', dateOfBirthHijri: '' }).toEqual({
    ...before,
    updatedAt: '',
    dateOfBirthHijri: '',
  });
});

it('takes a change of language to the store view of that language', async () => {
  const { token } = await signIn(service, '501234567');
  const storeId = async () =>
    (await service.ask<{ customer: { storeId: string } }, object>('{ customer { storeId } }', {}, { token }))
      .data.customer.storeId;
  expect(await update(token, { language: 'AR' })).toMatchObject({ language: 'AR' });
  expect(rowOf(shopOf(service), 'sara@example.com').store_id).toBe(2);
  expect(await storeId()).toBe('2');
  expect(await update(token, { language: 'EN' })).toMatchObject({ language: 'EN' });
  expect(await storeId()).toBe('1');
});

it('creates a new customer in the store view of its language', async () => {
  const input = {
    phone: saudi('505550199'),
    firstName: 'Huda',
    lastName: 'Saleh',
    email: 'huda@example.com',
  };
  const asking = { language: 'ar' } as const;
  await enter(service, await askToRegister(service, input, asking), asking);
  expect(rowOf(shopOf(service), 'huda@example.com').store_id).toBe(2);
});

it('refuses what the shop requires, and says so in the language of the request', async () => {
  const { token } = await signIn(service, '501234567');
  expect(await update(token, { firstName: null, city: '<b>' }, 'ar')).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [
      { path: ['input', 'firstName'], message: 'هذا الحقل مطلوب.' },
      { path: ['input', 'city'], message: 'يُرجى عدم استخدام الرموز التعبيرية والرموز < > { }.' },
    ],
  });
  expect(writesOf(service)).toEqual([]);
});

it('leaves a patient what the hospital does not decide, and nothing else', async () => {
  const { token } = await signIn(service, '551234567');
  const refused = await update(token, {
    firstNameAr: 'سارة',
    dateOfBirth: '1990-01-01',
    nationalityIsoCode: 'AE',
    city: 'Riyadh',
  });
  expect(refused).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [
      { path: ['input', 'firstNameAr'] },
      { path: ['input', 'dateOfBirth'] },
      { path: ['input', 'nationalityIsoCode'] },
    ],
  });
  expect(writesOf(service)).toEqual([]);
  const own = { firstNameAr: 'نورة', dateOfBirth: '1985-03-15' };
  expect(await update(token, { ...own, city: 'Riyadh' })).toMatchObject({ ...own, city: 'Riyadh' });
});

it('A5: takes nothing of the identity, which has no place in the input', async () => {
  const { token } = await signIn(service, '501234567');
  for (const field of ['nationalId', 'fileNo', 'isPatient', 'phoneVerified', 'groupId', 'storeId', 'email']) {
    const { errors } = await service.ask(
      `mutation { updateCustomer(input: { ${field}: "1" }) { __typename } }`,
      {},
      { token },
    );
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  }
  expect(writesOf(service)).toEqual([]);
});

it('subscribes to the newsletter and ends it again', async () => {
  const { token } = await signIn(service, '501234567');
  const newsletter = { code: 'newsletter', name: 'النشرة البريدية', isSubscribed: false };
  const { customer } = dataOf(await service.ask(SubscriptionsDocument, {}, { token, language: 'ar' }));
  expect(customer?.subscriptions).toEqual([newsletter]);

  expect(await subscribe(token, [{ code: 'newsletter', isSubscribed: true }])).toMatchObject({
    __typename: 'Customer',
    subscriptions: [{ code: 'newsletter', name: 'Newsletter', isSubscribed: true }],
  });
  expect(rowOf(shopOf(service), 'sara@example.com').is_subscribed).toBe(true);

  expect(await subscribe(token, [{ code: 'sms', isSubscribed: true }])).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [{ path: ['input', '0', 'code'] }],
  });
  expect(await subscribe(token, [])).toMatchObject({ subscriptions: [{ isSubscribed: true }] });
  await subscribe(token, [{ code: 'newsletter', isSubscribed: false }]);
  expect(rowOf(shopOf(service), 'sara@example.com').is_subscribed).toBe(false);
});

it('changes nobody without a session', async () => {
  const { errors } = await service.ask(UpdateCustomerDocument, { input: { firstName: 'Eve' } });
  expect(errors).toMatchObject([{ path: ['updateCustomer'], extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(writesOf(service)).toEqual([]);
});

it('ends the sessions of a customer whom the shop no longer knows', async () => {
  const input = {
    phone: saudi('505550188'),
    firstName: 'Mona',
    lastName: 'Saleh',
    email: 'mona@example.com',
  };
  const { token, id } = await enter(service, await askToRegister(service, input));
  shopOf(service).customers.delete(Number(id));
  for (let round = 1; round <= 2; round++) {
    const { errors } = await service.ask(UpdateCustomerDocument, { input: { city: 'Riyadh' } }, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  }
});
