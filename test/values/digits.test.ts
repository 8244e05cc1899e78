import { expect, test } from 'vitest';
import { toAsciiDigits, withoutInvisible } from '../../src/values/digits.ts';

test('Arabic-Indic and Persian digits become ASCII, other text stays', () => {
  expect(toAsciiDigits('٠١٢٣٤٥٦٧٨٩')).toBe('0123456789');
  expect(toAsciiDigits('۰۱۲۳۴۵۶۷۸۹')).toBe('0123456789');
  expect(toAsciiDigits('رقم ٥ and 6 and ７')).toBe('رقم 5 and 6 and ７');
});

test('direction marks and zero-width characters of a pasted text disappear', () => {
  expect(withoutInvisible(' \u202a+966 50\u202c\u200f ')).toBe('+966 50');
  expect(withoutInvisible('\ufeffسارة\u200e')).toBe('سارة');
});
