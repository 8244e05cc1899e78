/** Saved cards. */
import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { Failure } from '../failures.ts';
import { text } from '../texts/texts.ts';
import { DeleteCardResult, SavedCard } from '../types/card.ts';
import { CardNotFoundError } from '../types/customer-error.ts';
import { Deleted } from '../types/deleted.ts';
import { recentSignInRequired } from './recent-sign-in.ts';

/**
 * A card by reference, for its owner only.
 *
 * Fails with `FORBIDDEN` for everybody else, and for an id that is not among the caller's own: whether it
 * is another's or nobody's is not told.
 */
export async function findCardReference(id: string, context: Context): Promise<SavedCard> {
  const { caller } = context;
  if (caller.kind !== 'customer') throw new Failure('FORBIDDEN');
  const cards = await context.load.cards.load(caller.customerId);
  const card = cards.find((own) => own.id === id);
  if (!card) throw new Failure('FORBIDDEN');
  return card;
}

@Resolver()
export class CardResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 5)')
  @Directive('@listSize(assumedSize: 10)')
  @Query(() => [SavedCard], { nullable: true, description: "The signed-in customer's saved cards." })
  async cards(@Ctx() context: Context): Promise<SavedCard[]> {
    return await context.load.cards.load(signedIn(context).customerId);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => DeleteCardResult, {
    description: 'Deletes a saved card for good. Needs a fresh sign-in, so that a stolen token cannot do it.',
  })
  async deleteCard(
    @Arg('id', () => ID, { description: "One of the caller's own cards." }) id: string,
    @Ctx() context: Context,
  ): Promise<typeof DeleteCardResult> {
    const { customerId } = signedIn(context);
    const { language, parts } = context;
    const tooOld = recentSignInRequired(context);
    if (tooOld) return tooOld;
    const cards = await context.load.cards.load(customerId);
    const isOwn = cards.some((card) => card.id === id);
    if (!isOwn || !(await parts.m2.cards.remove(customerId, id))) {
      return new CardNotFoundError(text(language, 'error.cardNotFound'));
    }
    context.load.cards.clear(customerId);
    return new Deleted({ id });
  }
}
