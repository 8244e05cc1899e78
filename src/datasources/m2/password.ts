/** Passwords, which M2 keeps: signing in with one, changing it, resetting it. */
import { Failure } from '../../failures.ts';
import type { Answer } from '../http.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity, isTokenRefused, saysPasswordRefused } from './refusal.ts';
import { readToken, readTrue } from './wire.ts';

export interface M2Passwords {
  /** The customer's own M2 token; `null` for wrong, unknown, unconfirmed and locked, which M2 answers alike. */
  signIn(email: string, password: string): Promise<string | null>;
  /** `token` is from `signIn`. `refused`: M2's own rule does not take `next`. */
  change(token: string, current: string, next: string): Promise<'changed' | 'wrong' | 'refused'>;
  /**
   * Ends every M2 token of the customer, on all devices.
   *
   * M2 counts in whole seconds: one that is given out in the same second is dead as well.
   */
  revokeTokens(token: string): Promise<void>;
  /** Has M2 mail its reset link; `false` when it knows no such e-mail. */
  requestReset(email: string): Promise<boolean>;
  /** The same with a link to `redirectUri`, by the shop's module; `UPSTREAM_INVALID` where M2 has no such route. */
  requestResetTo(email: string, redirectUri: string): Promise<boolean>;
  /** Whether the link's token is good now; `false` for an unknown customer too. */
  checkResetToken(customerId: string, token: string): Promise<boolean>;
  /** `linkExpired` stands for an unknown e-mail too. `refused` leaves the link good. */
  reset(email: string, token: string, newPassword: string): Promise<'reset' | 'linkExpired' | 'refused'>;
}

const SIGN_IN = 'V1/integration/customer/token';
const REVOKE = 'V1/integration/customer/revoke-customer-token';
const CHANGE = 'V1/customers/me/password';
const REQUEST_RESET = 'V1/customers/password';
const REQUEST_RESET_TO = 'V1/hmg/customers/password';
const CHECK_RESET = 'V1/customers/{id}/password/resetLinkToken/{token}';
const RESET = 'V1/customers/resetPassword';

/** The passwords of M2's customers. */
export function passwordsOf(connection: Connection): M2Passwords {
  return {
    async signIn(email, password) {
      const json = { username: email, password };
      const answer = await connection.callAs(null, { method: 'POST', route: SIGN_IN, json });
      if (answer.status === 401) return null;
      if (answer.status !== 200) throw failureOf(SIGN_IN, answer);
      return readToken(answer.body);
    },

    async change(token, current, next) {
      const json = { currentPassword: current, newPassword: next };
      const answer = await connection.callAs(token, { method: 'PUT', route: CHANGE, json });
      if (isTokenRefused(answer)) {
        const detail = 'M2 refused a token of a customer that it had just given out';
        throw new Failure('UPSTREAM_UNAVAILABLE', { detail });
      }
      if (answer.status === 401) return 'wrong';
      if (answer.status === 400) return 'refused';
      if (answer.status !== 200) throw failureOf(CHANGE, answer);
      readTrue(answer.body);
      return 'changed';
    },

    async revokeTokens(token) {
      const answer = await connection.callAs(token, { method: 'POST', route: REVOKE });
      // A token that is refused is revoked already.
      if (answer.status === 401) return;
      if (answer.status !== 200) throw failureOf(REVOKE, answer);
      readTrue(answer.body);
    },

    async requestReset(email) {
      const { websiteId } = await connection.storeView();
      const json = { email, template: 'email_reset', websiteId: Number(websiteId) };
      const answer = await connection.callAs(null, { method: 'PUT', route: REQUEST_RESET, json });
      return doneUnlessUnknown(REQUEST_RESET, answer);
    },

    async requestResetTo(email, redirectUri) {
      const json = { email, redirectUri };
      return doneUnlessUnknown(
        REQUEST_RESET_TO,
        await connection.call({ method: 'PUT', route: REQUEST_RESET_TO, json }),
      );
    },

    async checkResetToken(customerId, token) {
      // Anything else than M2's own letters and digits would only be there to reach another route.
      if (!isM2Id(customerId) || !/^[\w-]{1,512}$/.test(token)) return false;
      const params = { id: customerId, token };
      const answer = await connection.callAs(null, { method: 'GET', route: CHECK_RESET, params });
      if (answer.status === 400 || isNoSuchEntity(answer)) return false;
      if (answer.status !== 200) throw failureOf(CHECK_RESET, answer);
      return readTrue(answer.body);
    },

    async reset(email, token, newPassword) {
      const json = { email, resetToken: token, newPassword };
      const answer = await connection.callAs(null, { method: 'POST', route: RESET, json });
      if (isNoSuchEntity(answer)) return 'linkExpired';
      if (answer.status === 400) return saysPasswordRefused(answer) ? 'refused' : 'linkExpired';
      if (answer.status !== 200) throw failureOf(RESET, answer);
      readTrue(answer.body);
      return 'reset';
    },
  };
}

function doneUnlessUnknown(route: string, answer: Answer): boolean {
  if (isNoSuchEntity(answer)) return false;
  if (answer.status !== 200) throw failureOf(route, answer);
  return readTrue(answer.body);
}
