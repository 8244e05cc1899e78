/** How often something may be tried: sliding windows, kept as the times of the last tries. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';

export interface Window {
  seconds: number;
  most: number;
}

export type Admission = { kind: 'admitted' } | { kind: 'refused'; retryAfterSeconds: number };

const Tries = z.object({
  /** Oldest first; `at` in milliseconds, `target` tells apart what was tried. */
  tries: z.array(z.object({ at: z.number(), target: z.string() })),
  waitUntil: z.number(),
});

export type Throttle = ReturnType<typeof throttleOf>;

/**
 * A throttle for one kind of thing, such as `send-phone`.
 *
 * Counting and refusing are one atomic step; what is refused is not counted. `windows` all hold at once,
 * `pauseSeconds` is the least time before the next, told by how many there were, and `targets` limits how
 * many different ones the longest window may see.
 */
export function throttleOf(
  store: Store,
  purpose: string,
  rules: { windows: readonly Window[]; pauseSeconds?: (tries: number) => number; targets?: number },
) {
  const tries = records(store, `throttle-${purpose}`, Tries);
  const longest = Math.max(...rules.windows.map((window) => window.seconds));

  return {
    async admit(id: string, target = ''): Promise<Admission> {
      return tries.update<Admission>(id, (stored) => {
        const now = Date.now();
        const refuse = (until: number) => ({
          outcome: {
            kind: 'refused' as const,
            retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1000)),
          },
        });
        if (stored && stored.waitUntil > now) return refuse(stored.waitUntil);
        const recent = (stored?.tries ?? []).filter(({ at }) => at > now - longest * 1000);
        for (const { seconds, most } of rules.windows) {
          const blocking = recent.filter(({ at }) => at > now - seconds * 1000).at(-most);
          if (blocking) return refuse(blocking.at + seconds * 1000);
        }
        const seen = new Set(recent.map((one) => one.target));
        const [oldest] = recent;
        if (oldest && !seen.has(target) && seen.size >= (rules.targets ?? Number.POSITIVE_INFINITY)) {
          return refuse(oldest.at + longest * 1000);
        }
        const counted = [...recent, { at: now, target }];
        const waitUntil = now + (rules.pauseSeconds?.(counted.length) ?? 0) * 1000;
        return {
          outcome: { kind: 'admitted' },
          next: { value: { tries: counted, waitUntil }, ttlSeconds: longest },
        };
      });
    },

    /** Takes the last try with that target back, because nothing came of it, and ends the pause after it. */
    async withdraw(id: string, target = ''): Promise<void> {
      await tries.update<void>(id, (stored) => {
        const last = stored?.tries.findLastIndex((one) => one.target === target) ?? -1;
        if (stored === null || last < 0) return { outcome: undefined };
        const value = { tries: stored.tries.toSpliced(last, 1), waitUntil: 0 };
        return { outcome: undefined, next: { value, ttlSeconds: longest } };
      });
    },

    /** Ends the pause after the last try; what was counted stays counted. */
    async endPause(id: string): Promise<void> {
      await tries.update<void>(id, (stored) =>
        stored === null
          ? { outcome: undefined }
          : { outcome: undefined, next: { value: { ...stored, waitUntil: 0 }, ttlSeconds: longest } },
      );
    },

    /** Forgets what was counted. */
    async clear(id: string): Promise<void> {
      await tries.update<void>(id, () => ({ outcome: undefined, next: null }));
    },
  };
}
