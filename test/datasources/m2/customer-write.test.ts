import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePhone } from '../../../src/values/phone.ts';
import { type M2Test, m2Test, noSuchEntity, searchOf, wireAddress, wireCustomer } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const phone = parsePhone('+966', '0501234567');
if (!phone) throw new Error('the phone of these tests is none');

function found(...items: unknown[]) {
  return { body: { items, search_criteria: {}, total_count: items.length } };
}

const SEARCH = 'GET V1/customers/search';
const BY_EMAIL = searchOf({ field: 'email', value: 'sara@example.com', condition: 'eq' });

describe('creating a customer', () => {
  const customer = {
    email: 'sara@example.com',
    firstName: 'Sara',
    lastName: 'Ali',
    phone,
    phoneVerified: true,
    isPatient: false,
    gender: 'FEMALE',
    language: 'AR',
    latitude: 24.7136,
    termsVersion: '3',
    termsAcceptedAt: new Date('2026-01-02T03:04:05Z'),
    isSubscribed: true,
  } as const;
  const sent = {
    customer: {
      website_id: 1,
      store_id: 1,
      email: 'sara@example.com',
      firstname: 'Sara',
      lastname: 'Ali',
      gender: 2,
      extension_attributes: { is_subscribed: true },
      custom_attributes: [
        { attribute_code: 'phone_number', value: '501234567' },
        { attribute_code: 'zip_code', value: '+966' },
        { attribute_code: 'phone_verified', value: 1 },
        { attribute_code: 'is_patient', value: 0 },
        { attribute_code: 'latitude', value: '24.7136' },
        { attribute_code: 'language', value: 'ar' },
        { attribute_code: 'terms_version', value: '3' },
        { attribute_code: 'terms_accepted_at', value: '2026-01-02T03:04:05.000Z' },
      ],
    },
  };
  const kept = wireCustomer({ custom_attributes: sent.customer.custom_attributes });
  const CREATE = 'POST V1/customers';

  it('names website and store in the body, and writes yes and no as 1 and 0', async () => {
    test.expect({ request: CREATE, body: sent, answer: { body: kept } });
    expect(await test.m2.customers.create(customer)).toMatchObject({
      kind: 'created',
      customer: { id: '7', phoneVerified: true, isPatient: false },
    });
  });

  it('writes - for names that nobody gave', async () => {
    const body = {
      customer: { website_id: 1, store_id: 1, firstname: '-', lastname: '-', email: 'p-1@customers.invalid' },
    };
    test.expect({ request: CREATE, body, answer: { body: wireCustomer({ firstname: '-' }) } });
    expect((await test.m2.customers.create({ email: 'p-1@customers.invalid' })).kind).toBe('created');
  });

  it.each(['019', '020'])('says that the e-mail is taken, as in recording %s', async (number) => {
    const { status, body } = recording(number).response;
    test.expect({ request: CREATE, answer: { status, body } });
    expect(await test.m2.customers.create(customer)).toEqual({ kind: 'emailTaken' });
  });

  it('says so too when a language pack words it otherwise', async () => {
    test.expect({ request: CREATE, answer: { status: 400, body: { message: 'يوجد عميل' } } });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found(wireCustomer({ id: 8 })) });
    expect(await test.m2.customers.create(customer)).toEqual({ kind: 'emailTaken' });
  });

  it('fails on any other 400', async () => {
    const { status, body } = recording('069').response;
    test.expect({ request: CREATE, answer: { status, body } });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found() });
    await expect(test.m2.customers.create(customer)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    ['a 500', { status: 500, body: { message: 'Internal Error.' } }],
    ['a lost answer', { reset: true }],
  ])('after %s takes the customer of this phone that is there for its own', async (_, answer) => {
    test.expect({ request: CREATE, answer });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found(kept) });
    expect(await test.m2.customers.create(customer)).toMatchObject({
      kind: 'created',
      customer: { id: '7' },
    });
  });

  it('after a 500 leaves the customer of another phone alone', async () => {
    test.expect({ request: CREATE, answer: { status: 500, body: {} } });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found(wireCustomer()) });
    expect(await test.m2.customers.create(customer)).toEqual({ kind: 'emailTaken' });
  });

  it('after a 500 leaves a customer alone in which somebody merely typed the phone', async () => {
    const typed = {
      ...kept,
      custom_attributes: [
        { attribute_code: 'phone_number', value: '501234567' },
        { attribute_code: 'zip_code', value: '+966' },
      ],
    };
    test.expect({ request: CREATE, answer: { status: 500, body: {} } });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found(typed) });
    expect(await test.m2.customers.create(customer)).toEqual({ kind: 'emailTaken' });
  });

  it('fails after a 500 that created nothing', async () => {
    test.expect({ request: CREATE, answer: { status: 500, body: {} } });
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found() });
    await expect(test.m2.customers.create(customer)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('goes without addresses that M2 does not take', async () => {
    const address = {
      firstName: 'S',
      lastName: 'A',
      street: ['x'],
      city: 'y',
      countryCode: 'SA',
      telephone: '1',
    };
    const body = {
      customer: {
        ...sent.customer,
        addresses: [
          { firstname: 'S', lastname: 'A', street: ['x'], city: 'y', country_id: 'SA', telephone: '1' },
        ],
      },
    };
    const { status, body: refusal } = recording('220').response;
    test.expect({ request: CREATE, body, answer: { status, body: refusal } });
    test.expect({ request: CREATE, body: sent, answer: { body: kept } });
    expect((await test.m2.customers.create({ ...customer, addresses: [address] })).kind).toBe('created');
  });

  it('reports attributes that M2 dropped without a word', async () => {
    test.expect({ request: CREATE, answer: { body: wireCustomer() } });
    await test.m2.customers.create(customer);
    expect(test.log.lines.join('')).toContain('"attributes":["phone_number","zip_code"');
  });
});

describe('changing a customer', () => {
  const GET = { request: 'GET V1/customers/7', answer: { body: wireCustomer() } };
  const PUT = 'PUT V1/customers/7';

  it('writes what changes under the id of the path, and clears with what clears there', async () => {
    const body = {
      customer: {
        id: 7,
        firstname: 'Lina',
        middlename: '',
        lastname: '-',
        gender: 3,
        dob: '',
        custom_attributes: [
          { attribute_code: 'phone_number', value: null },
          { attribute_code: 'zip_code', value: null },
          { attribute_code: 'email_verified', value: 0 },
          { attribute_code: 'occupation', value: null },
        ],
      },
    };
    test.expect(GET, { request: PUT, body, answer: { body: wireCustomer({ firstname: 'Lina' }) } });
    const changes = {
      firstName: 'Lina',
      middleName: null,
      lastName: null,
      gender: null,
      dateOfBirth: null,
      phone: null,
      emailVerified: false,
      occupation: null,
    };
    expect(await test.m2.customers.update('7', changes)).toMatchObject({
      kind: 'updated',
      customer: { firstName: 'Lina' },
    });
  });

  it('writes nothing where nothing changes', async () => {
    test.expect(GET);
    expect((await test.m2.customers.update('7', {})).kind).toBe('updated');
  });

  it('A1: does not touch a customer of another website', async () => {
    test.expect({ ...GET, answer: { body: wireCustomer({ website_id: 2 }) } });
    expect(await test.m2.customers.update('7', { firstName: 'X' })).toEqual({ kind: 'gone' });
  });

  it('says that the customer is gone, before or in between', async () => {
    test.expect({ ...GET, answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.customers.update('7', { firstName: 'X' })).toEqual({ kind: 'gone' });
    test.expect(GET, { request: PUT, answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.customers.update('7', { firstName: 'X' })).toEqual({ kind: 'gone' });
  });

  it('says that the e-mail is taken', async () => {
    const { status, body } = recording('191').response;
    test.expect(GET, { request: PUT, answer: { status, body } });
    expect(await test.m2.customers.update('7', { email: 'omar@example.com' })).toEqual({
      kind: 'emailTaken',
    });
  });

  it('adds addresses where there are none, and never where there are', async () => {
    const address = {
      firstName: 'S',
      lastName: 'A',
      street: ['x'],
      city: 'y',
      countryCode: 'SA',
      postcode: '12211',
      telephone: '1',
    };
    const body = {
      customer: {
        id: 7,
        addresses: [
          {
            firstname: 'S',
            lastname: 'A',
            street: ['x'],
            city: 'y',
            postcode: '12211',
            country_id: 'SA',
            telephone: '1',
          },
        ],
      },
    };
    test.expect(GET, { request: PUT, body, answer: { body: wireCustomer() } });
    await test.m2.customers.update('7', { addresses: [address] });
    test.expect({ ...GET, answer: { body: wireCustomer({ addresses: [wireAddress(11)] }) } });
    await test.m2.customers.update('7', { addresses: [address] });
  });
});
