import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  connectEServices,
  type Patients,
  patientAddresses,
} from '../../../src/datasources/eservices/patient.ts';
import { parsePhone } from '../../../src/values/phone.ts';
import { type CapturedLog, capturedLog } from '../../support/m2.ts';
import { type TestUpstream, testUpstream } from '../../support/upstream.ts';

let upstream: TestUpstream;
let log: CapturedLog;
let patients: Patients;
beforeEach(async () => {
  upstream = await testUpstream();
  log = capturedLog();
  const config = { url: `${upstream.origin}/hospital`, token: 'hospital-token', timeoutMs: 300 };
  patients = connectEServices({ ...config, log: log.logger });
});
afterEach(async () => {
  expect(upstream.takeProblems()).toEqual([]);
  await upstream.close();
});

const phone = parsePhone('+966', '0501234567');
if (!phone) throw new Error('the phone of these tests is none');

const EXISTS = 'POST /hospital/api/customer/is_patient_exists';
const LOGIN = 'POST /hospital/api/customer/login';

const address = {
  firstName: 'Omar',
  lastName: 'Khan',
  email: 'omar.home@example.com',
  phoneNumber: '0509876543',
  faxNumber: '0112223333',
  company: 'Example Trading',
  city: 'Riyadh',
  country: 'SA',
  stateProvince: 'SA-01',
  address1: 'King Fahd Rd 7',
  address2: 'Olaya',
  zipPostalCode: '12211',
  latLong: '24.7136,46.6753',
};

const record = {
  fileNo: 'F-100',
  zipCode: '+966',
  phoneNo: '501234567',
  nationalID: '1012345672',
  email: 'omar@example.com',
  dateOfBirth: '1990-05-16T21:00:00.000Z',
  dateOfBirthHijri: '1410-10-22',
  name: {
    firstName: 'Omar',
    middleName: 'M',
    lastName: 'Khan',
    firstNameAr: 'عمر',
    middleNameAr: 'م',
    lastNameAr: 'خان',
  },
  maritalStatus: 2,
  maritalStatusCode: 'married',
  nationality: 'Saudi',
  nationalityISOCode: 'SA',
  occupation: 'Engineer',
  idType: 10,
  gender: 1,
  billingAddress: address,
  shippingAddress: {
    ...address,
    address1: 'Prince Sultan St 9',
    city: 'Jeddah',
    stateProvince: 'Makkah Province',
  },
};

async function found(changes: object) {
  upstream.expect({ request: LOGIN, answer: { body: { ...record, ...changes } } });
  const patient = await patients.find('nationalId', '1012345672', phone as never);
  if (!patient) throw new Error('the patient was not found');
  return patient;
}

describe('whether a patient exists', () => {
  it.each([true, false])('is asked with the number alone and answered %s', async (answer) => {
    upstream.expect({
      request: EXISTS,
      body: { phoneNo: '501234567' },
      headers: { authorization: 'Bearer hospital-token' },
      answer: { body: answer },
    });
    expect(await patients.exists(phone)).toBe(answer);
  });

  it.each([
    ['null', { body: null }],
    ['an empty body', {}],
    ['a 404', { status: 404, body: { message: 'none' } }],
    ['a 400 in HTML', { status: 400, text: '<html>' }],
  ])('is no for %s', async (_, answer) => {
    upstream.expect({ request: EXISTS, answer });
    expect(await patients.exists(phone)).toBe(false);
  });

  it.each([
    ['an object', { body: { exists: true } }],
    ['a text', { body: 'true' }],
    ['a list', { body: [] }],
    ['a number', { body: 1 }],
  ])('is UPSTREAM_INVALID for %s', async (_, answer) => {
    upstream.expect({ request: EXISTS, answer });
    await expect(patients.exists(phone)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });
});

describe('a patient', () => {
  it.each([
    ['nationalId', 'nationalId'],
    ['fileNo', 'patientId'],
  ] as const)('is asked for by %s, which the hospital calls %s', async (by, type) => {
    upstream.expect({
      request: LOGIN,
      body: { type, value: '1012345672', phone: '501234567' },
      headers: { authorization: 'Bearer hospital-token' },
      answer: { body: record },
    });
    expect((await patients.find(by, '1012345672', phone))?.fileNo).toBe('F-100');
  });

  it('has every field of the record, both addresses included', async () => {
    const billing = {
      firstName: 'Omar',
      lastName: 'Khan',
      street: ['King Fahd Rd 7', 'Olaya'],
      city: 'Riyadh',
      regionCode: 'SA-01',
      region: 'SA-01',
      postcode: '12211',
      countryCode: 'SA',
      telephone: '0509876543',
      company: 'Example Trading',
      fax: '0112223333',
      email: 'omar.home@example.com',
      latitude: 24.7136,
      longitude: 46.6753,
    };
    expect(await found({})).toEqual({
      fileNo: 'F-100',
      nationalId: '1012345672',
      phone,
      email: 'omar@example.com',
      dateOfBirth: '1990-05-17',
      dateOfBirthHijri: '1410-10-22',
      firstName: 'Omar',
      middleName: 'M',
      lastName: 'Khan',
      firstNameAr: 'عمر',
      middleNameAr: 'م',
      lastNameAr: 'خان',
      maritalStatus: 'married',
      nationality: 'Saudi',
      nationalityIsoCode: 'SA',
      occupation: 'Engineer',
      idType: 10,
      gender: 'MALE',
      billingAddress: { ...billing, isDefaultBilling: true },
      shippingAddress: {
        ...billing,
        street: ['Prince Sultan St 9', 'Olaya'],
        city: 'Jeddah',
        regionCode: null,
        region: 'Makkah Province',
        isDefaultShipping: true,
      },
    });
  });

  it.each([
    ['1990-05-16T20:59:59Z', '1990-05-16'],
    ['1990-05-16T21:00:00Z', '1990-05-17'],
    ['1990-05-17T00:00:00+03:00', '1990-05-17'],
    ['1990-05-17T00:00:00', '1990-05-17'],
    ['0001-01-01T00:00:00', null],
  ])('born at %s is born on %s in Riyadh', async (dateOfBirth, day) => {
    expect((await found({ dateOfBirth, dateOfBirthHijri: null })).dateOfBirth).toBe(day);
  });

  it('has whichever birth date is missing derived from the other', async () => {
    const both = { dateOfBirth: '1990-05-17', dateOfBirthHijri: '1410-10-22' };
    expect(await found({ dateOfBirth: null })).toMatchObject(both);
    expect(await found({ dateOfBirthHijri: '' })).toMatchObject(both);
  });

  it.each([
    [1, 'MALE'],
    [2, 'FEMALE'],
    [0, 'NOT_SPECIFIED'],
    [null, 'NOT_SPECIFIED'],
    ['2', 'FEMALE'],
  ])('whose gender is %s is %s', async (gender, ours) => {
    expect((await found({ gender })).gender).toBe(ours);
  });

  it('has null for what is missing, blank or not of its form, which is logged without its value', async () => {
    const patient = await found({
      email: 'not-an-address',
      nationalityISOCode: 'Saudi',
      dateOfBirth: 'soon',
      dateOfBirthHijri: 'later',
      phoneNo: '12',
      name: null,
      occupation: '  ',
      maritalStatusCode: '',
      billingAddress: null,
      shippingAddress: undefined,
    });
    expect(patient).toMatchObject({
      email: null,
      nationalityIsoCode: null,
      dateOfBirth: null,
      dateOfBirthHijri: null,
      phone: null,
      firstName: null,
      occupation: null,
      maritalStatus: '2',
      billingAddress: null,
      shippingAddress: null,
    });
    expect(log.lines.join('')).not.toMatch(/not-an-address|soon|later|1012345672|F-100/);
  });

  it.each([
    ['SAU', 'SA'],
    ['Saudi Arabia', 'SA'],
    ['المملكة العربية السعودية', 'SA'],
    ['', 'SA'],
    ['ae', 'AE'],
  ])('lives in the country that "%s" is', async (country, code) => {
    const { billingAddress } = await found({ billingAddress: { ...address, country } });
    expect(billingAddress?.countryCode).toBe(code);
  });

  it.each([
    ['an unknown country', { country: 'Atlantis' }],
    ['no street', { address1: '', address2: null }],
    ['no city', { city: '' }],
    ['no postcode in Saudi Arabia', { zipPostalCode: '' }],
  ])('has no address that the shop could keep with %s', async (_, changes) => {
    const patient = await found({ billingAddress: { ...address, ...changes } });
    expect(patient.billingAddress).toBeNull();
    expect(patient.shippingAddress).not.toBeNull();
  });

  it('fills names and phone of an address from the person', async () => {
    const bare = { ...address, firstName: '', lastName: null, phoneNumber: null, latLong: 'unknown' };
    expect((await found({ billingAddress: bare })).billingAddress).toMatchObject({
      firstName: 'Omar',
      lastName: 'Khan',
      telephone: '+966501234567',
      latitude: null,
      longitude: null,
    });
  });

  it('with the same address twice has one for both uses', async () => {
    const patient = await found({ shippingAddress: address });
    expect(patientAddresses(patient)).toEqual([
      expect.objectContaining({ city: 'Riyadh', isDefaultBilling: true, isDefaultShipping: true }),
    ]);
    expect(patientAddresses(await found({}))).toHaveLength(2);
    expect(patientAddresses(await found({ billingAddress: null }))).toHaveLength(1);
  });

  it.each([
    ['null', { body: null }],
    ['an empty body', {}],
    ['a 204', { status: 204 }],
    ['a 400', { status: 400, body: { message: 'wrong' } }],
    ['a 401', { status: 401, body: {} }],
    ['a 404 in HTML', { status: 404, text: '<html>' }],
    ['a 422', { status: 422, text: 'no' }],
  ])('is none for %s', async (_, answer) => {
    upstream.expect({ request: LOGIN, answer });
    expect(await patients.find('fileNo', 'F-100', phone)).toBeNull();
  });

  it.each([
    ['a list', { body: [] }],
    ['a bare true', { body: true }],
    ['an empty object', { body: {} }],
    ['a message', { body: { message: 'not found' } }],
    ['a name that is text', { body: { ...record, name: 'Omar Khan' } }],
    ['an address that is text', { body: { ...record, billingAddress: 'Riyadh' } }],
    ['an ID that is a list', { body: { ...record, nationalID: ['1012345672'] } }],
  ])('is UPSTREAM_INVALID for %s, whose values stay out of the failure', async (_, answer) => {
    upstream.expect({ request: LOGIN, answer });
    const failure = await patients.find('fileNo', 'F-100', phone).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'UPSTREAM_INVALID',
      detail: expect.stringMatching(/^a patient: /),
    });
    expect(JSON.stringify(failure)).not.toMatch(/Omar|Riyadh|1012345672/);
  });

  it.each([
    ['a 500', { status: 500, body: {} }],
    ['a 503 in HTML', { status: 503, text: '<html>' }],
    ['HTML', { text: '<html>' }],
    ['a broken connection', { reset: true }],
    ['an answer that takes too long', { body: record, delayMs: 800 }],
  ])('O13: %s is UPSTREAM_UNAVAILABLE, never "no such patient"', async (_, answer) => {
    upstream.expect({ request: LOGIN, answer });
    await expect(patients.find('fileNo', 'F-100', phone)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });
});
