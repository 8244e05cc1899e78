/** A new account by e-mail and password: asked for, and activated by the mailed link. */
import { createUnionType, Field, ID, InputType } from 'type-graphql';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerThrottledError,
  LinkExpiredError,
} from './customer-error.ts';
import { DeviceInput } from './device.ts';
import { EmailChallenge } from './email-challenge.ts';
import { PhoneInput } from './phone.ts';
import { CustomerSession } from './session.ts';

const NAME = '1 to 32 characters: letters, digits, spaces, hyphens, apostrophes and dots.';
const NEW_PASSWORD =
  '15 to 128 characters; common ones and those that hold the name, e-mail or phone are a `CustomerInputError`.';
const CONFIRMATION = 'The same once more, where a form asks for it twice; it must match then.';

/** A new customer as typed in, with a password instead of a code. */
@InputType({ description: 'A new customer. There is no account of it until the mailed link is opened.' })
export class PasswordRegisterInput {
  @Field(() => String, { description: NAME })
  readonly firstName!: string;

  @Field(() => String, { description: NAME })
  readonly lastName!: string;

  @Field(() => String, { description: 'Gets the link; at most 96 characters.' })
  readonly email!: string;

  @Field(() => String, {
    nullable: true,
    description: `${NEW_PASSWORD} Left out: it is given to \`activateAccount\`.`,
  })
  readonly password?: string | null;

  @Field(() => String, { nullable: true, description: CONFIRMATION })
  readonly passwordConfirmation?: string | null;

  @Field(() => PhoneInput, {
    nullable: true,
    description: 'Stored as not verified; it opens nothing until it is.',
  })
  readonly phone?: PhoneInput | null;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the terms that the person has just agreed to; left out: no consent is recorded.',
  })
  readonly acceptedTermsVersion?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the customer wants the newsletter; apart from the terms.',
  })
  readonly isSubscribed?: boolean | null;
}

/** An opened link of a registration. */
@InputType({ description: 'The mailed link of a registration, and the device that signs in with it.' })
export class ActivateAccountInput {
  @Field(() => ID, { description: '`identifier` of the mailed link.' })
  readonly identifier!: string;

  @Field(() => String, { description: 'What stands after `#` in the mailed link.' })
  readonly key!: string;

  @Field(() => String, {
    nullable: true,
    description: `${NEW_PASSWORD} Needed where none was given at registration; given, it counts instead of that one.`,
  })
  readonly password?: string | null;

  @Field(() => String, { nullable: true, description: CONFIRMATION })
  readonly passwordConfirmation?: string | null;

  @Field(() => DeviceInput, { nullable: true, description: 'Left out: a sign-in without a known device.' })
  readonly device?: DeviceInput | null;
}

export const RegisterWithPasswordResult = createUnionType({
  name: 'RegisterWithPasswordResult',
  description: 'What came of `registerWithPassword`; alike whether or not the e-mail is taken.',
  types: () => [EmailChallenge, CustomerInputError, CustomerThrottledError] as const,
});

export const ActivateAccountResult = createUnionType({
  name: 'ActivateAccountResult',
  description:
    'What came of `activateAccount`. A `CustomerInputError` leaves the link good; `CustomerConflictError` means ' +
    'that another account has taken the e-mail meanwhile; `CustomerThrottledError`, that somebody is opening ' +
    'the link at this moment.',
  types: () =>
    [
      CustomerSession,
      CustomerInputError,
      LinkExpiredError,
      CustomerConflictError,
      CustomerThrottledError,
    ] as const,
});
