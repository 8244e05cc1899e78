/** A store that tells what it holds. */
import { memoryStore } from '../../src/stores/memory.ts';
import type { Store } from '../../src/stores/store.ts';

export function listedStore() {
  const memory = memoryStore();
  const keys = new Set<string>();
  const written: string[] = [];
  const store: Store = {
    ...memory,
    async swap(key, expected, next, ttlSeconds) {
      const isSwapped = await memory.swap(key, expected, next, ttlSeconds);
      if (isSwapped && next === null) keys.delete(key);
      else if (isSwapped) keys.add(key);
      written.push(`${key} ${next}`);
      return isSwapped;
    },
  };
  return {
    store,
    /** Every key and value that was ever written. */
    written,
    /** How many records of a kind there are. */
    count: (kind: string) => [...keys].filter((key) => key.startsWith(`${kind}:`)).length,
  };
}
