/** What every store keeps to, whatever is behind it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/stores/store.ts';

/**
 * Runs the contract over the stores that `open` gives, each of them empty.
 *
 * `wait` lets that many seconds pass for the store: by a fake clock or by sleeping.
 */
export function describeStore(
  name: string,
  open: () => Promise<Store>,
  wait: (seconds: number) => Promise<void>,
): void {
  describe(name, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    test('a key never written is absent', async () => {
      expect(await store.get('otp:none')).toBeNull();
    });

    test('a written value is read back', async () => {
      expect(await store.swap('otp:a', null, 'one', 60)).toBe(true);
      expect(await store.get('otp:a')).toBe('one');
      expect(await store.get('otp:b')).toBeNull();
    });

    test('creating succeeds only where nothing is', async () => {
      await store.swap('otp:a', null, 'first', 60);
      expect(await store.swap('otp:a', null, 'second', 60)).toBe(false);
      expect(await store.get('otp:a')).toBe('first');
    });

    test('a swap changes the value it expects and no other', async () => {
      await store.swap('otp:a', null, 'one', 60);
      expect(await store.swap('otp:a', 'two', 'three', 60)).toBe(false);
      expect(await store.get('otp:a')).toBe('one');
      expect(await store.swap('otp:a', 'one', 'two', 60)).toBe(true);
      expect(await store.get('otp:a')).toBe('two');
    });

    test('a swap of an absent key expects absence', async () => {
      expect(await store.swap('otp:a', 'one', 'two', 60)).toBe(false);
      expect(await store.get('otp:a')).toBeNull();
      expect(await store.swap('otp:a', null, null, 60)).toBe(true);
    });

    test('removing takes the expected value only, and once', async () => {
      await store.swap('otp:a', null, 'one', 60);
      expect(await store.swap('otp:a', 'two', null, 60)).toBe(false);
      expect(await store.swap('otp:a', 'one', null, 60)).toBe(true);
      expect(await store.swap('otp:a', 'one', null, 60)).toBe(false);
      expect(await store.get('otp:a')).toBeNull();
    });

    test.each([
      ['the empty text', ''],
      ['a text that looks like the marker of another', '='],
      ['line ends, quotes and zero bytes', 'a\r\n"b"\0c'],
      ['texts of many scripts', 'رمز التحقق 🔑'],
      ['a long text', 'x'.repeat(200_000)],
    ])('%s is a value like others', async (_, value) => {
      expect(await store.swap('otp:a', null, value, 60)).toBe(true);
      expect(await store.get('otp:a')).toBe(value);
      expect(await store.swap('otp:a', null, 'taken', 60)).toBe(false);
      expect(await store.swap('otp:a', value, 'next', 60)).toBe(true);
      expect(await store.get('otp:a')).toBe('next');
    });

    test('keys are told apart whatever is in them', async () => {
      const keys = ['a', 'A', 'a ', 'a\r\n', 'a*', '{a}', '__proto__', 'مفتاح'];
      for (const key of keys) expect(await store.swap(key, null, key, 60)).toBe(true);
      for (const key of keys) expect(await store.get(key)).toBe(key);
    });

    test('a value is gone after its lifetime', async () => {
      await store.swap('otp:a', null, 'one', 1);
      await wait(1.1);
      expect(await store.get('otp:a')).toBeNull();
    });

    test('an expired value counts as absent for a swap', async () => {
      await store.swap('otp:a', null, 'one', 1);
      await store.swap('otp:b', null, 'one', 1);
      await wait(1.1);
      expect(await store.swap('otp:a', 'one', 'two', 60)).toBe(false);
      expect(await store.swap('otp:b', null, 'two', 60)).toBe(true);
    });

    test('a write starts the lifetime anew, a refused one and a read do not', async () => {
      await store.swap('otp:written', null, 'one', 1);
      await store.swap('otp:refused', null, 'one', 1);
      await wait(0.7);
      await store.swap('otp:written', 'one', 'one', 1);
      await store.swap('otp:refused', 'other', 'two', 60);
      await store.get('otp:refused');
      await wait(0.7);
      expect(await store.get('otp:written')).toBe('one');
      expect(await store.get('otp:refused')).toBeNull();
    });

    test('a lifetime below a second is a second', async () => {
      await store.swap('otp:a', null, 'one', 0);
      await store.swap('otp:b', null, 'one', -5);
      await wait(0.5);
      expect(await store.get('otp:a')).toBe('one');
      expect(await store.get('otp:b')).toBe('one');
    });

    test('a lifetime that is no number is refused, not taken for ever', async () => {
      await expect(store.swap('otp:a', null, 'one', Number.NaN)).rejects.toThrow(RangeError);
      await expect(store.swap('otp:a', null, 'one', Number.POSITIVE_INFINITY)).rejects.toThrow(RangeError);
      expect(await store.get('otp:a')).toBeNull();
    });

    test('of 50 who create at once, one does', async () => {
      const wins = await Promise.all(
        Array.from({ length: 50 }, (_, contender) => store.swap('lock:a', null, `${contender}`, 60)),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
      expect(await store.get('lock:a')).toBe(`${wins.indexOf(true)}`);
    });

    test('of 50 who take at once, one gets it', async () => {
      await store.swap('token:a', null, 'once', 60);
      const wins = await Promise.all(
        Array.from({ length: 50 }, () => store.swap('token:a', 'once', null, 60)),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
    });

    test('an open store answers a ping', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    test('a closed store refuses everything, and may be closed twice', async () => {
      await store.swap('otp:a', null, 'one', 60);
      await store.close();
      const refusal = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
      await expect(store.get('otp:a')).rejects.toMatchObject(refusal);
      await expect(store.swap('otp:b', null, 'one', 60)).rejects.toMatchObject(refusal);
      await expect(store.ping()).rejects.toMatchObject(refusal);
      await store.close();
    });
  });
}
