/** What customers change of themselves, and the end of an account. */
import { Arg, Ctx, Directive, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { forOwner } from '../access.ts';
import { type Context, signedIn } from '../context.ts';
import type { CustomerChanges } from '../datasources/m2/customer.ts';
import { Failure } from '../failures.ts';
import { checkCustomerChanges, checkSubscriptions, dependOnHospital } from '../inputs/profile.ts';
import { isTextKey, text } from '../texts/texts.ts';
import type { Customer } from '../types/customer.ts';
import {
  CustomerDeleted,
  DeleteCustomerResult,
  UpdateCustomerInput,
  UpdateCustomerResult,
  UpdateSubscriptionsResult,
} from '../types/profile.ts';
import { CustomerSubscription, CustomerSubscriptionInput } from '../types/subscription.ts';
import { inputError } from './challenge.ts';
import { customerGone, ownCustomer } from './customer.ts';
import { recentSignInRequired } from './recent-sign-in.ts';

/** Writes checked changes of the caller, and shows the customer as it is then. */
async function change(context: Context, changes: CustomerChanges): Promise<Customer> {
  const { customerId } = signedIn(context);
  const outcome = await context.parts.m2.customers.update(customerId, changes);
  context.load.customers.clear(customerId);
  switch (outcome.kind) {
    case 'updated':
      return forOwner(outcome.customer);
    case 'gone':
      return await customerGone(context, customerId);
    case 'emailTaken':
      throw new Failure('UPSTREAM_INVALID', { detail: 'the shop speaks of an e-mail that was not sent' });
  }
}

@Resolver(() => CustomerSubscription)
export class ProfileResolver {
  @FieldResolver(() => String)
  name(@Root() { code }: CustomerSubscription, @Ctx() { language }: Context): string {
    const key = `subscription.${code}`;
    return isTextKey(key) ? text(language, key) : code;
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdateCustomerResult, {
    description:
      'Changes the signed-in customer: what is left out of the input stays as it is. Phone and e-mail have ' +
      'mutations of their own.',
  })
  async updateCustomer(
    @Arg('input', () => UpdateCustomerInput, { description: 'What is to change.' })
    input: UpdateCustomerInput,
    @Ctx() context: Context,
  ): Promise<typeof UpdateCustomerResult> {
    const present = dependOnHospital(input) ? await ownCustomer(context) : null;
    const patient = present?.isPatient ? present : null;
    const checked = checkCustomerChanges(input, context.inputRules, patient);
    if (!checked.ok) return inputError(context, checked.problems);
    return await change(context, checked.value);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdateSubscriptionsResult, {
    description:
      'Subscribes the signed-in customer, or ends subscriptions; those not named stay as they are.',
  })
  async updateSubscriptions(
    @Arg('input', () => [CustomerSubscriptionInput], { description: 'Each by its code.' })
    input: CustomerSubscriptionInput[],
    @Ctx() context: Context,
  ): Promise<typeof UpdateSubscriptionsResult> {
    const checked = checkSubscriptions(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    return await change(context, checked.value);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => DeleteCustomerResult, {
    description:
      'Deletes the signed-in customer for good and signs it out everywhere. Needs a fresh sign-in, so that a ' +
      'stolen token cannot do it. Orders and prescriptions stay with the pharmacy for as long as the law demands.',
  })
  async deleteCustomer(@Ctx() context: Context): Promise<typeof DeleteCustomerResult> {
    const { customerId } = signedIn(context);
    const tooOld = recentSignInRequired(context);
    if (tooOld) return tooOld;
    const deleted = await context.parts.auth.deleteAccount(customerId, context.circumstances);
    context.load.customers.clear(customerId);
    return new CustomerDeleted(deleted);
  }
}
