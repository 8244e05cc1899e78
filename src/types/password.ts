/** Passwords: changing one, and setting a new one through a mailed link. */
import { GraphQLDateTime, GraphQLURL } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  CustomerInputError,
  CustomerThrottledError,
  InvalidCredentialsError,
  LinkExpiredError,
} from './customer-error.ts';

const NEW_PASSWORD =
  '15 to 128 characters; common ones and those that hold the name, e-mail or phone are a `CustomerInputError`.';
const TOKEN = '`token` of the mailed link.';
const EMAIL = 'Exactly one of `email` and `customerId`.';
const CUSTOMER_ID = '`id` of the mailed link; exactly one of `email` and `customerId`.';

/** Says only that something was taken on or done. */
@ObjectType({
  simpleResolvers: true,
  description: 'The request was accepted; it says nothing more, on purpose.',
})
export class CustomerAcknowledgement {
  @Field(() => GraphQLDateTime, { description: "When, by the server's clock." })
  readonly acceptedAt!: Date;

  constructor(values: CustomerAcknowledgement) {
    Object.assign(this, values);
  }
}

/** Who has forgotten the password. */
@InputType({ description: 'Who has forgotten the password.' })
export class PasswordResetRequestInput {
  @Field(() => String, { description: 'E-mail, phone, national ID or hospital file number.' })
  readonly userIdentifier!: string;

  @Field(() => GraphQLURL, {
    nullable: true,
    description:
      "Page that the mailed link leads to; only pages that are allowed. Left out or `null`: the shop's own.",
  })
  readonly redirectUri?: URL | null;
}

/** A mailed link to check. */
@InputType({ description: 'A mailed link to check before asking for the new password.' })
export class PasswordResetTokenInput {
  @Field(() => String, { description: TOKEN })
  readonly token!: string;

  @Field(() => String, { nullable: true, description: EMAIL })
  readonly email?: string | null;

  @Field(() => ID, { nullable: true, description: CUSTOMER_ID })
  readonly customerId?: string | null;
}

/** A mailed link and the new password. */
@InputType({ description: 'A mailed link and the new password.' })
export class ResetPasswordInput {
  @Field(() => String, { description: TOKEN })
  readonly token!: string;

  @Field(() => String, { nullable: true, description: EMAIL })
  readonly email?: string | null;

  @Field(() => ID, { nullable: true, description: CUSTOMER_ID })
  readonly customerId?: string | null;

  @Field(() => String, { description: NEW_PASSWORD })
  readonly newPassword!: string;
}

/** The old and the new password. */
@InputType({ description: 'The old and the new password.' })
export class UpdatePasswordInput {
  @Field(() => String, { description: 'Proves that it is the customer who asks.' })
  readonly currentPassword!: string;

  @Field(() => String, { description: NEW_PASSWORD })
  readonly newPassword!: string;
}

export const RequestPasswordResetResult = createUnionType({
  name: 'RequestPasswordResetResult',
  description: 'What came of `requestPasswordReset`; alike for people who are known and unknown.',
  types: () => [CustomerAcknowledgement, CustomerInputError, CustomerThrottledError] as const,
});

export const VerifyPasswordResetTokenResult = createUnionType({
  name: 'VerifyPasswordResetTokenResult',
  description: 'What came of `verifyPasswordResetToken`; an unknown customer is a `LinkExpiredError` too.',
  types: () => [CustomerAcknowledgement, CustomerInputError, LinkExpiredError] as const,
});

export const ResetPasswordResult = createUnionType({
  name: 'ResetPasswordResult',
  description:
    'What came of `resetPassword`; an unknown customer is a `LinkExpiredError` too. A refused new password ' +
    'does not spend the link.',
  types: () => [CustomerAcknowledgement, CustomerInputError, LinkExpiredError] as const,
});

/** `InvalidCredentialsError`: the current password is wrong, or there is none. */
export const UpdatePasswordResult = createUnionType({
  name: 'UpdatePasswordResult',
  description: 'What came of `updatePassword`; `InvalidCredentialsError` means the current password.',
  types: () =>
    [CustomerAcknowledgement, CustomerInputError, InvalidCredentialsError, CustomerThrottledError] as const,
});
