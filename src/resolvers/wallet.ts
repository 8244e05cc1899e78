/** The wallet. */
import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { text } from '../texts/texts.ts';
import { Customer } from '../types/customer.ts';
import { CustomerWallet, UpdateWalletResult } from '../types/wallet.ts';
import { inputError } from './challenge.ts';

@Resolver(() => Customer)
export class WalletResolver {
  @FieldResolver(() => CustomerWallet)
  wallet(@Root() { id }: Customer, @Ctx() context: Context): Promise<CustomerWallet | null> {
    return context.load.wallets.load(id);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdateWalletResult, { description: 'Says whether the checkout spends the wallet first.' })
  async updateWallet(
    @Arg('useInPayment', () => Boolean, { description: 'Whether it does from now on.' })
    useInPayment: boolean,
    @Ctx() context: Context,
  ): Promise<typeof UpdateWalletResult> {
    const { customerId } = signedIn(context);
    const outcome = await context.parts.m2.wallets.update(customerId, useInPayment);
    context.load.wallets.clear(customerId);
    if (outcome.kind === 'updated') return outcome.wallet;
    const message = text(context.language, 'problem.invalid');
    return inputError(context, [{ path: ['useInPayment'], message }]);
  }
}
