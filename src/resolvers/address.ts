/** A customer's addresses. */
import { Arg, Ctx, Directive, ID, Mutation, Query, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { Failure } from '../failures.ts';
import { checkAddressChanges, checkNewAddress, dependOnCountry } from '../inputs/address.ts';
import { text } from '../texts/texts.ts';
import {
  AddAddressResult,
  AddressInput,
  CustomerAddress,
  DeleteAddressResult,
  UpdateAddressInput,
  UpdateAddressResult,
} from '../types/address.ts';
import {
  AddressConflictError,
  AddressNotFoundError,
  type CustomerInputError,
} from '../types/customer-error.ts';
import { Deleted } from '../types/deleted.ts';
import { inputError } from './challenge.ts';
import { isReadingService, ownCustomer } from './customer.ts';

const MAX_FOR_SERVICES = 20;

const ID_DESCRIPTION = "One of the caller's own addresses.";
const VERSION_DESCRIPTION =
  'The `version` that the change starts from: if the address has changed since, nothing is written. Left ' +
  'out or `null`: the change is made whatever it replaces.';

/** The addresses that the service behind a request has asked for, so that none reads more than it may. */
const askedFor = new WeakMap<Context, Set<string>>();

/**
 * An address by reference: one of the caller's own, or any for a service that reads customers (20 a request).
 *
 * Fails with `FORBIDDEN` for everybody else, and for an id that is not among the caller's own: whether it
 * is another's or nobody's is not told.
 */
export async function findAddressReference(id: string, context: Context): Promise<CustomerAddress | null> {
  readWithAddresses(context);
  if (isReadingService(context)) return await findForService(id, context);
  if (context.caller.kind !== 'customer') throw new Failure('FORBIDDEN');
  const address = await findOwn(id, context);
  if (!address) throw new Failure('FORBIDDEN');
  return address;
}

/** Which entities an operation is about stands in its variables: it may show nothing of an address but the type. */
function readWithAddresses({ projection }: Context): void {
  const { wanted } = projection;
  if (wanted === null || wanted.customerFields.has('addresses')) return;
  projection.wanted = { ...wanted, customerFields: new Set([...wanted.customerFields, 'addresses']) };
}

async function findForService(id: string, context: Context): Promise<CustomerAddress | null> {
  const asked = askedFor.get(context) ?? new Set();
  if (!asked.has(id) && asked.size >= MAX_FOR_SERVICES) {
    throw new Failure('FORBIDDEN', { detail: `a service asked for more than ${MAX_FOR_SERVICES} addresses` });
  }
  askedFor.set(context, asked.add(id));
  // The owner's record also tells whether the address belongs to this shop's website at all.
  const ownerId = await context.parts.m2.addresses.owner(id);
  const owner = ownerId === null ? null : await context.load.customers.load(ownerId);
  return owner?.addresses?.find((address) => address.id === id) ?? null;
}

async function findOwn(id: string, context: Context): Promise<CustomerAddress | null> {
  const { addresses } = await ownCustomer(context);
  return addresses?.find((address) => address.id === id) ?? null;
}

function notFound({ language }: Context): AddressNotFoundError {
  return new AddressNotFoundError(text(language, 'error.addressNotFound'));
}

/** The shop turned down what passed our checks; `field` is the one it named. */
function refusedByShop(
  context: Context,
  field: string | null,
  input: AddressInput | UpdateAddressInput,
): CustomerInputError {
  // Such as a postcode where the shop wants one and we do not know that.
  const isMissing = field !== null && !Object.entries(input).some(([name, value]) => name === field && value);
  const message = text(context.language, isMissing ? 'problem.required' : 'problem.invalid');
  return inputError(context, [{ path: ['input', ...(field === null ? [] : [field])], message }]);
}

@Resolver()
export class AddressResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 5)')
  @Directive('@listSize(assumedSize: 20)')
  @Query(() => [CustomerAddress], {
    nullable: true,
    description: "The signed-in customer's addresses, in the order they were added.",
  })
  async addresses(@Ctx() context: Context): Promise<CustomerAddress[] | null> {
    const { addresses } = await ownCustomer(context);
    return addresses;
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 5)')
  @Query(() => CustomerAddress, {
    nullable: true,
    description: "One of the signed-in customer's addresses; `null` when none of them has that id.",
  })
  async address(
    @Arg('id', () => ID, { description: ID_DESCRIPTION }) id: string,
    @Ctx() context: Context,
  ): Promise<CustomerAddress | null> {
    return await findOwn(id, context);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => AddAddressResult, {
    description: 'Adds an address. The other addresses stay, the defaults too unless the new one takes over.',
  })
  async addAddress(
    @Arg('input', () => AddressInput, { description: 'The new address.' }) input: AddressInput,
    @Ctx() context: Context,
  ): Promise<typeof AddAddressResult> {
    const { customerId } = signedIn(context);
    const { inputRules, isRepeat, parts } = context;
    const checked = checkNewAddress(input, inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await parts.m2.addresses.add(customerId, checked.value, { isRepeat });
    context.load.customers.clear(customerId);
    switch (outcome.kind) {
      case 'added':
        return outcome.address;
      case 'refused':
        return refusedByShop(context, outcome.field, input);
      case 'gone':
        await context.parts.auth.sessions.endAll(customerId);
        throw new Failure('UNAUTHENTICATED', { detail: 'the shop no longer knows the customer' });
    }
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdateAddressResult, {
    description: 'Changes an address and nothing else: what is left out of the input stays as it is.',
  })
  async updateAddress(
    @Arg('id', () => ID, { description: ID_DESCRIPTION }) id: string,
    @Arg('input', () => UpdateAddressInput, { description: 'What is to change.' }) input: UpdateAddressInput,
    @Arg('version', () => String, { nullable: true, description: VERSION_DESCRIPTION }) version:
      | string
      | null,
    @Ctx() context: Context,
  ): Promise<typeof UpdateAddressResult> {
    const { customerId } = signedIn(context);
    const present = dependOnCountry(input) ? await findOwn(id, context) : undefined;
    if (present === null) return notFound(context);
    const checked = checkAddressChanges(input, context.inputRules, present?.countryCode);
    if (!checked.ok) return inputError(context, checked.problems);
    const { addresses } = context.parts.m2;
    const outcome = await addresses.update(customerId, id, checked.value, version);
    context.load.customers.clear(customerId);
    switch (outcome.kind) {
      case 'updated':
        return outcome.address;
      case 'notFound':
        return notFound(context);
      case 'conflict':
        return new AddressConflictError(text(context.language, 'error.addressConflict'), outcome.current);
      case 'refused':
        return refusedByShop(context, outcome.field, input);
    }
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => DeleteAddressResult, {
    description: 'Deletes an address for good. Where it was the default, there is none afterwards.',
  })
  async deleteAddress(
    @Arg('id', () => ID, { description: ID_DESCRIPTION }) id: string,
    @Arg('version', () => String, { nullable: true, description: VERSION_DESCRIPTION }) version:
      | string
      | null,
    @Ctx() context: Context,
  ): Promise<typeof DeleteAddressResult> {
    const { customerId } = signedIn(context);
    const outcome = await context.parts.m2.addresses.remove(customerId, id, version);
    context.load.customers.clear(customerId);
    switch (outcome.kind) {
      case 'removed':
        return new Deleted({ id });
      case 'notFound':
        return notFound(context);
      case 'conflict':
        return new AddressConflictError(text(context.language, 'error.addressConflict'), outcome.current);
    }
  }
}
