/** What customers change of themselves, and the end of an account. */
import {
  GraphQLCountryCode,
  GraphQLDateTime,
  GraphQLLatitude,
  GraphQLLocalDate,
  GraphQLLongitude,
  GraphQLURL,
} from 'graphql-scalars';
import { createUnionType, Field, InputType, ObjectType } from 'type-graphql';
import { Customer, CustomerGender, CustomerLanguage } from './customer.ts';
import { CustomerInputError, RecentSignInRequiredError } from './customer-error.ts';

const NAME = '1 to 255 characters: letters, digits, spaces, hyphens, apostrophes and dots.';
const OF_HOSPITAL = "A patient's is the hospital's word: to change it here is a `CustomerInputError`.";

/** Changes of a customer: absent keeps, `null` clears. */
@InputType({
  description:
    'Changes of the customer: what is left out stays, `null` clears. `null` for what a customer must have is a ' +
    '`CustomerInputError`, and so is, for patients, a change of what the hospital decides.',
})
export class UpdateCustomerInput {
  @Field(() => String, { nullable: true, description: `${NAME} It cannot be cleared.` })
  readonly firstName?: string | null;

  @Field(() => String, { nullable: true, description: NAME })
  readonly middleName?: string | null;

  @Field(() => String, { nullable: true, description: `${NAME} It cannot be cleared.` })
  readonly lastName?: string | null;

  @Field(() => String, { nullable: true, description: `In Arabic script. ${OF_HOSPITAL}` })
  readonly firstNameAr?: string | null;

  @Field(() => String, { nullable: true, description: `In Arabic script. ${OF_HOSPITAL}` })
  readonly middleNameAr?: string | null;

  @Field(() => String, { nullable: true, description: `In Arabic script. ${OF_HOSPITAL}` })
  readonly lastNameAr?: string | null;

  @Field(() => CustomerGender, { nullable: true, description: '`null` as `NOT_SPECIFIED`.' })
  readonly gender?: CustomerGender | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: `Gregorian, from 1900 to today; the Hijri date follows from it. ${OF_HOSPITAL}`,
  })
  readonly dateOfBirth?: string | null;

  @Field(() => String, { nullable: true, description: `Free text, at most 255 characters. ${OF_HOSPITAL}` })
  readonly maritalStatus?: string | null;

  @Field(() => GraphQLCountryCode, {
    nullable: true,
    description: `ISO 3166-1 alpha-2; \`nationality\` follows from it. ${OF_HOSPITAL}`,
  })
  readonly nationalityIsoCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Free text, at most 255 characters.' })
  readonly occupation?: string | null;

  @Field(() => GraphQLCountryCode, { nullable: true, description: 'Where the customer lives.' })
  readonly country?: string | null;

  @Field(() => String, { nullable: true, description: 'Code or name of the city, at most 255 characters.' })
  readonly city?: string | null;

  @Field(() => GraphQLLatitude, { nullable: true, description: 'Degrees north.' })
  readonly latitude?: number | null;

  @Field(() => GraphQLLongitude, { nullable: true, description: 'Degrees east.' })
  readonly longitude?: number | null;

  @Field(() => GraphQLURL, {
    nullable: true,
    description: 'Where the picture is: `https:` or `http:`, at most 255 characters.',
  })
  readonly profilePicture?: URL | null;

  @Field(() => CustomerLanguage, {
    nullable: true,
    description: "Of messages to come; `null`: as the shop's own.",
  })
  readonly language?: CustomerLanguage | null;
}

/** An account that is no more. */
@ObjectType({
  simpleResolvers: true,
  description:
    'The account has been deleted: the record in the shop with its addresses, every session, and all that waited ' +
    'to be confirmed. Orders and prescriptions stay with the pharmacy for as long as the law demands.',
})
export class CustomerDeleted {
  @Field(() => GraphQLDateTime, { description: 'When it was done.' })
  readonly deletedAt!: Date;

  constructor(values: CustomerDeleted) {
    Object.assign(this, values);
  }
}

export const UpdateCustomerResult = createUnionType({
  name: 'UpdateCustomerResult',
  description: 'What came of `updateCustomer`: the customer as it is now.',
  types: () => [Customer, CustomerInputError] as const,
});

export const UpdateSubscriptionsResult = createUnionType({
  name: 'UpdateSubscriptionsResult',
  description: 'What came of `updateSubscriptions`: the customer as it is now.',
  types: () => [Customer, CustomerInputError] as const,
});

export const DeleteCustomerResult = createUnionType({
  name: 'DeleteCustomerResult',
  description: 'What came of `deleteCustomer`.',
  types: () => [CustomerDeleted, RecentSignInRequiredError] as const,
});
