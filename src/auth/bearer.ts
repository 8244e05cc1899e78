/** Whose token it is: the one place that decides whether a well signed token is still good. */
import type { AccessClaims, ServiceClaims, Tokens } from './access-token.ts';
import type { ServiceTokens } from './service-token.ts';
import type { Sessions } from './session.ts';

export type Bearer =
  | { kind: 'customer'; claims: AccessClaims }
  /** Another service of the supergraph. */
  | { kind: 'service'; claims: ServiceClaims };

/** The bearer of a token; `null` for one that is not good. Rejects with `UPSTREAM_UNAVAILABLE` with the store. */
export type FindBearer = (token: string) => Promise<Bearer | null>;

export function bearerFinderOf({
  tokens,
  sessions,
  serviceTokens,
}: {
  tokens: Pick<Tokens, 'verifyAccess'>;
  sessions: Pick<Sessions, 'find'>;
  serviceTokens: Pick<ServiceTokens, 'find'>;
}): FindBearer {
  return async (token) => {
    const verified = tokens.verifyAccess(token);
    const access = verified instanceof Promise ? await verified : verified;
    if (access !== null) {
      const session = await sessions.find(access.customerId, access.sessionId);
      return session && { kind: 'customer', claims: access };
    }
    const service = await serviceTokens.find(token);
    return service && { kind: 'service', claims: service };
  };
}
