import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attributes,
  type M2Test,
  m2Test,
  noSuchEntity,
  wireAddress,
  wireCustomer,
} from '../../support/m2.ts';

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

function having(addresses: unknown[], changes: object = {}) {
  return { body: wireCustomer({ addresses, ...changes }) };
}

function sends(addresses: unknown[]) {
  return { customer: { id: 7, addresses } };
}

describe('changing an address', () => {
  const others = [wireAddress(11), wireAddress(12)];
  const defaults = { default_billing: '12', default_shipping: '11' };

  it('sends what changes, the others by id alone, and keeps the defaults', async () => {
    test.expect({ request: GET, answer: having(others, defaults) });
    test.expect({
      request: PUT,
      body: sends([{ id: 11 }, { id: 12, city: 'Jeddah' }]),
      answer: having([wireAddress(11), wireAddress(12, { city: 'Jeddah' })], defaults),
    });
    expect(await test.m2.addresses.update('7', '12', { city: 'Jeddah' })).toMatchObject({
      kind: 'updated',
      address: { id: '12', city: 'Jeddah', isDefaultBilling: true },
    });
  });

  it('lists the changed one last, where its flag wins', async () => {
    test.expect({ request: GET, answer: having(others, defaults) });
    test.expect({
      request: PUT,
      body: sends([{ id: 12 }, { id: 11, default_billing: true }]),
      answer: having(others, { default_billing: '11', default_shipping: '11' }),
    });
    expect(await test.m2.addresses.update('7', '11', { isDefaultBilling: true })).toMatchObject({
      address: { isDefaultBilling: true, isDefaultShipping: true },
    });
  });

  it('takes a default away with false, and only where it is one', async () => {
    test.expect({ request: GET, answer: having(others, defaults) });
    test.expect({
      request: PUT,
      body: sends([{ id: 11 }, { id: 12, default_billing: false }]),
      answer: having(others, { default_billing: '0', default_shipping: '11' }),
    });
    const changes = { isDefaultBilling: false, isDefaultShipping: false };
    expect(await test.m2.addresses.update('7', '12', changes)).toMatchObject({
      address: { isDefaultBilling: false, isDefaultShipping: false },
    });
  });

  it('fails where M2 leaves the default as it was', async () => {
    const unmoved = having(others, defaults);
    test.expect({ request: GET, answer: unmoved }, { request: PUT, answer: unmoved });
    test.expect({ request: GET, answer: unmoved });
    await expect(test.m2.addresses.update('7', '12', { isDefaultBilling: false })).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    });
  });

  it('clears with null', async () => {
    const stored = wireAddress(11, {
      region: { region_code: 'SA-01', region: 'SA-01', region_id: 0 },
      custom_attributes: attributes({ address_label: 'Home', latitude: '24.7' }),
    });
    test.expect({ request: GET, answer: having([stored]) });
    test.expect({
      request: PUT,
      body: sends([
        {
          id: 11,
          region: { region_code: null, region: null, region_id: 0 },
          region_id: 0,
          custom_attributes: [
            { attribute_code: 'address_label', value: null },
            { attribute_code: 'latitude', value: null },
          ],
        },
      ]),
      answer: having([wireAddress(11)]),
    });
    const changes = { label: null, latitude: null, regionCode: null };
    expect(await test.m2.addresses.update('7', '11', changes)).toMatchObject({
      address: { label: null, latitude: null, region: null },
    });
  });

  it('to another country does not take the region along', async () => {
    const region = { region_code: 'CA', region: 'California', region_id: 12 };
    test.expect({ request: GET, answer: having([wireAddress(11, { country_id: 'US', region })]) });
    test.expect({
      request: PUT,
      body: sends([
        {
          id: 11,
          region: { region_code: null, region: null, region_id: 0 },
          region_id: 0,
          country_id: 'SA',
        },
      ]),
      answer: having([wireAddress(11)]),
    });
    expect((await test.m2.addresses.update('7', '11', { countryCode: 'SA' })).kind).toBe('updated');
  });

  it('writes nothing where all of it is so already', async () => {
    test.expect({ request: GET, answer: having(others, defaults) });
    const changes = { city: 'Riyadh', isDefaultBilling: false, isDefaultShipping: true };
    expect((await test.m2.addresses.update('7', '11', changes)).kind).toBe('updated');
  });

  it('writes a place that is a metre away', async () => {
    const at = (latitude: string) => wireAddress(11, { custom_attributes: attributes({ latitude }) });
    test.expect({ request: GET, answer: having([at('24.71360')]) });
    test.expect({
      request: PUT,
      body: sends([{ id: 11, custom_attributes: [{ attribute_code: 'latitude', value: '24.71361' }] }]),
      answer: having([at('24.71361')]),
    });
    expect((await test.m2.addresses.update('7', '11', { latitude: 24.71361 })).kind).toBe('updated');
  });

  it.each(['13', '0', '../11', '11.0', '011'])(
    'A1: "%s" is not found, and nothing is written',
    async (id) => {
      test.expect({ request: GET, answer: having(others) });
      expect(await test.m2.addresses.update('7', id, { city: 'X' })).toEqual({ kind: 'notFound' });
      test.expect({ request: GET, answer: having(others) });
      expect(await test.m2.addresses.remove('7', id)).toEqual({ kind: 'notFound' });
    },
  );

  it('of which somebody else made another is a conflict, and nothing is written', async () => {
    test.expect({ request: GET, answer: having(others) });
    const customer = await test.m2.customers.find('7');
    const version = customer?.addresses?.[0]?.version;
    const changed = having([wireAddress(11, { city: 'Taif' }), wireAddress(12)]);
    test.expect({ request: GET, answer: changed }, { request: GET, answer: changed });
    const conflict = { kind: 'conflict', current: { id: '11', city: 'Taif' } };
    expect(await test.m2.addresses.update('7', '11', { city: 'X' }, version)).toMatchObject(conflict);
    expect(await test.m2.addresses.remove('7', '11', version)).toMatchObject(conflict);
  });

  it('with the version it has goes through', async () => {
    test.expect({ request: GET, answer: having(others) });
    const version = (await test.m2.customers.find('7'))?.addresses?.[0]?.version;
    test.expect({ request: GET, answer: having(others, { default_billing: '11' }) });
    const after = having([wireAddress(11, { city: 'Taif' }), wireAddress(12)], { default_billing: '11' });
    test.expect({ request: PUT, answer: after });
    expect((await test.m2.addresses.update('7', '11', { city: 'Taif' }, version)).kind).toBe('updated');
  });
});

describe('removing an address', () => {
  const DELETE = 'DELETE V1/addresses/11';
  const before = having([wireAddress(11), wireAddress(12)], { default_billing: '11' });

  it('deletes that one alone, a default too', async () => {
    test.expect({ request: GET, answer: before }, { request: DELETE, body: null, answer: { body: true } });
    expect(await test.m2.addresses.remove('7', '11')).toEqual({ kind: 'removed' });
  });

  it('that somebody else removed in between is not found', async () => {
    test.expect({ request: GET, answer: before }, { request: DELETE, answer: noSuchEntity('addressId', 11) });
    expect(await test.m2.addresses.remove('7', '11')).toEqual({ kind: 'notFound' });
  });

  it.each([
    ['a lost answer', { reset: true }],
    ['a 500', { status: 500, body: {} }],
    ['an answer of another shape', { body: {} }],
  ])('after %s reads again to see whether it happened', async (_, answer) => {
    test.expect({ request: GET, answer: before }, { request: DELETE, answer });
    test.expect({ request: GET, answer: having([wireAddress(12)]) });
    expect(await test.m2.addresses.remove('7', '11')).toEqual({ kind: 'removed' });
    test.expect(
      { request: GET, answer: before },
      { request: DELETE, answer },
      { request: GET, answer: before },
    );
    await expect(test.m2.addresses.remove('7', '11')).rejects.toMatchObject({
      code: expect.stringMatching(/^UPSTREAM_/),
    });
  });
});
