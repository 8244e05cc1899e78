/** Everything that servers are measured before: upstream, Redis, keys, and customers who are signed in. */
import { exportJWK, generateKeyPair } from 'jose';
import { tokensOf } from '../../src/auth/access-token.ts';
import { startRedis } from '../support/redis.ts';
import { CUSTOMERS } from './customers.ts';
import type { Callers } from './operations.ts';
import { AUDIENCE, ISSUER, type Surroundings } from './servers.ts';
import { startUpstream } from './upstream.ts';
import { signInAll } from './visitors.ts';

const HOUR_SECONDS = 3600;
/** A token lives for 15 minutes. */
const RENEWED_AFTER_MS = 10 * 60 * 1000;

export interface Stage extends Surroundings {
  /** Who asks, with tokens that are good for some minutes more; `origin` is the service's. */
  callers(origin: string): Promise<Callers>;
  close(): Promise<void>;
}

/** The first `customers` are signed in. The keys are P-256, the tokens ES256: the dearer algorithm to verify. */
export async function setStage({ customers = CUSTOMERS } = {}): Promise<Stage> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'bench' };
  const [upstream, redis] = await Promise.all([startUpstream(), startRedis()]);
  const tokens = await tokensOf([key], { issuer: ISSUER, audience: AUDIENCE, accessSeconds: 0 });
  const service = { name: 'orders', scopes: ['customer:read'], seconds: HOUR_SECONDS };
  let signedIn: { at: number; callers: Callers } | null = null;
  return {
    upstream,
    redisUrl: redis.url,
    key,
    async callers(origin) {
      const now = performance.now();
      if (!signedIn || now - signedIn.at > RENEWED_AFTER_MS) {
        const serviceToken = await tokens.signService(service);
        signedIn = {
          at: now,
          callers: { tokens: await signInAll(origin, upstream, customers), serviceToken },
        };
      }
      return signedIn.callers;
    },
    async close() {
      await upstream.close();
      await redis.stop();
    },
  };
}
