import { describe, expect, test } from 'vitest';
import { fromHijri, isCalendarDay, riyadhDay, toHijri } from '../../src/values/hijri.ts';

describe('the Umm al-Qura calendar', () => {
  // Days announced by the kingdom: first of Ramadan, Eid al-Fitr, new year, National Day.
  const known = [
    ['2024-03-11', '1445-09-01'],
    ['2024-04-10', '1445-10-01'],
    ['2024-07-07', '1446-01-01'],
    ['2023-09-23', '1445-03-08'],
    ['1990-05-17', '1410-10-22'],
    ['2000-02-29', '1420-11-23'],
  ] as const;
  test.each(known)('%s is %s, both ways', (iso, hijri) => {
    expect(toHijri(iso)).toBe(hijri);
    expect(fromHijri(hijri)).toBe(iso);
  });

  test('month ends: Ramadan 1445 has 30 days, Sha‘ban 1445 has 29', () => {
    expect(fromHijri('1445-09-30')).toBe('2024-04-09');
    expect(toHijri('2024-04-09')).toBe('1445-09-30');
    expect(fromHijri('1445-08-29')).toBe('2024-03-10');
    expect(fromHijri('1445-08-30')).toBeNull();
  });

  test('every day of a century comes back as itself and agrees with ICU', () => {
    const icu = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura-nu-latn', {
      timeZone: 'UTC',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    for (let at = Date.UTC(1930, 0, 1); at < Date.UTC(2031, 0, 1); at += 86_400_000) {
      const iso = new Date(at).toISOString().slice(0, 10);
      const hijri = toHijri(iso);
      const part = Object.fromEntries(icu.formatToParts(at).map(({ type, value }) => [type, value]));
      if (hijri !== `${part.year}-${part.month}-${part.day}` || fromHijri(hijri) !== iso) {
        expect.fail(`${iso} became ${hijri}`);
      }
    }
  });

  test('days that no calendar has are null', () => {
    for (const hijri of [
      '1445-13-01',
      '1445-00-01',
      '1445-01-00',
      '1445-01-31',
      '1299-12-01',
      '1601-01-01',
      '2024-01-01',
      '',
      'x',
      '1445-1',
      '1445/01-01',
      '14450101',
    ]) {
      expect(fromHijri(hijri), hijri).toBeNull();
    }
    for (const iso of [
      '2024-02-30',
      '2023-02-29',
      '2024-13-01',
      '',
      '1990-5-17',
      '1700-01-01',
      '2300-01-01',
      '2024-01-01T00:00:00Z',
    ]) {
      expect(toHijri(iso), iso).toBeNull();
    }
  });

  test('a hospital record may write the day first, with slashes and with its own digits', () => {
    for (const hijri of [
      '22/10/1410',
      '22-10-1410',
      '1410/10/22',
      '١٤١٠-١٠-٢٢',
      '۲۲/۱۰/۱۴۱۰',
      ' 1410-10-22 ',
    ]) {
      expect(fromHijri(hijri), hijri).toBe('1990-05-17');
    }
    expect(fromHijri('1/9/1445')).toBe('2024-03-11');
  });
});

describe('the day in Riyadh', () => {
  test.each([
    ['1990-05-16T20:59:59.999Z', '1990-05-16'],
    ['1990-05-16T21:00:00Z', '1990-05-17'],
    ['2022-09-07T11:42:51.887Z', '2022-09-07'],
    ['2022-12-31T21:00:00.0000000Z', '2023-01-01'],
    ['1990-05-17T00:00:00+03:00', '1990-05-17'],
    ['1990-05-17T00:00:00', '1990-05-17'],
    ['1990-05-17T23:30', '1990-05-17'],
    ['1990-05-17', '1990-05-17'],
  ])('of %s is %s', (instant, day) => {
    expect(riyadhDay(instant)).toBe(day);
  });

  test('of what is no instant, or .NET’s empty date, is null', () => {
    for (const text of [
      '',
      'yesterday',
      '17/05/1990',
      '1990-02-31T00:00:00Z',
      '1990-05-17T25:00:00Z',
      '1990-05-17T00:00:00Zx',
      '0001-01-01T00:00:00',
      '0001-01-01T00:00:00Z',
    ]) {
      expect(riyadhDay(text), text).toBeNull();
    }
  });

  test('a calendar day exists or it does not', () => {
    expect(['2024-02-29', '2023-02-29', '1990-02-31', '2024-04-31', '24-01-01'].map(isCalendarDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
