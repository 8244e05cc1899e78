/** How many calls may be repeated: few enough that repeating never becomes the load that keeps an upstream down. */
import { slidingCount } from './sliding-count.ts';

const WINDOW_MS = 10_000;
const SHARE = 0.1;
// Where little is asked, a tenth of it would be nothing.
const ALWAYS = 3;

export interface RetryBudget {
  /** Notes a call, whose first try is not a retry. */
  called(): void;
  /** Takes one retry: at most a tenth of the calls of the last ten seconds, and three in any case. */
  take(): boolean;
}

/** A budget of its own for one upstream, or one part of it. */
export function retryBudget(now?: () => number): RetryBudget {
  const calls = slidingCount(WINDOW_MS, now);
  const retries = slidingCount(WINDOW_MS, now);
  return {
    called: calls.add,
    take() {
      if (retries.total() >= Math.max(ALWAYS, Math.floor(calls.total() * SHARE))) return false;
      retries.add();
      return true;
    },
  };
}
