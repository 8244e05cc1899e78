import { describe, expect, test } from 'vitest';
import { checkAddressChanges, checkNewAddress } from '../../src/inputs/address.ts';
import { checkedValue, english, places } from './rules.ts';

const home = {
  firstName: 'Sara',
  lastName: 'Al-Qahtani',
  street: ['طريق الملك فهد', 'حي العليا'],
  city: 'الرياض',
  postcode: '12345',
  countryCode: 'SA',
  telephone: '0501234567',
};

describe('a new address', () => {
  test('is complete, with null for what was not given', () => {
    expect(checkedValue(checkNewAddress(home, english))).toEqual({
      ...home,
      label: null,
      regionCode: null,
      region: null,
      email: null,
      latitude: null,
      longitude: null,
    });
  });

  test('keeps its optional parts', () => {
    const input = {
      ...home,
      label: ' Home ',
      regionCode: 'sa-01',
      region: 'ignored',
      email: 'Sara@example.com',
      latitude: 24.7,
      longitude: 46.6,
      isDefaultBilling: true,
      isDefaultShipping: null,
    };
    expect(checkedValue(checkNewAddress(input, english))).toMatchObject({
      label: 'Home',
      regionCode: 'SA-01',
      region: null,
      email: 'Sara@example.com',
      latitude: 24.7,
      longitude: 46.6,
      isDefaultBilling: true,
    });
    expect(checkedValue(checkNewAddress(input, english))).not.toHaveProperty('isDefaultShipping');
  });

  test('reports every problem at once', () => {
    const checked = checkNewAddress(
      {
        label: '{{x}}',
        firstName: '',
        lastName: '<b>',
        street: ['', 'x'.repeat(256)],
        city: ' ',
        regionCode: 'US-CA',
        postcode: '123',
        countryCode: 'SA',
        telephone: 'abc',
        email: 'x',
        latitude: 91,
        longitude: -181,
      },
      english,
    );
    expect(places(checked).sort()).toEqual(
      [
        'label',
        'firstName',
        'lastName',
        'street.0',
        'street.1',
        'city',
        'regionCode',
        'postcode',
        'telephone',
        'email',
        'latitude',
        'longitude',
      ]
        .map((name) => `input.${name}`)
        .sort(),
    );
  });

  test('has one or two lines of street, none of them blank', () => {
    const street = (lines: string[]) => places(checkNewAddress({ ...home, street: lines }, english));
    expect(street(['1'])).toEqual([]);
    expect(street([])).toEqual(['input.street']);
    expect(street(['1', '2', '3'])).toEqual(['input.street']);
    expect(street(['1', ' '])).toEqual(['input.street.1']);
    // M2 would split at the line break and then count three.
    expect(checkedValue(checkNewAddress({ ...home, street: ['a\nb', 'c'] }, english)).street).toEqual([
      'a b',
      'c',
    ]);
  });

  test('takes what real streets are called and refuses markup and emoji', () => {
    for (const line of ['#12 & 14, "A"/B (rear)', 'شارع ١٥، مبنى ٣', 'C/O Müller; Tür 3']) {
      expect(places(checkNewAddress({ ...home, street: [line] }, english)), line).toEqual([]);
    }
    for (const line of ['<script>', '{{config}}', '🏠 1', '☕ corner', 'a\u0007b']) {
      expect(places(checkNewAddress({ ...home, street: [line] }, english)), line).toEqual(['input.street.0']);
    }
  });

  test('in SA has a postcode of five digits, four more optional, in any of the region’s digits', () => {
    const postcode = (typed: string | null) => checkNewAddress({ ...home, postcode: typed }, english);
    for (const typed of ['12345', '١٢٣٤٥', '۱۲۳۴۵', ' 12345 ']) {
      expect(checkedValue(postcode(typed)).postcode).toBe('12345');
    }
    for (const typed of ['12345-6789', '123456789', '12345 6789', '١٢٣٤٥-٦٧٨٩']) {
      expect(checkedValue(postcode(typed)).postcode).toBe('12345-6789');
    }
    for (const typed of [null, '', '1234', '123456', 'ABCDE', '12345-678']) {
      expect(places(postcode(typed)), String(typed)).toEqual(['input.postcode']);
    }
  });

  test('elsewhere leaves the postcode to the shop', () => {
    const emirates = { ...home, countryCode: 'AE', telephone: '0501234567', postcode: null };
    expect(checkedValue(checkNewAddress(emirates, english)).postcode).toBeNull();
    const london = { ...home, countryCode: 'GB', telephone: '02079460000', postcode: 'SW1A 1AA' };
    expect(checkedValue(checkNewAddress(london, english)).postcode).toBe('SW1A 1AA');
  });

  test('has a region of its own country', () => {
    expect(places(checkNewAddress({ ...home, regionCode: 'AE-DU' }, english))).toEqual(['input.regionCode']);
    expect(places(checkNewAddress({ ...home, regionCode: 'SA-99' }, english))).toEqual(['input.regionCode']);
    expect(checkedValue(checkNewAddress({ ...home, region: ' Najd ' }, english))).toMatchObject({
      regionCode: null,
      region: 'Najd',
    });
  });

  test('has a telephone of its country, a landline too, in its own spelling', () => {
    const telephone = (typed: string, countryCode = 'SA') =>
      checkNewAddress({ ...home, countryCode, telephone: typed }, english);
    expect(checkedValue(telephone('٠٥٠ ١٢٣ ٤٥٦٧')).telephone).toBe('050 123 4567');
    expect(checkedValue(telephone('011 456 7890')).telephone).toBe('011 456 7890');
    expect(checkedValue(telephone('+44 7400 123456')).telephone).toBe('+44 7400 123456');
    expect(places(telephone('36001234', 'BH'))).toEqual([]);
    expect(places(telephone('36001234', 'SA'))).toEqual(['input.telephone']);
    expect(places(telephone(''))).toEqual(['input.telephone']);
  });
});

describe('changes of an address', () => {
  const changes = (input: Parameters<typeof checkAddressChanges>[0]) => checkAddressChanges(input, english);

  test('absent keeps: what is not in the input is not in the changes', () => {
    expect(checkedValue(changes({}))).toEqual({});
    expect(checkedValue(changes({ city: 'جدة' }))).toEqual({ city: 'جدة' });
    expect(
      Object.keys(checkedValue(changes({ city: undefined, street: undefined, isDefaultBilling: null }))),
    ).toEqual([]);
  });

  test('null clears what may be empty', () => {
    const cleared = { label: null, email: null, latitude: null, longitude: null };
    expect(checkedValue(changes(cleared))).toEqual(cleared);
    expect(checkedValue(changes({ label: '' }))).toEqual({ label: null });
    expect(checkedValue(changes({ countryCode: 'AE', postcode: null }))).toEqual({
      countryCode: 'AE',
      postcode: null,
    });
  });

  test('null for what M2 requires is a problem of each field', () => {
    const checked = changes({
      firstName: null,
      lastName: null,
      street: null,
      city: null,
      countryCode: null,
      telephone: null,
      postcode: null,
    });
    expect(places(checked).sort()).toEqual(
      ['firstName', 'lastName', 'street', 'city', 'countryCode', 'telephone', 'postcode']
        .map((name) => `input.${name}`)
        .sort(),
    );
    expect(places(changes({ countryCode: 'SA', postcode: null }))).toEqual(['input.postcode']);
  });

  test('a new region replaces code and name together', () => {
    expect(checkedValue(changes({ regionCode: 'SA-02' }))).toEqual({ regionCode: 'SA-02', region: null });
    expect(checkedValue(changes({ region: 'Hejaz' }))).toEqual({ regionCode: null, region: 'Hejaz' });
    expect(checkedValue(changes({ regionCode: null }))).toEqual({ regionCode: null, region: null });
    expect(places(changes({ regionCode: 'SA-02', countryCode: 'AE' }))).toEqual(['input.regionCode']);
  });

  test('default flags go both ways', () => {
    const flags = { isDefaultBilling: true, isDefaultShipping: false };
    expect(checkedValue(changes(flags))).toEqual(flags);
  });
});
