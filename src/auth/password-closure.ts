/** Passwords that open nothing until they are reset: their owner may no longer be who knows them. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';

// Until a reset, that is: only that a store wants to know an end.
const CENTURY_SECONDS = 100 * 365 * 24 * 60 * 60;

export type PasswordClosures = ReturnType<typeof passwordClosuresOf>;

export function passwordClosuresOf(store: Store) {
  const closures = records(store, 'password-closed', z.object({ closedAt: z.number() }));
  return {
    async close(customerId: string): Promise<void> {
      const value = { closedAt: Date.now() };
      await closures.update<void>(customerId, () => ({
        outcome: undefined,
        next: { value, ttlSeconds: CENTURY_SECONDS },
      }));
    },
    async reopen(customerId: string): Promise<void> {
      await closures.update<void>(customerId, () => ({ outcome: undefined, next: null }));
    },
    async isClosed(customerId: string): Promise<boolean> {
      return (await closures.get(customerId)) !== null;
    },
  };
}
