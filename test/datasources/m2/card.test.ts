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

const LIST = 'GET V1/hmg/customers/7/cards';
const card = (changes: object) => ({
  id: 'c-1',
  last_4_digits: '0042',
  expiration_date: '12/2099',
  requires_cvv: true,
  payment_method: 'hyperpay',
  type: 'MADA',
  ...changes,
});

describe('saved cards', () => {
  it('are listed by our names', async () => {
    const cards = [card({}), card({ id: 12, last_4_digits: 42, expiration_date: '01/2020', type: 'troy' })];
    test.expect({ request: LIST, answer: { body: { cards } } });
    expect(await test.m2.cards.list('7')).toEqual([
      {
        id: 'c-1',
        last4Digits: '0042',
        expirationDate: '12/2099',
        isExpired: false,
        expiresSoon: false,
        requiresCvv: true,
        paymentMethod: 'hyperpay',
        brand: 'MADA',
      },
      expect.objectContaining({ id: '12', last4Digits: '0042', isExpired: true, brand: 'OTHER' }),
    ]);
  });

  it.each([
    ['an empty PHP array', { body: [] }],
    ['no cards', { body: { cards: null } }],
    ['a customer whom M2 does not have', noSuchEntity('customerId', 7)],
  ])('are none for %s', async (_, answer) => {
    test.expect({ request: LIST, answer });
    expect(await test.m2.cards.list('7')).toEqual([]);
  });

  it('fail where the shop has no such module', async () => {
    const body = { message: 'Request does not match any route.' };
    test.expect({ request: LIST, answer: { status: 404, body } });
    await expect(test.m2.cards.list('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it('with a wrong shape are UPSTREAM_INVALID without their values', async () => {
    const cards = [card({ last_4_digits: ['4111111111111111'] })];
    test.expect({ request: LIST, answer: { body: { cards } } });
    await expect(test.m2.cards.list('7')).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      detail: 'saved cards: cards.0.last_4_digits',
    });
  });

  it('are removed by their id', async () => {
    test.expect({ request: LIST, answer: { body: { cards: [card({})] } } });
    test.expect({ request: 'DELETE V1/hmg/customers/7/cards/c-1', body: null, answer: { body: true } });
    expect(await test.m2.cards.remove('7', 'c-1')).toBe(true);
  });

  it.each(['c-2', '../../8/cards/c-1', '..', ''])(
    'A1: "%s" of nobody or of others is not found, and nothing is written',
    async (id) => {
      test.expect({ request: LIST, answer: { body: { cards: [card({})] } } });
      expect(await test.m2.cards.remove('7', id)).toBe(false);
    },
  );

  it('removed by somebody else in between are not found', async () => {
    test.expect({ request: LIST, answer: { body: { cards: [card({})] } } });
    test.expect({ request: 'DELETE V1/hmg/customers/7/cards/c-1', answer: noSuchEntity('cardId', 'c-1') });
    expect(await test.m2.cards.remove('7', 'c-1')).toBe(false);
  });
});
