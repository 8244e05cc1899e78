/** Addresses in our words, and what M2's become. `address-write.ts` changes them. */
import { createHash } from 'node:crypto';
import { CustomerAddress, Region } from '../../types/address.ts';
import { findRegion } from '../../values/region.ts';
import { type StoredValues, storedValues } from '../stored.ts';
import type { Connection } from './connection.ts';
import type { WireAddress, WireCustomer } from './wire.ts';

/** A checked address to be written; what is left out or `null` it does not have. */
export interface AddressWrite {
  label?: string | null;
  firstName: string;
  lastName: string;
  /** One or two lines. */
  street: string[];
  city: string;
  /** ISO 3166-2; wins over `region`. */
  regionCode?: string | null;
  region?: string | null;
  postcode?: string | null;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  telephone: string;
  /** Only the hospital tells it; clients neither see nor write it. */
  company?: string | null;
  fax?: string | null;
  email?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  /** `true` takes the place of the present default; `false` and `null` do not ask for it. */
  isDefaultBilling?: boolean | null;
  isDefaultShipping?: boolean | null;
}

/** What is left out stays, `null` clears; `false` of a default flag takes the default away. */
export type AddressChanges = Partial<AddressWrite>;

/** Every change runs under the customer's own lock, for M2 replaces the whole list at each write. */
export interface M2Addresses {
  /** Whose address it is, by its id alone; `null` when there is none. Who may know it is not asked here. */
  owner(id: string): Promise<string | null>;
  /**
   * `field` is our name for what M2 did not take, `null` where that cannot be told. `isRepeat`: an earlier try may
   * have added it, so that an address just like it counts as the one.
   */
  add(
    customerId: string,
    address: AddressWrite,
    how?: { isRepeat: boolean },
  ): Promise<
    { kind: 'added'; address: CustomerAddress } | { kind: 'refused'; field: string | null } | { kind: 'gone' }
  >;
  /** `conflict` only with a `version`: the address is another than the one it stands for. */
  update(
    customerId: string,
    id: string,
    changes: AddressChanges,
    version?: string | null,
  ): Promise<
    | { kind: 'updated'; address: CustomerAddress }
    | { kind: 'notFound' }
    | { kind: 'conflict'; current: CustomerAddress }
    | { kind: 'refused'; field: string | null }
  >;
  remove(
    customerId: string,
    id: string,
    version?: string | null,
  ): Promise<{ kind: 'removed' } | { kind: 'notFound' } | { kind: 'conflict'; current: CustomerAddress }>;
}

/**
 * The address as clients see it.
 *
 * `null`, with a line in the log, for one whose country is no country: it cannot be shown, yet stays as it is.
 */
export function toAddress(
  { log }: Connection,
  wire: WireAddress,
  customer: WireCustomer,
): CustomerAddress | null {
  const stored = storedValues(log, 'address', wire.id);
  const attribute = (code: string) => wire.custom_attributes.get(code);
  const countryCode = stored.country('country_id', wire.country_id);
  if (countryCode === null) return null;
  return new CustomerAddress({
    id: wire.id,
    label: stored.text(attribute('address_label')),
    firstName: nameOf(wire.firstname),
    lastName: nameOf(wire.lastname),
    street: wire.street,
    city: stored.text(wire.city),
    region: toRegion(wire, countryCode, stored),
    postcode: stored.text(wire.postcode),
    countryCode,
    telephone: stored.text(wire.telephone),
    email: stored.email('email', attribute('email')),
    latitude: stored.latitude('latitude', attribute('latitude')),
    longitude: stored.longitude('longitude', attribute('longitude')),
    isDefaultBilling: customer.default_billing === wire.id,
    isDefaultShipping: customer.default_shipping === wire.id,
    version: versionOf(wire),
  });
}

/** A name, `null` for what stands where M2 wants one and there is none. */
export function nameOf(name: string | null): string | null {
  return name === null || name.trim() === '' || name.trim() === '-' ? null : name;
}

/**
 * A hash of the address's own content; default flags and the id are not part of it.
 *
 * 72 bits of SHA-256 as 12 characters of base64url.
 */
export function versionOf(wire: WireAddress): string {
  const { id: _id, region, custom_attributes, ...own } = wire;
  const content = [
    // Absent, null and 0 come and go with the route that is asked; they mean the same.
    [region?.region ?? null, region?.region_code ?? null, region?.region_id || null],
    [...custom_attributes].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)),
    Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest().subarray(0, 9).toString('base64url');
}

/** M2's own regions by number; elsewhere, as in Saudi Arabia, what stands in the text, a code or a name. */
function toRegion({ region }: WireAddress, countryCode: string, stored: StoredValues): Region | null {
  const text = stored.text(region?.region) ?? stored.text(region?.region_code);
  if (text === null) return null;
  const code = region?.region_code ?? text;
  const found = [code, `${countryCode}-${code}`, text]
    .map((candidate) => findRegion(candidate))
    .find((candidate) => candidate?.countryCode === countryCode);
  const isNumbered = (region?.region_id ?? 0) > 0;
  return new Region({
    code: found?.code ?? null,
    // What M2 numbers it also names; a text that is a code is no name.
    name: found && !isNumbered ? found.name : text,
    countryCode,
  });
}
