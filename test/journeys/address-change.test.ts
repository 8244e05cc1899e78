/** Changing and removing addresses: partly, by version, and with the defaults. */
import { describe, expect, it } from 'vitest';
import { addressBook, NEW } from './address-book.ts';
import { as, writesOf } from './steps.ts';

const book = addressBook();
const { list, add, change, remove, rowNow } = book;

describe('changing', () => {
  it('keeps what is left out, and null clears', async () => {
    const [home] = await list();
    const id = home?.id ?? '';
    const changed = as('CustomerAddress', await change(id, { city: 'Jeddah', label: null, region: null }));
    expect(changed).toMatchObject({
      ...home,
      __typename: 'CustomerAddress',
      city: 'Jeddah',
      label: null,
      region: null,
      version: expect.not.stringMatching(home?.version ?? ''),
    });
    expect((await list())[0]).toEqual({ ...changed, __typename: undefined });
    const row = rowNow();
    expect(row.addresses).toHaveLength(2);
    expect(row.addresses[0]).toMatchObject({ city: 'Jeddah', firstname: 'Sara', postcode: '12211' });
    expect(row.addresses[0]?.custom.has('address_label')).toBe(false);
    expect([row.default_billing, row.default_shipping]).toEqual([id, id]);
  });

  it('clears an e-mail and a map point, and moves and drops a default', async () => {
    const { id } = as('CustomerAddress', await add(NEW));
    const moved = await change(id, {
      email: null,
      latitude: null,
      longitude: null,
      isDefaultBilling: true,
      isDefaultShipping: true,
    });
    expect(moved).toMatchObject({
      email: null,
      latitude: null,
      longitude: null,
      isDefaultBilling: true,
      isDefaultShipping: true,
    });
    expect((await list()).map(({ isDefaultBilling }) => isDefaultBilling)).toEqual([false, false, true]);
    expect(await change(id, { isDefaultBilling: false })).toMatchObject({
      isDefaultBilling: false,
      isDefaultShipping: true,
    });
    expect(rowNow()).toMatchObject({ default_billing: null, default_shipping: id });
  });

  it('refuses null for what an address must have', async () => {
    const [home] = await list();
    const writes = writesOf(book.service);
    const nothing = { city: null, firstName: null, street: null, telephone: null, postcode: null };
    const { fields } = as('CustomerInputError', await change(home?.id ?? '', nothing));
    expect(fields.map(({ path }) => path.join('.')).toSorted()).toEqual([
      'input.city',
      'input.firstName',
      'input.postcode',
      'input.street',
      'input.telephone',
    ]);
    expect(writesOf(book.service)).toEqual(writes);
  });

  it('holds postcode, region and phone against the country that the address is in', async () => {
    const [home] = await list();
    const writes = writesOf(book.service);
    for (const [name, value] of [
      ['postcode', '1'],
      ['postcode', 'SW1A 1AA'],
      ['regionCode', 'US-CA'],
      ['telephone', '(415) 555-2671'],
    ] as const) {
      const { fields } = as('CustomerInputError', await change(home?.id ?? '', { [name]: value }));
      expect(fields.map(({ path }) => path)).toEqual([['input', name]]);
    }
    expect((await change('999999', { postcode: '12345' })).__typename).toBe('AddressNotFoundError');
    expect(writesOf(book.service)).toEqual(writes);

    const american = { ...NEW, countryCode: 'US', regionCode: 'US-CA', telephone: '+14155552671' };
    const { id } = as('CustomerAddress', await add(american));
    const moved = await change(id, { regionCode: 'US-NY', postcode: '10001', telephone: '(212) 555-2368' });
    expect(moved).toMatchObject({
      region: { code: 'US-NY', name: 'New York' },
      postcode: '10001',
      telephone: '(212) 555-2368',
    });
    const saudi = { countryCode: 'SA', postcode: '23431', telephone: '0501234567' };
    expect(await change(id, { ...saudi, regionCode: 'SA-02' })).toMatchObject({
      ...saudi,
      region: { code: 'SA-02', name: 'Makkah' },
    });
  });

  it('answers the address as it is now when another change came first, and writes nothing', async () => {
    const [home] = await list();
    const { id = '', version } = home ?? {};
    const first = as('CustomerAddress', await change(id, { city: 'Abha' }, version));
    const writes = writesOf(book.service);
    const late = as('AddressConflictError', await change(id, { city: 'Taif' }, version));
    expect(late.current).toMatchObject({ id, city: 'Abha', version: first.version });
    expect(late.message).toMatch(/has been changed in the meantime/);
    expect(as('AddressConflictError', await remove(id, version)).current.city).toBe('Abha');
    expect(writesOf(book.service)).toEqual(writes);
    as('CustomerAddress', await change(id, { city: 'Taif' }, late.current.version));
  });

  it('of two changes that start from one version exactly one is made', async () => {
    const [home] = await list();
    const { id = '', version } = home ?? {};
    const results = await Promise.all(['Abha', 'Taif'].map((city) => change(id, { city }, version)));
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual([
      'AddressConflictError',
      'CustomerAddress',
    ]);
  });
});

describe('removing', () => {
  it('removes one and leaves the other; a default is none afterwards', async () => {
    const [home, work] = await list();
    expect(await remove(home?.id ?? '', home?.version)).toEqual({ __typename: 'Deleted', id: home?.id });
    expect((await list()).map(({ id }) => id)).toEqual([work?.id]);
    expect(rowNow()).toMatchObject({ default_billing: null, default_shipping: null });
    expect((await remove(home?.id ?? '')).__typename).toBe('AddressNotFoundError');
  });
});
