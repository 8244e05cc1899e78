/** Lakum, the loyalty programme, from the shop's own module. */

import { Failure } from '../../failures.ts';
import { LoyaltyMembership, type LoyaltyStatus } from '../../types/loyalty.ts';
import { Money } from '../../types/money.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf } from './refusal.ts';
import { readLoyalty, type WireLoyalty } from './wire.ts';

export interface M2Loyalty {
  find(customerId: string): Promise<LoyaltyMembership>;
  /** Enrols the customer; who is a member already stays one. */
  join(customerId: string): Promise<LoyaltyMembership>;
}

const ROUTE = 'V1/hmg/customers/{id}/loyalty';
const HALALAS_PER_POINT = 50;

const STATUS: Record<WireLoyalty['status'], LoyaltyStatus> = {
  not_enrolled: 'NOT_ENROLLED',
  pending: 'PENDING',
  active: 'ACTIVE',
};

/** The loyalty memberships of M2's customers. */
export function loyaltyOf(connection: Connection): M2Loyalty {
  async function ask(method: 'GET' | 'POST', customerId: string): Promise<LoyaltyMembership> {
    if (!isM2Id(customerId)) {
      throw new Failure('UPSTREAM_INVALID', { detail: 'a membership of a customer who cannot exist' });
    }
    const params = { id: customerId };
    const answer = await connection.call({ method, route: ROUTE, params, isShared: method === 'GET' });
    if (answer.status !== 200) throw failureOf(ROUTE, answer);
    return toMembership(readLoyalty(answer.body));
  }

  return {
    find: (customerId) => ask('GET', customerId),
    join: (customerId) => ask('POST', customerId),
  };
}

function toMembership({ status, member_id, points }: WireLoyalty): LoyaltyMembership {
  const halalas = points * HALALAS_PER_POINT;
  return new LoyaltyMembership({
    status: STATUS[status],
    memberId: member_id,
    points,
    worth: new Money({ amount: (halalas / 100).toFixed(2), currency: 'SAR' }),
  });
}
