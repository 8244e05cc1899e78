/** Patients of the hospital: how the hospital's word and the shop's customer come together. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AddressesDocument, CustomerDocument, HmgLoginDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askForPatient,
  attributesOf,
  dataOf,
  enter,
  rowOf,
  saudi,
  shopOf,
  spend,
  writesOf,
} from './steps.ts';

const NOURA = { phone: saudi('551234567'), nationalId: '1088123458' };
const FAHAD = { phone: saudi('0552345678'), nationalId: '1097543217' };
const OMAR = { phone: saudi('502345678'), fileNo: '70003' };

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' });
});
afterAll(() => service.close());

describe('a patient whom the shop does not know', () => {
  it('becomes a customer by national ID, with every field of the record and nothing before the code', async () => {
    const challenge = await askForPatient(service, { ...FAHAD, acceptedTermsVersion: '3' });
    expect(writesOf(service)).toEqual([]);
    const session = await enter(service, challenge, { language: 'ar' });
    expect(session).toMatchObject({
      isNewCustomer: true,
      customer: { fullName: 'Fahad Nasser Al-Otaibi', isPatient: true, isProfileCompleted: true },
    });

    const row = rowOf(shopOf(service), session.id);
    expect(row).toMatchObject({
      email: 'fahad@example.com',
      firstname: 'Fahad',
      middlename: 'Nasser',
      lastname: 'Al-Otaibi',
      dob: '1992-11-02',
      gender: 1,
      is_subscribed: false,
    });
    expect(attributesOf(row)).toMatchObject({
      phone_number: '552345678',
      zip_code: '+966',
      phone_verified: '1',
      email_verified: '0',
      is_patient: '1',
      national_id: '1097543217',
      file_no: '70002',
      id_type: '1',
      dob_hijri: '1413-05-07',
      firstname_ar: 'فهد',
      middlename_ar: 'ناصر',
      lastname_ar: 'العتيبي',
      marital_status: 'S',
      nationality: 'Saudi Arabia',
      nationality_iso_code: 'SA',
      occupation: 'Engineer',
      terms_version: '3',
      terms_accepted_at: expect.any(String),
    });
  });

  it('has both addresses of the record in the shop, each with its default, place and company', () => {
    const row = rowOf(shopOf(service), 'fahad@example.com');
    const [home, office, ...others] = row.addresses;
    expect(others).toEqual([]);
    expect(home).toMatchObject({
      firstname: 'Fahad',
      lastname: 'Al-Otaibi',
      street: ['Prince Turki St 18', 'Al Hada'],
      city: 'Riyadh',
      region: 'Riyadh',
      country_id: 'SA',
      postcode: '12912',
      telephone: '0552345678',
      company: null,
      custom: new Map([
        ['latitude', '24.6782'],
        ['longitude', '46.626'],
        ['email', 'fahad@example.com'],
      ]),
    });
    expect(office).toMatchObject({
      street: ['King Faisal Rd 3'],
      city: 'Al Khobar',
      region: 'Eastern Province',
      postcode: '34423',
      company: 'Example Trading',
    });
    expect([row.default_billing, row.default_shipping]).toEqual([String(home?.id), String(office?.id)]);
  });

  it('sees all of it, and signs in again by file number without a second customer', async () => {
    const count = shopOf(service).customers.size;
    const { phone } = FAHAD;
    const session = await enter(service, await askForPatient(service, { phone, fileNo: '٧٠٠٠٢' }));
    expect(session.isNewCustomer).toBe(false);
    expect(shopOf(service).customers.size).toBe(count);
    const { token } = session;
    const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token }));
    expect(customer).toMatchObject({
      nationalId: '1097543217',
      fileNo: '70002',
      idType: 1,
      dateOfBirth: '1992-11-02',
      dateOfBirthHijri: '1413-05-07',
      gender: 'MALE',
      firstNameAr: 'فهد',
    });
    const { addresses } = dataOf(await service.ask(AddressesDocument, {}, { token }));
    expect(addresses).toMatchObject([
      {
        region: { code: null, name: 'Riyadh' },
        latitude: 24.6782,
        longitude: 46.626,
        isDefaultBilling: true,
        isDefaultShipping: false,
      },
      {
        region: { code: null, name: 'Eastern Province' },
        latitude: 26.2794,
        isDefaultBilling: false,
        isDefaultShipping: true,
      },
    ]);
  });
});

describe('a patient who is a customer already', () => {
  it('keeps e-mail and names, gets the hospital’s identity, and the addresses when there were none', async () => {
    const row = rowOf(shopOf(service), 'noura@example.com');
    Object.assign(row, { email: 'noura.q@example.com', firstname: 'Nora', dob: '1984-01-01' });
    row.custom.set('nationality_iso_code', 'KW').set('firstname_ar', 'نورا').set('city', 'ABHA');
    const session = await enter(service, await askForPatient(service, NOURA));
    expect(session).toMatchObject({ isNewCustomer: false, id: String(row.id) });
    const after = rowOf(shopOf(service), session.id);
    expect(after).toMatchObject({
      email: 'noura.q@example.com',
      firstname: 'Nora',
      lastname: 'Al-Qahtani',
      dob: '1985-03-15',
      gender: 2,
    });
    expect(attributesOf(after)).toMatchObject({
      email_verified: '1',
      firstname_ar: 'نورة',
      middlename_ar: 'سعد',
      nationality_iso_code: 'SA',
      marital_status: 'M',
      occupation: 'Teacher',
      city: 'ABHA',
      national_id: '1088123458',
    });
    expect(after.addresses.map(({ city }) => city)).toEqual(['Riyadh', 'Al Khobar']);
  });

  it('is left alone with own addresses at the next sign-in', async () => {
    const row = rowOf(shopOf(service), 'noura.q@example.com');
    row.addresses = row.addresses.slice(0, 1);
    row.default_shipping = null;
    const { id } = await enter(service, await askForPatient(service, NOURA));
    expect(rowOf(shopOf(service), id).addresses.map(({ city }) => city)).toEqual(['Riyadh']);
  });

  it('is found by the phone alone when the shop knew nothing of the file, and linked to it', async () => {
    const before = rowOf(shopOf(service), 'omar@example.com');
    const session = await enter(service, await askForPatient(service, OMAR));
    expect(session).toMatchObject({
      isNewCustomer: false,
      id: String(before.id),
      customer: { isPatient: true },
    });
    const after = rowOf(shopOf(service), session.id);
    expect(after).toMatchObject({ email: 'omar@example.com', dob: '1978-07-20', addresses: [] });
    expect(attributesOf(after)).toMatchObject({
      phone_number: '502345678',
      zip_code: '+966',
      national_id: '2345678904',
      file_no: '70003',
      is_patient: '1',
      nationality_iso_code: 'PK',
      // Umm al-Qura, for the hospital gave the other calendar only.
      dob_hijri: '1398-08-14',
    });
  });
});

describe('what does not fit', () => {
  it('answers an unknown ID, and a known one with another phone, alike and without a write', async () => {
    const writes = writesOf(service);
    const strangers = [
      { phone: saudi('561114400'), nationalId: '1000000008' },
      { phone: saudi('561114400'), nationalId: NOURA.nationalId },
      { phone: saudi('561114400'), fileNo: '70001' },
    ];
    for (const input of strangers) {
      const refused = as(
        'PatientNotFoundError',
        await spend(service, await askForPatient(service, input), { language: 'ar' }),
      );
      expect(refused.message).toBe('لم يُعثر لدى المستشفى على مريض بهذه البيانات ورقم الجوال هذا.');
    }
    expect(writesOf(service)).toEqual(writes);
  });

  it.each([
    ['nationalId', 'national_id', '1000000008'],
    ['fileNo', 'file_no', '99999'],
  ] as const)(
    'never merges: a phone whose customer has another %s is a conflict',
    async (field, code, other) => {
      const row = rowOf(shopOf(service), 'omar@example.com');
      const known = new Map(row.custom);
      row.custom.delete('national_id');
      row.custom.delete('file_no');
      row.custom.set(code, other);
      const before = structuredClone(row);
      const conflict = as('CustomerConflictError', await spend(service, await askForPatient(service, OMAR)));
      expect(conflict).toMatchObject({
        field,
        message:
          'This phone number belongs to an account with another patient file. Please contact our customer service.',
      });
      expect(rowOf(shopOf(service), 'omar@example.com')).toEqual(before);
      row.custom = known;
    },
  );

  it('takes exactly one of national ID and file number, with a check digit', async () => {
    const { phone } = OMAR;
    const inputs = [
      { phone },
      { phone, nationalId: '1000000008', fileNo: '1' },
      { phone, nationalId: '1000000009' },
    ];
    const paths = [];
    for (const input of inputs) {
      const { hmgLogin } = dataOf(await service.ask(HmgLoginDocument, { input }));
      paths.push(as('CustomerInputError', hmgLogin).fields.map(({ path }) => path.join('.')));
    }
    expect(paths).toEqual([['input'], ['input'], ['input.nationalId']]);
  });
});
