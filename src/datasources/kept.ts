/** Answers kept in the process for a while, for what many ask for and few change. */
import { apart } from '../operation.ts';

const RETRY_MS = 10_000;

/**
 * A function that answers as `ask` does, and keeps each key's answer for `keptMs`.
 *
 * Those who ask at once share one request. A failure is passed on and forgotten; where there is an earlier
 * answer, that one is given instead, and the next try comes ten seconds later.
 * Each key stays in memory: there must be few of them, and none in a client's own words.
 */
export function keptFor<Key, Value>(
  keptMs: number,
  ask: (key: Key) => Promise<Value>,
): (key: Key) => Promise<Value> {
  const kept = new Map<Key, { value: Promise<Value>; until: number }>();

  return (key) => {
    const before = kept.get(key);
    if (before && before.until > Date.now()) return before.value;
    const entry = { value: apart(() => ask(key)), until: Date.now() + keptMs };
    if (before) {
      entry.value = entry.value.catch(() => {
        entry.until = Date.now() + RETRY_MS;
        return before.value;
      });
    }
    kept.set(key, entry);
    entry.value.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.value;
  };
}
