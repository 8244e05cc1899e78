import { describe, expect, test } from 'vitest';
import { codeMessage } from '../../src/texts/code-message.ts';
import { notice } from '../../src/texts/email.ts';
import { noticeMessage } from '../../src/texts/notice-message.ts';

const code = {
  code: '012345',
  purpose: 'login',
  webDomain: 'shop.example.com',
  androidHash: null,
  minutes: 5,
} as const;

describe('a code by SMS', () => {
  test('ends with the line that browsers and iOS fill in from', () => {
    expect(codeMessage({ ...code, language: 'en' }).split('\n')).toEqual([
      '012345 is your sign-in code, valid for 5 minutes. Never share it with anyone.',
      '@shop.example.com #012345',
    ]);
  });

  test('names the Android app before that line, which must stay the last', () => {
    const lines = codeMessage({ ...code, language: 'en', androidHash: 'FA+9qCX9VSu' }).split('\n');
    expect(lines.slice(1)).toEqual(['FA+9qCX9VSu', '@shop.example.com #012345']);
  });

  test('has neither line where neither is set', () => {
    expect(codeMessage({ ...code, language: 'ar', webDomain: null })).not.toMatch(/[\n@#]/);
  });

  test('keeps ASCII digits in Arabic, which is what phones look for', () => {
    const message = codeMessage({ ...code, language: 'ar' });
    expect(message).toContain('012345 هو رمز الدخول، ومدة صلاحيته 5 دقائق.');
    expect(message).not.toMatch(/[٠-٩]/);
  });

  test.each([
    [1, 'دقيقة.'],
    [2, 'دقيقتان.'],
    [10, '10 دقائق.'],
    [15, '15 دقيقة.'],
  ])('counts %i minutes as Arabic does', (minutes, counted) => {
    expect(codeMessage({ ...code, language: 'ar', minutes })).toContain(counted);
  });

  test('says what it is for', () => {
    const purposes = ['register', 'login', 'loyalty', 'phoneChange'] as const;
    const said = purposes.map((purpose) => codeMessage({ ...code, purpose, language: 'en' }));
    expect(new Set(said).size).toBe(4);
  });

  test('fits one English SMS with both lines, so that the app of an Android phone can read it', () => {
    for (const purpose of ['register', 'login', 'hmgLogin', 'loyalty', 'phoneChange'] as const) {
      const message = codeMessage({ ...code, purpose, language: 'en', androidHash: 'FA+9qCX9VSu' });
      expect(Buffer.byteLength(message), purpose).toBeLessThanOrEqual(140);
    }
  });
});

describe('a notice', () => {
  const keys = [
    'phoneTaken',
    'phoneChanged',
    'passwordChanged',
    'accountLocked',
    'accountDeleted',
    'emailChanged',
    'emailLocked',
  ] as const;

  test.each(keys)('of %s exists by SMS and e-mail in both languages', (key) => {
    for (const language of ['en', 'ar'] as const) {
      const mail = notice(language, key);
      const texts = [noticeMessage(language, key), mail.subject, mail.text, mail.html];
      for (const one of texts) expect(one).not.toMatch(/[{}]/);
      expect(mail.subject).not.toMatch(/[\r\n]/);
    }
  });

  test('in Arabic runs right to left', () => {
    expect(notice('ar', 'passwordChanged').html).toContain('<html lang="ar" dir="rtl">');
    expect(notice('en', 'passwordChanged').html).toContain('<html lang="en" dir="ltr">');
  });

  test('says the same in text and in HTML', () => {
    const { text, html } = notice('en', 'phoneTaken', { supportPhone: '+966 11 000 0000' });
    const shown = html.replace(/<title>.*<\/title>/, '').replace(/<[^>]*>/g, ' ');
    const words = (written: string) => written.match(/[\w+]+/g);
    expect(words(shown)).toEqual(words(text));
  });

  test('shows a phone left to right inside Arabic', () => {
    const { text, html } = notice('ar', 'accountLocked', { supportPhone: '+966110000000' });
    expect(html).toContain('<bdi dir="ltr">+966110000000</bdi>');
    expect(text).toContain('\u2066+966110000000\u2069');
  });

  test('a value cannot bring markup into the page', () => {
    const { html } = notice('en', 'phoneTaken', { supportPhone: `<img src="x" onerror='y'>&` });
    expect(html).toContain('&lt;img src=&quot;x&quot; onerror=&#39;y&#39;&gt;&amp;');
    expect(html).not.toContain('<img');
  });
});
