/** A signed-in customer's change of password. */
import type { Logger } from '../logger.ts';
import { type PasswordProblem, passwordProblem } from '../values/new-password.ts';
import type { Circumstances } from './code-request.ts';
import { networkOf } from './network.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { Customers, Passwords, ShopCustomer } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { Sessions } from './session.ts';
import type { Throttle } from './throttle.ts';

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
  /** Failures for one name: the shop locks a name at the sixth, so after five nothing more is sent to it. */
  nameThrottle: Throttle;
  /** Failures for one name from one client, with growing pauses. */
  clientThrottle: Throttle;
  secrets: Secrets;
  minLength: number;
  tellChanged: (customer: ShopCustomer) => Promise<void>;
  /** Voids what somebody asked for in the customer's name and has not confirmed yet. */
  cancelPending: (customerId: string) => Promise<void>;
  log: Logger;
}) {
  const { customers, passwords, sessions, closures, nameThrottle, clientThrottle, secrets, log } = parts;

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

    const name = secrets.mac('password', customer.email.toLowerCase());
    const { address } = circumstances.client;
    const network = address === null ? 'unknown' : networkOf(address).name;
    const client = secrets.mac('password', `${name}\n${network}`);
    const paused = await clientThrottle.admit(client);
    if (paused.kind === 'refused') return { kind: 'throttled', retryAfterSeconds: paused.retryAfterSeconds };
    const locked = await nameThrottle.admit(name);
    if (locked.kind === 'refused') return { kind: 'wrong' };

    let token: string | null;
    try {
      token = await passwords.signIn(customer.email, given.currentPassword);
    } catch (error) {
      // The shop's trouble is nobody's wrong password.
      await Promise.all([nameThrottle.withdraw(name), clientThrottle.withdraw(client)]);
      throw error;
    }
    if (token === null) return { kind: 'wrong' };
    await Promise.all([nameThrottle.clear(name), clientThrottle.clear(client)]);
    // Ended first: were the store to fail afterwards, a thief's session would outlive the change.
    await parts.cancelPending(caller.customerId);
    await sessions.endAll(caller.customerId, caller.sessionId);
    const changed = await change(customer.email, token, given);
    if (changed === 'wrong') return { kind: 'wrong' };
    if (changed === 'refused') return { kind: 'problem', problem: 'refused' };

    // And last: the old password opened sessions until now.
    await parts.cancelPending(caller.customerId);
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
