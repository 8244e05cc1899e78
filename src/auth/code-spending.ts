/** Spending a code: counted first, compared, acted upon once, and given back on the outside's trouble. */
import type { Language } from '../texts/texts.ts';
import type { Challenges, Entry } from './challenge.ts';
import type { Circumstances, CodeRequests } from './code-request.ts';
import { countedAs, type Destination, destinationOf } from './destination.ts';
import type { FailureCounts } from './failure-count.ts';
import type { ChallengePurpose, Device } from './ports.ts';

/** Why a code was not acted upon. */
export type CodeRefused =
  | { kind: 'rejected'; attemptsRemaining: number }
  | { kind: 'expired' }
  | { kind: 'throttled'; retryAfterSeconds: number }
  | { kind: 'locked' };

export type CodeSpender = ReturnType<typeof codeSpenderOf>;

export function codeSpenderOf(parts: {
  challenges: Challenges;
  codeRequests: CodeRequests;
  failures: FailureCounts;
  /** Tells the customer of this phone or e-mail that signing in by it is closed for a day. */
  tellLocked: (to: Destination, language: Language) => Promise<void>;
}) {
  const { challenges, codeRequests, failures } = parts;

  /** Runs `work` for the one caller who gave the right code. What `work` throws leaves the code unspent. */
  return async <Outcome>(
    given: {
      otpId: string;
      code: string;
      device: Device | null;
      purposes: readonly ChallengePurpose[];
      customerId: string | null;
      /** A secret of the client's own, under which the right code may be given again after its answer was lost. */
      repeatableBy?: string | null;
    },
    circumstances: Circumstances,
    work: (entry: Entry, to: Destination) => Promise<Outcome>,
  ): Promise<Outcome | CodeRefused> => {
    const found = await challenges.find(given.otpId, given.repeatableBy);
    const to = found && destinationOf(found.to);
    if (!to) return { kind: 'expired' };
    const client = { address: circumstances.client.address, deviceId: given.device?.deviceId ?? null };

    const tried = await failures.begin(countedAs(to), client);
    if (tried.kind === 'wait') return { kind: 'throttled', retryAfterSeconds: tried.retryAfterSeconds };
    if (tried.kind === 'closed') return { kind: 'locked' };

    const attempt = await challenges.attempt(given.otpId, given.code, given);
    if (attempt.kind === 'gone') {
      await failures.takeBack(tried);
      return { kind: 'expired' };
    }
    if (attempt.kind === 'wrong') {
      if (!tried.isLast) return { kind: 'rejected', attemptsRemaining: attempt.attemptsRemaining };
      circumstances.afterAnswer('tell of the lock', () => parts.tellLocked(to, circumstances.language));
      return { kind: 'locked' };
    }
    await failures.succeeded(tried);
    if (attempt.kind === 'busy') return { kind: 'throttled', retryAfterSeconds: attempt.retryAfterSeconds };

    try {
      const outcome = await work(attempt.entry, to);
      await codeRequests.endPause(to);
      // Last of all: what fails before it leaves the code good for another try.
      await challenges.finish(attempt.entry, given.repeatableBy);
      return outcome;
    } catch (error) {
      // What cannot be given back now comes back by itself when the lease runs out.
      await challenges.release(attempt.entry).catch(() => undefined);
      throw error;
    }
  };
}
