/** An address on its way to M2: the body, what of it did not arrive, and M2's reasons to refuse it. */
import type { AddressChanges } from './address.ts';
import { type M2Directory, matchRegion } from './directory.ts';
import { fieldNames } from './refusal.ts';
import { readRefusal, type WireAddress, type WireCustomer } from './wire.ts';

interface RegionBody {
  region?: string | null;
  region_code?: string | null;
  region_id?: number;
}

/** One entry of a customer's `addresses`; without `id` it is a new one, with `id` alone one that stays as it is. */
export interface AddressBody {
  id?: number;
  firstname?: string;
  lastname?: string;
  street?: string[];
  city?: string;
  region?: RegionBody;
  region_id?: number;
  postcode?: string;
  country_id?: string;
  telephone?: string;
  company?: string;
  fax?: string;
  custom_attributes?: { attribute_code: string; value: string | null }[];
  default_billing?: boolean;
  default_shipping?: boolean;
}

const ATTRIBUTES = {
  address_label: (changes) => changes.label,
  latitude: (changes) => changes.latitude,
  longitude: (changes) => changes.longitude,
  email: (changes) => changes.email,
} satisfies Record<string, (changes: AddressChanges) => string | number | null | undefined>;

/** The custom attributes of an address that are written; M2 has to keep text in them. */
export const ADDRESS_ATTRIBUTES: readonly string[] = Object.keys(ATTRIBUTES);

/**
 * The body for `changes`, of a new address or merged over `stored`.
 *
 * `null` where the country has regions in M2 and `regionCode` is none of them.
 */
export async function toBody(
  directory: M2Directory,
  changes: AddressChanges,
  stored: WireAddress | null,
): Promise<AddressBody | null> {
  const region = await toRegionBody(directory, changes, stored);
  if (region === null) return null;
  const custom_attributes = Object.entries(ATTRIBUTES).flatMap(([attribute_code, stated]) => {
    const value = stated(changes);
    // A new address has nothing to clear.
    if (value === undefined || (value === null && stored === null)) return [];
    return [{ attribute_code, value: value === null ? null : String(value) }];
  });
  return {
    ...(stored !== null && { id: Number(stored.id) }),
    ...(changes.firstName !== undefined && { firstname: changes.firstName }),
    ...(changes.lastName !== undefined && { lastname: changes.lastName }),
    ...(changes.street !== undefined && { street: changes.street }),
    ...(changes.city !== undefined && { city: changes.city }),
    ...region,
    // `null` would keep the stored one.
    ...(changes.postcode !== undefined &&
      (stored || changes.postcode) && { postcode: changes.postcode ?? '' }),
    ...(changes.countryCode !== undefined && { country_id: changes.countryCode }),
    ...(changes.telephone !== undefined && { telephone: changes.telephone }),
    ...(changes.company !== undefined && (stored || changes.company) && { company: changes.company ?? '' }),
    ...(changes.fax !== undefined && (stored || changes.fax) && { fax: changes.fax ?? '' }),
    ...(custom_attributes.length > 0 && { custom_attributes }),
    ...(changes.isDefaultBilling && { default_billing: true }),
    ...(changes.isDefaultShipping && { default_shipping: true }),
    ...(stored !== null && changes.isDefaultBilling === false && { default_billing: false }),
    ...(stored !== null && changes.isDefaultShipping === false && { default_shipping: false }),
  };
}

async function toRegionBody(
  directory: M2Directory,
  changes: AddressChanges,
  stored: WireAddress | null,
): Promise<Pick<AddressBody, 'region' | 'region_id'> | null> {
  const countryCode = changes.countryCode ?? stored?.country_id ?? '';
  const isSilent = changes.regionCode === undefined && changes.region === undefined;
  // A region of the country before would be refused in the new one, or shown there.
  const isStale = stored !== null && countryCode !== stored.country_id;
  if (isSilent && !isStale) return {};
  const code = changes.regionCode ?? null;
  const name = changes.region ?? null;
  if (code === null && name === null) {
    if (stored === null) return {};
    // The form in which M2 itself answers "no region"; a region left out or `null` would stay.
    return { region: { region_code: null, region: null, region_id: 0 }, region_id: 0 };
  }
  const regions = await directory.regions(countryCode);
  const match = matchRegion(regions, countryCode, { code, name });
  if (match) {
    const region_id = Number(match.id);
    return { region: { region_id }, ...(stored !== null && { region_id }) };
  }
  if (code !== null && regions.length > 0) return null;
  // As an object: M2 loses a region that is a plain string. The number is only named where one is to go.
  const region = code ?? name;
  if ((stored?.region?.region_id ?? 0) === 0) return { region: { region } };
  return { region: { region_code: region, region, region_id: 0 }, region_id: 0 };
}

const TEXTS = [
  'firstname',
  'lastname',
  'city',
  'postcode',
  'country_id',
  'telephone',
  'company',
  'fax',
] as const;

// A decimal attribute keeps four places.
const DECIMAL_TOLERANCE = 0.000_051;

/**
 * Which parts of `sent` the address in M2 does not show, by M2's names; empty when all are there.
 *
 * Numbers may be apart by `tolerance`.
 */
export function lostParts(
  sent: AddressBody,
  arrived: WireAddress,
  customer: WireCustomer,
  tolerance = DECIMAL_TOLERANCE,
): string[] {
  const lost: string[] = [];
  const expect = (name: string, isThere: boolean) => {
    if (!isThere) lost.push(name);
  };
  for (const name of TEXTS) {
    const value = sent[name];
    if (value !== undefined) expect(name, kept(value) === kept(arrived[name]));
  }
  if (sent.street) expect('street', kept(linesOf(sent.street)) === kept(linesOf(arrived.street)));
  if (sent.region?.region_id) expect('region', arrived.region?.region_id === sent.region.region_id);
  else if (sent.region) expect('region', kept(sent.region.region) === kept(arrived.region?.region));
  for (const { attribute_code, value } of sent.custom_attributes ?? []) {
    const there = arrived.custom_attributes.get(attribute_code);
    // A decimal attribute comes back with four places.
    const isSameNumber = value !== null && there && Math.abs(Number(value) - Number(there)) <= tolerance;
    expect(attribute_code, kept(value) === kept(there) || isSameNumber === true);
  }
  for (const name of ['default_billing', 'default_shipping'] as const) {
    const value = sent[name];
    if (value !== undefined) expect(name, value === (customer[name] === arrived.id));
  }
  return lost;
}

/** M2 cuts at 255 characters without a word; what it did with spaces at the ends is no loss. */
function kept(value: string | null | undefined): string {
  return (value ?? '').trim().slice(0, 255).trim();
}

function linesOf(street: readonly string[]): string {
  const lines = street.flatMap((line) => line.split('\n')).map((line) => line.trim());
  return lines.filter((line) => line !== '').join('\n');
}

const OUR_NAMES: Readonly<Record<string, string>> = {
  countryId: 'countryCode',
  country_id: 'countryCode',
  regionId: 'regionCode',
  region_id: 'regionCode',
  region: 'region',
  postcode: 'postcode',
  street: 'street',
  telephone: 'telephone',
  city: 'city',
  firstname: 'firstName',
  lastname: 'lastName',
  address_label: 'label',
  latitude: 'latitude',
  longitude: 'longitude',
  email: 'email',
};

/** Our name for the first thing that a 400 complains about; `null` where it names none that we know. */
export function refusedField(body: unknown): string | null {
  const named = fieldNames(body).map((name) => OUR_NAMES[name]);
  // "Attribute "latitude" has invalid value", "Street Address" cannot contain more than 2 lines.
  const quoted = [...readRefusal(body).message.matchAll(/"([^"]+)"/g)].map(([, name = '']) => {
    return /street/i.test(name) ? 'street' : OUR_NAMES[name];
  });
  return [...named, ...quoted].find((name) => name !== undefined) ?? null;
}
