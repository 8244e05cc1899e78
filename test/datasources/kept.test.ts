import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keptFor } from '../../src/datasources/kept.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('asks once for each key while the answer is kept, and again after that', async () => {
  const ask = vi.fn(async (key: string) => `${key} ${ask.mock.calls.length}`);
  const find = keptFor(1000, ask);
  expect(await find('a')).toBe('a 1');
  expect(await find('a')).toBe('a 1');
  expect(await find('b')).toBe('b 2');
  vi.advanceTimersByTime(1000);
  expect(await find('a')).toBe('a 3');
});

it('asks once for all who ask at the same time', async () => {
  const ask = vi.fn(async () => 'answer');
  const find = keptFor(1000, ask);
  expect(await Promise.all(Array.from({ length: 50 }, () => find('a')))).toEqual(Array(50).fill('answer'));
  expect(ask).toHaveBeenCalledOnce();
});

it('a failure is told to all who asked for it, and is not kept', async () => {
  const ask = vi.fn(async (): Promise<string> => {
    if (ask.mock.calls.length === 1) throw new Error('away');
    return 'back';
  });
  const find = keptFor(1000, ask);
  const outcomes = await Promise.allSettled([find('a'), find('a')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await find('a')).toBe('back');
  expect(ask).toHaveBeenCalledTimes(2);
});

it('a failure later on leaves the earlier answer standing, and is not tried again at once', async () => {
  let isAway = false;
  const ask = vi.fn(async () => {
    if (isAway) throw new Error('away');
    return `answer ${ask.mock.calls.length}`;
  });
  const find = keptFor(60_000, ask);
  expect(await find('a')).toBe('answer 1');
  vi.advanceTimersByTime(60_000);
  isAway = true;
  expect(await Promise.all([find('a'), find('a')])).toEqual(['answer 1', 'answer 1']);
  expect(await find('a')).toBe('answer 1');
  expect(ask).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(10_000);
  isAway = false;
  expect(await find('a')).toBe('answer 3');
});
