import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sameText, secretsOf } from '../../src/auth/secrets.ts';
import { SECRET } from './setup.ts';

describe('what is sealed', () => {
  test('is opened with the same key for the same purpose, and is never written twice alike', async () => {
    const { seal, open } = secretsOf(SECRET);
    const value = { name: 'سارة', list: [1, null] };
    const sealed = await seal('otp', value);
    expect(await open('otp', sealed)).toEqual(value);
    expect(await seal('otp', value)).not.toBe(sealed);
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain('name');
  });

  test('is not opened for another purpose, with another key, or changed', async () => {
    const { seal, open } = secretsOf(SECRET);
    const sealed = await seal('otp', 'value');
    await expect(open('patient', sealed)).rejects.toThrow();
    await expect(secretsOf(`${SECRET}!`).open('otp', sealed)).rejects.toThrow();
    await expect(open('otp', sealed.split('.').with(3, 'AAAA').join('.'))).rejects.toThrow();
    await expect(open('otp', 'nonsense')).rejects.toThrow();
  });
});

test('a keyed hash is another for each purpose, text and key', () => {
  const { mac } = secretsOf(SECRET);
  const other = secretsOf(`${SECRET}!`);
  const all = [mac('a', 'x'), mac('b', 'x'), mac('a', 'y'), other.mac('a', 'x')];
  expect(new Set(all).size).toBe(4);
  expect(mac('a', 'x')).toBe(all[0]);
});

test('texts are compared as a whole', () => {
  expect(sameText('123456', '123456')).toBe(true);
  for (const other of ['', '12345', '123457', '1234567']) expect(sameText('123456', other)).toBe(false);
});

test('O1: nothing that must not be guessed comes from Math.random', () => {
  const src = new URL('../../src/', import.meta.url);
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const users = files.filter((name) => /Math\.random\(/.test(readFileSync(new URL(name, src), 'utf8')));
  // They spread out how long contenders wait; the stand-in numbers its error reports.
  const harmless = [
    'datasources/http.ts',
    'sandbox/m2/errors.ts',
    'stores/lock.ts',
    'stores/record.ts',
    'stores/redis.ts',
  ];
  expect(users.toSorted()).toEqual(harmless);
});
