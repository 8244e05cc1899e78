/** The inputs of addresses. */
import { z } from 'zod';
import type { AddressInput, UpdateAddressInput } from '../types/address.ts';
import { toAsciiDigits, withoutInvisible } from '../values/digits.ts';
import { parsePhoneText } from '../values/phone.ts';
import { findRegion } from '../values/region.ts';
import {
  accepted,
  all,
  type Checked,
  field,
  type InputRules,
  isGiven,
  mapped,
  type ProblemKey,
  refused,
} from './checked.ts';
import * as fields from './fields.ts';

/** An address to write. Of `regionCode` and `region` at most one is not `null`. */
export interface CheckedAddress {
  label: string | null;
  firstName: string;
  lastName: string;
  /** One or two lines. */
  street: string[];
  city: string;
  /** ISO 3166-2. */
  regionCode: string | null;
  /** Free text. */
  region: string | null;
  postcode: string | null;
  /** ISO 3166-1 alpha-2. */
  countryCode: string;
  /** As it was typed, with ASCII digits. */
  telephone: string;
  email: string | null;
  latitude: number | null;
  longitude: number | null;
  isDefaultBilling?: boolean;
  isDefaultShipping?: boolean;
}

/** What changes of an address; what is absent stays, `null` clears. */
export type CheckedAddressChanges = Partial<CheckedAddress>;

const PARTS = {
  label: fields.optional(fields.plainLine),
  firstName: fields.plainLine,
  lastName: fields.plainLine,
  // M2 takes two lines, drops blank ones and splits at line breaks, which `plainLine` turns into spaces.
  street: z
    .array(fields.plainLine, { error: 'problem.street' satisfies ProblemKey })
    .min(1, { error: 'problem.street' satisfies ProblemKey })
    .max(2, { error: 'problem.street' satisfies ProblemKey }),
  city: fields.plainLine,
  countryCode: fields.countryCode,
  email: fields.optional(fields.email),
  latitude: fields.optional(fields.latitude),
  longitude: fields.optional(fields.longitude),
};
const Whole = z.object(PARTS);
const Changes = z.object(PARTS).partial();

/** A new address. The postcode of other countries than SA is left to the shop, which knows who needs one. */
export function checkNewAddress(input: AddressInput, rules: InputRules): Checked<CheckedAddress> {
  const country = input.countryCode.trim().toUpperCase();
  return mapped(
    all({
      parts: field(rules, ['input'], Whole, input),
      postcode: checkPostcode(rules, country, input.postcode ?? null),
      region: checkRegion(rules, country, input.regionCode ?? null, input.region ?? null),
      telephone: checkTelephone(rules, country, input.telephone),
    }),
    ({ parts, postcode, region, telephone }) => ({
      ...parts,
      postcode,
      ...region,
      telephone,
      ...defaultFlags(input),
    }),
  );
}

/** Whether the changes hold what is right in one country and wrong in another, and do not say which is meant. */
export function dependOnCountry({
  countryCode,
  postcode,
  regionCode,
  telephone,
}: UpdateAddressInput): boolean {
  return countryCode == null && [postcode, regionCode, telephone].some((part) => part !== undefined);
}

/**
 * Changes of an address that is in `presentCountry` (ISO 3166-1 alpha-2), unless they move it.
 *
 * Where that is not known, a postcode is only checked loosely and cannot be cleared: the address may be Saudi.
 */
export function checkAddressChanges(
  input: UpdateAddressInput,
  rules: InputRules,
  presentCountry: string | null = null,
): Checked<CheckedAddressChanges> {
  const country = input.countryCode?.trim().toUpperCase() ?? presentCountry;
  const { postcode, regionCode, region, telephone } = input;
  return mapped(
    all({
      parts: field(rules, ['input'], Changes, input),
      postcode: postcode === undefined ? accepted(undefined) : checkPostcode(rules, country, postcode),
      region:
        regionCode === undefined && region === undefined
          ? accepted(undefined)
          : checkRegion(rules, country, regionCode ?? null, region ?? null),
      telephone: telephone === undefined ? accepted(undefined) : checkTelephone(rules, country, telephone),
    }),
    ({ parts, region: place, ...rest }) => present({ ...parts, ...place, ...rest, ...defaultFlags(input) }),
  );
}

const SAUDI_POSTCODE = /^(\d{5})(?:[ -]?(\d{4}))?$/;

/** `country` is `null` where it is not known. */
function checkPostcode(
  rules: InputRules,
  country: string | null,
  typed: string | null,
): Checked<string | null> {
  const path = ['input', 'postcode'];
  const postcode = toAsciiDigits(withoutInvisible(typed ?? ''));
  if (postcode === '') {
    if (country === 'SA') return refused(rules, path, 'problem.saudiPostcode');
    return country === null ? refused(rules, path, 'problem.postcode') : accepted(null);
  }
  if (country !== 'SA') return field(rules, path, fields.plainLine, postcode);
  const [, area, additional] = SAUDI_POSTCODE.exec(postcode) ?? [];
  if (!area) return refused(rules, path, 'problem.saudiPostcode');
  return accepted(additional ? `${area}-${additional}` : area);
}

/** The code wins over the free text; it must be one of the country, where that is known. */
function checkRegion(
  rules: InputRules,
  country: string | null,
  regionCode: string | null,
  region: string | null,
): Checked<Pick<CheckedAddress, 'regionCode' | 'region'>> {
  if (isGiven(regionCode)) {
    const found = findRegion(withoutInvisible(regionCode));
    return found && (country === null || found.countryCode === country)
      ? accepted({ regionCode: found.code, region: null })
      : refused(rules, ['input', 'regionCode'], 'problem.regionCode');
  }
  const named = field(rules, ['input', 'region'], fields.optional(fields.plainLine), region);
  return mapped(named, (name) => ({ regionCode: null, region: name }));
}

/** Any number that can be dialled, landlines too, kept in its own spelling for the one who delivers. */
function checkTelephone(rules: InputRules, country: string | null, typed: string | null): Checked<string> {
  const path = ['input', 'telephone'];
  if (!isGiven(typed)) return refused(rules, path, 'problem.required');
  const telephone = toAsciiDigits(withoutInvisible(typed));
  return parsePhoneText(telephone, country ?? 'SA')
    ? accepted(telephone)
    : refused(rules, path, 'problem.phone');
}

/** `null` says as little as an absent flag. */
function defaultFlags(input: AddressInput | UpdateAddressInput) {
  return present({
    isDefaultBilling: input.isDefaultBilling ?? undefined,
    isDefaultShipping: input.isDefaultShipping ?? undefined,
  });
}

/** The object without the names whose value is `undefined`. */
function present<T extends object>(values: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in values) if (values[name] !== undefined) kept[name] = values[name];
  return kept;
}
