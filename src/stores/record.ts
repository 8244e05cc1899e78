/** Typed records over a store, changed atomically by pure functions. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Store } from './store.ts';

/**
 * What a change decides: the answer for the caller, and the record afterwards.
 *
 * `next` left out keeps the record as it is; `null` removes it.
 */
export interface Change<Value, Outcome> {
  outcome: Outcome;
  next?: { value: Value; ttlSeconds: number } | null;
}

export interface Records<Value> {
  /** `null` when there is none. */
  get(id: string): Promise<Value | null>;
  /**
   * Applies `change` to the record and keeps the result, as one atomic step.
   *
   * `change` is run again when somebody else was faster, so it must have no effects of its own.
   */
  update<Outcome>(id: string, change: (current: Value | null) => Change<Value, Outcome>): Promise<Outcome>;
}

const MAX_ROUNDS = 200;

/**
 * The records of one kind, each under `<purpose>:<id>` as JSON.
 *
 * A stored record that is no JSON or does not fit `schema` (another release wrote it) counts as absent.
 */
export function records<Value>(store: Store, purpose: string, schema: z.ZodType<Value>): Records<Value> {
  const keyOf = (id: string) => `${purpose}:${id}`;

  function read(stored: string | null): Value | null {
    if (stored === null) return null;
    let json: unknown;
    try {
      json = JSON.parse(stored);
    } catch {
      // The parser's own error would carry a piece of the record into the log.
      return null;
    }
    const parsed = schema.safeParse(json);
    return parsed.success ? parsed.data : null;
  }

  return {
    get: (id) => store.get(keyOf(id)).then(read),
    async update(id, change) {
      const key = keyOf(id);
      for (let round = 1; round <= MAX_ROUNDS; round++) {
        const stored = await store.get(key);
        const decided = change(read(stored));
        if (decided.next === undefined) return decided.outcome;
        if (decided.next === null && stored === null) return decided.outcome;
        const next = decided.next && JSON.stringify(decided.next.value);
        if (await store.swap(key, stored, next, decided.next?.ttlSeconds ?? 1)) return decided.outcome;
        // Spreads contenders out; without it fifty of them meet again at every round.
        await sleep(Math.random() * Math.min(round, 20));
      }
      throw new Failure('UPSTREAM_UNAVAILABLE', { detail: `too many writers of one ${purpose} record` });
    },
  };
}
