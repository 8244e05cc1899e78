/** A customer's addresses, over a shop that replaces the whole list at each change. */
import { describe, expect, it } from 'vitest';
import {
  AddAddressDocument,
  AddressDocument,
  AddressesDocument,
  CustomerOverviewDocument,
  DeleteAddressDocument,
  UpdateAddressDocument,
} from '../support/operations.ts';
import { addressBook, NEW } from './address-book.ts';
import { as, dataOf, signIn, writesOf } from './steps.ts';

const book = addressBook();
const { list, add, rowNow } = book;

describe('reading', () => {
  it('shows them in the order they were added, regions by code or by what was typed', async () => {
    expect(await list()).toMatchObject([
      {
        label: 'Home',
        street: ['King Fahd Rd 12', 'Al Olaya'],
        region: { code: 'SA-01', name: 'Riyadh', countryCode: 'SA' },
        isDefaultBilling: true,
        isDefaultShipping: true,
      },
      { label: 'Work', region: { code: null, name: 'Makkah' }, isDefaultBilling: false },
    ]);
  });

  it('answers one by its id, and null for one that is not there', async () => {
    const [home] = await list();
    const one = await book.service.ask(AddressDocument, { id: home?.id ?? '' }, { token: book.token });
    expect(dataOf(one).address).toEqual(home);
    expect(
      dataOf(await book.service.ask(AddressDocument, { id: '999999' }, { token: book.token })).address,
    ).toBeNull();
    for (const id of ['../1', '', '1,2', "1' OR 1=1"]) {
      expect(
        dataOf(await book.service.ask(AddressDocument, { id }, { token: book.token })).address,
      ).toBeNull();
    }
  });
});

describe('adding', () => {
  it('writes all of it, keeps the others and the defaults, and is read back as it was answered', async () => {
    const before = rowNow();
    const added = as('CustomerAddress', await add(NEW));
    expect(added).toMatchObject({
      ...Object.fromEntries(Object.entries(NEW).filter(([name]) => name !== 'regionCode')),
      region: { code: 'SA-04', name: 'Eastern Province' },
      countryCode: 'SA',
      isDefaultBilling: false,
      isDefaultShipping: false,
    });
    const row = rowNow();
    expect(row.addresses.slice(0, 2).map(({ id }) => id)).toEqual(before.addresses.map(({ id }) => id));
    expect([row.default_billing, row.default_shipping]).toEqual([
      before.default_billing,
      before.default_shipping,
    ]);
    expect(row.addresses[2]).toMatchObject({
      firstname: 'Sara',
      street: ['12 Palm Street', 'Second floor'],
      region: 'SA-04',
      custom: new Map([
        ['address_label', 'Parents'],
        ['latitude', '26.4207'],
        ['longitude', '50.0888'],
        ['email', 'sara@example.com'],
      ]),
    });
    expect((await list())[2]).toEqual({ ...added, __typename: undefined });
  });

  it('takes over as default only where it says so', async () => {
    const added = as('CustomerAddress', await add({ ...NEW, isDefaultShipping: true }));
    expect(added).toMatchObject({ isDefaultBilling: false, isDefaultShipping: true });
    const { customer } = dataOf(await book.service.ask(CustomerOverviewDocument, {}, { token: book.token }));
    const [home] = await list();
    expect(customer).toMatchObject({
      defaultBillingAddress: { id: home?.id },
      defaultShippingAddress: { id: added.id },
    });
    expect(rowNow().default_shipping).toBe(added.id);
  });

  it('takes a free region, regional digits and a country whose regions the shop knows', async () => {
    const typed = {
      ...NEW,
      regionCode: null,
      region: 'Hijaz',
      postcode: '٢٣٤٣١-١٢٣٤',
      telephone: '٠٥٠١٢٣٤٥٦٧',
    };
    expect(as('CustomerAddress', await add(typed))).toMatchObject({
      region: { code: null, name: 'Hijaz' },
      postcode: '23431-1234',
      telephone: '0501234567',
    });
    const american = { ...NEW, countryCode: 'US', regionCode: 'US-CA', postcode: '94103' };
    const added = as('CustomerAddress', await add({ ...american, telephone: '+1 415 555 2671' }));
    expect(added.region).toEqual({ code: 'US-CA', name: 'California', countryCode: 'US' });
  });

  it('names every problem with its path and writes nothing', async () => {
    const writes = writesOf(book.service);
    const bad = {
      ...NEW,
      firstName: '',
      street: ['ok', 'ok', 'too many'],
      city: '🏠',
      regionCode: 'US-CA',
      postcode: '123',
      telephone: '12',
      email: 'nobody',
    };
    const { fields } = as('CustomerInputError', await add(bad));
    expect(fields.map(({ path }) => path.join('.')).toSorted()).toEqual([
      'input.city',
      'input.email',
      'input.firstName',
      'input.postcode',
      'input.regionCode',
      'input.street',
      'input.telephone',
    ]);
    expect(fields.every(({ message }) => message.length > 5)).toBe(true);
    const blank = as('CustomerInputError', await add({ ...NEW, street: ['  '], postcode: null }));
    expect(blank.fields.map(({ path }) => path.join('.'))).toEqual(['input.street.0', 'input.postcode']);
    expect(writesOf(book.service)).toEqual(writes);
  });

  it('says what the shop itself wants filled in, and adds nothing', async () => {
    const { length } = await list();
    const elsewhere = { ...NEW, countryCode: 'AE', regionCode: null, city: 'Dubai', postcode: null };
    expect(as('CustomerInputError', await add(elsewhere)).fields).toEqual([
      { path: ['input', 'postcode'], message: 'Please fill this in.' },
    ]);
    expect(await list()).toHaveLength(length);
  });

  it('answers a latitude that is none without repeating it', async () => {
    const { status, data, errors } = await book.service.ask(
      AddAddressDocument,
      { input: { ...NEW, latitude: 912.5 } },
      { token: book.token },
    );
    expect([status, data]).toEqual([400, undefined]);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(JSON.stringify(errors)).not.toContain('912.5');
  });
});

describe('A1: somebody else’s address', () => {
  it('is not found for reading, changing and deleting, and nothing is written upstream', async () => {
    const omar = await signIn(book.service, '502345678');
    const [home] = await list();
    const asked = { id: home?.id ?? '', input: { city: 'Elsewhere' } };
    const before = structuredClone(rowNow());
    const writes = writesOf(book.service);
    const asOmar = { token: omar.token, language: 'ar' } as const;
    expect(dataOf(await book.service.ask(AddressDocument, asked, asOmar)).address).toBeNull();
    for (const result of [
      dataOf(await book.service.ask(UpdateAddressDocument, asked, asOmar)).updateAddress,
      dataOf(await book.service.ask(DeleteAddressDocument, asked, asOmar)).deleteAddress,
    ]) {
      expect(result).toEqual({
        __typename: 'AddressNotFoundError',
        message: 'لم يُعثر على هذا العنوان ضمن العناوين المحفوظة.',
      });
    }
    expect(writesOf(book.service)).toEqual(writes);
    expect(rowNow()).toEqual(before);
  });

  it('needs somebody to be signed in', async () => {
    const answers = await Promise.all([
      book.service.ask(AddressesDocument),
      book.service.ask(AddAddressDocument, { input: NEW }, { token: 'no.such.token' }),
    ]);
    for (const { status, errors } of answers) {
      expect(status).toBe(200);
      expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    }
  });
});
