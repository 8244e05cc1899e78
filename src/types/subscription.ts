/** What a customer wants to be sent. */
import { Field, InputType, ObjectType } from 'type-graphql';

/** The code of the shop's newsletter, the only subscription that there is. */
export const NEWSLETTER = 'newsletter';

/** One thing to subscribe to, and whether the customer has. `name` is filled by a field resolver. */
@ObjectType({
  simpleResolvers: true,
  description: 'Something to subscribe to, and whether the customer has.',
})
export class CustomerSubscription {
  @Field(() => String, {
    description: 'Names it in `updateSubscriptions`; `newsletter` is the only one so far.',
  })
  readonly code!: string;

  @Field(() => String, { description: "To show, in the request's language." })
  readonly name?: string;

  @Field(() => Boolean, { description: 'Whether the customer wants it.' })
  readonly isSubscribed!: boolean;

  constructor(values: CustomerSubscription) {
    Object.assign(this, values);
  }
}

/** Whether the customer wants one of them. */
@InputType({
  description: 'Whether the customer wants one of the subscriptions; those not named stay as they are.',
})
export class CustomerSubscriptionInput {
  @Field(() => String, {
    description: 'Of a `CustomerSubscription`; an unknown one is a `CustomerInputError`.',
  })
  readonly code!: string;

  @Field(() => Boolean, { description: 'True subscribes, false ends it.' })
  readonly isSubscribed!: boolean;
}
