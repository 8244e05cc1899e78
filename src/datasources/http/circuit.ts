/** A circuit breaker: whoever is mostly in trouble is left alone for a while, then asked by one call. */
import { slidingCount } from './sliding-count.ts';

// As long as a call may take: those that were well before the trouble began must not outvote it for longer.
const WINDOW_MS = 10_000;
const LEAST_CALLS = 10;
const TROUBLED_SHARE = 0.5;

export type CircuitPosition = 'closed' | 'halfOpen' | 'open';

export interface Circuit {
  /** Whether a call would be refused at this moment. */
  isOpen(): boolean;
  /** Begins a call, where it is not refused, that is to be ended once; whether it is the probe that decides. */
  begin(): boolean;
  /** `isTrouble`: the upstream itself is in trouble; that somebody was refused or left is none of it. */
  end(call: { isProbe: boolean; isTrouble: boolean }): void;
}

/**
 * A closed circuit. It opens when, of ten calls or more within ten seconds, half or more ended in trouble, and stays
 * open for `openMs`; then one call goes through as a probe, and decides.
 *
 * `openMs` 0 makes one that never opens.
 */
export function circuitOf(options: {
  openMs: number;
  onChange?: (position: CircuitPosition) => void;
}): Circuit {
  const { openMs, onChange } = options;
  const calls = slidingCount(WINDOW_MS);
  const troubles = slidingCount(WINDOW_MS);
  let position: CircuitPosition = 'closed';
  let openUntil = 0;

  function turn(to: CircuitPosition): void {
    position = to;
    if (to === 'open') openUntil = Date.now() + openMs;
    onChange?.(to);
  }

  return {
    isOpen: () => position === 'halfOpen' || (position === 'open' && Date.now() < openUntil),
    begin() {
      if (position !== 'open') return false;
      turn('halfOpen');
      return true;
    },
    end({ isProbe, isTrouble }) {
      if (openMs === 0) return;
      if (isProbe && !isTrouble) {
        calls.clear();
        troubles.clear();
      }
      calls.add();
      if (isTrouble) troubles.add();
      if (isProbe) return turn(isTrouble ? 'open' : 'closed');
      // Those that were begun before it opened decide nothing any more.
      const total = calls.total();
      const isTooMuch = total >= LEAST_CALLS && troubles.total() >= total * TROUBLED_SHARE;
      if (isTrouble && isTooMuch && position === 'closed') turn('open');
    },
  };
}
