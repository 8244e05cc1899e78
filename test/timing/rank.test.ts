import { expect, test } from 'vitest';
import { mannWhitneyP, quantile } from './rank.ts';

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);

test('a sample is not told from itself, and is told for certain from one that lies beyond it', () => {
  expect(mannWhitneyP(upTo(200), upTo(200))).toBe(1);
  expect(mannWhitneyP(upTo(200), upTo(200, 500))).toBeLessThan(1e-9);
});

test('p is what SciPy says of it (mannwhitneyu, method asymptotic)', () => {
  const one = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const other = [1.15, 0.88, 0.9, 0.74, 1.21];
  expect(mannWhitneyP(one, other)).toBeCloseTo(0.2446236, 6);
  expect(mannWhitneyP([1, 2, 2, 3, 3, 3, 4], [2, 3, 3, 4, 4, 4, 5])).toBeCloseTo(0.0968272, 6);
  expect(mannWhitneyP(other, one)).toBeCloseTo(mannWhitneyP(one, other), 9);
});

test('samples that are all alike tell nothing', () => {
  expect(mannWhitneyP([1, 1, 1], [1, 1])).toBe(1);
});

test('a quantile is one of the samples', () => {
  expect([0, 0.5, 0.95, 1].map((share) => quantile(upTo(100).toReversed(), share))).toEqual([1, 51, 96, 100]);
});
