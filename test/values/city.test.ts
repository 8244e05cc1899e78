import { expect, it } from 'vitest';
import { citiesOf } from '../../src/values/city.ts';
import { findRegion, regionsOf } from '../../src/values/region.ts';

it('Saudi cities have a code and names of their own, and one of the thirteen regions', async () => {
  const cities = (await citiesOf('SA')) ?? [];
  expect(cities.length).toBeGreaterThan(80);
  expect(new Set(cities.map(({ code }) => code)).size).toBe(cities.length);
  for (const { code, regionCode, en, ar } of cities) {
    expect(code).toMatch(/^\d+$/);
    expect(findRegion(regionCode)?.countryCode, en).toBe('SA');
    expect(en).toMatch(/^[A-Z][A-Za-z' -]+$/);
    expect(ar, en).toMatch(/^[\u0621-\u064a ]+$/);
  }
  expect(new Set(cities.map(({ regionCode }) => regionCode))).toEqual(
    new Set(regionsOf('SA').map(({ code }) => code)),
  );
});

it.each([
  ['108410', 'SA-01', 'Riyadh', 'الرياض'],
  ['105343', 'SA-02', 'Jeddah', 'جدة'],
  ['104515', 'SA-02', 'Makkah', 'مكة المكرمة'],
  ['109223', 'SA-03', 'Madinah', 'المدينة المنورة'],
  ['110336', 'SA-04', 'Dammam', 'الدمام'],
  ['100768', 'SA-05', 'Unaizah', 'عنيزة'],
  ['108648', 'SA-12', 'Qurayyat', 'القريات'],
])('codes never change: %s is in %s and is called %s', async (code, regionCode, en, ar) => {
  expect(await citiesOf('SA')).toContainEqual({ code, regionCode, en, ar });
});

it('of other countries there is no list, which is not an empty one', async () => {
  expect(await citiesOf('AE')).toBeNull();
});
