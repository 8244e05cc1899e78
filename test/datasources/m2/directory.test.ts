import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type M2Test, m2Test } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const LIST = 'GET V1/directory/countries';
const recorded = () => ({ body: recording('379').response.body });

describe('the countries', () => {
  it('of a real shop are read whole, with dial code and flag, in both languages from one request', async () => {
    test.expect({ request: LIST, answer: recorded() });
    const english = await test.m2.directory.countries('en');
    const arabic = await test.m2.directory.countries('ar');
    expect(english.length).toBeGreaterThan(240);
    expect(arabic.map(({ code }) => code).sort()).toEqual(english.map(({ code }) => code).sort());
    expect(english.find(({ code }) => code === 'SA')).toMatchObject({
      name: 'Saudi Arabia',
      phoneCode: '+966',
      flag: '🇸🇦',
    });
    expect(arabic.find(({ code }) => code === 'SA')?.name).toBe('المملكة العربية السعودية');
    expect(english.every(({ name }) => /\p{Letter}/u.test(name))).toBe(true);
    expect(arabic.filter(({ name }) => !/\p{Script=Arabic}/u.test(name))).toEqual([]);
  });

  it('come in the alphabet of the language', async () => {
    test.expect({ request: LIST, answer: recorded() });
    expect((await test.m2.directory.countries('en'))[0]?.name).toBe('Afghanistan');
    expect((await test.m2.directory.countries('ar'))[0]?.name).toMatch(/^[آأا]/);
  });

  it('that are none by ISO 3166 are left out: no client could read their code', async () => {
    const countries = ['AN', 'XK', 'sa', 'SAU', 'AE'].map((id) => ({ id, full_name_english: id }));
    test.expect({ request: LIST, answer: { body: countries } });
    expect((await test.m2.directory.countries('en')).map(({ code }) => code)).toEqual(['AE']);
  });

  it('without a phone of their own have no dial code', async () => {
    test.expect({ request: LIST, answer: { body: [{ id: 'AQ', full_name_english: 'Antarctica' }] } });
    expect(await test.m2.directory.countries('en')).toMatchObject([{ name: 'Antarctica', phoneCode: null }]);
  });

  it('are asked for once by many at the same time, and kept for ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    test.expect({ request: LIST, answer: { ...recorded(), delayMs: 50 } });
    const lists = await Promise.all(Array.from({ length: 20 }, () => test.m2.directory.countries('ar')));
    expect(new Set(lists).size).toBe(1);
    vi.advanceTimersByTime(9 * 60_000);
    await test.m2.directory.countries('en');
    vi.advanceTimersByTime(60_000);
    test.expect({ request: LIST, answer: { body: [] } });
    expect(await test.m2.directory.countries('en')).toEqual([]);
  });

  it('a shop in trouble is asked again by the next, and takes nothing away that was known', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    test.expect({ request: LIST, answer: { status: 500, body: {} } });
    await expect(test.m2.directory.countries('en')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    test.expect({ request: LIST, answer: recorded() });
    const known = await test.m2.directory.countries('en');
    vi.advanceTimersByTime(10 * 60_000);
    test.expect({ request: LIST, answer: { body: { countries: [] } } });
    expect(await test.m2.directory.countries('en')).toBe(known);
  });
});

describe('a country', () => {
  it("has the thirteen regions of Saudi Arabia, which the shop's own directory lacks", async () => {
    test.expect({
      request: 'GET V1/directory/countries/SA',
      answer: { body: recording('380').response.body },
    });
    const english = await test.m2.directory.country('SA', 'en');
    const arabic = await test.m2.directory.country('SA', 'ar');
    expect(english?.regions).toHaveLength(13);
    expect(english?.regions).toContainEqual({ code: 'SA-04', name: 'Eastern Province', countryCode: 'SA' });
    expect(arabic).toMatchObject({ code: 'SA', name: 'المملكة العربية السعودية', phoneCode: '+966' });
    expect(arabic?.regions).toContainEqual({ code: 'SA-04', name: 'المنطقة الشرقية', countryCode: 'SA' });
  });

  it("has the shop's own regions where it knows some, by ISO's code where ISO has one", async () => {
    test.expect({
      request: 'GET V1/directory/countries/US',
      answer: { body: recording('381').response.body },
    });
    const regions = (await test.m2.directory.country('US', 'en'))?.regions;
    expect(regions).toContainEqual({ code: 'US-CA', name: 'California', countryCode: 'US' });
    expect(regions).toContainEqual({ code: null, name: 'Armed Forces Europe', countryCode: 'US' });
  });

  it('has those of ISO 3166-2 elsewhere', async () => {
    test.expect({
      request: 'GET V1/directory/countries/BH',
      answer: { body: { id: 'BH', full_name_locale: 'Bahrain', full_name_english: 'Bahrain' } },
    });
    const codes = (await test.m2.directory.country('BH', 'en'))?.regions.map(({ code }) => code);
    expect(codes).toEqual(['BH-13', 'BH-14', 'BH-15', 'BH-17']);
  });

  it('that the shop does not know is none, and is not asked for again', async () => {
    test.expect({
      request: 'GET V1/directory/countries/GG',
      answer: { status: 404, body: recording('383').response.body },
    });
    expect(await test.m2.directory.country('GG', 'en')).toBeNull();
    expect(await test.m2.directory.country('GG', 'ar')).toBeNull();
  });

  it('A11: that is none by ISO 3166 is not asked for', async () => {
    for (const code of ['XX', 'sa', 'S', '..', 'SA/../..', '']) {
      expect(await test.m2.directory.country(code, 'en'), code).toBeNull();
    }
  });
});
