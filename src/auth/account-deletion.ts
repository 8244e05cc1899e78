/** The end of a customer's account: the shop's record, and everything that is kept here for it. */
import type { Challenges } from './challenge.ts';
import type { Circumstances } from './code-request.ts';
import type { FailureCounts } from './failure-count.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { Customers, ShopCustomer } from './ports.ts';
import type { Sessions } from './session.ts';

/**
 * Deletes a customer for good. Whoever finds the account gone already, such as the second of two phones,
 * ends what may be left of it here and is none the worse for it.
 */
export function accountDeletionOf(parts: {
  customers: Customers;
  challenges: Challenges;
  failures: FailureCounts;
  sessions: Sessions;
  closures: PasswordClosures;
  /** Voids what was not confirmed yet. */
  cancelPending: (customerId: string) => Promise<void>;
  tellDeleted: (customer: ShopCustomer) => Promise<void>;
}) {
  const { customers, challenges, failures, sessions, closures } = parts;

  return async (customerId: string, circumstances: Circumstances): Promise<{ deletedAt: Date }> => {
    const customer = await customers.find(customerId);
    await parts.cancelPending(customerId);
    const isRemoved = customer !== null && (await customers.remove(customerId));
    const deletedAt = new Date();
    // By the one who removed it, so once; and whatever the store says from here on, for the record is gone.
    if (isRemoved) circumstances.afterAnswer('tell of the deletion', () => parts.tellDeleted(customer));

    // A phone that was never proven may be somebody else's, whose codes and devices are none of this.
    const isProven = customer?.phoneVerified || customer?.verifiedWithoutOtp;
    if (isProven && customer?.phone) {
      await challenges.endAll(customer.phone.e164);
      await failures.forgetDevices(customer.phone.e164);
    }
    await closures.reopen(customerId);
    // Last: what fails before it leaves the person signed in to try again. Push registrations go with the sessions.
    await sessions.endAll(customerId);
    return { deletedAt };
  };
}
