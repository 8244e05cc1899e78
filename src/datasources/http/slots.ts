/** How many calls one upstream is sent at a time, and how many wait for their turn. */

import type { Gone } from '../../operation.ts';

/** Until when somebody waits. */
export interface Patience {
  /** By `performance.now()`. */
  endsAt: number;
  /** Aborted when nobody waits any more; `null` for never. */
  gone: Gone | null;
}

export type Refusal = 'queue' | 'deadline' | 'circuit' | 'gone';

export type Slot = { kind: 'taken'; release: () => void } | { kind: 'refused'; reason: Refusal };

export interface Slots {
  /** A slot at once, or in its turn; refused at once when too many wait already. Each is to be released once. */
  take(patience: Patience): Slot | Promise<Slot>;
  /** Sends all who wait away. */
  refuseWaiting(reason: Refusal): void;
}

/** `most` slots, and a queue for at most `queue` who wait for one. */
export function slotsOf({ most, queue }: { most: number; queue: number }): Slots {
  const waiting = new Set<(slot: Slot) => void>();
  let busy = 0;

  function release(): void {
    const [next] = waiting;
    if (next) next({ kind: 'taken', release });
    else busy -= 1;
  }

  return {
    take({ endsAt, gone }) {
      if (gone?.aborted) return { kind: 'refused', reason: 'gone' };
      const waitMs = endsAt - performance.now();
      if (waitMs <= 0) return { kind: 'refused', reason: 'deadline' };
      if (busy < most) {
        busy += 1;
        return { kind: 'taken', release };
      }
      if (waiting.size >= queue) return { kind: 'refused', reason: 'queue' };
      return new Promise((resolve) => {
        const settle = (slot: Slot) => {
          waiting.delete(settle);
          clearTimeout(timer);
          gone?.removeEventListener('abort', leave);
          resolve(slot);
        };
        const leave = () => settle({ kind: 'refused', reason: 'gone' });
        const timer = setTimeout(() => settle({ kind: 'refused', reason: 'deadline' }), waitMs);
        gone?.addEventListener('abort', leave);
        waiting.add(settle);
      });
    },
    refuseWaiting(reason) {
      for (const settle of [...waiting]) settle({ kind: 'refused', reason });
    },
  };
}
