/** Mutual exclusion across processes. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failures.ts';
import { remainingMs } from '../operation.ts';
import type { Store } from './store.ts';

// Shorter than an operation may take: who tries again after a crash gets its turn, not a refusal.
const LEASE_SECONDS = 10;
// Twenty writers of one customer, a second each, get their turn; a router's own 30 s are not yet over.
const WAIT_MS = 25_000;

export type Lock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/**
 * Runs `work` while nobody else, in this process or another, runs any under the same name.
 *
 * The lease lasts 10 s, so that a killed process does not hold it for ever, and is renewed while
 * `work` goes on. Rejects with `UPSTREAM_UNAVAILABLE` when the lock is not free within 25 s or the
 * time of the operation, or the store does not answer. A process that stands still for longer than its lease may wake up beside
 * the next holder: `work` must do no harm then, only lose.
 */
export function lockOf(
  store: Store,
  { leaseSeconds = LEASE_SECONDS, waitMs = WAIT_MS }: { leaseSeconds?: number; waitMs?: number } = {},
): Lock {
  return async (name, work) => {
    const key = `lock:${name}`;
    const owner = randomUUID();
    const release = () => store.swap(key, owner, null, 1).catch(() => false);

    const giveUpAt = performance.now() + Math.min(waitMs, remainingMs());
    try {
      while (!(await store.swap(key, null, owner, leaseSeconds))) {
        if (performance.now() > giveUpAt) {
          throw new Failure('UPSTREAM_UNAVAILABLE', { detail: `the lock on ${name.split(':')[0]} is busy` });
        }
        await sleep(10 + Math.random() * 40);
      }
    } catch (error) {
      // The store may have taken the lock for us and only failed to say so.
      void release();
      throw error;
    }
    const renewal = setInterval(
      () => {
        store.swap(key, owner, owner, leaseSeconds).catch(() => {
          // The next renewal tries again; the lease outlives two missed ones.
        });
      },
      (leaseSeconds * 1000) / 3,
    );
    renewal.unref();
    try {
      return await work();
    } finally {
      clearInterval(renewal);
      // A lease that cannot be given back runs out by itself; the work's own outcome counts.
      await release();
    }
  };
}
