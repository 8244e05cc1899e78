/** Joining the loyalty programme. */
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { checkOtp } from '../inputs/sign-in.ts';
import { text } from '../texts/texts.ts';
import { ConfirmLoyaltyResult, JoinLoyaltyResult } from '../types/loyalty.ts';
import { inputError, toChallenge, toRefusal } from './challenge.ts';

@Resolver()
export class LoyaltyResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => JoinLoyaltyResult, {
    description: "Sends a code to the customer's own phone; `confirmLoyalty` then joins the programme.",
  })
  async joinLoyalty(@Ctx() context: Context): Promise<typeof JoinLoyaltyResult> {
    const { customerId } = signedIn(context);
    const outcome = await context.parts.auth.loyalty.ask(customerId, context.circumstances);
    if (outcome.kind === 'noPhone') {
      return inputError(context, [{ path: ['phone'], message: text(context.language, 'problem.mobile') }]);
    }
    return toChallenge(context, outcome);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => ConfirmLoyaltyResult, {
    description: 'Spends the code and joins the programme. Joining again changes nothing.',
  })
  async confirmLoyalty(
    @Arg('otpId', () => ID, { description: 'Of the challenge that `joinLoyalty` answered.' }) otpId: string,
    @Arg('otpCode', () => String, { description: 'Six digits.' }) otpCode: string,
    @Ctx() context: Context,
  ): Promise<typeof ConfirmLoyaltyResult> {
    const { customerId } = signedIn(context);
    const checked = checkOtp({ otpId, otpCode }, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const given = { customerId, ...checked.value };
    const outcome = await context.parts.auth.loyalty.confirm(given, context.circumstances);
    return outcome.kind === 'joined' ? outcome.membership : toRefusal(context, outcome);
  }
}
