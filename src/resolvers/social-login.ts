/** Signing in with Google or Apple. */
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { checkSocialLogin } from '../inputs/social-login.ts';
import { type TextKey, text } from '../texts/texts.ts';
import { CustomerConflictError, InvalidCredentialsError } from '../types/customer-error.ts';
import { LoginWithSocialResult, SocialLoginInput } from '../types/social-login.ts';
import { inputError, toChallenge } from './challenge.ts';
import { toSession } from './session.ts';

const CONFLICTS = {
  email: 'error.conflictEmail',
  idToken: 'error.conflictSocial',
  phone: 'error.conflictSocialPhone',
} as const;

function fieldError(context: Context, field: keyof SocialLoginInput, key: TextKey) {
  return inputError(context, [{ path: ['input', field], message: text(context.language, key) }]);
}

@Resolver()
export class SocialLoginResolver {
  @Directive('@cost(weight: 10)')
  @Mutation(() => LoginWithSocialResult, {
    description:
      "Signs in with Google's or Apple's word: the customer of that account, else once the customer whose verified " +
      'e-mail it is (a patient proves the phone as well, with `verifyOtp`), else a new customer.',
  })
  async loginWithSocial(
    @Arg('input', () => SocialLoginInput, { description: "The provider's word." }) input: SocialLoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginWithSocialResult> {
    const checked = checkSocialLogin(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.socialLogin(checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'opened':
        return toSession(outcome.session, outcome.isNewCustomer);
      case 'sent':
      case 'throttled':
        return toChallenge(context, outcome);
      case 'off':
        return fieldError(context, 'provider', 'problem.socialProvider');
      case 'nonceMissing':
        return fieldError(context, 'nonce', 'problem.required');
      case 'noEmail':
        return fieldError(context, 'idToken', 'problem.socialEmail');
      case 'bad':
        return new InvalidCredentialsError(text(context.language, 'error.socialToken'));
      case 'conflict': {
        const { field } = outcome;
        return new CustomerConflictError(text(context.language, CONFLICTS[field]), field);
      }
    }
  }
}
