import { afterEach, expect, test, vi } from 'vitest';
import { passwordClosuresOf } from '../../src/auth/password-closure.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { DAYS, pass, stopTime } from './setup.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('a closed password stays closed until it is reset, and no other with it', async () => {
  stopTime();
  const closures = passwordClosuresOf(memoryStore());
  await closures.close('7');
  pass(3 * 365 * DAYS);
  expect(await closures.isClosed('7')).toBe(true);
  expect(await closures.isClosed('8')).toBe(false);
  await closures.reopen('7');
  expect(await closures.isClosed('7')).toBe(false);
});
