/** Customers in our words, and what M2's become. `customer-write.ts` creates and changes them. */
import { LRUCache } from 'lru-cache';
import type { CustomerAddress } from '../../types/address.ts';
import { Customer, type CustomerGender } from '../../types/customer.ts';
import { CustomerPhone } from '../../types/phone.ts';
import type { SocialProvider } from '../../types/social-login.ts';
import { CustomerSubscription, NEWSLETTER } from '../../types/subscription.ts';
import { fromHijri, toHijri } from '../../values/hijri.ts';
import { type Phone, parsePhone, parsePhoneText } from '../../values/phone.ts';
import { StoredValues } from '../stored.ts';
import { nameOf, toAddress } from './address.ts';
import type { Connection } from './connection.ts';
import type { CustomerChanges, NewCustomer } from './customer-body.ts';
import { type Fields, showing } from './shown.ts';
import type { RecordPart, WireCustomer } from './wire.ts';
import type { Attributes } from './wire-forms.ts';

export type { CustomerChanges, NewCustomer } from './customer-body.ts';

/** What is to be shown of customers and their addresses: fields by their names in the schema. */
export interface Wanted {
  customerFields: ReadonlySet<string>;
  addressFields: ReadonlySet<string>;
}

/** Customers of our website; those of another count as absent. */
export interface M2Customers {
  /** `null` where there is none, and for an id that M2 cannot have given out, which it is not asked. */
  find(id: string): Promise<Customer | null>;
  /**
   * In the order of `ids`, `null` for each without a customer; a hundred are one request. With `wanted` nothing else
   * is asked of M2, nor shown.
   */
  findMany(ids: readonly string[], wanted?: Wanted): Promise<(Customer | null)[]>;
  /** All who have this number, however it is spelled; M2 does not keep phones apart. */
  findByPhone(phone: Phone): Promise<Customer[]>;
  findByEmail(email: string): Promise<Customer | null>;
  findByNationalId(nationalId: string): Promise<Customer[]>;
  findByFileNo(fileNo: string): Promise<Customer[]>;
  /** To the letter: M2 itself would take other cases and accents for the same. */
  findBySubject(provider: SocialProvider, subject: string): Promise<Customer[]>;
  /** After a 500 or a lost answer M2 is asked by e-mail what came of it. */
  create(customer: NewCustomer): Promise<{ kind: 'created'; customer: Customer } | { kind: 'emailTaken' }>;
  /**
   * The same with a password, and confirmed where the shop wants new accounts confirmed: whoever asks has had
   * the e-mail proven.
   *
   * `passwordRefused`: M2's own rule. A lost answer or a 500 rejects, and leaves open whether it was made.
   */
  createWithPassword(
    customer: NewCustomer,
    password: string,
  ): Promise<{ kind: 'created'; customer: Customer } | { kind: 'emailTaken' } | { kind: 'passwordRefused' }>;
  update(
    id: string,
    changes: CustomerChanges,
  ): Promise<{ kind: 'updated'; customer: Customer } | { kind: 'emailTaken' } | { kind: 'gone' }>;
  /** Writes the subject, with `changes`, unless the customer has another one of this provider: nobody's is replaced. */
  linkSubject(
    id: string,
    link: { provider: SocialProvider; subject: string },
    changes: CustomerChanges,
  ): Promise<{ kind: 'linked' } | { kind: 'otherSubject' } | { kind: 'gone' }>;
  /**
   * Deletes the record for good, addresses included; `false` where there was none, or another request was
   * faster. After a lost answer M2 is asked what came of it.
   */
  remove(id: string): Promise<boolean>;
}

/** What M2's record tells of a customer; other upstreams and our own state hold the rest. */
type StoredField = Exclude<
  keyof Customer,
  'groupName' | 'cards' | 'devices' | 'loyalty' | 'wallet' | 'notifications'
>;

/** A record on its way to be shown. What several fields need is worked out once. */
class Source {
  readonly stored: StoredValues;
  readonly attributes: Attributes;
  #email: string | null | undefined;
  #births: BirthDates | undefined;
  #addresses: CustomerAddress[] | undefined;

  constructor(
    readonly connection: Connection,
    readonly wire: WireCustomer,
    readonly addressFields: ReadonlySet<string> | undefined,
  ) {
    this.stored = new StoredValues(connection.log, 'customer', wire.id);
    this.attributes = wire.custom_attributes;
  }

  email(): string | null {
    if (this.#email === undefined) this.#email = emailOf(this);
    return this.#email;
  }

  births(): BirthDates {
    this.#births ??= birthDates(this.wire, this.stored);
    return this.#births;
  }

  addresses(): CustomerAddress[] {
    this.#addresses ??= addressesOf(this);
    return this.#addresses;
  }
}

const FIELDS: Fields<Source, Pick<Customer, StoredField>> = {
  id: ({ wire }) => wire.id,
  email: (source) => source.email(),
  emailVerified: ({ stored, attributes }) => stored.yes(attributes.get('email_verified')),
  firstName: ({ wire }) => nameOf(wire.firstname),
  middleName: ({ wire }) => nameOf(wire.middlename),
  lastName: ({ wire }) => nameOf(wire.lastname),
  fullName: ({ wire }) =>
    [wire.firstname, wire.middlename, wire.lastname].map(nameOf).filter(Boolean).join(' ') || null,
  firstNameAr: ({ stored, attributes }) => stored.text(attributes.get('firstname_ar')),
  middleNameAr: ({ stored, attributes }) => stored.text(attributes.get('middlename_ar')),
  lastNameAr: ({ stored, attributes }) => stored.text(attributes.get('lastname_ar')),
  phone({ wire, stored, attributes }) {
    const phone = phoneOf(wire);
    if (phone) {
      return new CustomerPhone({ zipCode: phone.dialCode, number: phone.nationalNumber, e164: phone.e164 });
    }
    return stored.text(attributes.get('phone_number')) === null ? null : stored.unusable('phone_number');
  },
  phoneVerified: ({ stored, attributes }) => stored.yes(attributes.get('phone_verified')),
  gender: ({ wire }) => genderOf(wire.gender),
  dateOfBirth: (source) => source.births().dateOfBirth,
  dateOfBirthHijri: (source) => source.births().dateOfBirthHijri,
  maritalStatus: ({ stored, attributes }) => stored.text(attributes.get('marital_status')),
  nationality: ({ stored, attributes }) => stored.text(attributes.get('nationality')),
  nationalityIsoCode: ({ stored, attributes }) =>
    stored.country('nationality_iso_code', attributes.get('nationality_iso_code')),
  occupation: ({ stored, attributes }) => stored.text(attributes.get('occupation')),
  nationalId: ({ stored, attributes }) => stored.text(attributes.get('national_id')),
  fileNo: ({ stored, attributes }) => stored.text(attributes.get('file_no')),
  idType: ({ stored, attributes }) => stored.integer('id_type', attributes.get('id_type')),
  isPatient: ({ stored, attributes }) => stored.yes(attributes.get('is_patient')),
  groupId: ({ wire }) => wire.group_id,
  country: ({ stored, attributes }) => stored.country('country', attributes.get('country')),
  city: ({ stored, attributes }) => stored.text(attributes.get('city')),
  latitude: ({ stored, attributes }) => stored.latitude('latitude', attributes.get('latitude')),
  longitude: ({ stored, attributes }) => stored.longitude('longtitude', attributes.get('longtitude')),
  profilePicture: ({ connection, stored, attributes }) =>
    stored.picture('profile_picture', attributes.get('profile_picture'), connection.settings.mediaUrl),
  language: ({ connection, wire }) => languageOf(connection, wire),
  storeId: ({ wire }) => wire.store_id,
  websiteId: ({ wire }) => wire.website_id,
  createdIn: ({ wire, stored }) => stored.text(wire.created_in),
  // The epoch stands for a time that cannot be read: the rest of the customer is still good.
  createdAt: ({ wire, stored }) => stored.time('created_at', wire.created_at) ?? new Date(0),
  updatedAt: ({ wire, stored }) => stored.time('updated_at', wire.updated_at) ?? new Date(0),
  verifiedWithoutOtp: ({ stored, attributes }) => stored.yes(attributes.get('verified_without_otp')),
  isProfileCompleted: (source) =>
    source.email() !== null &&
    nameOf(source.wire.firstname) !== null &&
    nameOf(source.wire.lastname) !== null,
  subscriptions: ({ wire }) => [
    new CustomerSubscription({
      code: NEWSLETTER,
      isSubscribed: wire.extension_attributes?.is_subscribed ?? false,
    }),
  ],
  addresses: (source) => source.addresses(),
  defaultBillingAddress: (source) => source.addresses().find((one) => one.isDefaultBilling) ?? null,
  defaultShippingAddress: (source) => source.addresses().find((one) => one.isDefaultShipping) ?? null,
};
const show = showing(FIELDS, ['id']);

/** The parts of a record that are worth leaving out, and the fields that are read from each. */
const PARTS: { readonly [Part in RecordPart]: readonly StoredField[] } = {
  addresses: ['addresses', 'defaultBillingAddress', 'defaultShippingAddress'],
  extension_attributes: ['subscriptions'],
  custom_attributes: [
    'emailVerified',
    'firstNameAr',
    'middleNameAr',
    'lastNameAr',
    'phone',
    'phoneVerified',
    'dateOfBirth',
    'dateOfBirthHijri',
    'maritalStatus',
    'nationality',
    'nationalityIsoCode',
    'occupation',
    'nationalId',
    'fileNo',
    'idType',
    'isPatient',
    'country',
    'city',
    'latitude',
    'longitude',
    'profilePicture',
    'language',
    'verifiedWithoutOtp',
  ],
};

/** The parts that these fields, by their names in the schema, are read from. */
export function partsFor(fields: ReadonlySet<string>): RecordPart[] {
  const parts = Object.keys(PARTS) as RecordPart[];
  return parts.filter((part) => PARTS[part].some((field) => fields.has(field)));
}

/**
 * The customer as clients see it, without what other upstreams hold. With `wanted` nothing but those fields
 * is there: an operation that asks for few is not to pay for all.
 *
 * A placeholder e-mail and names `-` are `null`, and so is what does not have its scalar's form.
 */
export function toCustomer(connection: Connection, wire: WireCustomer, wanted?: Wanted): Customer {
  return new Customer(show(new Source(connection, wire, wanted?.addressFields), wanted?.customerFields));
}

function emailOf({ connection, wire, stored }: Source): string | null {
  const isNone = isPlaceholder(wire.email, connection.settings.placeholderDomain);
  return isNone ? null : stored.email('email', wire.email);
}

function addressesOf({ connection, wire, addressFields }: Source): CustomerAddress[] {
  return wire.addresses
    .map((address) => toAddress(connection, address, wire, addressFields))
    .filter((address) => address !== null);
}

/** The customer's number, of whichever spelling M2 holds; `null` for none and for one that is no number. */
export function phoneOf({ custom_attributes }: WireCustomer): Phone | null {
  const number = custom_attributes.get('phone_number') ?? '';
  if (number === '') return null;
  const zipCode = custom_attributes.get('zip_code') ?? '';
  const known = phones.get(number);
  if (known?.zipCode === zipCode) return known.phone;
  // Some rows hold the whole number, with or without the code beside it.
  const phone = parsePhone(zipCode, number) ?? parsePhoneText(number);
  phones.set(number, { zipCode, phone });
  return phone;
}

// Numbering plans take long to ask, and whoever is here now will be here again in a moment.
const phones = new LRUCache<string, { zipCode: string; phone: Phone | null }>({ max: 5_000 });

function isPlaceholder(email: string, placeholderDomain: string): boolean {
  return email.toLowerCase().endsWith(`@${placeholderDomain.toLowerCase()}`);
}

function genderOf(option: number | null): CustomerGender {
  if (option === 1) return 'MALE';
  return option === 2 ? 'FEMALE' : 'NOT_SPECIFIED';
}

type BirthDates = Pick<Customer, 'dateOfBirth' | 'dateOfBirthHijri'>;

/** Whichever calendar is missing, or holds no date, follows from the other. */
function birthDates(wire: WireCustomer, stored: StoredValues): BirthDates {
  const gregorian = stored.day('dob', wire.dob);
  const text = stored.text(wire.custom_attributes.get('dob_hijri'));
  const converted = text === null ? null : fromHijri(text);
  if (text !== null && converted === null) stored.unusable('dob_hijri');
  const dateOfBirth = gregorian ?? converted;
  // Through the Gregorian day and back, for the text may be written day first.
  const hijriDay = converted ?? dateOfBirth;
  return { dateOfBirth, dateOfBirthHijri: hijriDay === null ? null : toHijri(hijriDay) };
}

function languageOf({ knownViews, settings }: Connection, wire: WireCustomer): 'EN' | 'AR' {
  const language = wire.custom_attributes.get('language')?.trim().toLowerCase() ?? '';
  if (/^(ar|en)\b/.test(language)) return language.startsWith('ar') ? 'AR' : 'EN';
  // Who never chose one shops in a view of some language.
  const view = knownViews().find(({ id }) => id === wire.store_id);
  const { en, ar } = settings.storeViews;
  if (view && (view.code === en || view.code === ar)) return view.code === en ? 'EN' : 'AR';
  return view && /^ar(?:_|-|$)/.test(view.code) ? 'AR' : 'EN';
}
