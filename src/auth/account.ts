/** A new account by e-mail and password: asked for, and made once the mailed link is opened. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { passwordProblem } from '../values/new-password.ts';
import type { Phone } from '../values/phone.ts';
import type { Circumstances } from './code-request.ts';
import type { LinkRequested, LinkRequests } from './link-request.ts';
import type { GivenKey, KeyRefused, MailedKeys, Opened } from './mailed-key.ts';
import { AMR, type OpenedSession, type SessionOpener } from './open-session.ts';
import type { NewPasswordProblem } from './password-change.ts';
import type { Customers, Device, NewCustomer, Passwords } from './ports.ts';

/** A new customer as typed in. */
export interface AccountRegistration {
  firstName: string;
  lastName: string;
  email: string;
  /** `null`: it is given when the link is opened. */
  password: string | null;
  phone: Phone | null;
  acceptedTermsVersion: string | null;
  isSubscribed: boolean;
}

export type AccountRequested = LinkRequested | { kind: 'problem'; problem: NewPasswordProblem };

export type AccountActivated =
  | { kind: 'opened'; session: OpenedSession }
  /** There is no password yet. */
  | { kind: 'passwordMissing' }
  | { kind: 'problem'; problem: NewPasswordProblem }
  /** Another customer has the e-mail by now. */
  | { kind: 'emailTaken' }
  | KeyRefused;

const Waiting = z.object({
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  password: z.string().nullable(),
  phone: z
    .object({ e164: z.string(), dialCode: z.string(), nationalNumber: z.string(), country: z.string() })
    .nullable(),
  acceptedTermsVersion: z.string().nullable(),
  isSubscribed: z.boolean(),
  language: z.enum(['EN', 'AR']),
  /** Milliseconds: when the person agreed to the terms. */
  askedAt: z.number(),
  /** Fixed at once, so that an activation that is resumed opens no second session. */
  sessionId: z.string(),
});
type Waiting = z.infer<typeof Waiting>;

/** How far an activation has come. */
const Step = z.discriminatedUnion('kind', [
  /** The e-mail was free, and the shop was asked to make a customer with this password. */
  z.object({ kind: z.literal('creating'), password: z.string() }),
  z.object({ kind: z.literal('created'), customerId: z.string() }),
]);
type Step = z.infer<typeof Step>;

type Made = { kind: 'made'; customerId: string } | { kind: 'emailTaken' } | { kind: 'refused' };

export function accountsOf(parts: {
  keys: MailedKeys;
  linkRequests: LinkRequests;
  customers: Customers;
  passwords: Passwords;
  openSession: SessionOpener;
  minLength: number;
}) {
  const { keys, customers, passwords } = parts;

  function problemOf(password: string, typed: Pick<Waiting, 'firstName' | 'lastName' | 'email' | 'phone'>) {
    const { firstName, lastName, email, phone } = typed;
    const person = [firstName, lastName, email, ...(phone ? [phone.e164] : [])];
    return passwordProblem(password, { minLength: parts.minLength, person });
  }

  function newCustomerOf(waiting: Waiting): NewCustomer {
    const { firstName, lastName, email, phone, acceptedTermsVersion, isSubscribed, language } = waiting;
    return {
      firstName,
      lastName,
      email,
      emailVerified: true,
      // It was typed and nothing more, so it opens nothing.
      ...(phone && { phone, phoneVerified: false }),
      language,
      isSubscribed,
      ...(acceptedTermsVersion !== null && {
        termsVersion: acceptedTermsVersion,
        termsAcceptedAt: new Date(waiting.askedAt),
      }),
    };
  }

  /**
   * Whoever has the e-mail now, after the shop's answer to a creation with the password `asked` was lost.
   *
   * The e-mail was free just before and the password opens the account: it is the one we asked for. Were
   * the e-mail alone enough, a stranger who took it in between would get this person's session.
   */
  async function madeBefore(email: string, asked: string, wanted: string): Promise<Made | null> {
    const holder = await customers.findByEmail(email);
    if (holder === null) return null;
    const token = await passwords.signIn(email, asked);
    if (token === null) return { kind: 'emailTaken' };
    if (asked !== wanted && (await passwords.change(token, asked, wanted)) !== 'changed') {
      return { kind: 'refused' };
    }
    return { kind: 'made', customerId: holder.id };
  }

  async function create(waiting: Waiting, password: string): Promise<Made> {
    try {
      const created = await customers.createWithPassword(newCustomerOf(waiting), password);
      if (created.kind === 'created') return { kind: 'made', customerId: created.customer.id };
      return created.kind === 'emailTaken' ? created : { kind: 'refused' };
    } catch (error) {
      const made = await madeBefore(waiting.email, password, password);
      if (made === null) throw error;
      return made;
    }
  }

  /** The customer's id, or why there is none. */
  async function make(
    waiting: Waiting,
    step: Step | null,
    given: string | null,
    note: Opened['note'],
  ): Promise<Made | Exclude<AccountActivated, { kind: 'opened' }>> {
    if (step?.kind === 'created') return { kind: 'made', customerId: step.customerId };
    const password = given ?? step?.password ?? waiting.password;
    if (password === null) return { kind: 'passwordMissing' };
    const problem = problemOf(password, waiting);
    if (problem !== null) return { kind: 'problem', problem };
    const made = step && (await madeBefore(waiting.email, step.password, password));
    if (made) return made;
    if ((await customers.findByEmail(waiting.email)) !== null) return { kind: 'emailTaken' };
    const creating: Step = { kind: 'creating', password };
    if (!(await note(creating))) return { kind: 'gone' };
    return create(waiting, password);
  }

  return {
    /** Takes a registration on; the shop learns nothing of it before the link is opened. */
    async request(
      registration: AccountRegistration,
      circumstances: Circumstances,
    ): Promise<AccountRequested> {
      const { email, password } = registration;
      const problem = password === null ? null : problemOf(password, registration);
      if (problem !== null) return { kind: 'problem', problem };
      const details: Waiting = {
        ...registration,
        language: circumstances.language === 'ar' ? 'AR' : 'EN',
        askedAt: Date.now(),
        sessionId: randomUUID(),
      };
      const asked = { purpose: 'activateAccount' as const, email, details, ownerId: null };
      return parts.linkRequests.ask(asked, circumstances);
    },

    /**
     * Makes the customer and signs it in; a password given now counts instead of the one that waits.
     *
     * What the person can mend leaves the link good.
     */
    async activate(
      given: GivenKey & { password: string | null; device: Device | null },
    ): Promise<AccountActivated> {
      return keys.spend<AccountActivated>('activateAccount', given, async ({ details, step, note }) => {
        const waiting = Waiting.parse(details);
        const made = await make(waiting, Step.nullable().parse(step), given.password, note);
        switch (made.kind) {
          case 'made': {
            const { customerId } = made;
            const created: Step = { kind: 'created', customerId };
            if (!(await note(created))) return { isDone: false, outcome: { kind: 'gone' } };
            const how = { sessionId: waiting.sessionId, device: given.device, amr: AMR.email };
            const session = await parts.openSession(customerId, how);
            return { isDone: true, outcome: { kind: 'opened', session } };
          }
          case 'emailTaken':
            return { isDone: true, outcome: made };
          case 'refused':
            return { isDone: false, outcome: { kind: 'problem', problem: 'refused' } };
          default:
            return { isDone: false, outcome: made };
        }
      });
    },
  };
}
