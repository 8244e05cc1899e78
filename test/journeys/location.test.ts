/** Filling an address form: countries, cities, and the region under a pin on the map. Nobody is signed in. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AppInfoDocument,
  CitiesDocument,
  CountriesDocument,
  CountryDocument,
  FaqsDocument,
  RegionByPointDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { dataOf, shopOf } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const ARABIC = { language: 'ar' } as const;

it('countries have a name in the language, a dial code and a flag', async () => {
  const { countries } = dataOf(await service.ask(CountriesDocument));
  expect(countries).toContainEqual({ code: 'SA', name: 'Saudi Arabia', phoneCode: '+966', flag: '🇸🇦' });
  expect(countries).toContainEqual({
    code: 'AE',
    name: 'United Arab Emirates',
    phoneCode: '+971',
    flag: '🇦🇪',
  });
  const arabic = dataOf(await service.ask(CountriesDocument, {}, ARABIC)).countries;
  expect(arabic).toContainEqual(
    expect.objectContaining({ code: 'SA', name: 'المملكة العربية السعودية', phoneCode: '+966' }),
  );
  expect(arabic).toHaveLength(countries?.length ?? 0);
});

it('all countries can be asked for with their regions at once', async () => {
  const { data, errors } = await service.ask<{ countries: { regions: object[] }[] }, never>(
    '{ countries { code regions { code name countryCode } } }',
  );
  expect(errors).toEqual([]);
  expect(data.countries.flatMap(({ regions }) => regions).length).toBeGreaterThan(2000);
});

it('a country has its regions, and one that the shop does not know is null', async () => {
  const { country } = dataOf(await service.ask(CountryDocument, { code: 'SA' }));
  expect(country?.regions).toHaveLength(13);
  expect(country?.regions).toContainEqual({ code: 'SA-14', name: 'Asir' });
  const arabic = dataOf(await service.ask(CountryDocument, { code: 'sa' }, ARABIC)).country;
  expect(arabic?.regions).toContainEqual({ code: 'SA-14', name: 'عسير' });
  const states = dataOf(await service.ask(CountryDocument, { code: 'US' })).country?.regions;
  expect(states).toContainEqual({ code: 'US-TX', name: 'Texas' });
  expect(dataOf(await service.ask(CountryDocument, { code: 'SS' }))).toEqual({ country: null });
});

it('cities have a code, a name in the language and a region; of other countries none are known', async () => {
  const { cities } = dataOf(await service.ask(CitiesDocument));
  expect(cities).toContainEqual({ code: '108410', name: 'Riyadh', regionCode: 'SA-01' });
  expect(cities).toContainEqual({ code: '109323', name: 'Khobar', regionCode: 'SA-04' });
  const arabic = dataOf(await service.ask(CitiesDocument, { countryCode: 'SA' }, ARABIC)).cities;
  expect(arabic).toContainEqual({ code: '108410', name: 'الرياض', regionCode: 'SA-01' });
  expect(dataOf(await service.ask(CitiesDocument, { countryCode: 'AE' }))).toEqual({ cities: null });
});

it('a pin on the map is in a region, in the language, and at sea in none', async () => {
  const riyadh = { latitude: 24.7136, longitude: 46.6753 };
  const named = (name: string) => ({ regionByPoint: { code: 'SA-01', name, countryCode: 'SA' } });
  expect(dataOf(await service.ask(RegionByPointDocument, riyadh))).toEqual(named('Riyadh'));
  expect(dataOf(await service.ask(RegionByPointDocument, riyadh, ARABIC))).toEqual(named('الرياض'));
  const atSea = { latitude: 21, longitude: 38 };
  expect(dataOf(await service.ask(RegionByPointDocument, atSea))).toEqual({ regionByPoint: null });
});

it('a pin outside the globe is a fault of the request', async () => {
  const { errors } = await service.ask(RegionByPointDocument, { latitude: 91, longitude: 0 });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

it('the apps find the shop, its terms and the oldest versions that work, in the language', async () => {
  const { appInfo } = dataOf(await service.ask(AppInfoDocument));
  expect(appInfo).toMatchObject({
    supportEmail: 'care@shop.example.com',
    termsUrl: 'https://shop.example.com/en/terms',
    termsVersion: '2026-01',
    minimumVersions: [
      { platform: 'ANDROID', version: '3.2.0' },
      { platform: 'IOS', version: '3.1.0' },
    ],
  });
  expect(appInfo?.socialAccounts).toHaveLength(2);
  const arabic = dataOf(await service.ask(AppInfoDocument, {}, ARABIC)).appInfo;
  expect(arabic?.termsUrl).toBe('https://shop.example.com/ar/terms');
});

it('questions and answers come in the language', async () => {
  const english = dataOf(await service.ask(FaqsDocument)).faqs ?? [];
  const arabic = dataOf(await service.ask(FaqsDocument, {}, ARABIC)).faqs ?? [];
  expect(arabic).toHaveLength(english.length);
  expect(english.every(({ question }) => /^[A-Z]/.test(question))).toBe(true);
  expect(arabic.every(({ answer }) => /\p{Script=Arabic}/u.test(answer))).toBe(true);
});

it('while the shop is away, what needs no shop still answers, and a country is a failure of its own', async () => {
  const away = await startTestService();
  try {
    shopOf(away).settings.outage = 'maintenance';
    const { data, errors } = await away.ask<Record<string, unknown>, never>(
      '{ cities { code } regionByPoint(latitude: 24.7, longitude: 46.7) { code } countries { code } appInfo { termsUrl } }',
    );
    expect(data).toMatchObject({
      cities: expect.any(Array),
      regionByPoint: { code: 'SA-01' },
      countries: null,
      appInfo: null,
    });
    expect(errors.map(({ path, extensions }) => [path, extensions.code, extensions.retryable])).toEqual(
      expect.arrayContaining([
        [['countries'], 'UPSTREAM_UNAVAILABLE', true],
        [['appInfo'], 'UPSTREAM_UNAVAILABLE', true],
      ]),
    );
    shopOf(away).settings.outage = null;
    expect(dataOf(await away.ask(CountriesDocument)).countries?.length).toBeGreaterThan(200);
  } finally {
    await away.close();
  }
});
