/** Signing in by e-mail and password. */
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { checkPasswordLogin } from '../inputs/password-login.ts';
import { text } from '../texts/texts.ts';
import { InvalidCredentialsError } from '../types/customer-error.ts';
import { LoginWithPasswordResult, PasswordLoginInput } from '../types/password-login.ts';
import { inputError, toChallenge } from './challenge.ts';
import { toSession } from './session.ts';

@Resolver()
export class PasswordLoginResolver {
  @Directive('@cost(weight: 10)')
  @Mutation(() => LoginWithPasswordResult, {
    description:
      'Signs in with e-mail and password. On a device that the phone was not proven on lately, a short password ' +
      'needs a code to that phone as well; `verifyOtp` then opens the session.',
  })
  async loginWithPassword(
    @Arg('input', () => PasswordLoginInput, { description: 'Who wants to sign in.' })
    input: PasswordLoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginWithPasswordResult> {
    const checked = checkPasswordLogin(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.passwordLogin(checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'opened':
        return toSession(outcome.session, outcome.isNewCustomer);
      case 'sent':
      case 'throttled':
        return toChallenge(context, outcome);
      case 'wrong':
        return new InvalidCredentialsError(text(context.language, 'error.invalidCredentials'));
    }
  }
}
