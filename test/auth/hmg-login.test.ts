import { describe, expect, test } from 'vitest';
import type { Patient } from '../../src/auth/ports.ts';
import { as, authOn, CONFIG, OMAR, SARA, tally } from './setup.ts';

const ID = '1000000008';
const OTHER_ID = '1000000016';
const RECORD: Partial<Patient> = {
  fileNo: 'F-1',
  nationalId: ID,
  idType: 1,
  email: 'sara.patient@example.com',
  firstName: 'Sara',
  middleName: 'M',
  lastName: 'Patient',
  firstNameAr: 'سارة',
  lastNameAr: 'مثال',
  dateOfBirth: '1990-05-17',
  dateOfBirthHijri: '1410-10-22',
  gender: 'FEMALE',
  maritalStatus: 'Single',
  nationality: 'Saudi',
  nationalityIsoCode: 'SA',
};
const address = (city: string) => ({
  firstName: 'Sara',
  lastName: 'Patient',
  street: ['1 Example Street'],
  city,
  countryCode: 'SA',
  postcode: '12345',
  telephone: SARA.e164,
});

async function hospitalOf(record: Partial<Patient> = RECORD, send = CONFIG.send) {
  const auth = await authOn(undefined, undefined, { send });
  auth.outside.addPatient(SARA, record);
  return { ...auth, prove: async () => auth.verify(await auth.askHmgLogin()) };
}

describe('a patient whom the shop does not know', () => {
  test('becomes a customer of the hospital’s word, with a proven phone and an unproven e-mail', async () => {
    const { prove, outside } = await hospitalOf();
    expect(await prove()).toMatchObject({ kind: 'opened', isNewCustomer: true });
    expect(outside.shop.sole()).toMatchObject({
      ...RECORD,
      phone: SARA,
      phoneVerified: true,
      emailVerified: false,
      isPatient: true,
    });
  });

  test('is not created before the code is spent, but looked up while the person waits for it', async () => {
    const { askHmgLogin, verify, outside } = await hospitalOf();
    const asked = await askHmgLogin();
    expect(outside.named('patients.find').map(({ args }) => args)).toEqual([['fileNo', 'F-1', SARA]]);
    expect(outside.named('customers')).toEqual([]);
    as('opened', await verify(asked));
    expect(outside.named('patients.find')).toHaveLength(1);
  });

  test('of whom little is recorded becomes one with placeholders', async () => {
    const { prove, outside } = await hospitalOf({ fileNo: 'F-1' });
    as('opened', await prove());
    const created = outside.shop.sole();
    expect(created).toMatchObject({ firstName: '-', lastName: '-', fileNo: 'F-1', isPatient: true });
    expect(created.email).toMatch(/@customers\.invalid$/);
    expect(created).not.toHaveProperty('nationalId');
    expect(created).not.toHaveProperty('gender');
  });

  test('gets no e-mail that another customer has', async () => {
    const { prove, outside } = await hospitalOf();
    outside.shop.add({ email: 'Sara.Patient@example.com' });
    const { session } = as('opened', await prove());
    expect(outside.shop.rows.get(session.customerId)?.email).toMatch(/@customers\.invalid$/);
  });

  test('gets both addresses, one for billing and one for shipping', async () => {
    const { prove, outside } = await hospitalOf({
      ...RECORD,
      billingAddress: address('Riyadh'),
      shippingAddress: address('Jeddah'),
    });
    as('opened', await prove());
    expect(outside.shop.sole().addresses).toMatchObject([
      { city: 'Riyadh', isDefaultBilling: true, isDefaultShipping: false },
      { city: 'Jeddah', isDefaultBilling: false, isDefaultShipping: true },
    ]);
  });

  test('gets an address that serves for both once', async () => {
    const both = address('Riyadh');
    const first = await hospitalOf({ ...RECORD, billingAddress: both, shippingAddress: { ...both } });
    as('opened', await first.prove());
    expect(first.outside.shop.sole().addresses).toEqual([
      { ...both, isDefaultBilling: true, isDefaultShipping: true },
    ]);
  });

  test('is created once when both identifiers are used at once', async () => {
    const { askHmgLogin, verify, outside } = await hospitalOf(RECORD, { ...CONFIG.send, pauseSeconds: 0 });
    const asked = [await askHmgLogin(SARA, 'fileNo', 'F-1'), await askHmgLogin(SARA, 'nationalId', ID)];
    const outcomes = await Promise.all(asked.map(verify));
    expect(tally(outcomes)).toEqual({ opened: 2 });
    expect(outside.shop.sole()).toMatchObject({ fileNo: 'F-1', nationalId: ID });
  });
});

describe('a patient whom the shop knows', () => {
  test.each([
    ['the file number', { fileNo: 'F-1' }],
    ['the national ID', { nationalId: ID }],
    ['the proven phone', { phone: SARA, phoneVerified: true }],
  ])('by %s is signed in and updated, without a second customer', async (_, known) => {
    const { prove, outside } = await hospitalOf();
    const { id } = outside.shop.add(known);
    const opened = as('opened', await prove());
    expect(opened).toMatchObject({ isNewCustomer: false, session: { customerId: id } });
    const { dateOfBirth, firstNameAr, maritalStatus, nationality } = RECORD;
    expect(outside.shop.sole()).toMatchObject({
      ...{ fileNo: 'F-1', nationalId: ID, dateOfBirth, firstNameAr, maritalStatus, nationality },
      ...{ phone: SARA, phoneVerified: true, isPatient: true },
    });
  });

  test('is matched by file number before national ID, and by national ID before phone', async () => {
    const { prove, outside } = await hospitalOf();
    const { id } = outside.shop.add({ fileNo: 'F-1' });
    outside.shop.add({ nationalId: ID });
    expect(await prove()).toMatchObject({ session: { customerId: id } });
  });

  test('keeps the e-mail and the names that the shop has', async () => {
    const { prove, outside } = await hospitalOf();
    outside.shop.add({ fileNo: 'F-1', email: 'own@example.com', firstName: 'Own', lastName: 'Name' });
    as('opened', await prove());
    expect(outside.shop.sole()).toMatchObject({
      email: 'own@example.com',
      firstName: 'Own',
      lastName: 'Name',
    });
  });

  test('gets e-mail and names in place of placeholders, the e-mail only where nobody else has it', async () => {
    const placeholders = { fileNo: 'F-1', email: 'p-1@customers.invalid', firstName: '-', lastName: '-' };
    const free = await hospitalOf();
    free.outside.shop.add(placeholders);
    as('opened', await free.prove());
    const { email, firstName, lastName } = RECORD;
    expect(free.outside.shop.sole()).toMatchObject({ email, firstName, lastName, emailVerified: false });

    const taken = await hospitalOf();
    taken.outside.shop.add({ email: 'sara.patient@example.com' });
    const { id } = taken.outside.shop.add(placeholders);
    as('opened', await taken.prove());
    expect(taken.outside.shop.rows.get(id)?.email).toMatch(/@customers\.invalid$/);
  });

  test('loses nothing of which the hospital does not speak', async () => {
    const { prove, outside } = await hospitalOf({ fileNo: 'F-1' });
    outside.shop.add({ fileNo: 'F-1', nationality: 'Saudi', gender: 'FEMALE', nationalId: ID });
    as('opened', await prove());
    expect(outside.shop.sole()).toMatchObject({ nationality: 'Saudi', gender: 'FEMALE', nationalId: ID });
  });

  test('gets the addresses of the record only when there are none', async () => {
    const { prove, outside } = await hospitalOf({ ...RECORD, billingAddress: address('Riyadh') });
    outside.shop.add({ fileNo: 'F-1', addresses: [address('Dammam')] });
    as('opened', await prove());
    expect(outside.shop.sole().addresses).toMatchObject([{ city: 'Dammam' }]);
  });
});

describe('never a merge', () => {
  test.each([
    ['another national ID', { nationalId: OTHER_ID }, 'nationalId'],
    ['another file', { fileNo: 'F-2' }, 'fileNo'],
  ])('a phone whose customer has %s is a conflict', async (_, known, field) => {
    const { prove, outside, sessions } = await hospitalOf();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true, ...known });
    expect(await prove()).toMatchObject({ kind: 'conflict', field });
    expect(outside.named('customers.update')).toEqual([]);
    expect(await sessions.list(id)).toEqual([]);
  });

  test('a patient known by ID, with the phone of another customer, is a conflict', async () => {
    const { prove, outside } = await hospitalOf();
    outside.shop.add({ fileNo: 'F-1' });
    outside.shop.add({ phone: SARA, phoneVerified: true });
    expect(await prove()).toMatchObject({ kind: 'conflict', field: 'phone' });
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('a phone that somebody merely typed is no conflict and no match', async () => {
    const { prove, outside } = await hospitalOf();
    const { id } = outside.shop.add({ phone: SARA, nationalId: OTHER_ID });
    const opened = as('opened', await prove());
    expect(opened.isNewCustomer).toBe(true);
    expect(opened.session.customerId).not.toBe(id);
  });

  test('of several customers with one ID the proven one is meant, else it is a conflict', async () => {
    const { prove, outside } = await hospitalOf();
    outside.shop.add({ fileNo: 'F-1' });
    const { id } = outside.shop.add({ fileNo: 'F-1', phone: SARA, phoneVerified: true });
    expect(await prove()).toMatchObject({ session: { customerId: id } });
    outside.shop.add({ fileNo: 'F-1', phone: OMAR, phoneVerified: true });
    expect(await prove()).toMatchObject({ kind: 'conflict', field: 'fileNo' });
  });
});
