/** The keys with which Google and Apple sign their ID tokens, read from where they publish them. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';

/** What says something about the token, not about the provider. */
const TOKEN_TROUBLES = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
] as const;

/**
 * Answers the key for a token's header, from a set that is kept for ten minutes.
 *
 * A key that is not in it has the set read anew, at most once within `cooldownMs`, so that invented key
 * ids do not become requests. Throws `UPSTREAM_UNAVAILABLE` when the set cannot be read, and jose's own
 * error when the set has no such key.
 */
export function keySetOf({
  name,
  url,
  timeoutMs,
  log,
  cooldownMs = 30_000,
}: {
  /** Names the provider in the log. */
  name: string;
  url: string;
  timeoutMs: number;
  log: Logger;
  cooldownMs?: number;
}): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (TOKEN_TROUBLES.some((kind) => error instanceof kind)) throw error;
      log.warn({ upstream: name, err: error }, 'the key set cannot be read');
      throw new Failure('UPSTREAM_UNAVAILABLE', {
        detail: `${name}: the key set cannot be read`,
        cause: error,
      });
    }
  };
}
