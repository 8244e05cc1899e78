/** The contract of short-lived state, kept by `memory.ts` and `redis.ts` alike. */

/**
 * Keys and values are text. Every method rejects with `UPSTREAM_UNAVAILABLE` when the store does not
 * answer in time: a store that shrugged would open what it should have kept shut.
 */
export interface Store {
  /** The value, or `null` when it was never written, was removed, or has expired. */
  get(key: string): Promise<string | null>;
  /**
   * Writes `next` if the value still is `expected`, in one atomic step, and tells whether it did.
   *
   * `null` stands for absence on both sides: `expected: null` creates, `next: null` removes.
   * The lifetime starts anew with each write and is at least one second.
   */
  swap(key: string, expected: string | null, next: string | null, ttlSeconds: number): Promise<boolean>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A lifetime as the stores keep it: whole milliseconds, at least one second.
 *
 * Throws a RangeError for what is not a number, since such an entry would live for ever in one store
 * and be refused by the other.
 */
export function lifetimeMs(ttlSeconds: number): number {
  if (!Number.isFinite(ttlSeconds)) throw new RangeError('a lifetime must be a finite number of seconds');
  return Math.max(1000, Math.ceil(ttlSeconds * 1000));
}
