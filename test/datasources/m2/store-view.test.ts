import { afterEach, describe, expect, it } from 'vitest';
import { attributes, type M2Test, m2Test, wireCustomer } from '../../support/m2.ts';

let test: M2Test;
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const GET = { request: 'GET V1/customers/7', answer: { body: wireCustomer() } };
const CREATE = 'POST V1/customers';
const PUT = 'PUT V1/customers/7';
const BOTH = { en: 'default', ar: 'ar' };

const language = (value: string) => attributes({ language: value });
const kept = (value: string, storeId: number) => ({
  body: wireCustomer({ store_id: storeId, custom_attributes: language(value) }),
});

describe('with a store view for each language', () => {
  it('a new customer is created in that of the language', async () => {
    test = await m2Test({ storeViews: BOTH });
    const names = { firstname: '-', lastname: '-', email: 'sara@example.com' };
    for (const [spoken, store_id] of [
      ['EN', 1],
      ['AR', 2],
    ] as const) {
      const custom_attributes = language(spoken.toLowerCase());
      const body = { customer: { website_id: 1, store_id, ...names, custom_attributes } };
      test.expect({ request: CREATE, body, answer: kept(spoken.toLowerCase(), store_id) });
      const created = await test.m2.customers.create({ email: 'sara@example.com', language: spoken });
      expect(created).toMatchObject({ customer: { language: spoken, storeId: String(store_id) } });
    }
  });

  it('a change of language takes the customer to the other view', async () => {
    test = await m2Test({ storeViews: BOTH });
    const body = { customer: { id: 7, store_id: 2, custom_attributes: language('ar') } };
    test.expect(GET, { request: PUT, body, answer: kept('ar', 2) });
    expect(await test.m2.customers.update('7', { language: 'AR' })).toMatchObject({
      kind: 'updated',
      customer: { language: 'AR', storeId: '2' },
    });
  });

  it('no language at all is that of the view of M2_URL', async () => {
    test = await m2Test({ storeViews: BOTH });
    const body = {
      customer: { id: 7, store_id: 1, custom_attributes: [{ attribute_code: 'language', value: null }] },
    };
    test.expect(GET, { request: PUT, body, answer: { body: wireCustomer() } });
    expect((await test.m2.customers.update('7', { language: null })).kind).toBe('updated');
  });

  it('other changes leave the view alone', async () => {
    test = await m2Test({ storeViews: BOTH });
    const body = { customer: { id: 7, firstname: 'Lina' } };
    test.expect(GET, { request: PUT, body, answer: { body: wireCustomer({ firstname: 'Lina' }) } });
    await test.m2.customers.update('7', { firstName: 'Lina' });
  });

  it('who never chose a language speaks that of the view, whatever its code', async () => {
    test = await m2Test({ storeViews: { en: 'ar', ar: 'default' } });
    test.expect(GET);
    expect(await test.m2.customers.find('7')).toMatchObject({ language: 'AR' });
    test.expect({ ...GET, answer: { body: wireCustomer({ store_id: 2 }) } });
    expect(await test.m2.customers.find('7')).toMatchObject({ language: 'EN' });
  });

  it('a language without a view goes by that of M2_URL', async () => {
    test = await m2Test({ storeViews: { ar: 'ar' } });
    const body = { customer: { id: 7, store_id: 1, custom_attributes: language('en') } };
    test.expect(GET, { request: PUT, body, answer: kept('en', 1) });
    await test.m2.customers.update('7', { language: 'EN' });
  });
});

it('without the setting every view stays as it is, and new customers get that of M2_URL', async () => {
  test = await m2Test();
  const custom_attributes = language('ar');
  test.expect(GET, {
    request: PUT,
    body: { customer: { id: 7, custom_attributes } },
    answer: kept('ar', 1),
  });
  await test.m2.customers.update('7', { language: 'AR' });
  const customer = {
    website_id: 1,
    store_id: 1,
    firstname: '-',
    lastname: '-',
    email: 'sara@example.com',
    custom_attributes,
  };
  test.expect({ request: CREATE, body: { customer }, answer: kept('ar', 1) });
  await test.m2.customers.create({ email: 'sara@example.com', language: 'AR' });
});

describe('a view that the website of M2_URL does not have', () => {
  it.each(['nowhere', 'second_en', 'admin'])('(%s) is said in plain words at the start', async (ar) => {
    test = await m2Test();
    const other = await m2Test({ storeViews: { ar } }).then(
      () => null,
      (error: Error) => error.message,
    );
    expect(other).toContain(`M2_STORE_VIEWS names the store view "${ar}"`);
    expect(other).toContain('it has: default, ar');
  });
});
