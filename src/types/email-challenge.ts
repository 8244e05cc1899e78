/** A mailed link that is awaited. */
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

/** A link is on its way. Alike whether or not the address belongs to somebody already. */
@ObjectType({
  simpleResolvers: true,
  description:
    'An e-mail is on its way. The answer is alike whether or not the address is taken; the e-mail then says so ' +
    'instead of holding a link.',
})
export class EmailChallenge {
  @Field(() => ID, {
    description: 'Opaque; the mailed link holds it as `identifier`, and the key after `#`.',
  })
  readonly identifier!: string;

  @Field(() => String, { description: 'Most of it hidden, such as `s•••@example.com`.' })
  readonly maskedDestination!: string;

  @Field(() => GraphQLDateTime, { description: "When the link stops being good, by the server's clock." })
  readonly expiresAt!: Date;

  @Field(() => Int, { description: 'The same as seconds from now, for clients whose clock is wrong.' })
  readonly expiresInSeconds!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The key itself, only while trying the service out; always `null` in production.',
  })
  readonly key!: string | null;

  constructor(values: EmailChallenge) {
    Object.assign(this, values);
  }
}
