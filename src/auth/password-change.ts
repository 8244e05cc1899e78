/** A signed-in customer's change of password. */
import type { Logger } from '../logger.ts';
import { type PasswordProblem, passwordProblem } from '../values/new-password.ts';
import type { Circumstances } from './code-request.ts';
import type { PasswordAttempts } from './password-attempts.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { PasswordEpochs } from './password-epoch.ts';
import type { Customers, Passwords, ShopCustomer } from './ports.ts';
import type { Sessions } from './session.ts';

/** `refused`: the shop's own rule for passwords. */
export type NewPasswordProblem = PasswordProblem | 'refused';

export type PasswordChanged =
  | { kind: 'changed' }
  | { kind: 'wrong' }
  | { kind: 'problem'; problem: NewPasswordProblem }
  | { kind: 'throttled'; retryAfterSeconds: number };

/** What a password of this customer must not hold. */
export function personOf(customer: ShopCustomer): string[] {
  const { firstName, lastName, email, phone } = customer;
  return [firstName, lastName, email, phone?.e164].filter((part) => part != null);
}

export function passwordChangeOf(parts: {
  customers: Customers;
  passwords: Passwords;
  sessions: Sessions;
  closures: PasswordClosures;
  attempts: PasswordAttempts;
  epochs: PasswordEpochs;
  minLength: number;
  tellChanged: (customer: ShopCustomer) => Promise<void>;
  /** Voids what somebody asked for in the customer's name and has not confirmed yet. */
  cancelPending: (customerId: string) => Promise<void>;
  log: Logger;
}) {
  const { customers, passwords, sessions, closures, attempts, epochs, log } = parts;

  /** Sends the new password; when the shop's answer is lost, asks whether it holds already. */
  async function change(
    email: string,
    token: string,
    given: { currentPassword: string; newPassword: string },
  ) {
    try {
      return await passwords.change(token, given.currentPassword, given.newPassword);
    } catch (error) {
      if ((await passwords.signIn(email, given.newPassword)) !== null) return 'changed' as const;
      throw error;
    }
  }

  return async (
    caller: { customerId: string; sessionId: string },
    given: { currentPassword: string; newPassword: string },
    circumstances: Circumstances,
  ): Promise<PasswordChanged> => {
    const customer = await customers.find(caller.customerId);
    if (customer?.email == null || (await closures.isClosed(caller.customerId))) return { kind: 'wrong' };
    const problem = passwordProblem(given.newPassword, {
      minLength: parts.minLength,
      person: personOf(customer),
    });
    if (problem !== null) return { kind: 'problem', problem };

    const { email } = customer;
    const attempt = await attempts(email, circumstances.client, () =>
      passwords.signIn(email, given.currentPassword),
    );
    if (attempt.kind !== 'right') return attempt;
    const token = attempt.value;
    // Ended first: were the store to fail afterwards, a thief's session would outlive the change.
    await parts.cancelPending(caller.customerId);
    await sessions.endAll(caller.customerId, caller.sessionId);
    const changed = await change(email, token, given);
    if (changed === 'wrong') return { kind: 'wrong' };
    if (changed === 'refused') return { kind: 'problem', problem: 'refused' };

    // And last: the old password opened sessions until now.
    await parts.cancelPending(caller.customerId);
    await epochs.move(email);
    await sessions.endAll(caller.customerId, caller.sessionId);
    try {
      await passwords.revokeTokens(token);
    } catch (error) {
      // The password is changed, and saying otherwise would be wrong; the tokens end within the hour.
      log.error({ err: error }, 'the shop did not revoke its tokens after a password change');
    }
    circumstances.afterAnswer('tell of the changed password', () => parts.tellChanged(customer));
    return { kind: 'changed' };
  };
}
