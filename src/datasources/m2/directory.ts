/** Countries, and their regions as M2 numbers them. */
import type { Language } from '../../texts/texts.ts';
import { Region } from '../../types/address.ts';
import { Country } from '../../types/location.ts';
import { countryName, flagOf, isCountryCode } from '../../values/country.ts';
import { dialCodeOf } from '../../values/phone.ts';
import { findRegion, regionName, regionsOf } from '../../values/region.ts';
import { keptFor } from '../kept.ts';
import type { Connection } from './connection.ts';
import { failureOf } from './refusal.ts';
import { readCountries, readCountry, type WireCountry, type WireRegion } from './wire.ts';

export interface M2Directory {
  /** Empty for a country that M2 has no regions of, or does not have. Kept for an hour. */
  regions(countryCode: string): Promise<readonly WireRegion[]>;
  /** The countries that the shop knows, by their names in that language. Kept for ten minutes. */
  countries(language: Language): Promise<Country[]>;
  /** `null` for one that the shop does not know. Kept for an hour. */
  country(code: string, language: Language): Promise<Country | null>;
}

const LIST = 'V1/directory/countries';
const ONE = 'V1/directory/countries/{code}';
const LIST_KEPT_MS = 10 * 60 * 1000;
const ONE_KEPT_MS = 60 * 60 * 1000;

/** The countries of M2's directory. */
export function directoryOf(connection: Connection): M2Directory {
  const one = keptFor(ONE_KEPT_MS, async (code: string): Promise<WireCountry | null> => {
    const answer = await connection.call({ method: 'GET', route: ONE, params: { code } });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw failureOf(ONE, answer);
    return readCountry(answer.body);
  });
  // All languages are read off one list: a few hundred objects, but nearly 100 KB to fetch.
  const all = keptFor(LIST_KEPT_MS, async (_: 'all'): Promise<Record<Language, Country[]>> => {
    const answer = await connection.call({ method: 'GET', route: LIST });
    if (answer.status !== 200) throw failureOf(LIST, answer);
    const countries = readCountries(answer.body);
    return { en: toCountries(countries, 'en'), ar: toCountries(countries, 'ar') };
  });

  return {
    async regions(countryCode) {
      // Saudi regions are not in M2's directory, and most addresses are Saudi. Nothing but a code is asked for.
      if (countryCode === 'SA' || !/^[A-Z]{2}$/.test(countryCode)) return [];
      return (await one(countryCode))?.available_regions ?? [];
    },
    async countries(language) {
      return (await all('all'))[language];
    },
    async country(code, language) {
      const country = isCountryCode(code) ? await one(code) : null;
      return country && toCountry(country, language);
    },
  };
}

function toCountries(countries: readonly WireCountry[], language: Language): Country[] {
  return (
    countries
      // M2 lists a country that was dissolved in 2010 (AN) and one that ISO never had (XK).
      .filter(({ id }) => isCountryCode(id))
      .map((country) => toCountry(country, language))
      .toSorted((a, b) => a.name.localeCompare(b.name, language))
  );
}

function toCountry(
  { id: code, full_name_english, available_regions }: WireCountry,
  language: Language,
): Country {
  // M2 has a name in the locale of one view, which need not be the reader's.
  const name = (language === 'en' && full_name_english) || countryName(code, language) || full_name_english;
  return new Country({
    code,
    name: name || code,
    phoneCode: dialCodeOf(code),
    flag: flagOf(code),
    regions:
      available_regions.length > 0
        ? available_regions.map((region) => toRegion(region, code, language))
        : regionsOf(code).map((region) => new Region({ ...region, name: regionName(region, language) })),
  });
}

/** M2 writes California as CA and Berat as AL-01; some of its own, such as mail of the army, ISO does not know. */
function toRegion({ code, name }: WireRegion, countryCode: string, language: Language): Region {
  const found = [`${countryCode}-${code}`, code ?? '']
    .map((candidate) => findRegion(candidate))
    .find((candidate) => candidate?.countryCode === countryCode);
  return new Region({
    code: found?.code ?? null,
    name: found ? regionName({ ...found, name }, language) : name,
    countryCode,
  });
}

/** Which of M2's regions an ISO 3166-2 code or a typed name is; `null` for none of them. */
export function matchRegion(
  regions: readonly WireRegion[],
  countryCode: string,
  given: { code: string | null; name: string | null },
): WireRegion | null {
  const wanted = given.code?.toUpperCase() ?? null;
  // M2 writes California as CA and Berat as AL-01.
  const isWanted = (code: string) => code === wanted || `${countryCode}-${code}` === wanted;
  const byCode = wanted && regions.find(({ code }) => code !== null && isWanted(code.toUpperCase()));
  if (byCode) return byCode;
  const name = wanted === null ? given.name : findRegion(wanted)?.name;
  if (name == null) return null;
  return regions.find((region) => folded(region.name) === folded(name)) ?? null;
}

function folded(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
