/** Customers in our words, and what M2's become. `customer-write.ts` creates and changes them. */
import { Customer, type CustomerGender } from '../../types/customer.ts';
import { CustomerPhone } from '../../types/phone.ts';
import type { SocialProvider } from '../../types/social-login.ts';
import { CustomerSubscription, NEWSLETTER } from '../../types/subscription.ts';
import { fromHijri, toHijri } from '../../values/hijri.ts';
import { type Phone, parsePhone, parsePhoneText } from '../../values/phone.ts';
import { type StoredValues, storedValues } from '../stored.ts';
import { nameOf, toAddress } from './address.ts';
import type { Connection } from './connection.ts';
import type { CustomerChanges, NewCustomer } from './customer-body.ts';
import type { WireCustomer } from './wire.ts';

export type { CustomerChanges, NewCustomer } from './customer-body.ts';

/** Customers of our website; those of another count as absent. */
export interface M2Customers {
  /** `null` where there is none, and for an id that M2 cannot have given out, which it is not asked. */
  find(id: string): Promise<Customer | null>;
  /** In the order of `ids`, `null` for each without a customer; a hundred are one request. */
  findMany(ids: readonly string[]): Promise<(Customer | null)[]>;
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

/**
 * The customer as clients see it, without what other upstreams hold.
 *
 * A placeholder e-mail and names `-` are `null`, and so is what does not have its scalar's form.
 */
export function toCustomer(connection: Connection, wire: WireCustomer): Customer {
  const { log, settings } = connection;
  const stored = storedValues(log, 'customer', wire.id);
  const attribute = (code: string) => wire.custom_attributes.get(code);
  const email = isPlaceholder(wire.email, settings.placeholderDomain)
    ? null
    : stored.email('email', wire.email);
  const [firstName, middleName, lastName] = [wire.firstname, wire.middlename, wire.lastname].map(nameOf);
  const phone = phoneOf(wire);
  if (phone === null && stored.text(attribute('phone_number')) !== null) stored.unusable('phone_number');
  const addresses = wire.addresses
    .map((address) => toAddress(connection, address, wire))
    .filter((address) => address !== null);
  return new Customer({
    id: wire.id,
    email,
    emailVerified: stored.yes(attribute('email_verified')),
    firstName: firstName ?? null,
    middleName: middleName ?? null,
    lastName: lastName ?? null,
    fullName: [firstName, middleName, lastName].filter((name) => name != null).join(' ') || null,
    firstNameAr: stored.text(attribute('firstname_ar')),
    middleNameAr: stored.text(attribute('middlename_ar')),
    lastNameAr: stored.text(attribute('lastname_ar')),
    phone:
      phone && new CustomerPhone({ zipCode: phone.dialCode, number: phone.nationalNumber, e164: phone.e164 }),
    phoneVerified: stored.yes(attribute('phone_verified')),
    gender: genderOf(wire.gender),
    ...birthDates(wire, stored),
    maritalStatus: stored.text(attribute('marital_status')),
    nationality: stored.text(attribute('nationality')),
    nationalityIsoCode: stored.country('nationality_iso_code', attribute('nationality_iso_code')),
    occupation: stored.text(attribute('occupation')),
    nationalId: stored.text(attribute('national_id')),
    fileNo: stored.text(attribute('file_no')),
    idType: stored.integer('id_type', attribute('id_type')),
    isPatient: stored.yes(attribute('is_patient')),
    groupId: wire.group_id ?? null,
    country: stored.country('country', attribute('country')),
    city: stored.text(attribute('city')),
    latitude: stored.latitude('latitude', attribute('latitude')),
    longitude: stored.longitude('longtitude', attribute('longtitude')),
    profilePicture: stored.picture('profile_picture', attribute('profile_picture'), settings.mediaUrl),
    language: languageOf(connection, wire),
    storeId: wire.store_id ?? null,
    websiteId: wire.website_id,
    createdIn: stored.text(wire.created_in),
    // The epoch stands for a time that cannot be read: the rest of the customer is still good.
    createdAt: stored.time('created_at', wire.created_at) ?? new Date(0),
    updatedAt: stored.time('updated_at', wire.updated_at) ?? new Date(0),
    verifiedWithoutOtp: stored.yes(attribute('verified_without_otp')),
    isProfileCompleted: email !== null && firstName !== null && lastName !== null,
    subscriptions: [
      new CustomerSubscription({
        code: NEWSLETTER,
        isSubscribed: wire.extension_attributes?.is_subscribed ?? false,
      }),
    ],
    addresses,
    defaultBillingAddress: addresses.find(({ isDefaultBilling }) => isDefaultBilling) ?? null,
    defaultShippingAddress: addresses.find(({ isDefaultShipping }) => isDefaultShipping) ?? null,
  });
}

/** The customer's number, of whichever spelling M2 holds; `null` for none and for one that is no number. */
export function phoneOf({ custom_attributes }: WireCustomer): Phone | null {
  const number = custom_attributes.get('phone_number') ?? '';
  const zipCode = custom_attributes.get('zip_code') ?? '';
  // Some rows hold the whole number, with or without the code beside it.
  return parsePhone(zipCode, number) ?? parsePhoneText(number);
}

function isPlaceholder(email: string, placeholderDomain: string): boolean {
  return email.toLowerCase().endsWith(`@${placeholderDomain.toLowerCase()}`);
}

function genderOf(option: number | null | undefined): CustomerGender {
  if (option === 1) return 'MALE';
  return option === 2 ? 'FEMALE' : 'NOT_SPECIFIED';
}

/** Whichever calendar is missing, or holds no date, follows from the other. */
function birthDates(
  wire: WireCustomer,
  stored: StoredValues,
): { dateOfBirth: string | null; dateOfBirthHijri: string | null } {
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
