/** Other services of the supergraph, as they come to this one. */
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { expect } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import type { RunningService } from '../support/service.ts';

export const ROUTER_SECRET = 'a router secret of invented words and 32 letters';
export const HOURS = 3600;

export const ISSUED_BY = { iss: 'customer-subgraph', aud: 'customer-api' };
export const TOKEN_SETTINGS = { issuer: ISSUED_BY.iss, audience: ISSUED_BY.aud, accessSeconds: 600 };
const key = await generateSigningKey();
/** What signs in the services started with `sharedSettings`. */
export const tokens = await tokensOf([key], TOKEN_SETTINGS);

/** Settings that replicas of one service share. */
export const sharedSettings = (more: Record<string, string> = {}) => ({
  NODE_ENV: 'test',
  TOKEN_KEYS: JSON.stringify({ keys: [key] }),
  OTP_SECRET: 'an invented secret of enough characters',
  ...more,
});

export const serviceToken = (...scopes: string[]) =>
  tokens.signService({ name: 'orders', scopes, seconds: HOURS });

/** Signed with the service's own key, whatever it says. */
export async function wellSigned(typ: string, claims: JWTPayload): Promise<string> {
  return new SignJWT({ ...ISSUED_BY, jti: 'token-1', ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ, kid: tokens.jwks.keys[0]?.kid ?? '' })
    .sign(await importJWK(key, 'EdDSA'));
}

/** Of a service that may introspect. */
export const asker = await serviceToken('introspect');

/** The answer that tells nothing. */
export const INACTIVE = { status: 200, body: { active: false } };

/** POSTs to `/introspect`; a text is sent as `token`. */
export async function introspect(
  { base }: RunningService,
  sent: string | { body: string; type?: string },
  bearer: string | null = asker,
) {
  const { body, type = 'application/x-www-form-urlencoded' } =
    typeof sent === 'string' ? { body: `${new URLSearchParams({ token: sent })}` } : sent;
  const response = await fetch(`${base}/introspect`, {
    method: 'POST',
    headers: { 'content-type': type, ...(bearer !== null && { authorization: `Bearer ${bearer}` }) },
    body,
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** A gateway's question for the customer with the id 1. */
export const ENTITY =
  '{ _entities(representations: [{ __typename: "Customer", id: "1" }]) { ... on Customer { id lastName } } }';

/** The upstream requests about anybody, among the lines logged from `from` on. */
export function askedUpstream({ logged }: RunningService, from: number): string[] {
  return logged
    .slice(from)
    .map((line) => JSON.parse(line))
    .filter(({ upstream, route }) => upstream !== undefined && route !== 'V1/store/storeViews')
    .map(({ method, route }) => `${method} ${route}`);
}
