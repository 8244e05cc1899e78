import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../src/stores/memory.ts';
import { describeStore } from './contract.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function wait(seconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(seconds * 1000);
}

describeStore('the memory store', async () => memoryStore(), wait);

describe('the memory of the memory store', () => {
  test('is freed of expired entries without anybody asking for them', async () => {
    const remove = vi.spyOn(Map.prototype, 'delete');
    const removed = () => remove.mock.calls.filter(([key]) => `${key}`.startsWith('otp:')).length;
    const store = memoryStore();
    for (let entry = 0; entry < 25_000; entry++) await store.swap(`otp:${entry}`, null, 'x', 2);
    await store.swap('session:kept', null, 'x', 600);

    await wait(1.5);
    expect(removed()).toBe(0);
    await wait(1);
    const atOnce = removed();
    await wait(10);
    expect(removed()).toBe(25_000);
    expect(atOnce, 'one sweep must not hold up the requests').toBeLessThanOrEqual(10_000);
    expect(await store.get('session:kept')).toBe('x');

    remove.mockRestore();
    await store.close();
  });

  test('is swept by a timer that close() ends', async () => {
    const store = memoryStore();
    expect(vi.getTimerCount()).toBe(1);
    await store.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
