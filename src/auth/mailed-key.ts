/** Keys that go out in mailed links: each opens, once, what was put away for it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { LinkPurpose } from './ports.ts';
import { hashOf, type Secrets, sameText } from './secrets.ts';

export interface MailedKeySettings {
  ttlSeconds: number;
  maxAttempts: number;
  leaseSeconds: number;
}

/** What a link is made of. The key is kept nowhere in clear. */
export interface MailedKey {
  /** Opaque, and no secret. */
  identifier: string;
  /** 256 random bits. */
  key: string;
  expiresAt: Date;
}

/** What a link hands back. */
export type GivenKey = Pick<MailedKey, 'identifier' | 'key'>;

/** What was put away, held by one caller while it acts on it. */
export interface Opened {
  details: unknown;
  /** What an earlier holder, now gone, had reached; `null` at first. */
  step: unknown;
  /**
   * Notes how far the holder has come, for whoever resumes after it, and renews the lease.
   *
   * `false` when the key was cancelled or has gone to another holder: then nothing more may be done.
   */
  note(step: unknown): Promise<boolean>;
}

export type KeyRefused =
  /** Unknown, of another purpose, wrong, used, cancelled or too old. */
  | { kind: 'gone' }
  /** Somebody is acting on it at this moment. */
  | { kind: 'busy'; retryAfterSeconds: number };

const Stored = z.object({
  purpose: z.enum(['activateAccount', 'confirmEmailChange']),
  /** The second half of the identifier: an older link to the same place is known by it. */
  nonce: z.string(),
  keyHash: z.string(),
  attemptsLeft: z.number().int(),
  /** Milliseconds. */
  expiresAt: z.number(),
  /** Readable with the mailed key alone. */
  sealed: z.string(),
  leaseUntil: z.number(),
  holder: z.string().nullable(),
  step: z.string().nullable(),
});
type Stored = z.infer<typeof Stored>;

const IDENTIFIER = /^([\w-]{1,64})\.([\w-]{1,64})$/;

export type MailedKeys = ReturnType<typeof mailedKeysOf>;

/**
 * Mailed keys in a store, each with details that only its key can open.
 *
 * The encryption key is an HMAC of the mailed key under a secret of ours: neither who reads the store nor
 * who has only the secret learns what waits there, a password for instance.
 */
export function mailedKeysOf(store: Store, secrets: Secrets, settings: MailedKeySettings) {
  const keys = records(store, 'mailed-key', Stored);

  const placeOf = (purpose: LinkPurpose, subject: string) =>
    secrets.mac('mailed-key', `${purpose}\n${subject}`);
  const sealingKey = (key: string) => Buffer.from(secrets.mac('mailed-key-seal', key), 'base64url');

  const seal = (key: string, value: unknown) =>
    new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(sealingKey(key));
  async function open(key: string, sealed: string): Promise<unknown> {
    const { plaintext } = await compactDecrypt(sealed, sealingKey(key));
    return JSON.parse(new TextDecoder().decode(plaintext));
  }

  /** Kept somewhat past its end, for a lease that is still held then. */
  function keep(value: Stored) {
    const until = Math.max(value.expiresAt, value.leaseUntil);
    return { value, ttlSeconds: Math.max(1, Math.ceil((until - Date.now()) / 1000)) };
  }

  /** Counts, compares and takes the key as one step: of many parallel guesses only the allowed ones count. */
  function take(purpose: LinkPurpose, given: GivenKey, holder: string) {
    const [, place = '', nonce] = IDENTIFIER.exec(given.identifier) ?? [];
    const keyHash = hashOf(given.key);
    return keys.update<{ kind: 'held'; place: string; held: Stored } | KeyRefused>(place, (stored) => {
      const now = Date.now();
      const isLive = stored !== null && Math.max(stored.expiresAt, stored.leaseUntil) > now;
      if (!isLive || stored.purpose !== purpose || stored.nonce !== nonce) {
        return { outcome: { kind: 'gone' } };
      }
      if (!sameText(keyHash, stored.keyHash)) {
        const attemptsLeft = stored.attemptsLeft - 1;
        return {
          outcome: { kind: 'gone' },
          next: attemptsLeft < 1 ? null : keep({ ...stored, attemptsLeft }),
        };
      }
      if (stored.leaseUntil > now) {
        const retryAfterSeconds = Math.max(1, Math.ceil((stored.leaseUntil - now) / 1000));
        return { outcome: { kind: 'busy', retryAfterSeconds } };
      }
      const held = { ...stored, holder, leaseUntil: now + settings.leaseSeconds * 1000 };
      return { outcome: { kind: 'held', place, held }, next: keep(held) };
    });
  }

  return {
    /**
     * A new key for `details`, any JSON value.
     *
     * With a `subject` there is one key at a time for it: a newer one takes the older one's place.
     */
    async issue(asked: { purpose: LinkPurpose; details: unknown; subject?: string }): Promise<MailedKey> {
      const { purpose, details, subject } = asked;
      const place = subject === undefined ? randomBytes(18).toString('base64url') : placeOf(purpose, subject);
      const nonce = randomBytes(9).toString('base64url');
      const key = randomBytes(32).toString('base64url');
      const expiresAt = Date.now() + settings.ttlSeconds * 1000;
      const value: Stored = {
        purpose,
        nonce,
        keyHash: hashOf(key),
        attemptsLeft: settings.maxAttempts,
        expiresAt,
        sealed: await seal(key, details),
        leaseUntil: 0,
        holder: null,
        step: null,
      };
      await keys.update<void>(place, () => ({ outcome: undefined, next: keep(value) }));
      return { identifier: `${place}.${nonce}`, key, expiresAt: new Date(expiresAt) };
    },

    /** Voids one key; a newer one in its place stays. */
    async withdraw({ identifier }: Pick<MailedKey, 'identifier'>): Promise<void> {
      const [, place = '', nonce] = IDENTIFIER.exec(identifier) ?? [];
      await keys.update<void>(place, (stored) =>
        stored?.nonce === nonce ? { outcome: undefined, next: null } : { outcome: undefined },
      );
    },

    /** Voids whatever key there is for the subject. */
    async cancel(purpose: LinkPurpose, subject: string): Promise<void> {
      await keys.update<void>(placeOf(purpose, subject), () => ({ outcome: undefined, next: null }));
    },

    /**
     * Runs `work` for the one caller who gave the right key, and spends the key when `work` is done.
     *
     * What `work` throws, or calls not done, leaves the key good for another try.
     */
    async spend<Outcome>(
      purpose: LinkPurpose,
      given: GivenKey,
      work: (opened: Opened) => Promise<{ isDone: boolean; outcome: Outcome }>,
    ): Promise<Outcome | KeyRefused> {
      const holder = randomUUID();
      const taken = await take(purpose, given, holder);
      if (taken.kind !== 'held') return taken;
      const { place, held } = taken;

      /** Changes the record while it is ours; whether it still was. */
      const asHolder = (next: (current: Stored) => Stored | null) =>
        keys.update<boolean>(place, (stored) => {
          if (stored?.holder !== holder) return { outcome: false };
          const value = next(stored);
          return { outcome: true, next: value && keep(value) };
        });
      const release = () => asHolder((current) => ({ ...current, holder: null, leaseUntil: 0 }));

      try {
        const { isDone, outcome } = await work({
          details: await open(given.key, held.sealed),
          step: held.step === null ? null : await open(given.key, held.step),
          async note(reached) {
            const step = await seal(given.key, reached);
            const leaseUntil = Date.now() + settings.leaseSeconds * 1000;
            return asHolder((current) => ({ ...current, step, leaseUntil }));
          },
        });
        await (isDone ? asHolder(() => null) : release());
        return outcome;
      } catch (error) {
        // What cannot be given back now comes back by itself when the lease runs out.
        await release().catch(() => undefined);
        throw error;
      }
    },
  };
}
