/**
 * Who calls, by the same check as the service's: signature, issuer, audience, type and times of the token, and that
 * its session is still open, which is read from the service's own records in Redis.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Redis } from 'ioredis';
import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { PeerSettings } from './settings.ts';

export interface Caller {
  /** `null` for another service. */
  customerId: string | null;
}

interface Verified {
  payload: JWTPayload;
  type: string | undefined;
}

const MOST_CACHED = 10_000;

export type FindCaller = (headers: IncomingHttpHeaders) => Promise<Caller | null>;

/** `null` for nobody: without a token, or with one that is not good. */
export function callerFinderOf(redis: Redis, settings: PeerSettings): FindCaller {
  const { issuer, audience, routerSecret, tokenCheck, key } = settings;
  const { d: _private, ...shown }: JWK = key;
  const keySet = createLocalJWKSet({ keys: [shown] });
  const cache = new Map<string, Verified>();

  async function verify(token: string): Promise<Verified> {
    const known = cache.get(token);
    if (known && (known.payload.exp ?? 0) > Date.now() / 1000) return known;
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      algorithms: ['ES256'],
      issuer,
      audience,
      clockTolerance: 60,
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti'],
    });
    const verified = { payload, type: protectedHeader.typ };
    if (tokenCheck === 'cached') {
      const [oldest] = cache.size < MOST_CACHED ? [] : cache.keys();
      if (oldest !== undefined) cache.delete(oldest);
      cache.set(token, verified);
    }
    return verified;
  }

  async function isOpen({ sub, sid }: JWTPayload): Promise<boolean> {
    const record = await redis.get(`sessions:${sub}`);
    const { sessions } = JSON.parse(record ?? '{"sessions":[]}') as {
      sessions: { id: string; idleEndsAt: number; endsAt: number }[];
    };
    const session = sessions.find(({ id }) => id === sid);
    return session !== undefined && Math.min(session.idleEndsAt, session.endsAt) > Date.now();
  }

  return async ({ authorization, 'router-authorization': router }) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined || router !== routerSecret) return null;
    const { payload, type } = await verify(token).catch(() => ({ payload: null, type: undefined }));
    if (payload === null) return null;
    if (type === 'at+jwt') return (await isOpen(payload)) ? { customerId: payload.sub ?? '' } : null;
    if (type !== 'service+jwt' || payload.scope !== 'customer:read') return null;
    const revoked = await redis.get(`revoked-service-token:${payload.jti}`);
    return revoked === null ? { customerId: null } : null;
  };
}
