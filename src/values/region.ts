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

/**
 * The thirteen Saudi regions by code, as people there write them.
 *
 * The standard lists transliterations ("Ar Riyāḑ") that nobody in the country writes in English.
 */
export const SAUDI_REGIONS: Readonly<Record<string, { en: string; ar: string }>> = {
  'SA-01': { en: 'Riyadh', ar: 'الرياض' },
  'SA-02': { en: 'Makkah', ar: 'مكة المكرمة' },
  'SA-03': { en: 'Madinah', ar: 'المدينة المنورة' },
  'SA-04': { en: 'Eastern Province', ar: 'المنطقة الشرقية' },
  'SA-05': { en: 'Al-Qassim', ar: 'القصيم' },
  'SA-06': { en: "Ha'il", ar: 'حائل' },
  'SA-07': { en: 'Tabuk', ar: 'تبوك' },
  'SA-08': { en: 'Northern Borders', ar: 'الحدود الشمالية' },
  'SA-09': { en: 'Jazan', ar: 'جازان' },
  'SA-10': { en: 'Najran', ar: 'نجران' },
  'SA-11': { en: 'Al-Bahah', ar: 'الباحة' },
  'SA-12': { en: 'Al-Jawf', ar: 'الجوف' },
  'SA-14': { en: 'Asir', ar: 'عسير' },
};

const REGIONS: ReadonlyMap<string, NamedRegion> = new Map(
  iso31662.map(({ code, name }) => [
    code,
    { code, name: SAUDI_REGIONS[code]?.en ?? name, countryCode: code.slice(0, 2) },
  ]),
);

let byCountry: ReadonlyMap<string, readonly NamedRegion[]> | undefined;

/** Sorted at the first use, not at every start. */
function sortedByCountry(): ReadonlyMap<string, readonly NamedRegion[]> {
  const sorted = new Map<string, NamedRegion[]>();
  for (const { code, parent } of iso31662) {
    const region = REGIONS.get(code);
    // A country's provinces, not the districts within them.
    if (region === undefined || parent.length !== 2) continue;
    const others = sorted.get(parent);
    if (others) others.push(region);
    else sorted.set(parent, [region]);
  }
  return sorted;
}

/** The region of an ISO 3166-2 code in either case, or `null` when the standard lists none. */
export function findRegion(code: string): NamedRegion | null {
  return REGIONS.get(code.trim().toUpperCase()) ?? null;
}

/** The regions directly below a country of ISO 3166-1 alpha-2, by code; empty where the standard lists none. */
export function regionsOf(countryCode: string): readonly NamedRegion[] {
  byCountry ??= sortedByCountry();
  return byCountry.get(countryCode) ?? [];
}

/** What the region is called in that language; in English where only the Saudi ones have a name in it. */
export function regionName({ code, name }: NamedRegion, language: 'en' | 'ar'): string {
  return SAUDI_REGIONS[code]?.[language] ?? name;
}
