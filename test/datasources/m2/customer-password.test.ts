import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, searchOf, wireCustomer } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const CREATE = 'POST V1/customers';
const CONFIRMATION = 'GET V1/customers/7/confirm';
const SEARCH = {
  request: 'GET V1/customers/search',
  query: searchOf({ field: 'email', value: 'sara@example.com', condition: 'eq' }),
};
const PASSWORD = 'Seven plum trees, 1 row';
const customer = { email: 'sara@example.com', firstName: 'Sara', lastName: 'Ali', emailVerified: true };
const found = (...items: unknown[]) => ({
  body: { items, search_criteria: {}, total_count: items.length },
});
const create = () => test.m2.customers.createWithPassword(customer, PASSWORD);

describe('creating a customer with a password', () => {
  it('sends it beside the customer, the e-mail proven', async () => {
    const body = {
      customer: {
        website_id: 1,
        store_id: 1,
        email: 'sara@example.com',
        firstname: 'Sara',
        lastname: 'Ali',
        custom_attributes: [{ attribute_code: 'email_verified', value: 1 }],
      },
      password: PASSWORD,
    };
    const kept = wireCustomer({ custom_attributes: [{ attribute_code: 'email_verified', value: '1' }] });
    test.expect({ request: CREATE, body, answer: { body: kept } });
    test.expect({ request: CONFIRMATION, answer: { body: 'account_confirmation_not_required' } });
    expect(await create()).toMatchObject({ kind: 'created', customer: { id: '7', emailVerified: true } });
    expect(test.log.lines.join()).not.toContain(PASSWORD);
  });

  it('confirms the account where the shop holds new ones back', async () => {
    test.expect({ request: CREATE, answer: { body: wireCustomer() } });
    test.expect({ request: CONFIRMATION, answer: { body: 'account_confirmation_required' } });
    const body = { customer: { id: 7, confirmation: null } };
    test.expect({ request: 'PUT V1/customers/7', body, answer: { body: wireCustomer() } });
    expect((await create()).kind).toBe('created');
  });

  it('says created, and so in the log, where confirming it failed: the customer is there', async () => {
    test.expect({ request: CREATE, answer: { body: wireCustomer() } });
    test.expect({
      request: CONFIRMATION,
      answer: { status: 404, body: { message: 'Request does not match' } },
    });
    expect((await create()).kind).toBe('created');
    expect(test.log.lines.join()).toContain('may still wait for confirmation');
  });

  it.each(['028', '029', '030', '031', '032'])(
    'says that the password is refused, as in recording %s',
    async (number) => {
      const { status, body } = recording(number).response;
      test.expect({ request: CREATE, answer: { status, body } });
      expect(await create()).toEqual({ kind: 'passwordRefused' });
    },
  );

  it.each(['019', '020'])('says that the e-mail is taken, as in recording %s', async (number) => {
    const { status, body } = recording(number).response;
    test.expect({ request: CREATE, answer: { status, body } });
    expect(await create()).toEqual({ kind: 'emailTaken' });
  });

  it('says so too when a language pack words it otherwise', async () => {
    test.expect({ request: CREATE, answer: { status: 400, body: { message: 'يوجد عميل' } } });
    test.expect({ ...SEARCH, answer: found(wireCustomer({ id: 8 })) });
    expect(await create()).toEqual({ kind: 'emailTaken' });
  });

  it('fails on any other 400', async () => {
    const { status, body } = recording('069').response;
    test.expect({ request: CREATE, answer: { status, body } });
    test.expect({ ...SEARCH, answer: found() });
    await expect(create()).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    ['a 500', { status: 500, body: { message: 'Internal Error.' } }],
    ['a lost answer', { reset: true }],
  ])(
    'after %s takes nobody for its own: that is for who knows the password to find out',
    async (_, answer) => {
      test.expect({ request: CREATE, answer });
      await expect(create()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    },
  );
});
