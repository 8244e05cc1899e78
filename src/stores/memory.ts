/** Short-lived state in this process alone: for the sandbox, for tests, never for two replicas. */
import { Failure } from '../failures.ts';
import { lifetimeMs, type Store } from './store.ts';

const SWEEP_EVERY_MS = 1000;
// What one sweep looks at: enough to outpace any flood of short entries, little enough not to be felt.
const SWEEP_ENTRIES = 10_000;

interface Entry {
  value: string;
  expiresAtMs: number;
}

/**
 * A store that lives and dies with the process.
 *
 * An entry past its lifetime is absent at once; a sweep frees its memory within seconds, and does
 * not keep the process alive.
 */
export function memoryStore(): Store {
  const entries = new Map<string, Entry>();
  let isClosed = false;

  let unswept = entries.entries();
  function sweep(): void {
    const now = Date.now();
    for (let looked = 0; looked < SWEEP_ENTRIES; looked++) {
      const { done, value } = unswept.next();
      if (done) {
        unswept = entries.entries();
        return;
      }
      if (value[1].expiresAtMs <= now) entries.delete(value[0]);
    }
  }
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS);
  sweeping.unref();

  function assertOpen(): void {
    if (isClosed) throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the memory store is closed' });
  }

  function current(key: string): string | null {
    assertOpen();
    const entry = entries.get(key);
    if (entry === undefined) return null;
    if (entry.expiresAtMs > Date.now()) return entry.value;
    entries.delete(key);
    return null;
  }

  return {
    async get(key) {
      return current(key);
    },
    // Nothing may be awaited in here: that the function runs in one go is what makes it atomic.
    async swap(key, expected, next, ttlSeconds) {
      const ttlMs = lifetimeMs(ttlSeconds);
      if (current(key) !== expected) return false;
      if (next === null) entries.delete(key);
      else entries.set(key, { value: next, expiresAtMs: Date.now() + ttlMs });
      return true;
    },
    async ping() {
      assertOpen();
    },
    async close() {
      isClosed = true;
      clearInterval(sweeping);
      entries.clear();
    },
  };
}
