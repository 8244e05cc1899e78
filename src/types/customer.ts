/** The customer: a person in the shop, who may be a patient of the hospital as well. */
import {
  GraphQLCountryCode,
  GraphQLDateTime,
  GraphQLEmailAddress,
  GraphQLLatitude,
  GraphQLLocalDate,
  GraphQLLongitude,
  GraphQLURL,
} from 'graphql-scalars';
import { Directive, Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerAddress } from './address.ts';
import { SavedCard } from './card.ts';
import { SignedInDevice } from './device.ts';
import { LoyaltyMembership } from './loyalty.ts';
import { CustomerNotificationConnection } from './notification.ts';
import { CustomerPhone } from './phone.ts';
import { CustomerSubscription } from './subscription.ts';
import { CustomerWallet } from './wallet.ts';

/** A customer's gender, as far as the hospital's and the shop's systems tell. */
export const CustomerGender = { MALE: 'MALE', FEMALE: 'FEMALE', NOT_SPECIFIED: 'NOT_SPECIFIED' } as const;
export type CustomerGender = keyof typeof CustomerGender;
registerEnumType(CustomerGender, {
  name: 'CustomerGender',
  description: "A customer's gender.",
  valuesConfig: {
    MALE: { description: 'Male.' },
    FEMALE: { description: 'Female.' },
    NOT_SPECIFIED: { description: 'Not given, or neither.' },
  },
});

/** The languages that messages to customers exist in. */
export const CustomerLanguage = { EN: 'EN', AR: 'AR' } as const;
export type CustomerLanguage = keyof typeof CustomerLanguage;
registerEnumType(CustomerLanguage, {
  name: 'CustomerLanguage',
  description: 'A language that messages to customers exist in.',
  valuesConfig: {
    EN: { description: 'English.' },
    AR: { description: 'Arabic.' },
  },
});

/**
 * What other services may read of somebody else's record; every field without it is the owner's alone.
 *
 * The schema's walk enforces it (`access.ts`), so that a new field is closed until somebody opens it.
 */
const ForServices = Extensions({ forServices: true });

/** The shop's own numbers: neighbours ask for them with `@requires`; a contract leaves them out of what clients see. */
const Internal = Directive('@tag(name: "internal")');

/** A customer. `groupName`, `cards`, `devices`, `loyalty`, `wallet` and `notifications` are filled by field resolvers. */
@Directive('@key(fields: "id")')
@ObjectType({
  simpleResolvers: true,
  description:
    'A customer of the shop, who may be a patient of the hospital as well. Most of it only the customer sees; ' +
    'other services get id, names, phone, e-mail, language and group.',
})
export class Customer {
  @ForServices
  @Field(() => ID, { description: 'Never changes and is never used again for another customer.' })
  readonly id!: string;

  @ForServices
  @Field(() => GraphQLEmailAddress, { nullable: true, description: '`null` until the customer gives one.' })
  readonly email!: string | null;

  @Field(() => Boolean, { description: 'Whether the customer has proven to read it.' })
  readonly emailVerified!: boolean;

  @ForServices
  @Field(() => String, { nullable: true, description: '`null` until the customer gives one.' })
  readonly firstName!: string | null;

  @ForServices
  @Field(() => String, { nullable: true, description: '`null` when there is none.' })
  readonly middleName!: string | null;

  @ForServices
  @Field(() => String, { nullable: true, description: '`null` until the customer gives one.' })
  readonly lastName!: string | null;

  @ForServices
  @Field(() => String, {
    nullable: true,
    description: 'First, middle and last name in one; `null` when all are.',
  })
  readonly fullName!: string | null;

  @ForServices
  @Field(() => String, {
    nullable: true,
    description: 'In Arabic script, from the hospital; `null` for those who are not patients.',
  })
  readonly firstNameAr!: string | null;

  @ForServices
  @Field(() => String, {
    nullable: true,
    description: 'In Arabic script, from the hospital; `null` when there is none.',
  })
  readonly middleNameAr!: string | null;

  @ForServices
  @Field(() => String, {
    nullable: true,
    description: 'In Arabic script, from the hospital; `null` for those who are not patients.',
  })
  readonly lastNameAr!: string | null;

  @ForServices
  @Field(() => CustomerPhone, {
    nullable: true,
    description: 'Mobile phone; `null` when there is none that can be dialled.',
  })
  readonly phone!: CustomerPhone | null;

  @Field(() => Boolean, { description: 'Whether the customer has proven to hold it.' })
  readonly phoneVerified!: boolean;

  @Field(() => CustomerGender, { description: 'As given by the customer or the hospital.' })
  readonly gender!: CustomerGender;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Gregorian calendar; `null` when unknown.' })
  readonly dateOfBirth!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Umm al-Qura calendar, `yyyy-mm-dd`; `null` when unknown.',
  })
  readonly dateOfBirthHijri!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The hospital's word for it, not a fixed list; `null` when unknown.",
  })
  readonly maritalStatus!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The hospital's word for it, not a fixed list; `null` when unknown.",
  })
  readonly nationality!: string | null;

  @Field(() => GraphQLCountryCode, {
    nullable: true,
    description: 'ISO 3166-1 alpha-2; `null` when unknown.',
  })
  readonly nationalityIsoCode!: string | null;

  @Field(() => String, { nullable: true, description: 'Free text; `null` when unknown.' })
  readonly occupation!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "National ID or residence permit, ten digits; only in the person's own session, `null` when unknown.",
  })
  readonly nationalId!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Hospital file number; only in the person's own session, `null` for those who are not patients.",
  })
  readonly fileNo!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "The hospital's number for the kind of ID; `null` when unknown.",
  })
  readonly idType!: number | null;

  @Field(() => Boolean, { description: 'Whether the hospital knows the person.' })
  readonly isPatient!: boolean;

  @ForServices
  @Internal
  @Field(() => ID, { nullable: true, description: 'Price group that the customer belongs to.' })
  readonly groupId!: string | null;

  @ForServices
  @Directive('@cost(weight: 2)')
  @Field(() => String, {
    nullable: true,
    description: 'Name of the price group; `null` with an error while the shop does not answer.',
  })
  readonly groupName?: string | null;

  @Field(() => GraphQLCountryCode, {
    nullable: true,
    description: 'Where the customer lives; `null` when unknown.',
  })
  readonly country!: string | null;

  @Field(() => String, { nullable: true, description: 'Code or name as it was given; `null` when unknown.' })
  readonly city!: string | null;

  @Field(() => GraphQLLatitude, {
    nullable: true,
    description: "Degrees north of the customer's place on the map; `null` without one.",
  })
  readonly latitude!: number | null;

  @Field(() => GraphQLLongitude, {
    nullable: true,
    description: "Degrees east of the customer's place on the map; `null` without one.",
  })
  readonly longitude!: number | null;

  @Field(() => GraphQLURL, { nullable: true, description: '`null` when there is none.' })
  readonly profilePicture!: string | null;

  @ForServices
  @Field(() => CustomerLanguage, {
    description: "Of messages to the customer; answers go by the request's `Accept-Language`.",
  })
  readonly language!: CustomerLanguage;

  @Internal
  @Field(() => ID, { nullable: true, description: 'Store view that the customer was created in.' })
  readonly storeId!: string | null;

  @Internal
  @Field(() => ID, { nullable: true, description: 'Website that the customer belongs to.' })
  readonly websiteId!: string | null;

  @Field(() => String, { nullable: true, description: 'Name of that store view.' })
  readonly createdIn!: string | null;

  @Field(() => GraphQLDateTime, { description: 'When the customer came to the shop.' })
  readonly createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'When anything of it last changed.' })
  readonly updatedAt!: Date;

  @Field(() => Boolean, { description: 'Whether staff vouched for the phone, so that no code was needed.' })
  readonly verifiedWithoutOtp!: boolean;

  @Field(() => Boolean, { description: 'Whether names and e-mail are known.' })
  readonly isProfileCompleted!: boolean;

  @Directive('@listSize(assumedSize: 1)')
  @Field(() => [CustomerSubscription], { description: 'Everything to subscribe to, wanted or not.' })
  readonly subscriptions!: CustomerSubscription[];

  @Directive('@listSize(assumedSize: 20)')
  @Field(() => [CustomerAddress], { nullable: true, description: 'In the order they were added.' })
  readonly addresses!: CustomerAddress[] | null;

  @Field(() => CustomerAddress, { nullable: true, description: 'The one for bills; `null` when none is.' })
  readonly defaultBillingAddress!: CustomerAddress | null;

  @Field(() => CustomerAddress, {
    nullable: true,
    description: 'The one for deliveries; `null` when none is.',
  })
  readonly defaultShippingAddress!: CustomerAddress | null;

  @Directive('@cost(weight: 5)')
  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [SavedCard], {
    nullable: true,
    description: 'Saved cards; `null` with an error while the system behind them does not answer.',
  })
  readonly cards?: SavedCard[] | null;

  @Directive('@listSize(assumedSize: 10)')
  @Field(() => [SignedInDevice], {
    nullable: true,
    description: 'Where the customer is signed in, latest first; at most ten.',
  })
  readonly devices?: SignedInDevice[] | null;

  @Directive('@cost(weight: 5)')
  @Field(() => LoyaltyMembership, {
    nullable: true,
    description: 'Loyalty programme; `null` with an error while the system behind it does not answer.',
  })
  readonly loyalty?: LoyaltyMembership | null;

  @Directive('@cost(weight: 5)')
  @Field(() => CustomerWallet, {
    nullable: true,
    description:
      'Money with the shop; `null` where the customer has no wallet, and with an error while the system behind it ' +
      'does not answer.',
  })
  readonly wallet?: CustomerWallet | null;

  @Directive('@cost(weight: 5)')
  @Directive(
    '@listSize(slicingArguments: ["first"], sizedFields: ["edges"], requireOneSlicingArgument: false)',
  )
  @Field(() => CustomerNotificationConnection, {
    nullable: true,
    description:
      'What the shop has told the customer, newest first; `null` with an error while the system behind it does ' +
      'not answer, and for arguments that cannot be used.',
  })
  readonly notifications?: CustomerNotificationConnection | null;

  constructor(values: Customer) {
    Object.assign(this, values);
  }
}
