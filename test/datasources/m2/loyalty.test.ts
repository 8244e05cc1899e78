import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

describe('loyalty', () => {
  const ROUTE = 'V1/hmg/customers/7/loyalty';

  it('is a membership whose points are worth half a riyal each, to the halala', async () => {
    const body = { status: 'active', member_id: 'L-1', points: 25 };
    test.expect({ request: `GET ${ROUTE}`, answer: { body } });
    expect(await test.m2.loyalty.find('7')).toEqual({
      status: 'ACTIVE',
      memberId: 'L-1',
      points: 25,
      worth: { amount: '12.50', currency: 'SAR' },
    });
  });

  it('of somebody who never joined is empty, and is joined without a body', async () => {
    const none = { status: 'not_enrolled', member_id: null, points: 0 };
    test.expect({ request: `GET ${ROUTE}`, answer: { body: none } });
    const worth = { amount: '0.00', currency: 'SAR' };
    expect(await test.m2.loyalty.find('7')).toMatchObject({ status: 'NOT_ENROLLED', memberId: null, worth });
    const joined = { status: 'pending', member_id: 'L-2', points: 0 };
    test.expect({ request: `POST ${ROUTE}`, body: null, answer: { body: joined } });
    expect(await test.m2.loyalty.join('7')).toMatchObject({ status: 'PENDING', memberId: 'L-2' });
  });

  it('of another status is UPSTREAM_INVALID', async () => {
    test.expect({ request: `GET ${ROUTE}`, answer: { body: { status: 'gold', points: 1 } } });
    await expect(test.m2.loyalty.find('7')).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });
});
