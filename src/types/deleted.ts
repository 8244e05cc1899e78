/** What the deleting mutations answer. */
import { Field, ID, ObjectType } from 'type-graphql';

/** Something that is no longer there. */
@ObjectType({
  simpleResolvers: true,
  description: 'Something has been deleted for good.',
})
export class Deleted {
  @Field(() => ID, { description: 'The id that it had, for removing it from a cache.' })
  readonly id!: string;

  constructor(values: Deleted) {
    Object.assign(this, values);
  }
}
