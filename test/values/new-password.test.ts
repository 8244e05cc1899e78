import { expect, test } from 'vitest';
import { passwordProblem } from '../../src/values/new-password.ts';

const nobody = { minLength: 15, person: [] };
const sara = {
  minLength: 8,
  person: ['Sara', 'Al-Qahtani', 'نورة', 'sara.q1990@example.com', '+966501234567', '-', ''],
};

test('a passphrase is welcome, in any script and with spaces', () => {
  for (const password of [
    'correct horse battery staple',
    'قهوة الصباح مع الهيل',
    'x7#Kd!pQ2vLm9@Zt',
    '🐪🌴☕️ three small things',
  ]) {
    expect(passwordProblem(password, nobody), password).toBeNull();
  }
});

test('length is counted by code point and bounded on both sides', () => {
  expect(passwordProblem('k9#mQ2$vX7!pL4', nobody)).toBe('short');
  expect(passwordProblem('k9#mQ2$vX7!pL4z', nobody)).toBeNull();
  // Fourteen camels are 28 UTF-16 units.
  expect(passwordProblem('🐪🌴☕🐫🌵🕌🌙⭐🐎🦅🏜🌊🍯🫖', nobody)).toBe('short');
  const long = [...Array(129).keys()]
    .map((index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 5000)))
    .join('');
  expect(passwordProblem(long, nobody)).toBe('long');
  expect(passwordProblem([...long].slice(0, 128).join(''), nobody)).toBeNull();
});

test('a listed password is refused in any case and however often it is repeated', () => {
  for (const password of [
    'password',
    'PassWord',
    'qwertyuiop',
    'qwertyuiop'.repeat(2),
    'PasswordPassword',
    '1q2w3e4r',
    '١٢٣٤٥٦٧٨',
  ]) {
    expect(passwordProblem(password, { minLength: 8, person: [] }), password).toBe('common');
  }
});

test('repetitions and runs are refused although no list holds them', () => {
  for (const password of [
    'aaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    '٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥',
    'abcdefghijklmnopq',
    'ponmlkjihgfedcba',
    '🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪🐪',
  ]) {
    expect(passwordProblem(password, nobody), password).toBe('common');
  }
});

test('what holds the person’s name, e-mail or phone is refused', () => {
  for (const password of [
    'my-SARA-2026',
    'qAhTaNi#77xx',
    'نورة والقهوة',
    'xx.sara.q1990',
    'q1990-secret',
    '0501234567ab',
    '+966501234567',
    'tel٥٠١٢٣٤٥٦٧',
    'ＳＡＲＡ-wide-letters',
  ]) {
    expect(passwordProblem(password, sara), password).toBe('personal');
  }
});

test('pieces shorter than four characters and placeholders refuse nothing', () => {
  const person = ['Ali', 'A', '-', '', 'ali@example.com', 'p-'];
  expect(passwordProblem('aliment-ou-alibi-77', { minLength: 15, person })).toBeNull();
  expect(passwordProblem('example.com-is-fine', { minLength: 15, person: ['ali@example.com'] })).toBeNull();
});
