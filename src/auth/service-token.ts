/** Tokens of other services: signed like access tokens, and refused from the moment they are revoked. */
import type { Store } from '../stores/store.ts';
import type { ServiceClaims, Tokens } from './access-token.ts';

/**
 * All that a service token can open: reading customers by reference, asking whether a token is good, and telling that
 * customers have changed in the shop.
 */
export const SERVICE_SCOPES = ['customer:read', 'introspect', 'customer:changed'] as const;

// Until every replica, however its clock goes, takes the token for expired.
const KEPT_AFTER_END_SECONDS = 5 * 60;

export type ServiceTokens = ReturnType<typeof serviceTokensOf>;

/** Service tokens over the store where revocations are kept, one record for each token's `jti`. */
export function serviceTokensOf(store: Store, tokens: Pick<Tokens, 'verifyService'>) {
  const keyOf = (claims: ServiceClaims) => `revoked-service-token:${claims.tokenId}`;

  return {
    /** Whose token it is; `null` for one that is not good. Rejects with `UPSTREAM_UNAVAILABLE` with the store. */
    async find(token: string): Promise<ServiceClaims | null> {
      const claims = await tokens.verifyService(token);
      if (claims === null) return null;
      // Whatever the record holds: one that this release cannot read must not let the token in again.
      const isRevoked = (await store.get(keyOf(claims))) !== null;
      return isRevoked ? null : claims;
    },

    /** Has the token refused from now on, on every replica. `null` for what needs no revoking: it is not good anyway. */
    async revoke(token: string): Promise<ServiceClaims | null> {
      const claims = await tokens.verifyService(token);
      if (claims === null) return null;
      const secondsLeft = (claims.expiresAt.getTime() - Date.now()) / 1000;
      // Where it does not swap, somebody else has revoked the token before.
      await store.swap(keyOf(claims), null, 'revoked', secondsLeft + KEPT_AFTER_END_SECONDS);
      return claims;
    },
  };
}
