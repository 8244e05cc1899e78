/** Whether two samples come from one distribution, told by ranks: no outlier counts for more than its place. */

/**
 * The two-sided p-value of the Mann-Whitney U test, by the normal approximation with ties (20 values a side or more).
 *
 * Near 1: nothing tells the samples apart; near 0: one of them tends to be larger.
 */
export function mannWhitneyP(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const all = [...one, ...other].toSorted((a, b) => a - b);
  const [ranks, sizes] = [new Map<number, number>(), new Map<number, number>()];
  for (const value of all) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  let before = 0;
  for (const [value, size] of sizes) {
    ranks.set(value, before + (size + 1) / 2);
    before += size;
  }
  const u = one.reduce((sum, value) => sum + (ranks.get(value) ?? 0), 0) - (n * (n + 1)) / 2;
  const ties = [...sizes.values()].reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
  return variance === 0 ? 1 : 2 * tailOf((Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance));
}

/** The normal distribution's upper tail from `z` on (Abramowitz and Stegun 26.2.17, to seven places). */
function tailOf(z: number): number {
  if (z <= 0) return 0.5;
  const t = 1 / (1 + 0.2316419 * z);
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153];
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series.reduce((sum, a) => (sum + a) * t, 0);
}

/** The value below which `share` (0 to 1) of the samples lie. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
