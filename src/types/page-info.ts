/** Where a page of a connection lies, as every subgraph shows it. */
import { Directive, Field, ObjectType } from 'type-graphql';

/** @see https://relay.dev/graphql/connections.htm */
@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: 'Where a page lies in its list, as the Relay cursor connections specification has it.',
})
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after `endCursor`.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is more before `startCursor`.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Of the first edge; `null` for an empty page.' })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the last edge, to be given as `after` for the next page; `null` for an empty page.',
  })
  readonly endCursor!: string | null;

  constructor(values: PageInfo) {
    Object.assign(this, values);
  }
}
