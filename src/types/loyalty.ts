/** Membership in the loyalty programme. */
import { createUnionType, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import {
  CustomerInputError,
  CustomerLockedError,
  CustomerThrottledError,
  OtpExpiredError,
  OtpRejectedError,
} from './customer-error.ts';
import { Money } from './money.ts';
import { OtpChallenge } from './otp.ts';

/** Where a customer stands with the loyalty programme. */
export const LoyaltyStatus = { NOT_ENROLLED: 'NOT_ENROLLED', PENDING: 'PENDING', ACTIVE: 'ACTIVE' } as const;
export type LoyaltyStatus = keyof typeof LoyaltyStatus;
registerEnumType(LoyaltyStatus, {
  name: 'LoyaltyStatus',
  description: 'Where the customer stands with the loyalty programme.',
  valuesConfig: {
    NOT_ENROLLED: { description: 'Never joined.' },
    PENDING: { description: 'Has joined; points are counted once the programme confirms it.' },
    ACTIVE: { description: 'Collects and spends points.' },
  },
});

/** A customer's membership; there is one for every customer, joined or not. */
@ObjectType({
  simpleResolvers: true,
  description: "The customer's place in the loyalty programme, joined or not.",
})
export class LoyaltyMembership {
  @Field(() => LoyaltyStatus, { description: 'Tells whether the rest means anything yet.' })
  readonly status!: LoyaltyStatus;

  @Field(() => ID, { nullable: true, description: 'To show at the till; `null` until active.' })
  readonly memberId!: string | null;

  @Field(() => Int, { description: 'Points to spend; 0 for those who have not joined.' })
  readonly points!: number;

  @Field(() => Money, { description: 'What the points are worth at the till; one point is 0.50 SAR.' })
  readonly worth!: Money;

  constructor(values: LoyaltyMembership) {
    Object.assign(this, values);
  }
}

/** `CustomerInputError`: the customer has no verified phone for the code. */
export const JoinLoyaltyResult = createUnionType({
  name: 'JoinLoyaltyResult',
  description:
    'What came of `joinLoyalty`; `CustomerInputError` where the customer has no phone for the code.',
  types: () => [OtpChallenge, CustomerInputError, CustomerThrottledError] as const,
});

export const ConfirmLoyaltyResult = createUnionType({
  name: 'ConfirmLoyaltyResult',
  description: 'What came of `confirmLoyalty`.',
  types: () =>
    [
      LoyaltyMembership,
      CustomerInputError,
      OtpRejectedError,
      OtpExpiredError,
      CustomerThrottledError,
      CustomerLockedError,
    ] as const,
});
