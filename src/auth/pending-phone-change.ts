/** The one change of phone that a customer asked for and has not confirmed yet, if any. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';

export type PendingPhoneChanges = ReturnType<typeof pendingPhoneChangesOf>;

export function pendingPhoneChangesOf(store: Store) {
  const changes = records(store, 'pending-phone-change', z.object({ challengeId: z.string() }));

  return {
    /** Notes a change by its challenge; an earlier one is cancelled. */
    async begin(customerId: string, challengeId: string, ttlSeconds: number): Promise<void> {
      const next = { value: { challengeId }, ttlSeconds };
      await changes.update<void>(customerId, () => ({ outcome: undefined, next }));
    },

    /** Whether the change may still be made. */
    async isGood(customerId: string, challengeId: string): Promise<boolean> {
      return (await changes.get(customerId))?.challengeId === challengeId;
    },

    /** The change was made, or never will be; a newer one stays. */
    async end(customerId: string, challengeId: string): Promise<void> {
      await changes.update<void>(customerId, (stored) => ({
        outcome: undefined,
        ...(stored?.challengeId === challengeId && { next: null }),
      }));
    },

    async cancel(customerId: string): Promise<void> {
      await changes.update<void>(customerId, () => ({ outcome: undefined, next: null }));
    },
  };
}
