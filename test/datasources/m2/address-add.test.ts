import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AddressWrite } from '../../../src/datasources/m2/address.ts';
import {
  attributes,
  type M2Test,
  m2Test,
  noSuchEntity,
  wireAddress,
  wireCustomer,
} from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const GET = 'GET V1/customers/7';
const PUT = 'PUT V1/customers/7';

const home: AddressWrite = {
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['King Fahd Rd', 'Olaya'],
  city: 'Jeddah',
  postcode: '12211',
  countryCode: 'SA',
  telephone: '0501234567',
};
const sentHome = {
  firstname: 'Sara',
  lastname: 'Ali',
  street: ['King Fahd Rd', 'Olaya'],
  city: 'Jeddah',
  postcode: '12211',
  country_id: 'SA',
  telephone: '0501234567',
};

function having(addresses: unknown[], changes: object = {}) {
  return { body: wireCustomer({ addresses, ...changes }) };
}

function sends(addresses: unknown[]) {
  return { customer: { id: 7, addresses } };
}

describe('adding an address', () => {
  it('writes the whole list, the others by id alone, the new one last and without flags', async () => {
    const others = [wireAddress(11), wireAddress(12)];
    const defaults = { default_billing: '11', default_shipping: '12' };
    test.expect({ request: GET, answer: having(others, defaults) });
    test.expect({
      request: PUT,
      body: sends([{ id: 11 }, { id: 12 }, sentHome]),
      answer: having([...others, wireAddress(13, { city: 'Jeddah' })], defaults),
    });
    expect(await test.m2.addresses.add('7', home)).toMatchObject({
      kind: 'added',
      address: { id: '13', city: 'Jeddah', isDefaultBilling: false, isDefaultShipping: false },
    });
  });

  it('the first one is no default unless asked for', async () => {
    test.expect({ request: GET, answer: having([]) });
    test.expect({
      request: PUT,
      body: sends([sentHome]),
      answer: having([wireAddress(13, { city: 'Jeddah' })]),
    });
    const write = {
      ...home,
      isDefaultBilling: false,
      isDefaultShipping: null,
      label: null,
      regionCode: null,
    };
    expect((await test.m2.addresses.add('7', write)).kind).toBe('added');
  });

  it('as default has exactly one true flag of each kind in the whole list', async () => {
    const others = [wireAddress(11)];
    test.expect({ request: GET, answer: having(others, { default_billing: '11', default_shipping: '11' }) });
    test.expect({
      request: PUT,
      body: sends([{ id: 11 }, { ...sentHome, default_billing: true }]),
      answer: having([...others, wireAddress(13, { city: 'Jeddah' })], {
        default_billing: '13',
        default_shipping: '11',
      }),
    });
    expect(await test.m2.addresses.add('7', { ...home, isDefaultBilling: true })).toMatchObject({
      address: { isDefaultBilling: true, isDefaultShipping: false },
    });
  });

  it('writes label, place and e-mail as text attributes, and a Saudi region by its code in the text', async () => {
    const custom_attributes = [
      { attribute_code: 'address_label', value: 'Home' },
      { attribute_code: 'latitude', value: '24.7136' },
      { attribute_code: 'longitude', value: '46.6753' },
      { attribute_code: 'email', value: 'home@example.com' },
    ];
    test.expect({ request: GET, answer: having([]) });
    test.expect({
      request: PUT,
      body: sends([{ ...sentHome, region: { region: 'SA-02' }, custom_attributes }]),
      answer: having([
        wireAddress(13, {
          city: 'Jeddah',
          region: { region_code: 'SA-02', region: 'SA-02', region_id: 0 },
          custom_attributes: attributes({
            address_label: 'Home',
            // A decimal attribute has four places.
            latitude: '24.71360000',
            longitude: '46.6753',
            email: 'home@example.com',
          }),
        }),
      ]),
    });
    const write = {
      ...home,
      label: 'Home',
      latitude: 24.7136,
      longitude: 46.6753,
      email: 'home@example.com',
      regionCode: 'SA-02',
      region: 'ignored',
    };
    expect(await test.m2.addresses.add('7', write)).toMatchObject({
      address: { region: { code: 'SA-02', name: 'Makkah' } },
    });
  });

  it('writes a region that M2 numbers by its number, asking the directory once', async () => {
    const us = { ...home, countryCode: 'US', regionCode: 'US-CA' };
    const region = { region_code: 'CA', region: 'California', region_id: 12 };
    const stored = (id: number) => wireAddress(id, { city: 'Jeddah', country_id: 'US', region });
    const sent = { ...sentHome, country_id: 'US', region: { region_id: 12 } };
    test.expect({ request: GET, answer: having([]) });
    test.expect({
      request: 'GET V1/directory/countries/US',
      answer: { body: recording('381').response.body },
    });
    test.expect({ request: PUT, body: sends([sent]), answer: having([stored(13)]) });
    await test.m2.addresses.add('7', us);
    test.expect({ request: GET, answer: having([stored(13)]) });
    test.expect({ request: PUT, body: sends([{ id: 13 }, sent]), answer: having([stored(13), stored(14)]) });
    expect(await test.m2.addresses.add('7', { ...us, regionCode: null, region: 'california' })).toMatchObject(
      {
        address: { id: '14', region: { code: 'US-CA', name: 'California' } },
      },
    );
  });

  it('with a region code that the country does not have is refused before M2 is written to', async () => {
    test.expect({ request: GET, answer: having([]) });
    test.expect({
      request: 'GET V1/directory/countries/US',
      answer: { body: recording('381').response.body },
    });
    const write = { ...home, countryCode: 'US', regionCode: 'US-XX' };
    expect(await test.m2.addresses.add('7', write)).toEqual({ kind: 'refused', field: 'regionCode' });
  });

  it.each([
    ['206', 'regionCode'],
    ['211', 'street'],
    ['214', 'street'],
    ['217', 'city'],
    ['218', 'firstName'],
    ['219', 'telephone'],
    ['220', 'postcode'],
    ['221', 'countryCode'],
    ['222', 'countryCode'],
    ['223', 'countryCode'],
    ['234', null],
  ])('refused as in recording %s names our field %s', async (number, field) => {
    const { status, body } = recording(number).response;
    test.expect({ request: GET, answer: having([]) }, { request: PUT, answer: { status, body } });
    expect(await test.m2.addresses.add('7', home)).toEqual({ kind: 'refused', field });
  });

  it('for a customer who is gone is gone', async () => {
    test.expect({ request: GET, answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.addresses.add('7', home)).toEqual({ kind: 'gone' });
    expect(await test.m2.addresses.add('../7', home)).toEqual({ kind: 'gone' });
  });

  it('A1: does not write to a customer of another website', async () => {
    test.expect({ request: GET, answer: having([], { website_id: 2 }) });
    expect(await test.m2.addresses.add('7', home)).toEqual({ kind: 'gone' });
  });

  it.each([
    ['a lost answer', { reset: true }],
    ['a 500', { status: 500, body: {} }],
    ['a maintenance page', { status: 503, text: '<html>' }],
    ['an answer of another shape', { body: { done: true } }],
    ['an answer that lacks the new one', { body: wireCustomer({ addresses: [wireAddress(11)] }) }],
    [
      'an answer that lacks another one',
      { body: wireCustomer({ addresses: [wireAddress(13, { city: 'Jeddah' })] }) },
    ],
  ])('after %s reads again and finds that it happened', async (_, answer) => {
    test.expect({ request: GET, answer: having([wireAddress(11)]) }, { request: PUT, answer });
    const after = [wireAddress(11), wireAddress(13, { city: 'Jeddah' })];
    test.expect({ request: GET, answer: having(after) });
    expect(await test.m2.addresses.add('7', home)).toMatchObject({ kind: 'added', address: { id: '13' } });
  });

  it.each([
    ['a lost answer', { reset: true }, 'UPSTREAM_UNAVAILABLE'],
    ['a 500', { status: 500, body: {} }, 'UPSTREAM_UNAVAILABLE'],
    ['an answer without it', having([wireAddress(11)]), 'UPSTREAM_INVALID'],
  ])('fails after %s where reading again shows that it did not happen', async (_, answer, code) => {
    test.expect({ request: GET, answer: having([wireAddress(11)]) }, { request: PUT, answer });
    test.expect({ request: GET, answer: having([wireAddress(11)]) });
    await expect(test.m2.addresses.add('7', home)).rejects.toMatchObject({ code });
  });

  it('fails, naming the part, where M2 keeps losing one', async () => {
    const lost = having([wireAddress(13, { city: 'Riyadh' })]);
    test.expect({ request: GET, answer: having([]) }, { request: PUT, answer: lost });
    test.expect({ request: GET, answer: lost });
    await expect(test.m2.addresses.add('7', home)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      detail: 'M2 answered an address without city',
    });
  });

  it('succeeds, and says so in the log, in a shop that lacks an attribute: the address is saved all the same', async () => {
    const dropped = having([wireAddress(13, { city: 'Jeddah' })]);
    test.expect({ request: GET, answer: having([]) }, { request: PUT, answer: dropped });
    const added = await test.m2.addresses.add('7', { ...home, label: 'Home' });
    expect(added).toMatchObject({ kind: 'added', address: { id: '13', label: null } });
    expect(test.log.lines.join('')).toContain('"attributes":["address_label"]');
  });

  it('tells whose an address is by its id alone, and asks nothing for what is no id', async () => {
    const route = 'GET V1/customers/addresses/13';
    test.expect({ request: route, answer: { status: 200, body: wireAddress(13) } });
    test.expect({ request: route, answer: noSuchEntity('addressId', 13) });
    expect(await test.m2.addresses.owner('13')).toBe('7');
    expect(await test.m2.addresses.owner('13')).toBeNull();
    expect(await test.m2.addresses.owner('../13')).toBeNull();
  });

  it.each(['159', '436'])(
    'reads and writes anew where the list has changed in between, as in recording %s',
    async (number) => {
      const { status, body } = recording(number).response;
      test.expect({ request: GET, answer: having([wireAddress(11)]) });
      test.expect({ request: PUT, body: sends([{ id: 11 }, sentHome]), answer: { status, body } });
      test.expect({ request: GET, answer: having([]) });
      test.expect({
        request: PUT,
        body: sends([sentHome]),
        answer: having([wireAddress(13, { city: 'Jeddah' })]),
      });
      expect((await test.m2.addresses.add('7', home)).kind).toBe('added');
    },
  );

  it('takes away a default that points at no address, which would have M2 refuse every list', async () => {
    test.expect({ request: GET, answer: having([], { default_billing: '99', default_shipping: '0' }) });
    const body = { customer: { id: 7, default_billing: null, addresses: [sentHome] } };
    test.expect({ request: PUT, body, answer: having([wireAddress(13, { city: 'Jeddah' })]) });
    expect((await test.m2.addresses.add('7', home)).kind).toBe('added');
  });

  it('goes on to the next one after a failure: the lock is given back', async () => {
    test.expect({ request: GET, answer: { status: 500, body: {} } });
    const failed = test.m2.addresses.add('7', home);
    const next = test.m2.addresses.add('7', home);
    await expect(failed).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    test.expect({ request: GET, answer: noSuchEntity('customerId', 7) });
    expect((await next).kind).toBe('gone');
  });
});
