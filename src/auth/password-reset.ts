/** A forgotten password: asking for the link, checking it, and setting a new password with it. */
import type { Logger } from '../logger.ts';
import { passwordProblem } from '../values/new-password.ts';
import type { Phone } from '../values/phone.ts';
import type { Circumstances } from './code-request.ts';
import { provenAmong } from './identity.ts';
import { type NewPasswordProblem, personOf } from './password-change.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { PasswordEpochs } from './password-epoch.ts';
import type { Customers, Passwords, ShopCustomer } from './ports.ts';
import type { SendLimits } from './send-limits.ts';
import type { Sessions } from './session.ts';

/** How somebody who forgot the password names themselves. */
export type Identifier =
  | { kind: 'email'; email: string }
  | { kind: 'phone'; phone: Phone }
  | { kind: 'nationalId'; nationalId: string }
  | { kind: 'fileNo'; fileNo: string };

/** Whose link it is: the mail's own `id`, or the e-mail address. */
export type LinkHolder = { email: string } | { customerId: string };

export type PasswordReset =
  | { kind: 'reset' }
  | { kind: 'linkExpired' }
  | { kind: 'problem'; problem: NewPasswordProblem };

// An id that no shop gets to, to be asked about where there is nobody: the time must not tell that.
const NOBODY = '4294967295';

export type PasswordResets = ReturnType<typeof passwordResetsOf>;

export function passwordResetsOf(parts: {
  customers: Customers;
  passwords: Passwords;
  sessions: Sessions;
  closures: PasswordClosures;
  epochs: PasswordEpochs;
  limits: SendLimits;
  minLength: number;
  tellChanged: (customer: ShopCustomer) => Promise<void>;
  /** Voids what somebody asked for in the customer's name and has not confirmed yet. */
  cancelPending: (customerId: string) => Promise<void>;
  log: Logger;
}) {
  const { customers, passwords, sessions, closures, epochs, limits, log } = parts;

  async function emailOf(identifier: Identifier): Promise<string | null> {
    switch (identifier.kind) {
      case 'email':
        return identifier.email;
      case 'phone': {
        const match = provenAmong(await customers.findByPhone(identifier.phone));
        return match.kind === 'one' ? (match.customer.email ?? null) : null;
      }
      case 'nationalId':
        return onlyEmail(await customers.findByNationalId(identifier.nationalId));
      case 'fileNo':
        return onlyEmail(await customers.findByFileNo(identifier.fileNo));
    }
  }

  const onlyEmail = (rows: ShopCustomer[]) => (rows.length === 1 ? (rows[0]?.email ?? null) : null);

  const find = (holder: LinkHolder) =>
    'email' in holder ? customers.findByEmail(holder.email) : customers.find(holder.customerId);

  /** The customer for whom the link is good, or `null`. The shop is asked as often about nobody as about somebody. */
  async function holderOf(holder: LinkHolder, token: string): Promise<ShopCustomer | null> {
    const customer = await find(holder);
    const isGood = await passwords.checkResetToken(customer?.id ?? NOBODY, token);
    return isGood ? customer : null;
  }

  /** Sends the new password; when the shop's answer is lost, asks whether it holds already. */
  async function setPassword(email: string, token: string, newPassword: string) {
    try {
      return await passwords.reset(email, token, newPassword);
    } catch (error) {
      if ((await passwords.signIn(email, newPassword)) !== null) return 'reset' as const;
      throw error;
    }
  }

  async function revokeShopTokens(email: string, password: string): Promise<void> {
    try {
      const token = await passwords.signIn(email, password);
      if (token !== null) await passwords.revokeTokens(token);
    } catch (error) {
      // The password is reset, and saying otherwise would be wrong; the tokens end within the hour.
      log.error({ err: error }, 'the shop did not revoke its tokens after a password reset');
    }
  }

  return {
    /** Taken on alike for everybody; who it is, is looked up once the answer has left. */
    async request(
      asked: { identifier: Identifier; redirectUri: string | null },
      circumstances: Circumstances,
    ): Promise<{ kind: 'accepted' } | { kind: 'throttled'; retryAfterSeconds: number }> {
      const { identifier, redirectUri } = asked;
      const admission = await limits.admit(JSON.stringify(identifier).toLowerCase(), circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      circumstances.afterAnswer('ask for a reset link', async () => {
        const email = await emailOf(identifier);
        if (email === null) return;
        await (redirectUri === null
          ? passwords.requestReset(email)
          : passwords.requestResetTo(email, redirectUri));
      });
      return { kind: 'accepted' };
    },

    /** Whether the link is still good; an unknown customer's is not. */
    async isGood(holder: LinkHolder, token: string): Promise<boolean> {
      return (await holderOf(holder, token)) !== null;
    },

    /** Sets the password, ends every session and lets the password open the account again. */
    async reset(
      given: { holder: LinkHolder; token: string; newPassword: string },
      circumstances: Circumstances,
    ): Promise<PasswordReset> {
      // Before the password is looked at: its faults could tell about a person that the caller only guessed.
      const customer = await holderOf(given.holder, given.token);
      if (customer?.email == null) return { kind: 'linkExpired' };
      const { email } = customer;
      const problem = passwordProblem(given.newPassword, {
        minLength: parts.minLength,
        person: personOf(customer),
      });
      if (problem !== null) return { kind: 'problem', problem };

      // Ended first: were the store to fail afterwards, a thief's session would outlive the reset.
      await parts.cancelPending(customer.id);
      await sessions.endAll(customer.id);
      const reset = await setPassword(email, given.token, given.newPassword);
      if (reset === 'linkExpired') return { kind: 'linkExpired' };
      if (reset === 'refused') return { kind: 'problem', problem: 'refused' };
      // And last: the old password opened sessions until now.
      await parts.cancelPending(customer.id);
      await epochs.move(email);
      await sessions.endAll(customer.id);
      await closures.reopen(customer.id);
      await revokeShopTokens(email, given.newPassword);
      circumstances.afterAnswer('tell of the changed password', () => parts.tellChanged(customer));
      return { kind: 'reset' };
    },
  };
}
