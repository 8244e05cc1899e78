import { expect, test } from 'vitest';
import { pushBacklogOf } from '../../src/auth/push-backlog.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { capturedLog } from '../support/m2.ts';
import { times } from './setup.ts';

function backlog() {
  const { logger, lines } = capturedLog();
  return { ...pushBacklogOf(memoryStore(), logger), lines };
}

test('gives back each device once, the oldest first', async () => {
  const { add, take } = backlog();
  for (const device of ['a', 'b', 'a', 'c']) await add(device);
  expect([await take(), await take(), await take(), await take()]).toEqual(['b', 'a', 'c', null]);
});

test('gives no device to two takers', async () => {
  const { add, take } = backlog();
  for (const device of ['a', 'b', 'c']) await add(device);
  const taken = await times(5, take);
  expect(taken.sort()).toEqual(['a', 'b', 'c', null, null]);
});

test('does not grow without end, and the log tells of what was given up', async () => {
  const { add, take, lines } = backlog();
  for (let at = 0; at < 1000; at++) await add(`${at}`);
  await add('999');
  expect(lines).toEqual([]);
  await add('one more');
  expect(lines).toHaveLength(1);
  expect(await take()).toBe('1');
});
