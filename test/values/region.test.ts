import { expect, test } from 'vitest';
import { findRegion, regionName, regionsOf } from '../../src/values/region.ts';

test('the thirteen Saudi regions carry the names people write', () => {
  const codes = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12', '14'];
  const regions = codes.map((code) => findRegion(`SA-${code}`));
  expect(regions.map((region) => region?.name)).toEqual([
    'Riyadh',
    'Makkah',
    'Madinah',
    'Eastern Province',
    'Al-Qassim',
    "Ha'il",
    'Tabuk',
    'Northern Borders',
    'Jazan',
    'Najran',
    'Al-Bahah',
    'Al-Jawf',
    'Asir',
  ]);
  expect(new Set(regions.map((region) => region?.countryCode))).toEqual(new Set(['SA']));
});

test('a code is found in either case, and other countries have theirs', () => {
  expect(findRegion('sa-01')).toEqual({ code: 'SA-01', name: 'Riyadh', countryCode: 'SA' });
  expect(findRegion('US-CA')).toEqual({ code: 'US-CA', name: 'California', countryCode: 'US' });
  expect(findRegion('AE-DU')?.countryCode).toBe('AE');
});

test('an unknown code is no region', () => {
  for (const code of ['SA-13', 'SA', 'Riyadh', '', '__proto__', 'constructor'])
    expect(findRegion(code), code).toBeNull();
});

test('Saudi regions have a name in Arabic as well, others the one that there is', () => {
  const riyadh = { code: 'SA-01', name: 'Riyadh', countryCode: 'SA' };
  expect([regionName(riyadh, 'en'), regionName(riyadh, 'ar')]).toEqual(['Riyadh', 'الرياض']);
  expect(regionName({ code: 'US-CA', name: 'California', countryCode: 'US' }, 'ar')).toBe('California');
});

test('a country has those directly below it', () => {
  expect(regionsOf('SA')).toHaveLength(13);
  expect(regionsOf('QA').every(({ countryCode }) => countryCode === 'QA')).toBe(true);
  expect(regionsOf('FR').map(({ code }) => code)).toContain('FR-IDF');
  expect(regionsOf('FR').map(({ code }) => code)).not.toContain('FR-75');
  expect([regionsOf('XX'), regionsOf(''), regionsOf('__proto__')]).toEqual([[], [], []]);
});
