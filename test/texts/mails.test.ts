import { describe, expect, test } from 'vitest';
import { codeMail } from '../../src/texts/code-mail.ts';
import { linkMail, linkOf, takenMail } from '../../src/texts/link-mail.ts';

const PURPOSES = ['activateAccount', 'confirmEmailChange'] as const;
const link = {
  pageUrl: 'https://shop.example.com/account',
  purpose: 'activateAccount',
  identifier: 'place.nonce',
  key: 'the-key_1',
} as const;
const day = 24 * 60 * 60;

/** The words of a page, without its title. */
const shown = (html: string) =>
  html
    .replace(/<title>.*<\/title>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .match(/\S+/g);

describe('a mailed link', () => {
  test('S10: carries the key after #, which no browser sends to a server', () => {
    const url = new URL(linkOf(link));
    expect(url.hash).toBe('#the-key_1');
    expect(url.href.split('#')[0]).not.toContain(link.key);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      action: 'activateAccount',
      identifier: 'place.nonce',
    });
  });

  test('keeps what the page’s own address has', () => {
    expect(linkOf({ ...link, pageUrl: 'https://shop.example.com/ar/?page=account' })).toBe(
      'https://shop.example.com/ar/?page=account&action=activateAccount&identifier=place.nonce#the-key_1',
    );
  });

  test.each(PURPOSES)('for %s says the same in text and in HTML, in both languages', (purpose) => {
    for (const language of ['en', 'ar'] as const) {
      const { subject, text, html } = linkMail({ ...link, purpose, language, seconds: day });
      expect(shown(html)).toEqual(text.match(/\S+/g));
      expect(text).toContain(`\n\n${linkOf({ ...link, purpose })}\n\n`);
      expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
      expect(html).toMatch(/<a href="https:[^"]+#the-key_1" dir="ltr">/);
      for (const part of [subject, text, html.replace(/style="[^"]*"/, '')]) expect(part).not.toMatch(/[{}]/);
      expect(subject).not.toMatch(/[\r\n]/);
    }
  });

  test.each([
    [day, 'for 24 hours.', '24 ساعة.'],
    [2 * 60 * 60, 'for 2 hours.', 'ساعتان.'],
    [15 * 60, 'for 15 minutes.', '15 دقيقة.'],
    [90 * 60, 'for 90 minutes.', '90 دقيقة.'],
  ])('of %i seconds says how long it is good for', (seconds, english, arabic) => {
    expect(linkMail({ ...link, language: 'en', seconds }).text).toContain(english);
    expect(linkMail({ ...link, language: 'ar', seconds }).text).toContain(arabic);
  });

  test('brings no markup into the page', () => {
    const pageUrl = 'https://shop.example.com/?a="><img src=x>&b';
    const { html } = linkMail({ ...link, pageUrl, language: 'en', seconds: day });
    expect(html).not.toContain('<img');
  });
});

test.each(PURPOSES)('what comes in place of a link for %s holds none', (purpose) => {
  for (const language of ['en', 'ar'] as const) {
    const { subject, text, html } = takenMail(language, purpose);
    expect(shown(html)).toEqual(text.match(/\S+/g));
    expect(text + html).not.toMatch(/https?:|href/);
    expect(subject).not.toBe(linkMail({ ...link, purpose, language, seconds: day }).subject);
  }
});

test('a code by e-mail stands in text and HTML, not in the subject, which locked screens show', () => {
  for (const language of ['en', 'ar'] as const) {
    const { subject, text, html } = codeMail({ language, code: '012345', purpose: 'login', seconds: 300 });
    expect(shown(html)).toEqual(text.match(/\S+/g));
    expect(text).toMatch(/^012345 /);
    expect(subject).not.toContain('012345');
  }
});
