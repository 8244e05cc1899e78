/** The three ways to ask for a sign-in by phone: register, login, hmgLogin. */
import { GraphQLCountryCode } from 'graphql-scalars';
import { createUnionType, Field, InputType } from 'type-graphql';
import { CustomerGender, CustomerLanguage } from './customer.ts';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerThrottledError,
  OtpExpiredError,
  PatientNotFoundError,
} from './customer-error.ts';
import { DeviceInput } from './device.ts';
import { OtpChallenge } from './otp.ts';
import { PhoneInput } from './phone.ts';
import { CustomerSession } from './session.ts';

const TERMS = 'Version of the terms that the person has just agreed to; left out: no consent is recorded.';
const PROOF =
  'From an error after a right code; it stands in for a new code and a session is answered at once. Left ' +
  'out: a code is sent.';
const DEVICE = 'The device that signs in, where `phoneProof` is given; otherwise give it to `verifyOtp`.';

/** A new customer as typed in. */
@InputType({ description: 'A new customer. Nothing is kept of it until the phone is proven.' })
export class RegisterInput {
  @Field(() => PhoneInput, { description: 'Gets the code; one phone is one customer.' })
  readonly phone!: PhoneInput;

  @Field(() => String, {
    description: '1 to 255 characters: letters, digits, spaces, hyphens, apostrophes and dots.',
  })
  readonly firstName!: string;

  @Field(() => String, {
    description: '1 to 255 characters: letters, digits, spaces, hyphens, apostrophes and dots.',
  })
  readonly lastName!: string;

  @Field(() => String, { description: 'Stored as not verified; it opens nothing until it is.' })
  readonly email!: string;

  @Field(() => CustomerGender, { nullable: true, description: 'Left out: not specified.' })
  readonly gender?: CustomerGender | null;

  @Field(() => GraphQLCountryCode, {
    nullable: true,
    defaultValue: 'SA',
    description: 'Where the customer lives.',
  })
  readonly country?: string | null;

  @Field(() => String, { nullable: true, description: 'Code or name of the city, at most 255 characters.' })
  readonly city?: string | null;

  @Field(() => CustomerLanguage, {
    nullable: true,
    description: "For messages to come; left out, the request's own.",
  })
  readonly language?: CustomerLanguage | null;

  @Field(() => String, { nullable: true, description: TERMS })
  readonly acceptedTermsVersion?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether the customer wants the newsletter; apart from the terms.',
  })
  readonly isSubscribed?: boolean | null;

  @Field(() => String, { nullable: true, description: PROOF })
  readonly phoneProof?: string | null;

  @Field(() => DeviceInput, { nullable: true, description: DEVICE })
  readonly device?: DeviceInput | null;
}

/** Who wants to sign in. */
@InputType({ description: 'Who wants to sign in: exactly one of `phone` and `email`.' })
export class LoginInput {
  @Field(() => PhoneInput, { nullable: true, description: 'Gets the code as a text message.' })
  readonly phone?: PhoneInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Gets the code as an e-mail, which signs in who has proven this address; a `CustomerInputError` where that ' +
      'way of signing in is off.',
  })
  readonly email?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description:
      'Whether the right code of a phone that nobody has creates a customer; not to be had by `email`.',
  })
  readonly createIfMissing?: boolean | null;

  @Field(() => String, { nullable: true, description: TERMS })
  readonly acceptedTermsVersion?: string | null;
}

/** Which patient wants to sign in. */
@InputType({ description: 'Which patient wants to sign in: exactly one of `nationalId` and `fileNo`.' })
export class HmgLoginInput {
  @Field(() => PhoneInput, { description: 'Gets the code; must be the phone that the hospital has on file.' })
  readonly phone!: PhoneInput;

  @Field(() => String, {
    nullable: true,
    description: 'National ID or residence permit: ten digits, the first 1 or 2.',
  })
  readonly nationalId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Hospital file number: 1 to 20 letters, digits and hyphens.',
  })
  readonly fileNo?: string | null;

  @Field(() => String, { nullable: true, description: TERMS })
  readonly acceptedTermsVersion?: string | null;

  @Field(() => String, { nullable: true, description: PROOF })
  readonly phoneProof?: string | null;

  @Field(() => DeviceInput, { nullable: true, description: DEVICE })
  readonly device?: DeviceInput | null;
}

export const RegisterResult = createUnionType({
  name: 'RegisterResult',
  description:
    'What came of `register`: a challenge, or the session itself where a `phoneProof` was given. The same holds ' +
    'for `OtpExpiredError` (the proof is no longer good) and `CustomerConflictError`.',
  types: () =>
    [
      OtpChallenge,
      CustomerSession,
      CustomerInputError,
      OtpExpiredError,
      CustomerThrottledError,
      CustomerConflictError,
    ] as const,
});

export const LoginResult = createUnionType({
  name: 'LoginResult',
  description: 'What came of `login`; alike for people who are known and unknown.',
  types: () => [OtpChallenge, CustomerInputError, CustomerThrottledError] as const,
});

export const HmgLoginResult = createUnionType({
  name: 'HmgLoginResult',
  description:
    'What came of `hmgLogin`: a challenge, or the session itself where a `phoneProof` was given. The same holds ' +
    'for `OtpExpiredError` (the proof is no longer good), `PatientNotFoundError` and `CustomerConflictError`.',
  types: () =>
    [
      OtpChallenge,
      CustomerSession,
      CustomerInputError,
      OtpExpiredError,
      CustomerThrottledError,
      PatientNotFoundError,
      CustomerConflictError,
    ] as const,
});
