/** Amounts of money as every subgraph shows them. */
import { Directive, Field, ObjectType } from 'type-graphql';

/** An amount in a currency; exact, so never a float. */
@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: 'An amount of money, exact to its last digit.',
})
export class Money {
  @Field(() => String, {
    description: 'A decimal number as text, such as `12.50`; a dot, no thousands separator.',
  })
  readonly amount!: string;

  @Field(() => String, { description: 'ISO 4217 code, such as `SAR`.' })
  readonly currency!: string;

  constructor(values: Money) {
    Object.assign(this, values);
  }
}
