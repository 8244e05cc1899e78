/** Changes that a customer asked for and has not confirmed yet: at most one of each kind is good at a time. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';

export type PendingChangeKind = 'phone' | 'email';

const One = z.object({
  id: z.string(),
  /** Milliseconds. */
  endsAt: z.number(),
});
// One record for a customer, so that all its changes are cancelled in one atomic step.
const Pending = z.object({ phone: One.nullable(), email: One.nullable() });
type Pending = z.infer<typeof Pending>;

const NONE: Pending = { phone: null, email: null };

function keep(pending: Pending) {
  const last = Math.max(pending.phone?.endsAt ?? 0, pending.email?.endsAt ?? 0);
  const ttlSeconds = Math.ceil((last - Date.now()) / 1000);
  return ttlSeconds > 0 ? { value: pending, ttlSeconds } : null;
}

export type PendingChanges = ReturnType<typeof pendingChangesOf>;

export function pendingChangesOf(store: Store) {
  const changes = records(store, 'pending-changes', Pending);

  return {
    /** Notes a new change by an id of its own, such as its challenge's; an earlier one of the kind is cancelled. */
    async begin(customerId: string, kind: PendingChangeKind, id: string, ttlSeconds: number): Promise<void> {
      await changes.update<void>(customerId, (stored) => {
        const one = { id, endsAt: Date.now() + ttlSeconds * 1000 };
        return { outcome: undefined, next: keep({ ...(stored ?? NONE), [kind]: one }) };
      });
    },

    /** Whether the change may still be made. */
    async isGood(customerId: string, kind: PendingChangeKind, id: string): Promise<boolean> {
      const one = (await changes.get(customerId))?.[kind];
      return one?.id === id && one.endsAt > Date.now();
    },

    /** The change was made, or never will be; a newer one stays. */
    async end(customerId: string, kind: PendingChangeKind, id: string): Promise<void> {
      await changes.update<void>(customerId, (stored) =>
        stored?.[kind]?.id === id
          ? { outcome: undefined, next: keep({ ...stored, [kind]: null }) }
          : { outcome: undefined },
      );
    },

    /** Cancels all that the customer has not confirmed yet. */
    async cancelAll(customerId: string): Promise<void> {
      await changes.update<void>(customerId, () => ({ outcome: undefined, next: null }));
    },
  };
}
