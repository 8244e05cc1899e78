/** A moment before which no code that was sent to a phone is good any more. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { Secrets } from './secrets.ts';

export type ChallengeCutoffs = ReturnType<typeof challengeCutoffsOf>;

/** `keptSeconds`: as long as a challenge can live at most, for no older one is left then. */
export function challengeCutoffsOf(store: Store, secrets: Secrets, keptSeconds: number) {
  const cutoffs = records(store, 'otp-cutoff', z.object({ at: z.number() }));
  const idOf = (phone: string) => secrets.mac('otp-cutoff', phone);

  return {
    async set(phone: string): Promise<void> {
      const next = { value: { at: Date.now() }, ttlSeconds: keptSeconds };
      await cutoffs.update<void>(idOf(phone), () => ({ outcome: undefined, next }));
    },

    /** Whether a challenge opened then (milliseconds) is cut off. */
    async holds(phone: string, openedAt: number): Promise<boolean> {
      const cutoff = await cutoffs.get(idOf(phone));
      return cutoff !== null && openedAt <= cutoff.at;
    },
  };
}
