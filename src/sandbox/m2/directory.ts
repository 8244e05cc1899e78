/** The directory of countries: every country of ISO 3166, with regions where the recorded shop had them at hand. */
import { iso31661 } from 'iso-3166';
import { notFound } from './errors.ts';
import type { Route } from './router.ts';

interface Region {
  id: string;
  code: string;
  name: string;
}

const US_REGIONS =
  'AL:Alabama|AK:Alaska|AS:American Samoa|AZ:Arizona|AR:Arkansas|AE:Armed Forces Africa|' +
  'AA:Armed Forces Americas|AE:Armed Forces Canada|AE:Armed Forces Europe|AE:Armed Forces Middle East|' +
  'AP:Armed Forces Pacific|CA:California|CO:Colorado|CT:Connecticut|DE:Delaware|DC:District of Columbia|' +
  'FM:Federated States Of Micronesia|FL:Florida|GA:Georgia|GU:Guam|HI:Hawaii|ID:Idaho|IL:Illinois|' +
  'IN:Indiana|IA:Iowa|KS:Kansas|KY:Kentucky|LA:Louisiana|ME:Maine|MH:Marshall Islands|MD:Maryland|' +
  'MA:Massachusetts|MI:Michigan|MN:Minnesota|MS:Mississippi|MO:Missouri|MT:Montana|NE:Nebraska|NV:Nevada|' +
  'NH:New Hampshire|NJ:New Jersey|NM:New Mexico|NY:New York|NC:North Carolina|ND:North Dakota|' +
  'MP:Northern Mariana Islands|OH:Ohio|OK:Oklahoma|OR:Oregon|PW:Palau|PA:Pennsylvania|PR:Puerto Rico|' +
  'RI:Rhode Island|SC:South Carolina|SD:South Dakota|TN:Tennessee|TX:Texas|UT:Utah|VT:Vermont|' +
  'VI:Virgin Islands|VA:Virginia|WA:Washington|WV:West Virginia|WI:Wisconsin|WY:Wyoming';

/** By country. Saudi Arabia and its neighbours have none in Magento's directory. */
const REGIONS: ReadonlyMap<string, readonly Region[]> = new Map([
  [
    'US',
    US_REGIONS.split('|').map((entry, index) => {
      const [code = '', name = ''] = entry.split(':');
      return { id: String(index + 1), code, name };
    }),
  ],
]);

// Magento knows one country that ISO dropped (without a name) and one it never had, and leaves two out.
const DIRECTORY: ReadonlyMap<string, string> = new Map(
  [
    ...iso31661.filter(({ alpha2 }) => alpha2 !== 'PR' && alpha2 !== 'SS').map((c) => [c.alpha2, c.alpha3]),
    ['AN', 'ANT'],
    ['XK', 'XKX'],
  ]
    .map(([alpha2 = '', alpha3 = '']): [string, string] => [alpha2, alpha3])
    .toSorted(([a], [b]) => a.localeCompare(b)),
);

/** True for an ISO 3166 code of two capitals that the shop knows. */
export function isCountry(id: string): boolean {
  return DIRECTORY.has(id);
}

/** The country's regions; empty for most. */
export function regionsOf(countryId: string): readonly Region[] {
  return REGIONS.get(countryId) ?? [];
}

function country(id: string, threeLetters: string, locale: string): object {
  const name = (language: string) =>
    id === 'AN' ? null : new Intl.DisplayNames(language, { type: 'region' }).of(id);
  const regions = regionsOf(id);
  return {
    id,
    two_letter_abbreviation: id,
    three_letter_abbreviation: threeLetters,
    full_name_locale: name(locale.replace('_', '-')),
    full_name_english: name('en'),
    ...(regions.length > 0 && { available_regions: regions }),
  };
}

/** `GET V1/directory/countries`, `…/countries/{id}`, `GET V1/directory/currency` */
export const directoryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/V1/directory/countries',
    access: 'anonymous',
    answer: ({ store }) =>
      [...DIRECTORY].map(([id, threeLetters]) => country(id, threeLetters, store.locale)),
  },
  {
    method: 'GET',
    path: '/V1/directory/countries/{id}',
    access: 'anonymous',
    answer(call) {
      const id = call.param('id');
      const threeLetters = DIRECTORY.get(id);
      if (threeLetters === undefined) throw notFound("The country isn't available.");
      return country(id, threeLetters, call.store.locale);
    },
  },
  {
    method: 'GET',
    path: '/V1/directory/currency',
    access: 'anonymous',
    answer: () => ({
      base_currency_code: 'SAR',
      base_currency_symbol: 'ر.س.‏',
      default_display_currency_code: 'SAR',
      default_display_currency_symbol: 'ر.س.‏',
      available_currency_codes: ['SAR'],
      exchange_rates: [{ currency_to: 'SAR', rate: 1 }],
    }),
  },
];
