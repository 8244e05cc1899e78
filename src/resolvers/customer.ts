/** The customer, and the fields of it that other systems answer. */
import { Ctx, Directive, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { forOwner, oneByOne, type References } from '../access.ts';
import { type Context, signedIn } from '../context.ts';
import { Failure } from '../failures.ts';
import { SavedCard } from '../types/card.ts';
import { Customer } from '../types/customer.ts';
import { SignedInDevice } from '../types/device.ts';
import { LoyaltyMembership } from '../types/loyalty.ts';
import { devicesOf } from './device.ts';

/**
 * The customer of an open session, shown to the owner: the caller's own unless another session's is named.
 *
 * Whom the shop no longer knows has all sessions ended and gets `UNAUTHENTICATED`.
 */
export function ownCustomer(
  context: Context,
  customerId: string = signedIn(context).customerId,
): Promise<Customer> {
  const loading = context.load.customers.load(customerId);
  return loading.then((customer) =>
    customer === null ? customerGone(context, customerId) : forOwner(customer),
  );
}

/** Ends all sessions of a customer whom the shop no longer knows, and throws `UNAUTHENTICATED`. */
export async function customerGone({ parts }: Context, customerId: string): Promise<never> {
  await parts.auth.sessions.endAll(customerId);
  throw new Failure('UNAUTHENTICATED', { detail: 'the shop no longer knows the customer' });
}

/** Whether the caller is another service that may read customers, and comes through the gateway. */
export function isReadingService({ caller, isGateway }: Context): boolean {
  return isGateway && caller.kind === 'service' && caller.scopes.has('customer:read');
}

/** Customers by reference, `null` where there is none. Without asking the shop, `FORBIDDEN` for whom it is not for. */
export const findCustomerReferences: References<Customer> = (ids, context) => {
  if (!isReadingService(context)) return findEachOwn(ids, context);
  return context.parts.m2.customers.findMany(ids, context.projection.wanted ?? undefined);
};

const findEachOwn = oneByOne(async (id, context) => {
  const { caller } = context;
  if (caller.kind !== 'customer' || caller.customerId !== id) throw new Failure('FORBIDDEN');
  readAhead(id, context);
  const customer = await context.load.customers.load(id);
  return customer && forOwner(customer);
});

/** Asks for what does not depend on the customer's record while that is read: one round trip instead of two. */
function readAhead(id: string, { projection: { wanted }, load }: Context): void {
  const others = { cards: load.cards, loyalty: load.loyalty, wallet: load.wallets };
  for (const [field, loader] of Object.entries(others)) {
    // The field itself tells of its failure, if it comes to be answered.
    if (wanted?.customerFields.has(field)) loader.load(id).catch(() => undefined);
  }
}

@Resolver(() => Customer)
export class CustomerResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 5)')
  @Query(() => Customer, { nullable: true, description: 'The signed-in customer.' })
  customer(@Ctx() context: Context): Promise<Customer> {
    readAhead(signedIn(context).customerId, context);
    return ownCustomer(context);
  }

  @FieldResolver(() => String)
  groupName(@Root() { groupId }: Customer, @Ctx() context: Context): Promise<string | null> | null {
    return groupId === null ? null : context.load.groupNames.load(groupId);
  }

  @FieldResolver(() => [SavedCard])
  cards(@Root() { id }: Customer, @Ctx() context: Context): Promise<SavedCard[]> {
    return context.load.cards.load(id);
  }

  @FieldResolver(() => [SignedInDevice])
  devices(@Root() { id }: Customer, @Ctx() context: Context): Promise<SignedInDevice[]> {
    return devicesOf(id, context);
  }

  @FieldResolver(() => LoyaltyMembership)
  loyalty(@Root() { id }: Customer, @Ctx() context: Context): Promise<LoyaltyMembership> {
    return context.load.loyalty.load(id);
  }
}
