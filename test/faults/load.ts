/** Load on a service, and what became of each request. */
import { expect } from 'vitest';
import type { GraphQLAnswer } from '../support/service.ts';

/** `failed`: told by its code that it did not work, and rightly so. */
export type Verdict = 'answered' | 'failed' | 'wrong';

export interface Tally {
  requests: number;
  answered: number;
  failed: number;
  /** Answered with what is not true, or refused with what is not so. */
  wrong: number;
  /** Not answered at all, or not by the service. */
  lost: number;
  slowestMs: number;
  /** What was wrong or lost, in words. */
  remarks: string[];
}

const TROUBLES = new Set(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_INVALID']);

/** Whether the answer is one honest failure, with a code that clients know and whether to try again. */
export function isHonestFailure({ errors }: Pick<GraphQLAnswer<unknown>, 'errors'>): boolean {
  return (
    errors.length > 0 &&
    errors.every(({ extensions }) => {
      const { code, retryable } = extensions;
      return TROUBLES.has(String(code)) && retryable === (code === 'UPSTREAM_UNAVAILABLE');
    })
  );
}

/** Sends `requests` of them, `atOnce` at a time, and counts. */
export async function load(
  { requests, atOnce }: { requests: number; atOnce: number },
  ask: (index: number) => Promise<Verdict>,
): Promise<Tally> {
  const tally: Tally = { requests: 0, answered: 0, failed: 0, wrong: 0, lost: 0, slowestMs: 0, remarks: [] };
  async function worker(): Promise<void> {
    while (tally.requests < requests) {
      const index = tally.requests++;
      const startedAt = performance.now();
      try {
        tally[await ask(index)] += 1;
      } catch (error) {
        tally.lost += 1;
        tally.remarks.push(String(error));
      }
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - startedAt);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tally;
}

/** Nothing wrong, nothing lost, nothing late: whatever happened, clients were told the truth in time. */
export function expectHonest(tally: Tally, { withinMs }: { withinMs: number }): void {
  const { requests, answered, failed, wrong, lost, slowestMs, remarks } = tally;
  expect({ wrong, lost, remarks }).toEqual({ wrong: 0, lost: 0, remarks: [] });
  expect(answered + failed).toBe(requests);
  expect(slowestMs).toBeLessThan(withinMs);
}
