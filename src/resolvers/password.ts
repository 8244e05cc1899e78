/** Passwords: the mailed link, the reset, and the change. */
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import type { LinkHolder } from '../auth/password-reset.ts';
import { type Context, signedIn } from '../context.ts';
import {
  type CheckedResetLink,
  checkPasswordChange,
  checkReset,
  checkResetRequest,
  checkResetToken,
  newPasswordProblem,
} from '../inputs/password.ts';
import { text } from '../texts/texts.ts';
import { InvalidCredentialsError, LinkExpiredError } from '../types/customer-error.ts';
import {
  CustomerAcknowledgement,
  PasswordResetRequestInput,
  PasswordResetTokenInput,
  RequestPasswordResetResult,
  ResetPasswordInput,
  ResetPasswordResult,
  UpdatePasswordInput,
  UpdatePasswordResult,
  VerifyPasswordResetTokenResult,
} from '../types/password.ts';
import { inputError, throttled } from './challenge.ts';

const accepted = () => new CustomerAcknowledgement({ acceptedAt: new Date() });

const linkExpired = ({ language }: Context) => new LinkExpiredError(text(language, 'error.linkExpired'));

function newPasswordError(context: Context, problem: Parameters<typeof newPasswordProblem>[0]) {
  const { minLength } = context.parts.config.password;
  return inputError(context, [newPasswordProblem(problem, minLength, context.inputRules)]);
}

@Resolver()
export class PasswordResolver {
  @Directive('@cost(weight: 10)')
  @Mutation(() => RequestPasswordResetResult, {
    description:
      'Sends a link for a new password by e-mail, if there is such a customer; it answers alike if not.',
  })
  async requestPasswordReset(
    @Arg('input', () => PasswordResetRequestInput, { description: 'Who has forgotten the password.' })
    input: PasswordResetRequestInput,
    @Ctx() context: Context,
  ): Promise<typeof RequestPasswordResetResult> {
    const checked = checkResetRequest(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const { redirectUri, ...identifier } = checked.value;
    const asked = { identifier, redirectUri };
    const outcome = await context.parts.auth.passwordReset.request(asked, context.circumstances);
    return outcome.kind === 'throttled' ? throttled(context, outcome.retryAfterSeconds) : accepted();
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => VerifyPasswordResetTokenResult, {
    description: 'Tells whether a mailed link is still good; it is not spent by asking.',
  })
  async verifyPasswordResetToken(
    @Arg('input', () => PasswordResetTokenInput, { description: 'The mailed link.' })
    input: PasswordResetTokenInput,
    @Ctx() context: Context,
  ): Promise<typeof VerifyPasswordResetTokenResult> {
    const checked = checkResetToken(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const { token } = checked.value;
    const isGood = await context.parts.auth.passwordReset.isGood(holderOf(checked.value), token);
    return isGood ? accepted() : linkExpired(context);
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => ResetPasswordResult, {
    description: 'Sets a new password with a mailed link and ends every session of the customer.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The mailed link and the new password.' })
    input: ResetPasswordInput,
    @Ctx() context: Context,
  ): Promise<typeof ResetPasswordResult> {
    const checked = checkReset(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const { token, newPassword } = checked.value;
    const given = { holder: holderOf(checked.value), token, newPassword };
    const outcome = await context.parts.auth.passwordReset.reset(given, context.circumstances);
    switch (outcome.kind) {
      case 'reset':
        return accepted();
      case 'linkExpired':
        return linkExpired(context);
      case 'problem':
        return newPasswordError(context, outcome.problem);
    }
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdatePasswordResult, {
    description: "Changes the signed-in customer's password and ends the other sessions.",
  })
  async updatePassword(
    @Arg('input', () => UpdatePasswordInput, { description: 'The old and the new password.' })
    input: UpdatePasswordInput,
    @Ctx() context: Context,
  ): Promise<typeof UpdatePasswordResult> {
    const caller = signedIn(context);
    const checked = checkPasswordChange(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.changePassword(caller, checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'changed':
        return accepted();
      case 'wrong':
        return new InvalidCredentialsError(text(context.language, 'error.wrongPassword'));
      case 'throttled':
        return throttled(context, outcome.retryAfterSeconds);
      case 'problem':
        return newPasswordError(context, outcome.problem);
    }
  }
}

function holderOf({ owner }: CheckedResetLink): LinkHolder {
  return owner.kind === 'email' ? { email: owner.email } : { customerId: owner.customerId };
}
