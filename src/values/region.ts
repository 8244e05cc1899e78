/** Regions by their ISO 3166-2 code. */
import { iso31662 } from 'iso-3166';

/** A part of a country. */
export interface NamedRegion {
  /** ISO 3166-2: "SA-01". */
  code: string;
  /** In English. */
  name: string;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
}

// The standard lists transliterations ("Ar Riyāḑ") that nobody in the country writes in English.
const SAUDI_NAMES: Readonly<Record<string, string>> = {
  'SA-01': 'Riyadh',
  'SA-02': 'Makkah',
  'SA-03': 'Madinah',
  'SA-04': 'Eastern Province',
  'SA-05': 'Al-Qassim',
  'SA-06': "Ha'il",
  'SA-07': 'Tabuk',
  'SA-08': 'Northern Borders',
  'SA-09': 'Jazan',
  'SA-10': 'Najran',
  'SA-11': 'Al-Bahah',
  'SA-12': 'Al-Jawf',
  'SA-14': 'Asir',
};

const REGIONS: ReadonlyMap<string, NamedRegion> = new Map(
  iso31662.map(({ code, name }) => [
    code,
    { code, name: SAUDI_NAMES[code] ?? name, countryCode: code.slice(0, 2) },
  ]),
);

/** The region of an ISO 3166-2 code in either case, or `null` when the standard lists none. */
export function findRegion(code: string): NamedRegion | null {
  return REGIONS.get(code.trim().toUpperCase()) ?? null;
}
