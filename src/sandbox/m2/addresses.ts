/** The address book of a customer: the list that a PUT replaces, its defaults, and the routes of one address. */
import type { AddressInput } from './address-input.ts';
import { customAttributesView, writeCustomAttributes } from './custom-attributes.ts';
import { isCountry, regionsOf } from './directory.ts';
import { badRequest, invalidValue, noSuchEntity, required } from './errors.ts';
import type { Route } from './router.ts';
import type { AddressRow, CustomerRow, Shop } from './shop.ts';

const POSTCODE_OPTIONAL = new Set(['HK', 'IE', 'MO', 'PA', 'GB']);
const REQUIRED = ['firstname', 'lastname', 'street', 'city', 'telephone', 'postcode'] as const;

function emptyAddress(id: number): AddressRow {
  const names = { firstname: '', lastname: '', middlename: null, prefix: null, suffix: null };
  const place = { country_id: '', street: [], city: '', postcode: null, region_id: null, region: null };
  return { id, ...names, ...place, company: null, telephone: '', fax: null, vat_id: null, custom: new Map() };
}

function apply(row: AddressRow, input: AddressInput): void {
  Object.assign(row, Object.fromEntries(input.texts));
  if (input.street) row.street = input.street;
  if (input.region) Object.assign(row, input.region);
  writeCustomAttributes(row.custom, input.custom);
}

function validate(row: AddressRow): void {
  const missing: string[] = REQUIRED.filter((name) => !row[name]?.length).filter(
    (name) => name !== 'postcode' || !POSTCODE_OPTIONAL.has(row.country_id),
  );
  if (row.country_id === '') missing.push('countryId');
  if (missing.length > 0) throw required(missing);
  if (!isCountry(row.country_id)) throw invalidValue('countryId', row.country_id);
  const regions = regionsOf(row.country_id);
  const isUnknown =
    row.region_id && regions.length > 0 && !regions.some(({ id }) => Number(id) === row.region_id);
  if (isUnknown) throw invalidValue('regionId', String(row.region_id));
}

function ownerOf(shop: Shop, addressId: number): CustomerRow {
  for (const customer of shop.customers.values()) {
    if (customer.addresses.some(({ id }) => id === addressId)) return customer;
  }
  throw noSuchEntity({ addressId });
}

/** The stored address, or a new one; another customer's is refused. */
function rowFor(shop: Shop, customer: CustomerRow, input: AddressInput): AddressRow {
  if (input.id === null) return emptyAddress(0);
  if (ownerOf(shop, input.id).id !== customer.id) {
    throw badRequest('Provided customer ID "%customer_id" isn\'t related to current customer address.', {
      customer_id: customer.id,
    });
  }
  return customer.addresses.find(({ id }) => id === input.id) ?? emptyAddress(input.id);
}

const DEFAULTS = ['default_billing', 'default_shipping'] as const;

/** The ids, as text, that the customer's own properties name before any flag of an address counts. */
export type DefaultIds = Record<(typeof DEFAULTS)[number], string | null>;

/**
 * Replaces the customer's list by the `inputs`: with an id changed, without one added, not listed deleted.
 *
 * `defaults` that point to an address which is not listed are refused, except for an empty list. Of
 * several flags the last true one counts; a false one on the default unsets it.
 */
export function replaceAddresses(
  shop: Shop,
  customer: CustomerRow,
  inputs: readonly AddressInput[],
  defaults: DefaultIds,
): void {
  for (const field of DEFAULTS) {
    const id = defaults[field];
    const isListed = inputs.some((input) => String(input.id) === id);
    if (inputs.length > 0 && id && id !== '0' && !isListed) {
      throw badRequest('The %fieldName value is invalid. Set the correct value and try again.', {
        fieldName: field,
      });
    }
    customer[field] = id === '' ? '0' : id;
    if (inputs.length === 0) customer[field] = null;
  }
  const listed = inputs.map((input) => {
    const row = rowFor(shop, customer, input);
    apply(row, input);
    validate(row);
    row.id ||= shop.nextId('address');
    for (const field of DEFAULTS) {
      if (input[field] === true) customer[field] = String(row.id);
      else if (input[field] === false && customer[field] === String(row.id)) customer[field] = null;
    }
    return row;
  });
  customer.addresses = listed.toSorted((a, b) => a.id - b.id);
}

function withoutUnset(row: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== ''));
}

/** An address as every answer shows it. */
export function addressView(shop: Shop, customer: CustomerRow, row: AddressRow): object {
  const { id, region, region_id, custom, ...others } = row;
  const known = regionsOf(row.country_id).find((candidate) => Number(candidate.id) === region_id);
  return {
    id,
    customer_id: customer.id,
    region: {
      region_code: known?.code ?? region,
      region: known?.name ?? region,
      region_id: region_id ?? 0,
    },
    ...(region_id !== null && { region_id }),
    ...withoutUnset(others),
    ...(customer.default_shipping === String(id) && { default_shipping: true }),
    ...(customer.default_billing === String(id) && { default_billing: true }),
    ...customAttributesView(custom, shop.attributes.address),
  };
}

/** A default address, or `[]`: that is how Magento sends nothing. */
export function defaultAddressView(shop: Shop, customer: CustomerRow, field: keyof DefaultIds): object {
  const row = customer.addresses.find(({ id }) => String(id) === customer[field]);
  return row ? addressView(shop, customer, row) : [];
}

/** `GET V1/customers/addresses/{id}`, `DELETE V1/addresses/{id}` */
export function addressRoutes(shop: Shop): Route[] {
  return [
    {
      method: 'GET',
      path: '/V1/customers/addresses/{addressId}',
      access: 'Magento_Customer::manage',
      answer(call) {
        const id = call.id('addressId');
        const customer = ownerOf(shop, id);
        return customer.addresses
          .filter((row) => row.id === id)
          .map((row) => addressView(shop, customer, row))[0];
      },
    },
    {
      method: 'DELETE',
      path: '/V1/addresses/{addressId}',
      access: 'Magento_Customer::manage',
      answer(call) {
        const id = call.id('addressId');
        const customer = ownerOf(shop, id);
        customer.addresses = customer.addresses.filter((row) => row.id !== id);
        for (const field of DEFAULTS) {
          if (customer[field] === String(id)) customer[field] = null;
        }
        return true;
      },
    },
  ];
}
