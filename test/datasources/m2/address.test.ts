import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributes, type M2Test, m2Test, wireAddress, wireCustomer } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const GET = 'GET V1/customers/7';

function having(addresses: unknown[], changes: object = {}) {
  return { body: wireCustomer({ addresses, ...changes }) };
}

describe('an address of M2', () => {
  async function shown(changes: Record<string, unknown>) {
    test.expect({ request: GET, answer: having([wireAddress(11, changes)], { default_shipping: '11' }) });
    const customer = await test.m2.customers.find('7');
    return customer?.addresses?.[0];
  }

  it('is shown with all that the shop holds', async () => {
    const custom_attributes = attributes({
      address_label: 'Home',
      latitude: '24.71',
      longitude: '46.67',
      email: 'home@example.com',
    });
    expect(await shown({ custom_attributes })).toEqual({
      id: '11',
      label: 'Home',
      firstName: 'Sara',
      lastName: 'Ali',
      street: ['King Fahd Rd', 'Olaya'],
      city: 'Riyadh',
      region: null,
      postcode: '12211',
      countryCode: 'SA',
      telephone: '0501234567',
      email: 'home@example.com',
      latitude: 24.71,
      longitude: 46.67,
      isDefaultBilling: false,
      isDefaultShipping: true,
      version: expect.stringMatching(/^[\w-]{12}$/),
    });
  });

  it.each([
    ['a code in the text of a Saudi one', 'SA', ['SA-01', 'SA-01', 0], ['SA-01', 'Riyadh']],
    ['a name in the text', 'SA', ['Riyadh Province', 'Riyadh Province', 0], [null, 'Riyadh Province']],
    ['a code of another country', 'SA', ['US-CA', 'US-CA', 0], [null, 'US-CA']],
    ["M2's own region", 'US', ['CA', 'California', 12], ['US-CA', 'California']],
    ["M2's own region with a code of its own", 'DE', ['BAY', 'Bayern', 81], [null, 'Bayern']],
  ])('has its region from %s', async (_, country_id, [region_code, region, region_id], [code, name]) => {
    const address = await shown({ country_id, region: { region_code, region, region_id } });
    expect(address?.region).toEqual({ code, name, countryCode: country_id });
  });

  it.each([
    ['an empty PHP array', []],
    ['null', null],
    ['left out', undefined],
  ])('has no region where that is %s', async (_, region) => {
    expect((await shown({ region }))?.region).toBeNull();
  });

  it('has null for what is not of its form', async () => {
    const custom_attributes = attributes({ latitude: '24,7', longitude: 'east', email: 'x' });
    expect(await shown({ custom_attributes })).toMatchObject({
      latitude: null,
      longitude: null,
      email: null,
    });
  });

  it('whose country is no country is not shown, and logged', async () => {
    expect(await shown({ country_id: 'SAU' })).toBeUndefined();
    expect(test.log.lines.join('')).toContain('"field":"country_id"');
  });

  it('keeps its version whatever M2 leaves out or adds, and changes it with its content', async () => {
    const first = await shown({});
    const same = await shown({ region_id: 0, custom_attributes: [], region: [] });
    const other = await shown({ city: 'Jeddah' });
    const labelled = await shown({ custom_attributes: attributes({ address_label: 'Home' }) });
    expect(same?.version).toBe(first?.version);
    expect(new Set([first, other, labelled].map((address) => address?.version)).size).toBe(3);
  });
});
