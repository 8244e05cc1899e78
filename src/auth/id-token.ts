/** ID tokens of Google and Apple: whether one is good, whom it names, and that it is used once. */
import { createHash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import { isEmail } from '../values/email.ts';
import { personNameOf } from '../values/person-name.ts';
import type { ProviderKeys, SocialProvider } from './ports.ts';
import { hashOf, sameText } from './secrets.ts';

export interface IdTokenSettings {
  /** The client ids that a token may be meant for; none: the provider is off. */
  audiences: Readonly<Record<SocialProvider, readonly string[]>>;
  /** How long ago the provider may have issued it. */
  maxAgeSeconds: number;
}

/** Whom a provider vouches for. */
export interface SocialIdentity {
  provider: SocialProvider;
  /** The provider's own name for the person; never reassigned. */
  subject: string;
  /** Only one that the provider has verified; `null` otherwise. */
  email: string | null;
  firstName: string | null;
  lastName: string | null;
}

export type ReadIdToken =
  | { kind: 'good'; identity: SocialIdentity; use: TokenUse }
  | { kind: 'bad' }
  /** It was issued for a nonce, and none was given. */
  | { kind: 'nonceMissing' };

/** What a token is remembered by once it is used. */
export interface TokenUse {
  hash: string;
  ttlSeconds: number;
}

const ISSUERS: Readonly<Record<SocialProvider, string[]>> = {
  GOOGLE: ['https://accounts.google.com', 'accounts.google.com'],
  APPLE: ['https://appleid.apple.com'],
};
const ALGORITHMS = ['RS256', 'ES256'];
const SKEW_SECONDS = 60;

/** OpenID Connect Core 1.0, 2 and 5.1; Apple tells some yes and no as text. */
const Claims = z.object({
  sub: z.string().regex(/^[\x21-\x7e]{1,255}$/),
  aud: z.string(),
  iat: z.number(),
  exp: z.number(),
  nonce: z.string().nullish(),
  email: z.string().nullish(),
  email_verified: z.union([z.boolean(), z.string()]).nullish(),
  given_name: z.unknown().optional(),
  family_name: z.unknown().optional(),
});
type Claims = z.infer<typeof Claims>;

export type IdTokens = ReturnType<typeof idTokensOf>;

export function idTokensOf(parts: {
  store: Store;
  keys: ProviderKeys;
  settings: IdTokenSettings;
  log: Logger;
}) {
  const { keys, settings, log } = parts;
  const used = records(parts.store, 'id-token', z.object({ usedAt: z.number() }));

  /** The claims of a token that the provider signed for us just now; `null` of any other. */
  async function verified(provider: SocialProvider, idToken: string): Promise<Claims | null> {
    try {
      const { payload, protectedHeader } = await jwtVerify(idToken, keys[provider], {
        algorithms: ALGORITHMS,
        issuer: ISSUERS[provider],
        audience: [...settings.audiences[provider]],
        requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat'],
        maxTokenAge: settings.maxAgeSeconds,
        clockTolerance: SKEW_SECONDS,
      });
      // The same keys sign other things, each with a type of its own.
      if (protectedHeader.typ !== undefined && protectedHeader.typ.toUpperCase() !== 'JWT') return null;
      return Claims.parse(payload);
    } catch (error) {
      if (error instanceof Failure) throw error;
      const why = error instanceof errors.JOSEError ? error.code : 'its claims';
      log.info({ provider, why }, 'an ID token was refused');
      return null;
    }
  }

  return {
    isOn: (provider: SocialProvider) => settings.audiences[provider].length > 0,

    /** Throws `UPSTREAM_UNAVAILABLE` while the provider's keys cannot be read. */
    async read(provider: SocialProvider, idToken: string, nonce: string | null): Promise<ReadIdToken> {
      const claims = await verified(provider, idToken);
      if (claims === null) return { kind: 'bad' };
      const issuedFor = claims.nonce ?? null;
      if (issuedFor !== null && nonce === null) return { kind: 'nonceMissing' };
      if (nonce !== null && !isNonce(provider, issuedFor, nonce)) return { kind: 'bad' };
      return { kind: 'good', identity: identityOf(provider, claims), use: useOf(idToken, claims, settings) };
    },

    /**
     * Runs `work` for the one caller who brings this token first; `null`, without working, for all others.
     *
     * What `work` throws, or answers with `isUnused`, leaves the token good for another try.
     */
    async spend<Outcome>(
      { hash, ttlSeconds }: TokenUse,
      work: () => Promise<Outcome>,
      isUnused: (outcome: Outcome) => boolean,
    ): Promise<Outcome | null> {
      const isFirst = await used.update<boolean>(hash, (stored) =>
        stored === null
          ? { outcome: true, next: { value: { usedAt: Date.now() }, ttlSeconds } }
          : { outcome: false },
      );
      if (!isFirst) return null;
      const giveBack = () => used.update<void>(hash, () => ({ outcome: undefined, next: null }));
      let outcome: Outcome;
      try {
        outcome = await work();
      } catch (error) {
        // What cannot be given back stays used: the person signs in with the provider once more.
        await giveBack().catch(() => undefined);
        throw error;
      }
      if (isUnused(outcome)) await giveBack();
      return outcome;
    },
  };
}

/** Apple's libraries have the app hash the nonce before it is asked for. */
function isNonce(provider: SocialProvider, issuedFor: string | null, nonce: string): boolean {
  if (issuedFor === null) return false;
  const hashed = createHash('sha256').update(nonce).digest('hex');
  return sameText(issuedFor, nonce) || (provider === 'APPLE' && sameText(issuedFor.toLowerCase(), hashed));
}

function identityOf(provider: SocialProvider, claims: Claims): SocialIdentity {
  const { sub: subject, email, email_verified: isVerified } = claims;
  const isUsable = (isVerified === true || isVerified === 'true') && email != null && isEmail(email);
  return {
    provider,
    subject,
    email: isUsable ? email : null,
    firstName: personNameOf(claims.given_name),
    lastName: personNameOf(claims.family_name),
  };
}

/** By what is signed: the signature's own text could be written in more than one way. */
function useOf(idToken: string, { iat, exp }: Claims, { maxAgeSeconds }: IdTokenSettings): TokenUse {
  const lastSecond = Math.min(exp, iat + maxAgeSeconds) + SKEW_SECONDS;
  return {
    hash: hashOf(idToken.slice(0, idToken.lastIndexOf('.'))),
    ttlSeconds: Math.max(1, Math.ceil(lastSecond - Date.now() / 1000) + 1),
  };
}
