/** Wallets, from the shop's own module; docs/shop-module.md is its contract. */
import { z } from 'zod';
import { Failure } from '../../failures.ts';
import { Money } from '../../types/money.ts';
import { CustomerWallet } from '../../types/wallet.ts';
import { exactAmount } from '../../values/amount.ts';
import { reader } from '../http.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { wire } from './wire.ts';

export interface M2Wallets {
  /** `null` for a customer whom M2 does not have, or who has none. */
  find(customerId: string): Promise<CustomerWallet | null>;
  /** `refused`: M2 does not let this wallet be used that way, or there is none. */
  update(
    customerId: string,
    useInPayment: boolean,
  ): Promise<{ kind: 'updated'; wallet: CustomerWallet } | { kind: 'refused' }>;
}

const ROUTE = 'V1/hmg/customers/{id}/wallet';

const readWallet = reader(
  'a wallet',
  z.object({
    balance: z
      .union([z.string(), z.number()])
      .transform(exactAmount)
      .refine((amount) => amount !== null),
    currency: z.string().regex(/^[A-Z]{3}$/),
    use_in_payment: wire.flag,
  }),
);

/** The wallets of M2's customers. */
export function walletsOf(connection: Connection): M2Wallets {
  return {
    async find(customerId) {
      if (!isM2Id(customerId)) return null;
      const params = { id: customerId };
      const answer = await connection.call({ method: 'GET', route: ROUTE, params, isShared: true });
      if (isNoSuchEntity(answer)) return null;
      if (answer.status !== 200) throw failureOf(ROUTE, answer);
      return toWallet(answer.body);
    },
    async update(customerId, useInPayment) {
      if (!isM2Id(customerId)) return { kind: 'refused' };
      const json = { use_in_payment: useInPayment };
      const params = { id: customerId };
      const answer = await connection.call({ method: 'PUT', route: ROUTE, params, json });
      if (answer.status === 400 || isNoSuchEntity(answer)) return { kind: 'refused' };
      if (answer.status !== 200) throw failureOf(ROUTE, answer);
      const wallet = toWallet(answer.body);
      if (wallet.useInPayment !== useInPayment) {
        throw new Failure('UPSTREAM_INVALID', { detail: 'M2 answered a wallet as it was before the change' });
      }
      return { kind: 'updated', wallet };
    },
  };
}

function toWallet(body: unknown): CustomerWallet {
  const { balance, currency, use_in_payment } = readWallet(body);
  return new CustomerWallet({
    balance: new Money({ amount: balance ?? '', currency }),
    useInPayment: use_in_payment,
  });
}
