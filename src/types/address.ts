/** Addresses, as shown and as typed in. */
import { GraphQLCountryCode, GraphQLEmailAddress, GraphQLLatitude, GraphQLLongitude } from 'graphql-scalars';
import { createUnionType, Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { AddressConflictError, AddressNotFoundError, CustomerInputError } from './customer-error.ts';
import { Deleted } from './deleted.ts';

/** A part of a country: shared with the subgraphs that show addresses too. */
@Directive('@shareable')
@ObjectType({
  simpleResolvers: true,
  description: 'A part of a country, such as a province.',
})
export class Region {
  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166-2 code, such as `SA-01`; `null` for a region known only by what was typed.',
  })
  readonly code!: string | null;

  @Field(() => String, { description: 'Name to show.' })
  readonly name!: string;

  @Field(() => GraphQLCountryCode, { description: 'The country that it is a part of.' })
  readonly countryCode!: string;

  constructor(values: Region) {
    Object.assign(this, values);
  }
}

/** An address of a customer's own. */
@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description: "One of a customer's own addresses.",
})
export class CustomerAddress {
  @Field(() => ID, { description: 'Never changes and is never used again for another address.' })
  readonly id!: string;

  @Field(() => String, {
    nullable: true,
    description: "The customer's own name for it, such as `Home`; `null` when it has none.",
  })
  readonly label!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the person who is reached there; `null` when unknown.',
  })
  readonly firstName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the person who is reached there; `null` when unknown.',
  })
  readonly lastName!: string | null;

  @Field(() => [String], { description: 'One or two lines in the order they are written.' })
  readonly street!: string[];

  @Field(() => String, { nullable: true, description: 'As it was typed; `null` when unknown.' })
  readonly city!: string | null;

  @Field(() => Region, { nullable: true, description: '`null` when the address has none.' })
  readonly region!: Region | null;

  @Field(() => String, { nullable: true, description: 'Postal code; `null` where the country does without.' })
  readonly postcode!: string | null;

  @Field(() => GraphQLCountryCode, { description: 'ISO 3166-1 alpha-2, such as `SA`.' })
  readonly countryCode!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Phone for the delivery as it was typed, so not always dialable; `null` when unknown.',
  })
  readonly telephone!: string | null;

  @Field(() => GraphQLEmailAddress, {
    nullable: true,
    description: 'E-mail for the delivery; `null` for none.',
  })
  readonly email!: string | null;

  @Field(() => GraphQLLatitude, { nullable: true, description: 'Degrees north; `null` without a map point.' })
  readonly latitude!: number | null;

  @Field(() => GraphQLLongitude, { nullable: true, description: 'Degrees east; `null` without a map point.' })
  readonly longitude!: number | null;

  @Field(() => Boolean, { description: "Whether it is the one for bills; at most one of a customer's is." })
  readonly isDefaultBilling!: boolean;

  @Field(() => Boolean, {
    description: "Whether it is the one for deliveries; at most one of a customer's is.",
  })
  readonly isDefaultShipping!: boolean;

  @Field(() => String, {
    description:
      "A hash of the address's own content, default flags apart; hand it back to be told of another's change.",
  })
  readonly version!: string;

  constructor(values: CustomerAddress) {
    Object.assign(this, values);
  }
}

/** A new address as typed in. */
@InputType({ description: 'A new address as typed in.' })
export class AddressInput {
  @Field(() => String, {
    nullable: true,
    description: "The customer's own name for it, such as `Home`; at most 255 characters.",
  })
  readonly label?: string | null;

  @Field(() => String, { description: 'Of the person who is reached there; 1 to 255 characters.' })
  readonly firstName!: string;

  @Field(() => String, { description: 'Of the person who is reached there; 1 to 255 characters.' })
  readonly lastName!: string;

  @Field(() => [String], { description: 'One or two lines that are not blank, at most 255 characters each.' })
  readonly street!: string[];

  @Field(() => String, { description: '1 to 255 characters.' })
  readonly city!: string;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166-2 code, such as `SA-01`; wins over `region`.',
  })
  readonly regionCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Name of the region where there is no code for it.' })
  readonly region?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Required where the country has them; in SA five digits, or nine as `12345-6789`.',
  })
  readonly postcode?: string | null;

  @Field(() => GraphQLCountryCode, { defaultValue: 'SA', description: 'ISO 3166-1 alpha-2.' })
  readonly countryCode!: string;

  @Field(() => String, { description: 'Phone for the delivery.' })
  readonly telephone!: string;

  @Field(() => String, { nullable: true, description: 'E-mail for the delivery.' })
  readonly email?: string | null;

  @Field(() => GraphQLLatitude, { nullable: true, description: 'Degrees north.' })
  readonly latitude?: number | null;

  @Field(() => GraphQLLongitude, { nullable: true, description: 'Degrees east.' })
  readonly longitude?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True makes it the one for bills in place of the one before.',
  })
  readonly isDefaultBilling?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True makes it the one for deliveries in place of the one before.',
  })
  readonly isDefaultShipping?: boolean | null;
}

/** Changes of an address: absent keeps, `null` clears. */
@InputType({
  description:
    'Changes of an address: what is left out stays, `null` clears. `null` for what an address must have is a ' +
    '`CustomerInputError`.',
})
export class UpdateAddressInput {
  @Field(() => String, {
    nullable: true,
    description: "The customer's own name for it, such as `Home`; at most 255 characters.",
  })
  readonly label?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the person who is reached there; 1 to 255 characters.',
  })
  readonly firstName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Of the person who is reached there; 1 to 255 characters.',
  })
  readonly lastName?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'One or two lines that are not blank, at most 255 characters each.',
  })
  readonly street?: string[] | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  readonly city?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'ISO 3166-2 code, such as `SA-01`; wins over `region`.',
  })
  readonly regionCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name of the region where there is no code for it; a new `region` or `regionCode` replaces both.',
  })
  readonly region?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Required where the country has them; in SA five digits, or nine as `12345-6789`.',
  })
  readonly postcode?: string | null;

  @Field(() => GraphQLCountryCode, { nullable: true, description: 'ISO 3166-1 alpha-2.' })
  readonly countryCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Phone for the delivery.' })
  readonly telephone?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail for the delivery.' })
  readonly email?: string | null;

  @Field(() => GraphQLLatitude, { nullable: true, description: 'Degrees north.' })
  readonly latitude?: number | null;

  @Field(() => GraphQLLongitude, { nullable: true, description: 'Degrees east.' })
  readonly longitude?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True makes it the one for bills in place of the one before; false leaves the customer without one.',
  })
  readonly isDefaultBilling?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True makes it the one for deliveries in place of the one before; false leaves the customer without one.',
  })
  readonly isDefaultShipping?: boolean | null;
}

export const AddAddressResult = createUnionType({
  name: 'AddAddressResult',
  description: 'What came of `addAddress`.',
  types: () => [CustomerAddress, CustomerInputError] as const,
});

export const UpdateAddressResult = createUnionType({
  name: 'UpdateAddressResult',
  description: 'What came of `updateAddress`; `AddressConflictError` only where a `version` was given.',
  types: () => [CustomerAddress, CustomerInputError, AddressNotFoundError, AddressConflictError] as const,
});

export const DeleteAddressResult = createUnionType({
  name: 'DeleteAddressResult',
  description: 'What came of `deleteAddress`; `AddressConflictError` only where a `version` was given.',
  types: () => [Deleted, AddressNotFoundError, AddressConflictError] as const,
});
