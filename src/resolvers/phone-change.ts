/** Changing a customer's phone. */
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { checkMobile } from '../inputs/phone.ts';
import { checkOtp } from '../inputs/sign-in.ts';
import { text } from '../texts/texts.ts';
import { CustomerConflictError } from '../types/customer-error.ts';
import { PhoneInput } from '../types/phone.ts';
import { ConfirmPhoneChangeResult, RequestPhoneChangeResult } from '../types/phone-change.ts';
import { inputError, toChallenge, toRefusal } from './challenge.ts';
import { customerGone, ownCustomer } from './customer.ts';
import { recentSignInRequired } from './recent-sign-in.ts';

@Resolver()
export class PhoneChangeResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => RequestPhoneChangeResult, {
    description:
      'Sends a code to the new phone; `confirmPhoneChange` then changes it. Needs a fresh sign-in. A newer ' +
      'request, a password reset and `logoutAllDevices` cancel it.',
  })
  async requestPhoneChange(
    @Arg('phone', () => PhoneInput, { description: 'The new phone; it gets the code.' }) phone: PhoneInput,
    @Ctx() context: Context,
  ): Promise<typeof RequestPhoneChangeResult> {
    const { customerId } = signedIn(context);
    const tooOld = recentSignInRequired(context);
    if (tooOld) return tooOld;
    const checked = checkMobile(context.inputRules, ['phone'], phone);
    if (!checked.ok) return inputError(context, checked.problems);
    const asked = { customerId, phone: checked.value };
    return toChallenge(context, await context.parts.auth.phoneChange.ask(asked, context.circumstances));
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => ConfirmPhoneChangeResult, {
    description:
      'Spends the code and changes the phone. The other sessions end, and the customer is told at the old phone ' +
      'and by e-mail.',
  })
  async confirmPhoneChange(
    @Arg('otpId', () => ID, { description: 'Of the challenge that `requestPhoneChange` answered.' })
    otpId: string,
    @Arg('otpCode', () => String, { description: 'Six digits.' }) otpCode: string,
    @Ctx() context: Context,
  ): Promise<typeof ConfirmPhoneChangeResult> {
    const { customerId, sessionId } = signedIn(context);
    const checked = checkOtp({ otpId, otpCode }, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const given = { customerId, sessionId, ...checked.value };
    const outcome = await context.parts.auth.phoneChange.confirm(given, context.circumstances);
    switch (outcome.kind) {
      case 'changed':
        context.load.customers.clear(customerId);
        return await ownCustomer(context);
      case 'conflict':
        return new CustomerConflictError(text(context.language, 'error.conflictNewPhone'), outcome.field);
      case 'gone':
        return await customerGone(context, customerId);
      default:
        return toRefusal(context, outcome);
    }
  }
}
