/** A signed-in customer's change of e-mail, which the new address has to confirm. */
import { z } from 'zod';
import type { Circumstances } from './code-request.ts';
import type { LinkRequested, LinkRequests } from './link-request.ts';
import type { GivenKey, KeyRefused, MailedKeys } from './mailed-key.ts';
import type { Customers, ShopCustomer } from './ports.ts';
import type { Sessions } from './session.ts';
import type { Throttle } from './throttle.ts';

export type EmailChanged = { kind: 'changed' } | { kind: 'emailTaken' } | KeyRefused;

const PURPOSE = 'confirmEmailChange';

const Pending = z.object({
  customerId: z.string(),
  /** Of whoever asked, who stays signed in. */
  sessionId: z.string(),
  newEmail: z.string(),
});

/** Noted before the shop is asked to change it: afterwards nobody could tell what it was. */
const Step = z.object({ oldEmail: z.string().nullable() });

export type EmailChanges = ReturnType<typeof emailChangesOf>;

export function emailChangesOf(parts: {
  keys: MailedKeys;
  linkRequests: LinkRequests;
  customers: Customers;
  sessions: Pick<Sessions, 'endAll'>;
  /** How many addresses one customer may have mails sent to. */
  throttle: Throttle;
  tellChanged: (customer: ShopCustomer) => Promise<void>;
}) {
  const { keys, customers, sessions } = parts;

  return {
    /** Mails a link to the new address; a link that was asked for before is void. */
    async request(
      caller: { customerId: string; sessionId: string },
      newEmail: string,
      circumstances: Circumstances,
    ): Promise<LinkRequested> {
      const { customerId, sessionId } = caller;
      const admission = await parts.throttle.admit(customerId);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const details: z.infer<typeof Pending> = { customerId, sessionId, newEmail };
      const requested = await parts.linkRequests.ask(
        { purpose: PURPOSE, email: newEmail, details, subject: customerId, ownerId: customerId },
        circumstances,
      );
      // Nothing goes out then, so it must not use up what the customer may send.
      if (requested.kind === 'throttled') await parts.throttle.withdraw(customerId);
      return requested;
    },

    /** Voids the change that waits to be confirmed, if there is one. */
    async cancel(customerId: string): Promise<void> {
      await keys.cancel(PURPOSE, customerId);
    },

    /**
     * Changes the address, proven by the link; ends the other sessions and tells the old address.
     *
     * The address that the customer has already is only marked as proven.
     */
    async confirm(given: GivenKey, circumstances: Circumstances): Promise<EmailChanged> {
      return keys.spend<EmailChanged>(PURPOSE, given, async ({ details, step, note }) => {
        const { customerId, sessionId, newEmail } = Pending.parse(details);
        const customer = await customers.find(customerId);
        if (customer === null) return { isDone: true, outcome: { kind: 'gone' } };
        const oldEmail = step === null ? (customer.email ?? null) : Step.parse(step).oldEmail;

        const isAnother = oldEmail?.toLowerCase() !== newEmail.toLowerCase();
        const holder = await customers.findByEmail(newEmail);
        if (holder !== null && holder.id !== customerId) {
          return { isDone: true, outcome: { kind: 'emailTaken' } };
        }

        // Ended first: were the store to fail afterwards, a thief's session would outlive the change.
        if (isAnother) await sessions.endAll(customerId, sessionId);
        // After everything slow: a reset or sign-out in the meantime has cancelled the change.
        if (!(await note({ oldEmail } satisfies z.infer<typeof Step>))) {
          return { isDone: false, outcome: { kind: 'gone' } };
        }
        const updated = await customers.update(customerId, { email: newEmail, emailVerified: true });
        if (updated.kind === 'emailTaken') return { isDone: true, outcome: { kind: 'emailTaken' } };
        if (updated.kind === 'gone') return { isDone: true, outcome: { kind: 'gone' } };
        if (isAnother) {
          // And last: the old e-mail opened sessions until now.
          await sessions.endAll(customerId, sessionId);
          circumstances.afterAnswer('tell of the changed e-mail', () =>
            parts.tellChanged({ ...customer, email: oldEmail }),
          );
        }
        return { isDone: true, outcome: { kind: 'changed' } };
      });
    },
  };
}
