/** One-time codes: what asking for one answers, and what signing in with one takes. */
import { GraphQLDateTime } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerLanguage } from './customer.ts';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerLockedError,
  CustomerNotRegisteredError,
  CustomerThrottledError,
  OtpExpiredError,
  OtpRejectedError,
  PatientNotFoundError,
} from './customer-error.ts';
import { DeviceInput } from './device.ts';
import { CustomerSession } from './session.ts';

/** How a code reaches a person. */
export const OtpChannel = { SMS: 'SMS', EMAIL: 'EMAIL' } as const;
export type OtpChannel = keyof typeof OtpChannel;
registerEnumType(OtpChannel, {
  name: 'OtpChannel',
  description: 'How a code reaches the person.',
  valuesConfig: {
    SMS: { description: 'A text message.' },
    EMAIL: { description: 'An e-mail.' },
  },
});

/** A code that has been sent and is awaited. Alike for known and unknown people. */
@ObjectType({
  simpleResolvers: true,
  description: 'A code is on its way. The answer is alike whether or not anybody has this phone or e-mail.',
})
export class OtpChallenge {
  @Field(() => ID, { description: 'Opaque; hand it back with the code. It stays the same over `resendOtp`.' })
  readonly otpId!: string;

  @Field(() => OtpChannel, { description: 'Where to look for the code.' })
  readonly channel!: OtpChannel;

  @Field(() => String, {
    description: 'Most of it hidden, such as `+966 5•• ••• •02` or `s•••@example.com`.',
  })
  readonly maskedDestination!: string;

  @Field(() => GraphQLDateTime, { description: "When the code stops being good, by the server's clock." })
  readonly expiresAt!: Date;

  @Field(() => Int, { description: 'The same as seconds from now, for a countdown.' })
  readonly expiresInSeconds!: number;

  @Field(() => GraphQLDateTime, { description: 'From when on `resendOtp` sends another code.' })
  readonly resendAvailableAt!: Date;

  @Field(() => Int, { description: 'The same as seconds from now, for a countdown; 0 when it is due.' })
  readonly resendInSeconds!: number;

  @Field(() => Int, { description: 'How many codes may be tried; a resent code does not refill it.' })
  readonly attemptsRemaining!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The code itself, only while trying the service out; always `null` in production.',
  })
  readonly otpCode!: string | null;

  constructor(values: OtpChallenge) {
    Object.assign(this, values);
  }
}

/** Spends a code. */
@InputType({ description: 'A code, and the device that signs in with it.' })
export class VerifyOtpInput {
  @Field(() => ID, { description: 'From the `OtpChallenge`.' })
  readonly otpId!: string;

  @Field(() => String, {
    description: 'The six digits from the message; Arabic-Indic and Persian digits are accepted.',
  })
  readonly otpCode!: string;

  @Field(() => DeviceInput, { nullable: true, description: 'Left out: a sign-in without a known device.' })
  readonly device?: DeviceInput | null;

  @Field(() => CustomerLanguage, {
    nullable: true,
    description: "Language of a customer created now; left out, the request's own.",
  })
  readonly language?: CustomerLanguage | null;
}

export const ResendOtpResult = createUnionType({
  name: 'ResendOtpResult',
  description: 'What came of `resendOtp`; `CustomerThrottledError` until the wait is over.',
  types: () => [OtpChallenge, OtpExpiredError, CustomerThrottledError] as const,
});

export const VerifyOtpResult = createUnionType({
  name: 'VerifyOtpResult',
  description:
    'What came of `verifyOtp`. The errors that carry a `phoneProof` come after a right code, which is not wasted.',
  types: () =>
    [
      CustomerSession,
      CustomerInputError,
      OtpRejectedError,
      OtpExpiredError,
      CustomerThrottledError,
      CustomerNotRegisteredError,
      PatientNotFoundError,
      CustomerConflictError,
      CustomerLockedError,
    ] as const,
});
