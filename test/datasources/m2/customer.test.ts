import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { partsFor } from '../../../src/datasources/m2/customer.ts';
import { attributes, type M2Test, m2Test, wireAddress, wireCustomer } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const ATTRIBUTES = {
  phone_number: '501234567',
  zip_code: '+966',
  is_patient: '1',
  phone_verified: '1',
  email_verified: '0',
  verified_without_otp: '0',
  dob_hijri: '1410-10-22',
  firstname_ar: 'سارة',
  middlename_ar: 'م',
  lastname_ar: 'علي',
  marital_status: 'single',
  nationality: 'Saudi',
  nationality_iso_code: 'SA',
  occupation: 'Engineer',
  latitude: '24.7136',
  longtitude: '46.6753',
  profile_picture: '/m/e/me_6.png',
  national_id: '1012345672',
  file_no: 'F-1',
  id_type: '10',
  country: 'SA',
  city: 'abha',
  language: 'ar',
};
const WHOLE = {
  default_billing: '11',
  default_shipping: '0',
  dob: '1990-05-17',
  gender: 2,
  middlename: 'M',
  addresses: [wireAddress(11), wireAddress(12)],
  custom_attributes: attributes(ATTRIBUTES),
};

describe('a customer of M2', () => {
  it('is shown with all that the shop holds', async () => {
    test.expect({
      request: 'GET V1/customers/7',
      headers: { authorization: 'Bearer integration-token' },
      body: null,
      answer: { body: wireCustomer(WHOLE) },
    });
    const customer = await test.m2.customers.find('7');
    expect(customer).toMatchObject({
      id: '7',
      email: 'sara@example.com',
      emailVerified: false,
      firstName: 'Sara',
      middleName: 'M',
      lastName: 'Ali',
      fullName: 'Sara M Ali',
      firstNameAr: 'سارة',
      middleNameAr: 'م',
      lastNameAr: 'علي',
      phone: { zipCode: '+966', number: '501234567', e164: '+966501234567' },
      phoneVerified: true,
      verifiedWithoutOtp: false,
      gender: 'FEMALE',
      dateOfBirth: '1990-05-17',
      dateOfBirthHijri: '1410-10-22',
      maritalStatus: 'single',
      nationality: 'Saudi',
      nationalityIsoCode: 'SA',
      occupation: 'Engineer',
      nationalId: '1012345672',
      fileNo: 'F-1',
      idType: 10,
      isPatient: true,
      groupId: '1',
      country: 'SA',
      city: 'abha',
      latitude: 24.7136,
      longitude: 46.6753,
      profilePicture: 'https://shop.example.com/media/customer/m/e/me_6.png',
      language: 'AR',
      storeId: '1',
      websiteId: '1',
      createdIn: 'Default Store View',
      createdAt: new Date('2026-11-20T12:29:43Z'),
      updatedAt: new Date('2026-11-20T12:30:12Z'),
      isProfileCompleted: true,
      defaultBillingAddress: { id: '11' },
      defaultShippingAddress: null,
    });
    expect(customer?.addresses?.map(({ id }) => id)).toEqual(['11', '12']);
  });

  it('is shown alike where a query asks for one field, and M2 for the parts of it alone', async () => {
    const yes = attributes({ ...ATTRIBUTES, email_verified: '1', verified_without_otp: '1' });
    const { addresses, custom_attributes, extension_attributes, ...rest } = wireCustomer({
      ...WHOLE,
      default_shipping: '12',
      extension_attributes: { is_subscribed: true },
      custom_attributes: yes,
    });
    const parts = { addresses, custom_attributes, extension_attributes };
    const body = { ...rest, ...parts };
    test.expect({ request: 'GET V1/customers/7', answer: { body } });
    const whole = await test.m2.customers.find('7');
    if (!whole?.addresses?.[0]) throw new Error('there is nothing to compare with');
    const addressFields = new Set(Object.keys(whole.addresses[0]));

    for (const [field, value] of Object.entries(whole)) {
      const customerFields = new Set([field]);
      const asked = partsFor(customerFields).map((part) => [part, parts[part]]);
      const items = [{ ...rest, ...Object.fromEntries(asked) }];
      test.expect({ request: 'GET V1/customers/search', answer: { body: { items, total_count: 1 } } });
      const shown = await test.m2.customers.findMany(['7'], { customerFields, addressFields });
      expect(shown).toEqual([{ id: '7', [field]: value }]);
    }
  });

  it('has null for each stored value that is not of its form, logged by field and never by value', async () => {
    const custom_attributes = attributes({
      phone_number: '12',
      latitude: '24,7',
      longtitude: '999',
      country: 'SAU',
      nationality_iso_code: 'Saudi',
      profile_picture: 'javascript:alert(1)',
      id_type: 'passport',
      dob_hijri: '1410-13-40',
      is_patient: 'maybe',
    });
    const broken = wireCustomer({ email: 'no-address', dob: '1990-02-31', gender: 0, custom_attributes });
    test.expect({ request: 'GET V1/customers/7', answer: { body: broken } });
    expect(await test.m2.customers.find('7')).toMatchObject({
      email: null,
      phone: null,
      latitude: null,
      longitude: null,
      country: null,
      nationalityIsoCode: null,
      profilePicture: null,
      idType: null,
      dateOfBirth: null,
      dateOfBirthHijri: null,
      gender: 'NOT_SPECIFIED',
      isPatient: false,
      isProfileCompleted: false,
    });
    const logged = test.log.lines.join('');
    for (const field of [
      'latitude',
      'longtitude',
      'country',
      'profile_picture',
      'dob',
      'dob_hijri',
      'email',
    ]) {
      expect(logged).toContain(`"field":"${field}"`);
    }
    expect(logged).not.toMatch(/24,7|SAU|javascript|passport|no-address/);
  });

  it('made without e-mail and names shows neither placeholder', async () => {
    const body = wireCustomer({ email: 'p-1a2b@Customers.Invalid', firstname: '-', lastname: '-' });
    test.expect({ request: 'GET V1/customers/7', answer: { body } });
    expect(await test.m2.customers.find('7')).toMatchObject({
      email: null,
      firstName: null,
      lastName: null,
      fullName: null,
      isProfileCompleted: false,
    });
  });

  it('has whichever birth date is missing derived from the other', async () => {
    const hijriOnly = wireCustomer({ custom_attributes: attributes({ dob_hijri: '22/10/1410' }) });
    test.expect({ request: 'GET V1/customers/7', answer: { body: hijriOnly } });
    test.expect({ request: 'GET V1/customers/7', answer: { body: wireCustomer({ dob: '1990-05-17' }) } });
    const both = { dateOfBirth: '1990-05-17', dateOfBirthHijri: '1410-10-22' };
    expect(await test.m2.customers.find('7')).toMatchObject(both);
    expect(await test.m2.customers.find('7')).toMatchObject(both);
  });

  it('speaks the language of the store view where none was chosen', async () => {
    test.expect({ request: 'GET V1/customers/7', answer: { body: wireCustomer({ store_id: 2 }) } });
    expect((await test.m2.customers.find('7'))?.language).toBe('AR');
  });

  it.each([
    ['+966', '501234567'],
    ['+966', '0501234567'],
    ['966', '501234567'],
    ['00966', '0501234567'],
    ['', '+966501234567'],
    ['+966', '966501234567'],
    ['+966', '00966501234567'],
  ])('has one phone, though stored as %s and %s', async (zip_code, phone_number) => {
    const custom_attributes = attributes({ zip_code, phone_number });
    test.expect({ request: 'GET V1/customers/7', answer: { body: wireCustomer({ custom_attributes }) } });
    expect((await test.m2.customers.find('7'))?.phone?.e164).toBe('+966501234567');
  });
});
