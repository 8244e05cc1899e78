/** Countries and cities, for address forms. */
import { GraphQLCountryCode } from 'graphql-scalars';
import { Directive, Field, ObjectType } from 'type-graphql';
import { Region } from './address.ts';

/** A country that the shop knows; shared with the subgraphs that show addresses too. */
@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: 'A country, as an address or a phone number may be of it.',
})
export class Country {
  @Field(() => GraphQLCountryCode, { description: 'ISO 3166-1 alpha-2, such as `SA`.' })
  readonly code!: string;

  @Field(() => String, { description: "Name to show, in the request's language." })
  readonly name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Dial code with its plus, such as `+966`; `null` for a country without phones of its own.',
  })
  readonly phoneCode!: string | null;

  @Field(() => String, { nullable: true, description: 'The flag as an emoji.' })
  readonly flag!: string | null;

  @Directive('@cost(weight: 0)')
  @Field(() => [Region], {
    description:
      "Its regions; empty where none are known. Saudi ones are named in the request's language, others in one.",
  })
  readonly regions!: Region[];

  constructor(values: Country) {
    Object.assign(this, values);
  }
}

/** A city that an address form can offer. */
@ObjectType({
  simpleResolvers: true,
  description: 'A city to choose in an address form, where any other may be typed as well.',
})
export class City {
  @Field(() => String, { description: 'Never changes and is never used for another city.' })
  readonly code!: string;

  @Field(() => String, { description: "Name to show, in the request's language." })
  readonly name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166-2 code of its region, such as `SA-01`; `null` when unknown.',
  })
  readonly regionCode!: string | null;

  constructor(values: City) {
    Object.assign(this, values);
  }
}
