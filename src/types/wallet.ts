/** The customer's wallet. */
import { createUnionType, Field, ObjectType } from 'type-graphql';
import { CustomerInputError } from './customer-error.ts';
import { Money } from './money.ts';

/** Money that a customer has with the shop; who never had any has an empty one. */
@ObjectType({
  simpleResolvers: true,
  description: 'Money that the customer has with the shop, from refunds and gifts.',
})
export class CustomerWallet {
  @Field(() => Money, { description: 'What is in it now; below zero where something is owed.' })
  readonly balance!: Money;

  @Field(() => Boolean, { description: 'Whether the checkout spends it before any other means of payment.' })
  readonly useInPayment!: boolean;

  constructor(values: CustomerWallet) {
    Object.assign(this, values);
  }
}

/** `CustomerInputError`: the shop keeps this wallet from being used, or there is none. */
export const UpdateWalletResult = createUnionType({
  name: 'UpdateWalletResult',
  description:
    'What came of `updateWallet`; `CustomerInputError` where the shop does not let this wallet be used that way.',
  types: () => [CustomerWallet, CustomerInputError] as const,
});
