/** Joining the loyalty programme, which takes a code from the customer's own phone. */
import type { Circumstances, CodeRequested, CodeRequests } from './code-request.ts';
import type { CodeRefused, CodeSpender } from './code-spending.ts';
import { provenPhoneOf } from './identity.ts';
import type { Customers } from './ports.ts';

/** `Membership` is whatever the shop answers of one. */
export function loyaltyOf<Membership>(parts: {
  customers: Customers;
  codeRequests: CodeRequests;
  spend: CodeSpender;
  join: (customerId: string) => Promise<Membership>;
}) {
  return {
    /** `noPhone`: the customer has no verified phone to send a code to. */
    async ask(
      customerId: string,
      circumstances: Circumstances,
    ): Promise<CodeRequested | { kind: 'noPhone' }> {
      const customer = await parts.customers.find(customerId);
      const phone = customer && provenPhoneOf(customer);
      if (!phone) return { kind: 'noPhone' };
      return parts.codeRequests.ask({ purpose: 'loyalty', phone, customerId, details: null }, circumstances);
    },

    async confirm(
      given: { customerId: string; otpId: string; code: string },
      circumstances: Circumstances,
    ): Promise<{ kind: 'joined'; membership: Membership } | CodeRefused> {
      return parts.spend({ ...given, purposes: ['loyalty'], device: null }, circumstances, async () => ({
        kind: 'joined' as const,
        membership: await parts.join(given.customerId),
      }));
    },
  };
}
