import { describe, expect, test } from 'vitest';
import { ar } from '../../src/texts/ar.ts';
import { en } from '../../src/texts/en.ts';
import { languageOf, text } from '../../src/texts/texts.ts';

const placeholders = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort();

describe('both languages', () => {
  test('have the same keys', () => {
    expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
  });

  test('have the same placeholders under each key', () => {
    const arabic = Object.entries(ar).map(([key, sentence]) => [key, placeholders(sentence)]);
    const english = Object.entries(en).map(([key, sentence]) => [key, placeholders(sentence)]);
    expect(Object.fromEntries(arabic)).toEqual(Object.fromEntries(english));
  });

  test('are what they say: Arabic is written in Arabic and English is not', () => {
    for (const [key, sentence] of Object.entries(ar)) {
      const written = sentence.replace(/\{\w+\}/g, '');
      expect(written, key).toMatch(/\p{sc=Arab}/u);
      expect(written, key).not.toMatch(/[A-Za-z]/);
    }
    for (const [key, sentence] of Object.entries(en)) expect(sentence, key).not.toMatch(/\p{sc=Arab}/u);
  });

  test('end their sentences, titles apart', () => {
    for (const [key, sentence] of [...Object.entries(en), ...Object.entries(ar)]) {
      expect(sentence.endsWith('.'), key).toBe(!/\.subject$|^subscription\./.test(key));
    }
  });
});

test('placeholders are filled in once, and a value is not read for more of them', () => {
  expect(text('en', 'problem.tooLong', { max: 255 })).toBe('This is too long; the most is 255 characters.');
  expect(text('en', 'notice.supportPhone', { supportPhone: '$& {supportPhone} {max}' })).toContain(
    '$& {supportPhone} {max}',
  );
  expect(text('en', 'problem.tooLong')).toContain('{max}');
});

describe('the language asked for', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['ar', 'ar'],
    ['AR-sa', 'ar'],
    ['en', 'en'],
    ['fr', 'en'],
    ['ar,en', 'ar'],
    ['en,ar', 'en'],
    ['en;q=0.4, ar;q=0.9', 'ar'],
    ['fr, ar;q=0.3, en;q=0.2', 'ar'],
    ['ar;q=0, en;q=0.1', 'en'],
    ['ar;q=0', 'en'],
    ['ar-SA,ar;q=0.9,en-US;q=0.8,en;q=0.7', 'ar'],
    ['ar ; q=0.5 , en ; q=0.5', 'ar'],
    ['ar;q=9, en', 'en'],
    ['ar;q=x, en;q=0.1', 'en'],
    ['*', 'en'],
    ['arz', 'en'],
    ['__proto__', 'en'],
    [`${'fr,'.repeat(100_000)}ar`, 'en'],
  ] as const)('by %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
