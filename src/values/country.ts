/** What is known of countries besides the shop's own list. */
import { iso31661 } from 'iso-3166';

const COUNTRIES: ReadonlySet<string> = new Set(iso31661.map(({ alpha2 }) => alpha2));
const NAMES = {
  en: new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }),
  ar: new Intl.DisplayNames('ar', { type: 'region', fallback: 'none' }),
};
const REGIONAL_INDICATOR_A = 0x1f1e6;

/** Whether it is a country's code in capitals by ISO 3166-1 alpha-2 as it is today. */
export function isCountryCode(code: string): boolean {
  return COUNTRIES.has(code);
}

/** The country's name in that language; `null` for a code without one. */
export function countryName(code: string, language: 'en' | 'ar'): string | null {
  return NAMES[language].of(code) ?? null;
}

/** The flag as an emoji, from a code of two capitals. */
export function flagOf(code: string): string {
  return String.fromCodePoint(
    ...Array.from(code, (letter) => REGIONAL_INDICATOR_A + letter.charCodeAt(0) - 'A'.charCodeAt(0)),
  );
}
