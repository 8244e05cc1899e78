import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, noSuchEntity, wireCustomer } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const GET = { request: 'GET V1/customers/7', answer: { body: wireCustomer() } };
const GONE = { request: 'GET V1/customers/7', answer: noSuchEntity('customerId', 7) };
const DELETE = 'DELETE V1/customers/7';

describe('deleting a customer', () => {
  it('deletes the record, as in recording 375', async () => {
    const { status, body } = recording('375').response;
    test.expect(GET, { request: DELETE, answer: { status, body } });
    expect(await test.m2.customers.remove('7')).toBe(true);
  });

  it('A1: does not touch a customer of another website', async () => {
    test.expect({ ...GET, answer: { body: wireCustomer({ website_id: 2 }) } });
    expect(await test.m2.customers.remove('7')).toBe(false);
  });

  it('A11: sends nothing for an id that M2 cannot have given out', async () => {
    for (const id of ['', '0', '7/addresses', '../7', '7 or 8', '1.5'])
      expect(await test.m2.customers.remove(id)).toBe(false);
  });

  it('says that there is none, or none any more', async () => {
    test.expect(GONE);
    expect(await test.m2.customers.remove('7')).toBe(false);
    test.expect(GET, { request: DELETE, answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.customers.remove('7')).toBe(false);
  });

  it.each([
    ['a 500', { status: 500, body: { message: 'Internal Error.' } }],
    ['a lost answer', { reset: true }],
  ])('after %s looks again what came of it', async (_, answer) => {
    test.expect(GET, { request: DELETE, answer }, GONE);
    expect(await test.m2.customers.remove('7')).toBe(true);
    test.expect(GET, { request: DELETE, answer }, GET);
    await expect(test.m2.customers.remove('7')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('fails on anything else than a bare true', async () => {
    test.expect(GET, { request: DELETE, answer: { body: { deleted: true } } });
    await expect(test.m2.customers.remove('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
    test.expect(GET, { request: DELETE, answer: { status: 400, body: { message: 'No.' } } });
    await expect(test.m2.customers.remove('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });
});
