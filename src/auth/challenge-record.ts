/** A challenge as it is kept: what it takes to try a code, and, encrypted, whom it is for. */
import { z } from 'zod';
import type { Secrets } from './secrets.ts';

export const StoredChallenge = z.object({
  purpose: z.enum(['register', 'login', 'hmgLogin', 'loyalty', 'passwordLogin', 'socialLink', 'phoneChange']),
  /** The signed-in customer that alone may use the code; `null` where nobody is signed in yet. */
  customerId: z.string().nullable(),
  codeMac: z.string(),
  attemptsLeft: z.number().int(),
  /** Milliseconds, as all times here. */
  expiresAt: z.number(),
  /** Beyond this no new code extends it. */
  endsAt: z.number(),
  resendAt: z.number(),
  /** Where the code goes and what was typed in, encrypted. */
  sealed: z.string(),
  sessionId: z.string(),
  /** 0 until the right code was given once. */
  leaseUntil: z.number(),
  holder: z.string().nullable(),
  step: z.string().nullable(),
  /** Once the code is spent: whose sign-in may be answered again, as a keyed hash. */
  spentFor: z.string().nullable(),
});
export type StoredChallenge = z.infer<typeof StoredChallenge>;

const Person = z.object({ to: z.string(), details: z.unknown() });

/** Whom a challenge is for: the phone as E.164 or the e-mail address, and what was typed in. */
export type Person = z.infer<typeof Person>;

export function sealPerson(secrets: Secrets, person: Person): Promise<string> {
  return secrets.seal('otp', person);
}

/** The challenge together with its person; `null` for none, and for one that was sealed under another key. */
export async function withPerson(
  secrets: Secrets,
  stored: StoredChallenge | null,
): Promise<(StoredChallenge & Person) | null> {
  if (stored === null) return null;
  try {
    return { ...stored, ...Person.parse(await secrets.open('otp', stored.sealed)) };
  } catch {
    // As with a record of another release: nobody can use it any more.
    return null;
  }
}

/** Whether a code may still be tried; a spent one only by whom it was `spentFor`. */
export function isLive(
  stored: StoredChallenge | null,
  spentFor: string | null = null,
): stored is StoredChallenge {
  if (stored === null || stored.attemptsLeft < 1) return false;
  if (stored.spentFor !== null && stored.spentFor !== spentFor) return false;
  return Math.max(stored.expiresAt, stored.leaseUntil) > Date.now();
}
