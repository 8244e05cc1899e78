/** Telling whether a password was replaced while somebody was still signing in with the one before. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { Secrets } from './secrets.ts';

export type PasswordEpochs = ReturnType<typeof passwordEpochsOf>;

/**
 * An epoch for each e-mail address: it moves with every new password that is set here.
 *
 * Names instead of times, for the clocks of several replicas differ. `keepSeconds` has to outlast any
 * sign-in that is under way.
 */
export function passwordEpochsOf(store: Store, secrets: Secrets, settings: { keepSeconds: number }) {
  const epochs = records(store, 'password-epoch', z.object({ epoch: z.string() }));
  const idOf = (email: string) => secrets.mac('password-epoch', email.toLowerCase());
  const now = async (email: string) => (await epochs.get(idOf(email)))?.epoch ?? null;

  return {
    /** To be read before the password is tried; `null` where none was set lately. */
    now,

    /** Whether a new password was set since `epoch` was read. */
    async hasMoved(email: string, epoch: string | null): Promise<boolean> {
      const latest = await now(email);
      return latest !== null && latest !== epoch;
    },

    /** To be called once the new password is in force, and before sessions are ended for the last time. */
    async move(email: string): Promise<void> {
      const value = { epoch: randomUUID() };
      await epochs.update<void>(idOf(email), () => ({
        outcome: undefined,
        next: { value, ttlSeconds: settings.keepSeconds },
      }));
    },
  };
}
