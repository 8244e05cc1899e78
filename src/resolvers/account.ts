/** Accounts by e-mail and password. */
import { Arg, Ctx, Directive, Mutation, Resolver } from 'type-graphql';
import type { NewPasswordProblem } from '../auth/password-change.ts';
import type { Context } from '../context.ts';
import { checkActivation, checkPasswordRegister } from '../inputs/account.ts';
import { problem } from '../inputs/checked.ts';
import { newPasswordProblem } from '../inputs/password.ts';
import {
  ActivateAccountInput,
  ActivateAccountResult,
  PasswordRegisterInput,
  RegisterWithPasswordResult,
} from '../types/account.ts';
import { inputError } from './challenge.ts';
import { toEmailChallenge, toLinkRefusal } from './email-challenge.ts';
import { toSession } from './session.ts';

const PASSWORD = ['input', 'password'];

function passwordError(context: Context, reason: NewPasswordProblem) {
  const { minLength } = context.parts.config.password;
  return inputError(context, [newPasswordProblem(reason, minLength, context.inputRules, PASSWORD)]);
}

@Resolver()
export class AccountResolver {
  @Directive('@cost(weight: 10)')
  @Mutation(() => RegisterWithPasswordResult, {
    description:
      'Sends a link to the e-mail address of a new customer; `activateAccount` then creates the account. An ' +
      'address that has an account already answers alike, and is told so in the e-mail.',
  })
  async registerWithPassword(
    @Arg('input', () => PasswordRegisterInput, { description: 'The new customer.' })
    input: PasswordRegisterInput,
    @Ctx() context: Context,
  ): Promise<typeof RegisterWithPasswordResult> {
    const checked = checkPasswordRegister(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.account.request(checked.value, context.circumstances);
    return outcome.kind === 'problem'
      ? passwordError(context, outcome.problem)
      : toEmailChallenge(context, outcome);
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => ActivateAccountResult, {
    description: 'Spends the mailed link of a registration: creates the account and signs in to it.',
  })
  async activateAccount(
    @Arg('input', () => ActivateAccountInput, { description: 'The mailed link.' })
    input: ActivateAccountInput,
    @Ctx() context: Context,
  ): Promise<typeof ActivateAccountResult> {
    const checked = checkActivation(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.account.activate(checked.value);
    switch (outcome.kind) {
      case 'opened':
        return toSession(outcome.session, true);
      case 'passwordMissing':
        return inputError(context, [problem(context.inputRules, PASSWORD, 'problem.required')]);
      case 'problem':
        return passwordError(context, outcome.problem);
      default:
        return toLinkRefusal(context, outcome);
    }
  }
}
