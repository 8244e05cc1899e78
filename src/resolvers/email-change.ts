/** The customer's change of e-mail address. */
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { checkMailedKey, checkNewEmail } from '../inputs/account.ts';
import { ConfirmEmailChangeResult, RequestEmailChangeResult } from '../types/email-change.ts';
import { CustomerAcknowledgement } from '../types/password.ts';
import { inputError } from './challenge.ts';
import { toEmailChallenge, toLinkRefusal } from './email-challenge.ts';
import { recentSignInRequired } from './recent-sign-in.ts';

@Resolver()
export class EmailChangeResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => RequestEmailChangeResult, {
    description:
      'Sends a link to the new address; `confirmEmailChange` then changes it. Needs a fresh sign-in. A newer ' +
      'request, a new password or `logoutAllDevices` voids the link. The address that the customer has already may ' +
      'be given to prove it.',
  })
  async requestEmailChange(
    @Arg('newEmail', () => String, { description: 'The address that is to become the customer’s.' })
    newEmail: string,
    @Ctx() context: Context,
  ): Promise<typeof RequestEmailChangeResult> {
    const caller = signedIn(context);
    const tooOld = recentSignInRequired(context);
    if (tooOld) return tooOld;
    const checked = checkNewEmail(newEmail, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const { emailChange } = context.parts.auth;
    return toEmailChallenge(context, await emailChange.request(caller, checked.value, context.circumstances));
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => ConfirmEmailChangeResult, {
    description:
      'Spends the mailed link of a change, on any device and without a session: the customer has the new address ' +
      'from now on, the other sessions end, and the old address is told.',
  })
  async confirmEmailChange(
    @Arg('identifier', () => ID, { description: '`identifier` of the mailed link.' }) identifier: string,
    @Arg('key', () => String, { description: 'What stands after `#` in the mailed link.' }) key: string,
    @Ctx() context: Context,
  ): Promise<typeof ConfirmEmailChangeResult> {
    const checked = checkMailedKey({ identifier, key }, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.emailChange.confirm(checked.value, context.circumstances);
    return outcome.kind === 'changed'
      ? new CustomerAcknowledgement({ acceptedAt: new Date() })
      : toLinkRefusal(context, outcome);
  }
}
