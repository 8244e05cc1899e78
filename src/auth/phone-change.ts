/** A customer's change of phone: a code goes to the new one, and only its right answer changes anything. */
import { z } from 'zod';
import { type Phone, parseE164 } from '../values/phone.ts';
import type { Challenges, Entry } from './challenge.ts';
import type { Circumstances, CodeRequested, CodeRequests } from './code-request.ts';
import type { CodeRefused, CodeSpender } from './code-spending.ts';
import type { FailureCounts } from './failure-count.ts';
import { type Identities, placeholderEmail } from './identity.ts';
import type { PendingPhoneChanges } from './pending-phone-change.ts';
import type { CustomerFacts, Customers, ShopCustomer } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { Sessions } from './session.ts';

/** `gone`: the shop no longer knows the customer. */
export type PhoneChanged =
  | { kind: 'changed' }
  | { kind: 'conflict'; field: 'phone' }
  | { kind: 'gone' }
  | CodeRefused;

/** Where the customer is told of the change: at the phone and the e-mail address as they were before it. */
const Told = z.object({
  phone: z.string().nullable(),
  email: z.string().nullable(),
  language: z.enum(['EN', 'AR']),
});
export type ToldOfPhoneChange = z.infer<typeof Told>;

export type PhoneChanges = ReturnType<typeof phoneChangesOf>;

const isProven = (customer: ShopCustomer) => customer.phoneVerified || customer.verifiedWithoutOtp;

export function phoneChangesOf(parts: {
  customers: Customers;
  identities: Identities;
  challenges: Challenges;
  codeRequests: CodeRequests;
  spend: CodeSpender;
  pendingChanges: PendingPhoneChanges;
  sessions: Sessions;
  failures: FailureCounts;
  secrets: Secrets;
  placeholderDomain: string;
  /** As long as a challenge can live at most. */
  pendingSeconds: number;
  tell: (told: ToldOfPhoneChange) => Promise<void>;
}) {
  const { customers, identities, challenges, codeRequests, pendingChanges, sessions, secrets } = parts;

  /** A phone that nobody proved may be a stranger's, who is not told. */
  const toldOf = (customer: ShopCustomer, next: Phone): ToldOfPhoneChange => {
    const before = isProven(customer) ? (customer.phone?.e164 ?? null) : null;
    return {
      phone: before === next.e164 ? null : before,
      email: customer.email ?? null,
      language: customer.language,
    };
  };

  /** Kept before the phone is written: a second try, after a crash, finds only the new one. */
  async function toTell(entry: Entry, customer: ShopCustomer, phone: Phone): Promise<ToldOfPhoneChange> {
    if (entry.step !== null) return Told.parse(await secrets.open('phone-change', entry.step));
    const told = toldOf(customer, phone);
    await challenges.note(entry, await secrets.seal('phone-change', told));
    return told;
  }

  /**
   * The placeholder of the new phone, where the customer has that of the old one: it goes with its phone, for
   * who has the old phone next will need that of their own. An e-mail that only cannot be shown is left alone.
   */
  async function movedEmail(customer: ShopCustomer, phone: Phone): Promise<CustomerFacts> {
    const before = customer.email == null && customer.phone ? parseE164(customer.phone.e164) : null;
    if (before === null || before.e164 === phone.e164) return {};
    const holder = await customers.findByEmail(placeholderEmail(secrets, parts.placeholderDomain, before));
    if (holder?.id !== customer.id) return {};
    return { email: placeholderEmail(secrets, parts.placeholderDomain, phone), emailVerified: false };
  }

  async function write(customer: ShopCustomer, phone: Phone): Promise<'updated' | 'gone'> {
    const changes: CustomerFacts = {
      phone,
      phoneVerified: true,
      // Staff vouched for the other one.
      ...(customer.verifiedWithoutOtp && { verifiedWithoutOtp: false }),
    };
    const email = await movedEmail(customer, phone);
    let updated = await customers.update(customer.id, { ...changes, ...email });
    if (updated.kind === 'emailTaken') updated = await customers.update(customer.id, changes);
    return updated.kind === 'updated' ? 'updated' : 'gone';
  }

  async function change(
    entry: Entry,
    phone: Phone,
    caller: { customerId: string; sessionId: string },
    circumstances: Circumstances,
  ): Promise<PhoneChanged> {
    const { customerId, sessionId } = caller;
    const customer = await customers.find(customerId);
    if (customer === null) return { kind: 'gone' };
    const match = await identities.findByPhone(phone);
    const isAnothers = match.kind === 'several' || (match.kind === 'one' && match.customer.id !== customerId);
    const told = isAnothers ? null : await toTell(entry, customer, phone);
    // As late as can be: whatever cancels it before this has its way.
    if (!(await pendingChanges.isGood(customerId, entry.id))) return { kind: 'expired' };
    if (told === null) {
      await pendingChanges.end(customerId, entry.id);
      return { kind: 'conflict', field: 'phone' };
    }

    // Ended first: were the store to fail afterwards, a thief's session would outlive the change.
    await sessions.endAll(customerId, sessionId);
    if ((await write(customer, phone)) === 'gone') return { kind: 'gone' };
    circumstances.afterAnswer('tell of the changed phone', () => parts.tell(told));
    // And last: the old phone opened sessions until now.
    await sessions.endAll(customerId, sessionId);
    // Whoever has the old phone next owes nothing to the devices of this customer.
    if (told.phone !== null) await parts.failures.forgetDevices(told.phone);
    await pendingChanges.end(customerId, entry.id);
    return { kind: 'changed' };
  }

  return {
    /** Answers alike whoever has the phone: nothing of it is looked up. Cancels an earlier request. */
    async ask(
      asked: { customerId: string; phone: Phone },
      circumstances: Circumstances,
    ): Promise<CodeRequested> {
      const { customerId, phone } = asked;
      const asking = { purpose: 'phoneChange' as const, phone, customerId, details: null };
      const requested = await codeRequests.ask(asking, circumstances);
      // Not before: a request that sends nothing leaves the code good that was sent.
      if (requested.kind === 'sent') {
        const { id } = requested.challenge;
        await pendingChanges.begin(customerId, id, parts.pendingSeconds);
      }
      return requested;
    },

    /** Spends the code and gives the customer the phone that got it, if no other customer has proven it. */
    async confirm(
      given: { customerId: string; sessionId: string; otpId: string; code: string },
      circumstances: Circumstances,
    ): Promise<PhoneChanged> {
      const { customerId, otpId, code } = given;
      return parts.spend(
        { otpId, code, customerId, purposes: ['phoneChange'], device: null },
        circumstances,
        async (entry, to) => {
          if (!('phone' in to)) return { kind: 'expired' };
          return identities.alone(to.phone, () => change(entry, to.phone, given, circumstances));
        },
      );
    },
  };
}
