/** Signing in by e-mail and password. */
import { createUnionType, Field, InputType } from 'type-graphql';
import { CustomerInputError, CustomerThrottledError, InvalidCredentialsError } from './customer-error.ts';
import { DeviceInput } from './device.ts';
import { OtpChallenge } from './otp.ts';
import { CustomerSession } from './session.ts';

/** An account's own e-mail and password. */
@InputType({ description: "An account's e-mail and password." })
export class PasswordLoginInput {
  @Field(() => String, { description: 'Of the account; it need not be verified.' })
  readonly email!: string;

  @Field(() => String, { description: 'As it was set, spaces included.' })
  readonly password!: string;

  @Field(() => DeviceInput, {
    nullable: true,
    description:
      'The device that signs in; one that the phone was proven on lately needs no code. Left out: an unknown one. ' +
      'Give it to `verifyOtp` as well.',
  })
  readonly device?: DeviceInput | null;
}

/** `InvalidCredentialsError`: wrong, unknown, unconfirmed, locked and closed alike. */
export const LoginWithPasswordResult = createUnionType({
  name: 'LoginWithPasswordResult',
  description:
    'What came of `loginWithPassword`: a session, or a challenge where the password was right and the phone has to ' +
    'be proven as well. `InvalidCredentialsError` does not tell whether it is wrong, unknown, unconfirmed or locked.',
  types: () =>
    [
      CustomerSession,
      OtpChallenge,
      CustomerInputError,
      InvalidCredentialsError,
      CustomerThrottledError,
    ] as const,
});
