import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, noSuchEntity } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const ROUTE = 'V1/hmg/customers/7/wallet';
const wallet = (changes: object = {}) => ({
  balance: '120.5000',
  currency: 'SAR',
  use_in_payment: true,
  ...changes,
});

describe('a wallet', () => {
  it.each([
    ['text', '120.5000', '120.50'],
    ['a number', 120.5, '120.50'],
    ['a float that is nearly right', 0.1 + 0.2, '0.30'],
    ['more digits than a float holds', '999999999999999.9999', '999999999999999.9999'],
    ['a debt', '-3', '-3.00'],
  ])('has its balance as an exact amount: %s', async (_, balance, amount) => {
    test.expect({ request: `GET ${ROUTE}`, answer: { body: wallet({ balance, use_in_payment: 1 }) } });
    expect(await test.m2.wallets.find('7')).toEqual({
      balance: { amount, currency: 'SAR' },
      useInPayment: true,
    });
  });

  it('is none for a customer whom M2 does not have', async () => {
    test.expect({ request: `GET ${ROUTE}`, answer: noSuchEntity('customerId', 7) });
    expect(await test.m2.wallets.find('7')).toBeNull();
    expect(await test.m2.wallets.find('7 or 8')).toBeNull();
  });

  it('fails where the shop has no such module', async () => {
    const body = { message: 'Request does not match any route.' };
    test.expect({ request: `GET ${ROUTE}`, answer: { status: 404, body } });
    await expect(test.m2.wallets.find('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    ['balance', { balance: 'a lot' }],
    ['balance', { balance: null }],
    ['currency', { currency: 'ريال' }],
    ['use_in_payment', { use_in_payment: 'perhaps' }],
  ])('with a wrong %s is UPSTREAM_INVALID without its values', async (place, changes) => {
    test.expect({ request: `GET ${ROUTE}`, answer: { body: wallet(changes) } });
    await expect(test.m2.wallets.find('7')).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      detail: `a wallet: ${place}`,
    });
  });
});

describe('using a wallet', () => {
  it('is written as it is wanted, and answered as it is then', async () => {
    const body = { use_in_payment: false };
    test.expect({ request: `PUT ${ROUTE}`, body, answer: { body: wallet({ use_in_payment: false }) } });
    expect(await test.m2.wallets.update('7', false)).toEqual({
      kind: 'updated',
      wallet: { balance: { amount: '120.50', currency: 'SAR' }, useInPayment: false },
    });
  });

  it.each([
    ['M2 does not let it be used', { status: 400, body: { message: 'The wallet is blocked.' } }],
    ['there is none', noSuchEntity('customerId', 7)],
  ])('is refused where %s', async (_, answer) => {
    test.expect({ request: `PUT ${ROUTE}`, answer });
    expect(await test.m2.wallets.update('7', true)).toEqual({ kind: 'refused' });
  });

  it('is not believed to be done where the answer says otherwise', async () => {
    test.expect({ request: `PUT ${ROUTE}`, answer: { body: wallet({ use_in_payment: false }) } });
    await expect(test.m2.wallets.update('7', true)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it('is not tried twice while M2 is away', async () => {
    test.expect({ request: `PUT ${ROUTE}`, answer: { status: 503, text: 'down' } });
    await expect(test.m2.wallets.update('7', true)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });
});
