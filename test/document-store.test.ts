import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { documentStore } from '../src/document-store.ts';

const document = (length: number) => parse('{ id }'.padEnd(length));

it('answers what was kept, and tells what is not there', async () => {
  const store = documentStore(100);
  const kept = document(10);
  await store.set('a', kept);
  expect(await store.get('a')).toBe(kept);
  expect(await store.get('b')).toBeUndefined();
  expect(await store.delete('a')).toBe(true);
  expect(await store.delete('a')).toBe(false);
  expect(await store.get('a')).toBeUndefined();
});

it('forgets what was not asked for for longest, once there is more text than it may hold', async () => {
  const store = documentStore(100);
  for (const key of ['a', 'b', 'c']) await store.set(key, document(30));
  await store.get('a');
  await store.set('d', document(40));
  const left = await Promise.all(['a', 'b', 'c', 'd'].map(async (key) => Boolean(await store.get(key))));
  expect(left).toEqual([true, false, true, true]);
});

it('counts a document that replaces another once', async () => {
  const store = documentStore(100);
  await store.set('a', document(60));
  for (let times = 0; times < 5; times++) await store.set('b', document(40));
  expect(await store.get('a')).toBeDefined();
});

it('A7: does not keep what alone is too long, or cannot be weighed, and loses nothing for it', async () => {
  const store = documentStore(100);
  await store.set('a', document(60));
  await store.set('long', document(101));
  await store.set('unknown', parse('{ id }', { noLocation: true }));
  expect(await store.get('long')).toBeUndefined();
  expect(await store.get('unknown')).toBeUndefined();
  expect(await store.get('a')).toBeDefined();
});
