/** A customer of a request body, and the rules that Magento holds it to. */
import { type AddressInput, readAddresses } from './address-input.ts';
import { type CustomValues, readCustomAttributes } from './custom-attributes.ts';
import { readDate } from './dates.ts';
import { badRequest } from './errors.ts';
import { type Properties, properties } from './input.ts';
import type { CustomerRow, Shop } from './shop.ts';

const TEXTS = ['email', 'firstname', 'lastname', 'middlename', 'prefix', 'suffix', 'taxvat'] as const;

/** The properties of a customer that are plain text. */
export type CustomerText = (typeof TEXTS)[number];

/** What was sent: `undefined` is left out; texts that are `null` count as left out, as in Magento. */
export interface CustomerInput {
  id: number | null | undefined;
  group_id: number | null | undefined;
  store_id: number | null | undefined;
  website_id: number | null | undefined;
  gender: number | null | undefined;
  /** `''` clears. */
  dob: string | null | undefined;
  texts: Map<CustomerText, string>;
  default_billing: string | null | undefined;
  default_shipping: string | null | undefined;
  confirmation: string | null | undefined;
  created_at: string | null | undefined;
  is_subscribed: boolean | null | undefined;
  addresses: AddressInput[] | undefined;
  custom: CustomValues;
}

const KNOWN = new Set([
  ...TEXTS,
  'id',
  'group_id',
  'default_billing',
  'default_shipping',
  'confirmation',
  'created_at',
  'updated_at',
  'created_in',
  'dob',
  'gender',
  'store_id',
  'website_id',
  'addresses',
  'disable_auto_group_change',
  'extension_attributes',
  'custom_attributes',
]);

function readTexts(customer: Properties): Map<CustomerText, string> {
  const texts = new Map<CustomerText, string>();
  for (const name of TEXTS) {
    const text = customer.text(name);
    if (text !== undefined && text !== null) texts.set(name, text);
  }
  return texts;
}

const GENDERS = [0, 1, 2, 3];

/** Reads the `customer` of a body; refuses what Magento refuses before it looks at anything stored. */
export function readCustomer(shop: Shop, json: unknown): CustomerInput {
  const customer = properties(json, KNOWN);
  const extension = properties(customer.raw('extension_attributes') ?? {}, new Set(['is_subscribed']));
  const dob = customer.text('dob');
  const gender = customer.int('gender');
  if (typeof gender === 'number' && !GENDERS.includes(gender)) {
    throw badRequest(`Attribute gender does not contain option with Id ${gender}`);
  }
  return {
    id: customer.int('id'),
    group_id: customer.int('group_id'),
    store_id: customer.int('store_id'),
    website_id: customer.int('website_id'),
    gender,
    dob: dob ? readDate(dob) : dob,
    texts: readTexts(customer),
    default_billing: customer.text('default_billing'),
    default_shipping: customer.text('default_shipping'),
    confirmation: customer.text('confirmation'),
    created_at: customer.text('created_at'),
    is_subscribed: extension.flag('is_subscribed'),
    addresses: readAddresses(customer.raw('addresses'), shop.attributes.address),
    custom: readCustomAttributes(customer.raw('custom_attributes'), shop.attributes.customer),
  };
}

// Magento writes `\d`, which under the `u` of PHP is a digit of any script.
const NAME = /^[\p{L}\p{M}\p{Nd},\-_.'’`&\s]{1,255}$/u;

function nameTroubles(label: string, name: string): string[] {
  if (name === '') return [`"${label}" is a required value.`];
  return NAME.test(name) ? [] : [`${label} is not valid!`];
}

const INVALID_EMAIL = '"Email" is not a valid email address.';
const MAX_LOCAL_LENGTH = 64;
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

function emailTroubles(email: string): string[] {
  const [, local, host] = /^(.+)@([^@]+)$/.exec(email) ?? [];
  if (local === undefined || host === undefined) return [INVALID_EMAIL];
  if (local.length > MAX_LOCAL_LENGTH || host.length > 255) return ['"Email" uses too many characters.'];
  if (!HOST.test(host)) {
    const tld = host.slice(host.lastIndexOf('.') + 1).toUpperCase();
    return [
      '"Email" is not a valid hostname.',
      `'${host}' looks like a DNS hostname but we cannot match it against the hostname schema for TLD '${tld}'.`,
      `'${host}' does not look like a valid local network name.`,
      INVALID_EMAIL,
    ];
  }
  return /[\s<>()[\],;:"\\]/.test(local) ? [INVALID_EMAIL] : [];
}

/** Everything that is wrong with the customer's own values, a line each, in one 400. */
export function validateCustomer(row: CustomerRow): void {
  const troubles = [
    ...nameTroubles('First Name', row.firstname),
    ...nameTroubles('Last Name', row.lastname),
    ...(row.middlename ? nameTroubles('Middle Name', row.middlename) : []),
    ...emailTroubles(row.email),
  ];
  if (troubles.length > 0) throw badRequest(troubles.join('\n'));
}
