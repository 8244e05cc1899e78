/** An address of a request body: which properties it may have, and what Magento makes of them. */
import type { Attribute } from './attributes.ts';
import { type CustomValues, readCustomAttributes } from './custom-attributes.ts';
import { badRequest, processing, Refusal, wrongType } from './errors.ts';
import { isObject, type Properties, properties } from './input.ts';

const TEXTS = [
  'country_id',
  'company',
  'telephone',
  'fax',
  'postcode',
  'city',
  'firstname',
  'lastname',
  'middlename',
  'prefix',
  'suffix',
  'vat_id',
] as const;

/** The properties of an address that are plain text. */
export type AddressText = (typeof TEXTS)[number];

/** The region to write: an id of the directory (0 is none), or free text. */
export interface RegionInput {
  region_id: number;
  region: string | null;
}

/** What was sent; absent properties are `undefined`. */
export interface AddressInput {
  /** `null` for a new address: the wire may also say 0. */
  id: number | null;
  texts: Map<AddressText, string>;
  street: string[] | undefined;
  region: RegionInput | undefined;
  default_billing: boolean | undefined;
  default_shipping: boolean | undefined;
  custom: CustomValues;
}

const KNOWN = new Set([
  ...TEXTS,
  'id',
  'customer_id',
  'region',
  'region_id',
  'street',
  'default_billing',
  'default_shipping',
  'extension_attributes',
  'custom_attributes',
]);

const COLUMN_LENGTH = 255;

function readTexts(address: Properties): Map<AddressText, string> {
  const texts = new Map<AddressText, string>();
  for (const name of TEXTS) {
    const text = address.text(name);
    if (text !== undefined && text !== null) texts.set(name, text.slice(0, COLUMN_LENGTH));
  }
  return texts;
}

/** Blank lines vanish, and a line break inside a line makes two of it. */
function readStreet(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(typeof value, 'string[]', 'street');
  const lines = value
    .map(String)
    .join('\n')
    .split('\n')
    .filter((line) => line !== '');
  if (lines.length > 2) throw badRequest('"Street Address" cannot contain more than 2 lines.');
  return lines;
}

/** A region that is a plain text, or has a code only, is lost: that is what Magento does. */
function readRegion(address: Properties): RegionInput | undefined {
  if (!address.has('region') && !address.has('region_id')) return undefined;
  const raw = address.raw('region');
  const region = isObject(raw) ? properties(raw) : null;
  return {
    region_id: region?.int('region_id') || address.int('region_id') || 0,
    region: region?.text('region') ?? null,
  };
}

function readAddress(json: unknown, attributes: readonly Attribute[]): AddressInput {
  const address = properties(json, KNOWN);
  return {
    id: address.int('id') || null,
    texts: readTexts(address),
    street: readStreet(address.raw('street')),
    region: readRegion(address),
    default_billing: address.flag('default_billing') ?? undefined,
    default_shipping: address.flag('default_shipping') ?? undefined,
    custom: readCustomAttributes(address.raw('custom_attributes'), attributes),
  };
}

/** `addresses` of a customer's body; `undefined` when it is left out or `null`, which change nothing. */
export function readAddresses(json: unknown, attributes: readonly Attribute[]): AddressInput[] | undefined {
  if (json === undefined || json === null) return undefined;
  if (!Array.isArray(json)) {
    throw wrongType(typeof json, '\\Magento\\Customer\\Api\\Data\\AddressInterface[]', 'addresses');
  }
  try {
    return json.map((address: unknown) => readAddress(address, attributes));
  } catch (error) {
    if (error instanceof Refusal && error.message.startsWith('Error occurred during')) {
      throw badRequest(`${processing('addresses')} ${error.message}`);
    }
    throw error;
  }
}
