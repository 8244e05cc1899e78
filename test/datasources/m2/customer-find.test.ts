import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parsePhone } from '../../../src/values/phone.ts';
import { attributes, type M2Test, m2Test, noSuchEntity, searchOf, wireCustomer } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const phone = parsePhone('+966', '0501234567');
if (!phone) throw new Error('the phone of these tests is none');

function found(...items: unknown[]) {
  return { body: { items, search_criteria: {}, total_count: items.length } };
}

const SEARCH = 'GET V1/customers/search';
const BY_EMAIL = searchOf({ field: 'email', value: 'sara@example.com', condition: 'eq' });

describe('finding customers', () => {
  it('answers null for one that M2 does not have', async () => {
    test.expect({ request: 'GET V1/customers/7', answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.customers.find('7')).toBeNull();
  });

  it('reads anew for each who asks at the same time what may be written back', async () => {
    const record = { request: 'GET V1/customers/7', answer: { body: wireCustomer() } };
    const search = { request: SEARCH, query: BY_EMAIL, answer: found(wireCustomer()) };
    test.expect(record, record, search, search);
    const { customers } = test.m2;
    const all = await Promise.all([
      customers.find('7'),
      customers.find('7'),
      customers.findByEmail('sara@example.com'),
      customers.findByEmail('sara@example.com'),
    ]);
    expect(all.map((customer) => customer?.id)).toEqual(['7', '7', '7', '7']);
  });

  it('A1: answers null for a customer of another website', async () => {
    test.expect({ request: 'GET V1/customers/7', answer: { body: wireCustomer({ website_id: 2 }) } });
    expect(await test.m2.customers.find('7')).toBeNull();
  });

  it('fails on a missing route, which is no missing customer', async () => {
    const { status, body } = recording('400').response;
    test.expect({ request: 'GET V1/customers/7', answer: { status, body } });
    await expect(test.m2.customers.find('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    '0',
    '-1',
    '1.5',
    '1e3',
    '007',
    ' 7',
    '7 or 1',
    '../7',
    '%2e',
    '9007199254740993',
    '99999999999999999999',
  ])('A11: asks nobody for the id "%s"', async (id) => {
    expect(await test.m2.customers.find(id)).toBeNull();
    expect(await test.m2.customers.findMany([id])).toEqual([null]);
  });

  it('a 401 of our own is the shop being away, not the caller being signed out', async () => {
    const { status, body } = recording('422').response;
    test.expect({ request: 'GET V1/customers/7', answer: { status, body } });
    await expect(test.m2.customers.find('7')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      detail: expect.stringContaining('refused our own token'),
    });
  });

  it('finds many in one search, in the order asked, null where there is none', async () => {
    const query = searchOf({ field: 'entity_id', value: '9,7,8', condition: 'in' });
    const rows = [wireCustomer({ id: 7 }), wireCustomer({ id: 8, website_id: 2 }), wireCustomer({ id: 9 })];
    test.expect({ request: SEARCH, query, answer: found(...rows) });
    const customers = await test.m2.customers.findMany(['9', 'x', '7', '8', '9']);
    expect(customers.map((customer) => customer?.id ?? null)).toEqual(['9', null, '7', null, '9']);
  });

  it('asks for more than a hundred in chunks of a hundred', async () => {
    const ids = Array.from({ length: 150 }, (_, index) => String(index + 1));
    const chunk = (from: number, to: number) =>
      searchOf({ field: 'entity_id', value: ids.slice(from, to).join(','), condition: 'in' });
    test.expect({ request: SEARCH, query: chunk(0, 100), answer: found() });
    test.expect({ request: SEARCH, query: chunk(100, 150), answer: found(wireCustomer({ id: 150 })) });
    const customers = await test.m2.customers.findMany(ids);
    expect(customers.filter((customer) => customer !== null)).toHaveLength(1);
    expect(customers[149]?.id).toBe('150');
  });

  it('finds a phone in all its spellings with one request that encodes the plus sign', async () => {
    const value = [
      '501234567',
      '0501234567',
      '+966501234567',
      '+9660501234567',
      '966501234567',
      '9660501234567',
      '00966501234567',
      '009660501234567',
    ].join(',');
    const row = (id: number, zip_code: string, phone_number: string) =>
      wireCustomer({ id, custom_attributes: attributes({ zip_code, phone_number }) });
    const query = searchOf({ field: 'phone_number', value, condition: 'in' });
    test.expect({
      request: SEARCH,
      query,
      answer: found(
        row(1, '+966', '501234567'),
        row(2, '00966', '0501234567'),
        row(3, '', '+966501234567'),
        row(4, '+971', '501234567'),
        row(5, '', '501234567'),
      ),
    });
    const customers = await test.m2.customers.findByPhone(phone);
    expect(customers.map(({ id }) => id)).toEqual(['1', '2', '3', '5']);
    expect(test.upstream.seen.at(-1)?.query).toContain('%2B966501234567');
  });

  it('reads on where a page does not hold all rows', async () => {
    const custom_attributes = attributes({ national_id: '1012345672' });
    const rows = Array.from({ length: 101 }, (_, index) =>
      wireCustomer({ id: index + 1, custom_attributes }),
    );
    const filter = { field: 'national_id', value: '1012345672', condition: 'eq' };
    const page = (items: unknown[]) => ({ body: { items, total_count: 101 } });
    test.expect({ request: SEARCH, query: searchOf(filter), answer: page(rows.slice(0, 100)) });
    test.expect({ request: SEARCH, query: searchOf(filter, '2'), answer: page(rows.slice(100)) });
    expect(await test.m2.customers.findByNationalId('1012345672')).toHaveLength(101);
  });

  it('takes only the very e-mail: M2 finds others that its collation holds for the same', async () => {
    const rows = [
      wireCustomer({ id: 1, email: 'sára@example.com' }),
      wireCustomer({ email: 'SARA@example.com' }),
    ];
    test.expect({ request: SEARCH, query: BY_EMAIL, answer: found(...rows) });
    expect((await test.m2.customers.findByEmail('sara@example.com'))?.id).toBe('7');
  });

  it('A11: commas and quotes in a file number widen no search', async () => {
    const value = `F-1,F-2' or "1`;
    const query = searchOf({ field: 'file_no', value, condition: 'eq' });
    const other = wireCustomer({ custom_attributes: attributes({ file_no: 'F-2' }) });
    test.expect({ request: SEARCH, query, answer: found(other) });
    expect(await test.m2.customers.findByFileNo(value)).toEqual([]);
  });

  it('reads a pruned page without items', async () => {
    test.expect({ request: SEARCH, answer: { body: { items: null, total_count: 0 } } });
    expect(await test.m2.customers.findByFileNo('F-1')).toEqual([]);
  });

  it.each([
    ['GOOGLE', 'google_sub'],
    ['APPLE', 'apple_sub'],
  ] as const)(
    'takes only the very subject of %s: M2 finds others in other cases',
    async (provider, field) => {
      const row = (id: number, subject: string) =>
        wireCustomer({ id, custom_attributes: attributes({ [field]: subject }) });
      const query = searchOf({ field, value: '000123.aBc', condition: 'eq' });
      test.expect({
        request: SEARCH,
        query,
        answer: found(
          row(1, '000123.abc'),
          row(7, '000123.aBc'),
          row(8, ' 000123.aBc'),
          wireCustomer({ id: 9 }),
        ),
      });
      const customers = await test.m2.customers.findBySubject(provider, '000123.aBc');
      expect(customers.map(({ id }) => id)).toEqual(['7']);
    },
  );

  it('asks for no subject that is blank: those without one would be found', async () => {
    expect(await test.m2.customers.findBySubject('GOOGLE', '')).toEqual([]);
  });
});
