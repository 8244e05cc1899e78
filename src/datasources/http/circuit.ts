/** A circuit breaker: whoever is mostly in trouble is left alone for a while, then asked by one call. */
import { CircuitState, circuitBreaker, handleWhenResult, type IBreaker } from 'cockatiel';
import { slidingCount } from './sliding-count.ts';

// As long as a call may take: those that were well before the trouble began must not outvote it for longer.
const WINDOW_MS = 10_000;
const LEAST_CALLS = 10;
const TROUBLED_SHARE = 0.5;

export type CircuitPosition = 'closed' | 'halfOpen' | 'open';

/** What came of a call, as far as the circuit is concerned. */
export interface Outcome {
  /** Whether the upstream itself is in trouble; that somebody was refused or left is none of it. */
  isTrouble: boolean;
}

export interface Circuit {
  /** Whether a call would be refused at this moment. */
  isOpen(): boolean;
  /**
   * Runs `work` and counts its outcome; `null` when the circuit refused it.
   *
   * `isProbe`: the circuit closes unless this one ends in trouble, so that whatever proves nothing counts as such.
   */
  run<Result extends Outcome>(work: (isProbe: boolean) => Promise<Result>): Promise<Result> | null;
}

const POSITIONS: Partial<Record<CircuitState, CircuitPosition>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'halfOpen',
  [CircuitState.Open]: 'open',
};

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
  if (openMs === 0) return { isOpen: () => false, run: (work) => work(false) };

  const isTroubled = (result: unknown) => (result as Outcome).isTrouble;
  const policy = circuitBreaker(handleWhenResult(isTroubled), {
    halfOpenAfter: openMs,
    breaker: troubleShare(),
  });
  let openUntil = 0;
  policy.onBreak(() => {
    openUntil = Date.now() + openMs;
  });
  policy.onStateChange((state) => {
    const position = POSITIONS[state];
    if (position) onChange?.(position);
  });
  const isOpen = () =>
    // While the probe is under way cockatiel would have the others wait for it.
    policy.state === CircuitState.HalfOpen || (policy.state === CircuitState.Open && Date.now() < openUntil);

  return {
    isOpen,
    run(work) {
      if (isOpen()) return null;
      // It is still open when the probe starts, and half open from then on.
      return policy.execute(() => work(policy.state !== CircuitState.Closed));
    },
  };
}

/** Cockatiel's own breakers remember calls for as long as no newer ones push them out. */
function troubleShare(): IBreaker {
  const calls = slidingCount(WINDOW_MS);
  const troubles = slidingCount(WINDOW_MS);
  return {
    // There is nothing to carry over from one process to the next.
    state: null,
    success(state) {
      if (state === CircuitState.HalfOpen) {
        calls.clear();
        troubles.clear();
      }
      calls.add();
    },
    failure(state) {
      calls.add();
      troubles.add();
      const total = calls.total();
      return (
        state !== CircuitState.Closed || (total >= LEAST_CALLS && troubles.total() >= total * TROUBLED_SHARE)
      );
    },
  };
}
