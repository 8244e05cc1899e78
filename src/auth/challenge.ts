/** One-time codes: asked for, sent again, tried, and spent once. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Failure } from '../failures.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import { challengeCutoffsOf } from './challenge-cutoff.ts';
import { isLive, StoredChallenge, sealPerson, withPerson } from './challenge-record.ts';
import type { ChallengePurpose } from './ports.ts';
import { type Secrets, sameText } from './secrets.ts';

export interface ChallengeSettings {
  ttlSeconds: number;
  totalSeconds: number;
  maxAttempts: number;
  resendSeconds: number;
  leaseSeconds: number;
}

/** What the person who waits for a code may know. */
export interface Challenge {
  id: string;
  purpose: ChallengePurpose;
  /** Where the code went: E.164, or an e-mail address. */
  to: string;
  expiresAt: Date;
  resendAvailableAt: Date;
  attemptsRemaining: number;
}

/** A challenge whose right code was given, held by one caller until it is finished or released. */
export interface Entry {
  id: string;
  purpose: ChallengePurpose;
  to: string;
  details: unknown;
  /** The id of the session to open: fixed at the first entry, so that a resumed one opens no second. */
  sessionId: string;
  /** What an earlier holder, now gone, had reached; `null` at first. */
  step: string | null;
  holder: string;
}

export type Attempt =
  | { kind: 'right'; entry: Entry }
  | { kind: 'wrong'; attemptsRemaining: number }
  | { kind: 'gone' }
  /** Somebody is acting on the right code at this moment. */
  | { kind: 'busy'; retryAfterSeconds: number };

export type Resent =
  | { kind: 'resent'; challenge: Challenge; code: string }
  | { kind: 'tooSoon'; retryAfterSeconds: number }
  | { kind: 'gone' };

// As long as an answer with tokens is kept for a client that asks again.
const REPEAT_SECONDS = 60;

export type Challenges = ReturnType<typeof challengesOf>;

/**
 * Challenges in a store.
 *
 * A challenge goes open → held (a lease, so that a crash between spending and answering loses nobody's
 * sign-in) → gone. NIST SP 800-63B-4, 3.1.3: short-lived, single use, few attempts.
 */
export function challengesOf(store: Store, secrets: Secrets, settings: ChallengeSettings) {
  const challenges = records(store, 'otp', StoredChallenge);
  const cutoffs = challengeCutoffsOf(store, secrets, settings.totalSeconds + 2 * settings.leaseSeconds);

  const macOf = (id: string, purpose: string, to: string, code: string) =>
    secrets.mac('otp', [id, purpose, to, code].join('\n'));

  const spentForOf = (id: string, repeatableBy: string | null) =>
    repeatableBy === null ? null : secrets.mac('otp-spent-for', `${id}\n${repeatableBy}`);

  const newCode = () => randomInt(0, 1_000_000).toString().padStart(6, '0');

  const seen = (id: string, stored: StoredChallenge, to: string): Challenge => ({
    id,
    purpose: stored.purpose,
    to,
    expiresAt: new Date(stored.expiresAt),
    resendAvailableAt: new Date(stored.resendAt),
    attemptsRemaining: stored.attemptsLeft,
  });

  /** Kept somewhat past its end, for a lease that is still held then. */
  function keep(value: StoredChallenge): { value: StoredChallenge; ttlSeconds: number } {
    const until = Math.max(value.expiresAt, value.leaseUntil);
    return { value, ttlSeconds: Math.max(1, Math.ceil((until - Date.now()) / 1000)) };
  }

  /** Changes a held challenge, or nothing and `false` when the lease has gone to another holder. */
  function asHolder(
    entry: Entry,
    next: (held: StoredChallenge) => ReturnType<typeof keep> | null,
  ): Promise<boolean> {
    return challenges.update<boolean>(entry.id, (stored) =>
      stored?.holder === entry.holder ? { outcome: true, next: next(stored) } : { outcome: false },
    );
  }

  return {
    /** A new challenge and its code, which is kept nowhere in clear. */
    async open(asked: {
      purpose: ChallengePurpose;
      to: string;
      customerId?: string;
      details: unknown;
    }): Promise<{ challenge: Challenge; code: string }> {
      const id = randomBytes(18).toString('base64url');
      const code = newCode();
      const sealed = await sealPerson(secrets, { to: asked.to, details: asked.details });
      const now = Date.now();
      const stored: StoredChallenge = {
        purpose: asked.purpose,
        customerId: asked.customerId ?? null,
        codeMac: macOf(id, asked.purpose, asked.to, code),
        attemptsLeft: settings.maxAttempts,
        expiresAt: now + settings.ttlSeconds * 1000,
        endsAt: now + settings.totalSeconds * 1000,
        resendAt: now + settings.resendSeconds * 1000,
        sealed,
        sessionId: randomUUID(),
        leaseUntil: 0,
        holder: null,
        step: null,
        spentFor: null,
      };
      await challenges.update(id, () => ({ outcome: undefined, next: keep(stored) }));
      return { challenge: seen(id, stored, asked.to), code };
    },

    /** `null` when there is none any more; one that is spent is found by whom it may be given again alone. */
    async find(id: string, repeatableBy: string | null = null): Promise<Challenge | null> {
      const stored = await challenges.get(id);
      const known = isLive(stored, spentForOf(id, repeatableBy)) ? await withPerson(secrets, stored) : null;
      if (known === null) return null;
      const openedAt = known.endsAt - settings.totalSeconds * 1000;
      return (await cutoffs.holds(known.to, openedAt)) ? null : seen(id, known, known.to);
    },

    /** From now on `find` knows none that was opened for the destination (E.164 or e-mail) so far. */
    async endAll(to: string): Promise<void> {
      await cutoffs.set(to);
    },

    /** A new code for the same challenge; attempts are not refilled. */
    async resend(id: string): Promise<Resent> {
      const known = await withPerson(secrets, await challenges.get(id));
      if (known === null) return { kind: 'gone' };
      const code = newCode();
      const codeMac = macOf(id, known.purpose, known.to, code);
      return challenges.update<Resent>(id, (stored) => {
        const now = Date.now();
        if (!isLive(stored) || stored.leaseUntil > now || stored.endsAt <= now) {
          return { outcome: { kind: 'gone' } };
        }
        if (stored.resendAt > now) {
          return {
            outcome: { kind: 'tooSoon', retryAfterSeconds: Math.ceil((stored.resendAt - now) / 1000) },
          };
        }
        const next: StoredChallenge = {
          ...stored,
          codeMac,
          expiresAt: Math.min(now + settings.ttlSeconds * 1000, stored.endsAt),
          resendAt: now + settings.resendSeconds * 1000,
        };
        const challenge = seen(id, next, known.to);
        return { outcome: { kind: 'resent', challenge, code }, next: keep(next) };
      });
    },

    /** Lets the person ask for another code at once, because the last one never left. */
    async endPause(id: string): Promise<void> {
      await challenges.update<void>(id, (stored) => ({
        outcome: undefined,
        ...(stored && { next: keep({ ...stored, resendAt: 0 }) }),
      }));
    },

    /**
     * Tries a code. The attempt is counted before anything is compared, so that of any number of
     * parallel guesses only as many are compared as there are attempts.
     */
    async attempt(
      id: string,
      code: string,
      use: {
        purposes: readonly ChallengePurpose[];
        customerId: string | null;
        repeatableBy?: string | null;
      },
    ): Promise<Attempt> {
      const spentFor = spentForOf(id, use.repeatableBy ?? null);
      const taken = await challenges.update<StoredChallenge | null>(id, (stored) => {
        if (!isLive(stored, spentFor)) return { outcome: null };
        if (!use.purposes.includes(stored.purpose) || stored.customerId !== use.customerId) {
          return { outcome: null };
        }
        const next = { ...stored, attemptsLeft: stored.attemptsLeft - 1 };
        return { outcome: next, next: keep(next) };
      });
      const counted = await withPerson(secrets, taken);
      if (counted === null) return { kind: 'gone' };

      const { to, details } = counted;
      if (!sameText(macOf(id, counted.purpose, to, code), counted.codeMac)) {
        return { kind: 'wrong', attemptsRemaining: counted.attemptsLeft };
      }

      const holder = randomUUID();
      const held = await challenges.update<StoredChallenge | 'gone' | { busyUntil: number }>(id, (stored) => {
        // A resend in between replaced the code that was compared.
        if (stored === null || stored.codeMac !== counted.codeMac) return { outcome: 'gone' };
        const attemptsLeft = Math.min(stored.attemptsLeft + 1, settings.maxAttempts);
        if (stored.leaseUntil > Date.now()) {
          return { outcome: { busyUntil: stored.leaseUntil }, next: keep({ ...stored, attemptsLeft }) };
        }
        const leaseMs = settings.leaseSeconds * 1000;
        // The code must outlive its first holder, or a crash at the last moment would eat it. Not the
        // later ones as well: whoever goes on trying would keep it alive for ever.
        const longer = stored.leaseUntil === 0 ? Date.now() + 2 * leaseMs : 0;
        const next = {
          ...stored,
          attemptsLeft,
          holder,
          leaseUntil: Date.now() + leaseMs,
          expiresAt: Math.max(stored.expiresAt, longer),
        };
        return { outcome: next, next: keep(next) };
      });
      if (held === 'gone') return { kind: 'gone' };
      if ('busyUntil' in held) {
        return {
          kind: 'busy',
          retryAfterSeconds: Math.max(1, Math.ceil((held.busyUntil - Date.now()) / 1000)),
        };
      }
      const entry: Entry = {
        id,
        purpose: held.purpose,
        to,
        details,
        sessionId: held.sessionId,
        step: held.step,
        holder,
      };
      return { kind: 'right', entry };
    },

    /**
     * Notes how far the holder has come, for whoever resumes after it, and renews the lease.
     *
     * Rejects when another holds the code by now: what both opened would end each other.
     */
    async note(entry: Entry, step: string): Promise<void> {
      const leaseUntil = Date.now() + settings.leaseSeconds * 1000;
      if (await asHolder(entry, (held) => keep({ ...held, step, leaseUntil }))) return;
      throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the lease on a code has gone to another' });
    },

    /** Gives the code back unspent, after a trouble that is not the person's. */
    async release(entry: Entry): Promise<void> {
      await asHolder(entry, (held) => keep({ ...held, holder: null, leaseUntil: Date.now() }));
    },

    /**
     * Spends the code for good. Whoever knows `repeatableBy`, a secret of the client's own, may give it once
     * more for as long as a lost answer is asked for again: the same session is opened anew.
     */
    async finish(entry: Entry, repeatableBy: string | null = null): Promise<void> {
      const spentFor = spentForOf(entry.id, repeatableBy);
      await asHolder(entry, (held) =>
        spentFor === null
          ? null
          : keep({
              ...held,
              spentFor,
              holder: null,
              leaseUntil: Date.now(),
              // From the first time that it was spent: nobody keeps it alive by repeating it.
              expiresAt: held.spentFor === null ? Date.now() + REPEAT_SECONDS * 1000 : held.expiresAt,
            }),
      );
    },
  };
}
