/** How often something happened of late. */

const SLICES = 10;

export interface SlidingCount {
  add(): void;
  total(): number;
  clear(): void;
}

/** Counts over the last `windowMs`, to a tenth of it. */
export function slidingCount(windowMs: number, now: () => number = () => performance.now()): SlidingCount {
  const sliceMs = windowMs / SLICES;
  /** Newest last; `slice` numbers them from the beginning of time. */
  let slices: { slice: number; count: number }[] = [];

  function current(): number {
    const slice = Math.floor(now() / sliceMs);
    slices = slices.filter((one) => one.slice > slice - SLICES);
    return slice;
  }
  return {
    add() {
      const slice = current();
      const last = slices.at(-1);
      if (last?.slice === slice) last.count += 1;
      else slices.push({ slice, count: 1 });
    },
    total() {
      current();
      return slices.reduce((sum, { count }) => sum + count, 0);
    },
    clear() {
      slices = [];
    },
  };
}
