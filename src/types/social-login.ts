/** Signing in with Google or Apple. */
import { createUnionType, Field, InputType, registerEnumType } from 'type-graphql';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerThrottledError,
  InvalidCredentialsError,
} from './customer-error.ts';
import { DeviceInput } from './device.ts';
import { OtpChallenge } from './otp.ts';
import { CustomerSession } from './session.ts';

/** Who vouches for a person. */
export const SocialProvider = { GOOGLE: 'GOOGLE', APPLE: 'APPLE' } as const;
export type SocialProvider = keyof typeof SocialProvider;
registerEnumType(SocialProvider, {
  name: 'SocialProvider',
  description: 'Who vouches for the person.',
  valuesConfig: {
    GOOGLE: { description: 'Sign in with Google.' },
    APPLE: { description: 'Sign in with Apple.' },
  },
});

/** What a provider's own sign-in handed to the client. */
@InputType({ description: "What Google's or Apple's own sign-in handed to the client." })
export class SocialLoginInput {
  @Field(() => SocialProvider, { description: 'Whose token it is.' })
  readonly provider!: SocialProvider;

  @Field(() => String, { description: 'The ID token (a JWT); fresh, and good for one sign-in.' })
  readonly idToken!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The nonce that the client asked the provider with; needed where it did. For Apple, where its SHA-256 was ' +
      'sent, the nonce itself.',
  })
  readonly nonce?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Of a new customer, where the token holds none: Apple tells names to the client alone, once.',
  })
  readonly firstName?: string | null;

  @Field(() => String, { nullable: true, description: 'Likewise.' })
  readonly lastName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Version of the terms that the person has just agreed to; left out: no consent is recorded.',
  })
  readonly acceptedTermsVersion?: string | null;

  @Field(() => DeviceInput, {
    nullable: true,
    description: 'The device that signs in. After a challenge, give it to `verifyOtp` as well.',
  })
  readonly device?: DeviceInput | null;
}

/** `InvalidCredentialsError`: the token is forged, foreign, too old or was used before. */
export const LoginWithSocialResult = createUnionType({
  name: 'LoginWithSocialResult',
  description:
    'What came of `loginWithSocial`: a session, or a challenge where the account is linked only once its phone is ' +
    'proven. `InvalidCredentialsError`: the token is not good, too old, or was used before.',
  types: () =>
    [
      CustomerSession,
      OtpChallenge,
      CustomerInputError,
      InvalidCredentialsError,
      CustomerThrottledError,
      CustomerConflictError,
    ] as const,
});
