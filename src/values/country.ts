/** What is known of countries besides the shop's own list. */
import { iso31661 } from 'iso-3166';

const COUNTRIES: ReadonlySet<string> = new Set(iso31661.map(({ alpha2 }) => alpha2));
// Tens of milliseconds each to build, so not at every start.
const names = new Map<string, Intl.DisplayNames>();
const REGIONAL_INDICATOR_A = 0x1f1e6;

/** Whether it is a country's code in capitals by ISO 3166-1 alpha-2 as it is today. */
export function isCountryCode(code: string): boolean {
  return COUNTRIES.has(code);
}

/** The country's name in that language; `null` for a code without one. */
export function countryName(code: string, language: 'en' | 'ar'): string | null {
  const known = names.get(language) ?? new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
  names.set(language, known);
  return known.of(code) ?? null;
}

/** The flag as an emoji, from a code of two capitals. */
export function flagOf(code: string): string {
  return String.fromCodePoint(
    ...Array.from(code, (letter) => REGIONAL_INDICATOR_A + letter.charCodeAt(0) - 'A'.charCodeAt(0)),
  );
}
