/** Addresses in our words, and what M2's become. `address-write.ts` changes them. */
import { createHash } from 'node:crypto';
import { CustomerAddress, Region } from '../../types/address.ts';
import { findRegion } from '../../values/region.ts';
import { StoredValues } from '../stored.ts';
import type { Connection } from './connection.ts';
import { type Fields, showing } from './shown.ts';
import type { WireAddress, WireCustomer } from './wire.ts';
import type { Attributes } from './wire-forms.ts';

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

/** An address on its way to be shown. */
interface Source {
  wire: WireAddress;
  customer: WireCustomer;
  countryCode: string;
  stored: StoredValues;
  attributes: Attributes;
}

const FIELDS: Fields<Source, CustomerAddress> = {
  id: ({ wire }) => wire.id,
  label: ({ stored, attributes }) => stored.text(attributes.get('address_label')),
  firstName: ({ wire }) => nameOf(wire.firstname),
  lastName: ({ wire }) => nameOf(wire.lastname),
  street: ({ wire }) => wire.street,
  city: ({ wire, stored }) => stored.text(wire.city),
  region: ({ wire, countryCode, stored }) => toRegion(wire, countryCode, stored),
  postcode: ({ wire, stored }) => stored.text(wire.postcode),
  countryCode: (source) => source.countryCode,
  telephone: ({ wire, stored }) => stored.text(wire.telephone),
  email: ({ stored, attributes }) => stored.email('email', attributes.get('email')),
  latitude: ({ stored, attributes }) => stored.latitude('latitude', attributes.get('latitude')),
  longitude: ({ stored, attributes }) => stored.longitude('longitude', attributes.get('longitude')),
  isDefaultBilling: ({ wire, customer }) => customer.default_billing === wire.id,
  isDefaultShipping: ({ wire, customer }) => customer.default_shipping === wire.id,
  version: ({ wire }) => versionOf(wire),
};
/** With what those who look for one address among others go by. */
const show = showing(FIELDS, ['id', 'isDefaultBilling', 'isDefaultShipping']);

/**
 * The address as clients see it; with `wanted` no more than those fields and what tells addresses apart.
 *
 * `null`, with a line in the log, for one whose country is no country: it cannot be shown, yet stays as it is.
 */
export function toAddress(
  { log }: Connection,
  wire: WireAddress,
  customer: WireCustomer,
  wanted?: ReadonlySet<string>,
): CustomerAddress | null {
  const stored = new StoredValues(log, 'address', wire.id);
  const countryCode = stored.country('country_id', wire.country_id);
  if (countryCode === null) return null;
  const source = { wire, customer, countryCode, stored, attributes: wire.custom_attributes };
  return new CustomerAddress(show(source, wanted));
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
  const ofCountry = (candidate: string) => {
    const known = findRegion(candidate);
    return known?.countryCode === countryCode ? known : null;
  };
  const found = ofCountry(code) ?? ofCountry(`${countryCode}-${code}`) ?? ofCountry(text);
  const isNumbered = (region?.region_id ?? 0) > 0;
  return new Region({
    code: found?.code ?? null,
    // What M2 numbers it also names; a text that is a code is no name.
    name: found && !isNumbered ? found.name : text,
    countryCode,
  });
}
