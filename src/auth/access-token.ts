/** The JWTs that this service signs and takes: access tokens of customers and tokens of other services. */
import { randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { rememberingTokens } from './verified-tokens.ts';

export interface TokenSettings {
  issuer: string;
  audience: string;
  accessSeconds: number;
}

/** Who an access token speaks for; RFC 9068 claims. */
export interface AccessClaims {
  customerId: string;
  sessionId: string;
  authTime: Date;
  amr: string[];
  expiresAt: Date;
}

/** Another service of the supergraph. */
export interface ServiceClaims {
  name: string;
  scopes: ReadonlySet<string>;
  tokenId: string;
  expiresAt: Date;
}

const CLOCK_SKEW_SECONDS = 60;
/** The longest that a service token may live. */
export const SERVICE_MAX_SECONDS = 24 * 60 * 60;
const ALGORITHMS: Record<string, string> = { Ed25519: 'EdDSA', 'P-256': 'ES256' };

const AccessPayload = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.number(),
  auth_time: z.number(),
  amr: z.array(z.string()),
});

const ServicePayload = z.object({
  sub: z.string().startsWith('service:'),
  scope: z.string(),
  jti: z.string().min(1),
  iat: z.number(),
  exp: z.number(),
  sid: z.never().optional(),
});

/** A private key for signing, as a JWK: Ed25519 or P-256. */
export async function generateSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return exportJWK(privateKey);
}

/** By the same clock, to the second, as jose's own check. */
function isOver({ expiresAt }: { expiresAt: Date }): boolean {
  return expiresAt.getTime() / 1000 <= Math.floor(Date.now() / 1000) - CLOCK_SKEW_SECONDS;
}

export type Tokens = Awaited<ReturnType<typeof tokensOf>>;

/**
 * Signs with the last of `keys` and verifies with all of them, so that a new key can be appended while
 * tokens of the old one are still about.
 *
 * Verification follows RFC 8725: fixed algorithms and keys, issuer, audience, times and the `typ` header
 * are required; keys named by a token itself are never looked at.
 */
export async function tokensOf(keys: readonly JWK[], settings: TokenSettings) {
  const prepared = await Promise.all(
    keys.map(async (key) => {
      const alg = ALGORITHMS[key.crv ?? ''];
      if (alg === undefined) throw new Error('a signing key is neither Ed25519 nor P-256');
      const kid = key.kid ?? (await calculateJwkThumbprint(key));
      // Named one by one, so that nothing else of a private key is ever shown.
      const { kty, crv, x, y } = key;
      const shown: JWK = { kty, crv, x, ...(y !== undefined && { y }), alg, kid, use: 'sig' };
      return { alg, kid, privateKey: await importJWK(key, alg), shown };
    }),
  );
  const signing = prepared.at(-1);
  if (!signing) throw new Error('there is no signing key');
  const jwks: JSONWebKeySet = { keys: prepared.map((key) => key.shown) };
  const keySet = createLocalJWKSet(jwks);
  const algorithms = [...new Set(prepared.map((key) => key.alg))];

  const sign = async (payload: JWTPayload, type: string, subject: string, seconds: number) => {
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = await new SignJWT(payload)
      .setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ: type })
      .setIssuer(settings.issuer)
      .setAudience(settings.audience)
      .setSubject(subject)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + seconds)
      .setJti(randomUUID())
      .sign(signing.privateKey);
    return { token, expiresAt: new Date((issuedAt + seconds) * 1000) };
  };

  /** The payload, or `null` for any token that is not one of ours of that type. */
  async function verify(token: string, type: string): Promise<JWTPayload | null> {
    try {
      // Said by the token alone, so it only tells which kind of token there is nothing to verify for.
      if (decodeProtectedHeader(token).typ !== type) return null;
      const { payload } = await jwtVerify(token, keySet, {
        algorithms,
        issuer: settings.issuer,
        audience: settings.audience,
        typ: type,
        clockTolerance: CLOCK_SKEW_SECONDS,
        requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti'],
      });
      return payload;
    } catch {
      return null;
    }
  }

  async function readAccess(token: string): Promise<AccessClaims | null> {
    const payload = AccessPayload.safeParse(await verify(token, 'at+jwt'));
    if (!payload.success) return null;
    const { sub, sid, exp, auth_time, amr } = payload.data;
    return {
      customerId: sub,
      sessionId: sid,
      authTime: new Date(auth_time * 1000),
      amr,
      expiresAt: new Date(exp * 1000),
    };
  }

  async function readService(token: string): Promise<ServiceClaims | null> {
    const payload = ServicePayload.safeParse(await verify(token, 'service+jwt'));
    if (!payload.success) return null;
    const { sub, scope, jti, iat, exp } = payload.data;
    // One that is dated ahead would live longer than its two dates say.
    const isAhead = iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS;
    if (isAhead || exp - iat > SERVICE_MAX_SECONDS) return null;
    return {
      name: sub.slice('service:'.length),
      scopes: new Set(scope.split(' ').filter(Boolean)),
      tokenId: jti,
      expiresAt: new Date(exp * 1000),
    };
  }

  return {
    /** The public keys, for `/.well-known/jwks.json`. */
    jwks,

    async signAccess(session: {
      customerId: string;
      sessionId: string;
      authTime: Date;
      amr: string[];
    }): Promise<{ token: string; expiresAt: Date }> {
      return sign(
        {
          sid: session.sessionId,
          auth_time: Math.floor(session.authTime.getTime() / 1000),
          amr: session.amr,
        },
        'at+jwt',
        session.customerId,
        settings.accessSeconds,
      );
    },

    /** The claims of an access token; `null` for any other token. Whether its session is still open is not asked here. */
    verifyAccess: rememberingTokens(readAccess, isOver),

    async signService(service: { name: string; scopes: string[]; seconds: number }): Promise<string> {
      const { token } = await sign(
        { scope: service.scopes.join(' ') },
        'service+jwt',
        `service:${service.name}`,
        Math.min(service.seconds, SERVICE_MAX_SECONDS),
      );
      return token;
    },

    /** The claims of a service token; `null` for any other token. Whether it was revoked is not asked here. */
    verifyService: rememberingTokens(readService, isOver),
  };
}
