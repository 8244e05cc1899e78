/** Signing in by e-mail and password, with a code to the phone where the password alone is too little. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phone } from '../values/phone.ts';
import type { Circumstances, CodeRequested, CodeRequests } from './code-request.ts';
import type { FailureCounts } from './failure-count.ts';
import { type IdentifiedCustomer, provenPhoneOf } from './identity.ts';
import { AMR, type OpenedSession, type SessionOpener } from './open-session.ts';
import type { PasswordAttempts } from './password-attempts.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { PasswordEpochs } from './password-epoch.ts';
import type { Customers, Device, Passwords, ShopCustomer } from './ports.ts';
import type { Sessions } from './session.ts';
import type { SignInDetails } from './sign-in-details.ts';

export interface PasswordLoginSettings {
  /** A shorter password does not open the account alone on a device that the phone does not know. */
  minLength: number;
  /** `always`: however long the password is. */
  secondProof: 'short' | 'always';
  /** A refusal takes this long or a whole multiple of it, so that its time does not tell the reason. */
  refusalMs: number;
}

export type PasswordLoggedIn =
  | { kind: 'opened'; session: OpenedSession; isNewCustomer: boolean }
  | { kind: 'wrong' }
  | CodeRequested;

type Details = Extract<SignInDetails, { purpose: 'passwordLogin' }>;
type Proven = Omit<Details, 'purpose'>;

export type PasswordLogins = ReturnType<typeof passwordLoginsOf>;

export function passwordLoginsOf(parts: {
  customers: Customers;
  passwords: Passwords;
  sessions: Sessions;
  closures: PasswordClosures;
  attempts: PasswordAttempts;
  epochs: PasswordEpochs;
  failures: FailureCounts;
  codeRequests: CodeRequests;
  openSession: SessionOpener;
  settings: PasswordLoginSettings;
}) {
  const { customers, passwords, sessions, closures, attempts, epochs, failures, codeRequests } = parts;
  const { minLength, secondProof, refusalMs } = parts.settings;

  async function refuse(startedAt: number): Promise<{ kind: 'wrong' }> {
    if (refusalMs > 0) await sleep(refusalMs - ((performance.now() - startedAt) % refusalMs));
    return { kind: 'wrong' };
  }

  /** Whose password it is; `null` for everything that must look like a wrong one. */
  async function ownerOf(email: string, password: string): Promise<ShopCustomer | null> {
    // The shop's own token is of no use here, so it is not kept.
    if ((await passwords.signIn(email, password)) === null) return null;
    const customer = await customers.findByEmail(email);
    if (customer?.email == null || (await closures.isClosed(customer.id))) return null;
    return customer;
  }

  /** The phone that has to be proven besides; `null` where the password is enough, or all there is. */
  async function phoneDue(
    customer: ShopCustomer,
    password: string,
    device: Device | null,
  ): Promise<Phone | null> {
    const phone = provenPhoneOf(customer);
    if (phone === null || (await failures.isKnown(phone.e164, device?.deviceId ?? null))) return null;
    return secondProof === 'always' || [...password].length < minLength ? phone : null;
  }

  /** Whether the password that was right still opens the account: it may have been replaced or closed since. */
  async function isStillGood({ customerId, email, epoch }: Proven): Promise<boolean> {
    return !(await epochs.hasMoved(email, epoch)) && !(await closures.isClosed(customerId));
  }

  /**
   * Whether the session just opened may stay; it is ended otherwise.
   *
   * To be asked once it is open: what closed the password meanwhile could not end a session that was yet to come.
   */
  async function keep({ customerId, sessionId }: OpenedSession, proven: Proven): Promise<boolean> {
    const isGood = await isStillGood(proven);
    if (!isGood) await sessions.end(customerId, sessionId);
    return isGood;
  }

  return {
    /**
     * Signs in with the password that the shop keeps.
     *
     * It proves the account itself, so that the e-mail need not be verified. `wrong` is the one answer to a
     * wrong password, an unknown, unconfirmed or locked name and a closed password.
     */
    async signIn(
      given: { email: string; password: string; device: Device | null },
      circumstances: Circumstances,
    ): Promise<PasswordLoggedIn> {
      const startedAt = performance.now();
      const { email, password, device } = given;
      // Read first: whatever password is set from now on is another one than that which is tried.
      const epoch = await epochs.now(email);
      const attempt = await attempts(email, circumstances.client, () => ownerOf(email, password));
      if (attempt.kind === 'throttled') return attempt;
      if (attempt.kind === 'wrong') return refuse(startedAt);

      const { id: customerId } = attempt.value;
      const proven: Proven = { customerId, email, epoch };
      const phone = await phoneDue(attempt.value, password, device);
      if (phone !== null) {
        const details: Details = { purpose: 'passwordLogin', ...proven };
        return codeRequests.ask({ purpose: 'passwordLogin', phone, details }, circumstances);
      }
      const session = await parts.openSession(customerId, { sessionId: null, device, amr: AMR.password });
      if (!(await keep(session, proven))) return refuse(startedAt);
      return { kind: 'opened', session, isNewCustomer: false };
    },

    keep,

    /** Whom the code signs in; `expired` where the password or the phone has been replaced in between. */
    async confirm(details: Details, phone: Phone): Promise<IdentifiedCustomer | { kind: 'expired' }> {
      const customer = await customers.find(details.customerId);
      const isSamePhone = customer !== null && provenPhoneOf(customer)?.e164 === phone.e164;
      if (!isSamePhone || !(await isStillGood(details))) return { kind: 'expired' };
      return { kind: 'customer', customerId: customer.id, isNew: false };
    },
  };
}
