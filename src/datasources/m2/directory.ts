/** Regions of countries as M2 numbers them. */
import { apart } from '../../operation.ts';
import { findRegion } from '../../values/region.ts';
import type { Connection } from './connection.ts';
import { failureOf } from './refusal.ts';
import { readCountryRegions, type WireRegion } from './wire.ts';

export interface M2Directory {
  /** Empty for a country that M2 has no regions of, or does not have. Kept for an hour. */
  regions(countryCode: string): Promise<readonly WireRegion[]>;
}

const ROUTE = 'V1/directory/countries/{code}';
const KEPT_MS = 60 * 60 * 1000;

/** The regions of M2's directory. */
export function directoryOf(connection: Connection): M2Directory {
  const kept = new Map<string, { regions: Promise<readonly WireRegion[]>; until: number }>();

  async function ask(code: string): Promise<readonly WireRegion[]> {
    const answer = await connection.call({ method: 'GET', route: ROUTE, params: { code } });
    if (answer.status === 404) return [];
    if (answer.status !== 200) throw failureOf(ROUTE, answer);
    return readCountryRegions(answer.body);
  }

  return {
    async regions(countryCode) {
      // Saudi regions are not in M2's directory, and most addresses are Saudi. Nothing but a code is asked for.
      if (countryCode === 'SA' || !/^[A-Z]{2}$/.test(countryCode)) return [];
      const known = kept.get(countryCode);
      if (known && known.until > Date.now()) return known.regions;
      const regions = apart(() => ask(countryCode));
      kept.set(countryCode, { regions, until: Date.now() + KEPT_MS });
      regions.catch(() => kept.delete(countryCode));
      return regions;
    },
  };
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
