/** The two addresses of a patient's record, as the shop could keep them. */
import { iso31661 } from 'iso-3166';
import { findRegion } from '../../values/region.ts';
import type { AddressWrite } from '../m2/address.ts';
import type { StoredValues } from '../stored.ts';
import type { WirePatientAddress } from './wire.ts';

/** What stands in for parts that the address leaves out, and the use that it is for. */
export interface AddressFallback {
  firstName: string | null;
  lastName: string | null;
  telephone: string;
  isDefaultBilling?: boolean;
  isDefaultShipping?: boolean;
}

/**
 * The address, or `null` when it lacks what the shop insists on: a street, a city, a postcode, a known country.
 *
 * An address without a country is Saudi. Lines beyond the second would be refused and are joined to it.
 */
export function toPatientAddress(
  wire: WirePatientAddress | null | undefined,
  fallback: AddressFallback,
  stored: StoredValues,
): AddressWrite | null {
  const street = [wire?.address1, wire?.address2].flatMap((line) =>
    line ? [line.replace(/\s*[\r\n]+\s*/g, ', ')] : [],
  );
  // An object with nothing in it is how the hospital says that there is none.
  if (!wire || (street.length === 0 && wire.city === null)) return null;
  const countryCode = wire.country === null ? 'SA' : countryCodeOf(wire.country);
  if (countryCode === null) return stored.unusable('country');
  if (street.length === 0) return stored.unusable('address1');
  if (wire.city === null) return stored.unusable('city');
  if (wire.zipPostalCode === null && countryCode === 'SA') return stored.unusable('zipPostalCode');
  const region = wire.stateProvince === null ? null : findRegion(wire.stateProvince);
  const [latitude, longitude] = coordinates(wire.latLong, stored);
  return {
    firstName: wire.firstName ?? fallback.firstName ?? '-',
    lastName: wire.lastName ?? fallback.lastName ?? '-',
    street,
    city: wire.city,
    regionCode: region?.countryCode === countryCode ? region.code : null,
    region: wire.stateProvince,
    postcode: wire.zipPostalCode,
    countryCode,
    telephone: wire.phoneNumber ?? fallback.telephone,
    company: wire.company,
    fax: wire.faxNumber,
    email: stored.email('email', wire.email),
    latitude,
    longitude,
    ...(fallback.isDefaultBilling && { isDefaultBilling: true }),
    ...(fallback.isDefaultShipping && { isDefaultShipping: true }),
  };
}

const ENGLISH = new Intl.DisplayNames('en', { type: 'region' });
const ARABIC = new Intl.DisplayNames('ar', { type: 'region' });

/** Each country by its two codes and its names; ISO's own English ones are seldom what people write. */
const COUNTRIES: ReadonlyMap<string, string> = new Map(
  iso31661.flatMap(({ alpha2, alpha3, name }) =>
    [alpha2, alpha3, name, ENGLISH.of(alpha2), ARABIC.of(alpha2)].map(
      (word) => [(word ?? alpha2).toLowerCase(), alpha2] as const,
    ),
  ),
);

function countryCodeOf(country: string): string | null {
  const known = country.trim().toLowerCase();
  return COUNTRIES.get(known) ?? null;
}

/** "24.7136, 46.6753"; both or neither. */
function coordinates(
  latLong: string | null,
  stored: StoredValues,
): [latitude: number | null, longitude: number | null] {
  if (latLong === null) return [null, null];
  const parts = latLong.split(/[\s,;|]+/).filter((part) => part !== '');
  const latitude = parts.length === 2 ? stored.latitude('latLong', parts[0]) : stored.unusable('latLong');
  const longitude = parts.length === 2 ? stored.longitude('latLong', parts[1]) : null;
  return latitude === null || longitude === null ? [null, null] : [latitude, longitude];
}
