/**
 * Answers kept for clients that ask again under the same `Idempotency-Key`, so that what is sent twice happens once.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
import { z } from 'zod';
import type { Lock } from '../stores/lock.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import { openUnder, type Secrets, sameText, sealUnder } from './secrets.ts';

const CUSTOMERS_SECONDS = 24 * 60 * 60;
// What nobody in particular asked for is about codes, which are over by then; and anybody can fill the store with it.
const STRANGERS_SECONDS = 15 * 60;
const TOKENS_SECONDS = 60;
// Longer than any operation takes: an end that is never told must not hold the key for ever.
const LONGEST_HOLD_MS = 60_000;

/** `contentMac`: of what was asked; `sealed`: the answer, `null` until there is one. */
const Stored = z.object({ contentMac: z.string(), sealed: z.string().nullable() });

/** What is asked for under a key. */
export interface Keyed {
  /** Whose key it is: other callers' keys of the same name are other keys. `null` for nobody in particular. */
  customerId: string | null;
  key: string;
  /** Names what is done: a gateway may send one client's operation in several parts, all under its key. */
  operation: string;
  /** All that the answer depends on. */
  content: string;
}

export type Begun =
  | { kind: 'answered'; answer: unknown }
  /** The key stands for something else already. */
  | { kind: 'otherContent' }
  | {
      kind: 'turn';
      /** Whether an earlier try began whose end nobody knows. */
      isRepeat: boolean;
      /** Ends the turn. `answer` is kept; `null` lets the next try do it all again. */
      end(answer: unknown, holds: { tokens: boolean }): Promise<void>;
    };

export type KeptAnswers = ReturnType<typeof keptAnswersOf>;

/** Nothing in the store tells an answer without the client's own key: it is encrypted under that. */
export function keptAnswersOf(store: Store, lock: Lock, secrets: Secrets) {
  const answers = records(store, 'answer', Stored);

  return {
    /**
     * Waits until nobody else is at it under this key, and gives the kept answer or the turn.
     *
     * Rejects with `UPSTREAM_UNAVAILABLE` when the time of the operation is over before that, or the store is away.
     */
    async begin({ customerId, key, operation, content }: Keyed): Promise<Begun> {
      const scope = JSON.stringify([customerId, operation, key]);
      const id = secrets.mac('answer-id', scope);
      const contentMac = secrets.mac('answer-content', content);
      const sealingKey = Buffer.from(secrets.mac('answer-key', `${scope}\n${content}`), 'base64url');
      const ttlSeconds = customerId === null ? STRANGERS_SECONDS : CUSTOMERS_SECONDS;
      const put = (sealed: string | null, seconds: number) =>
        answers.update<void>(id, () => ({
          outcome: undefined,
          next: { value: { contentMac, sealed }, ttlSeconds: seconds },
        }));

      const leave = await enter(lock, `answer:${id}`);
      try {
        const before = await answers.get(id);
        if (before !== null && !sameText(before.contentMac, contentMac)) {
          leave();
          return { kind: 'otherContent' };
        }
        if (before !== null && before.sealed !== null) {
          leave();
          return { kind: 'answered', answer: await openUnder(sealingKey, before.sealed) };
        }
        if (before === null) await put(null, ttlSeconds);
        return {
          kind: 'turn',
          isRepeat: before !== null,
          async end(answer, { tokens }) {
            try {
              if (answer === null) return;
              const sealed = await sealUnder(sealingKey, answer);
              await put(sealed, tokens ? TOKENS_SECONDS : ttlSeconds);
            } finally {
              leave();
            }
          },
        };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

/** Takes the lock until the function that it resolves to is called. */
function enter(lock: Lock, name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    lock(
      name,
      () =>
        new Promise<void>((leave) => {
          const tooLate = setTimeout(leave, LONGEST_HOLD_MS).unref();
          resolve(() => {
            clearTimeout(tooLate);
            leave();
          });
        }),
    ).catch(reject);
  });
}
