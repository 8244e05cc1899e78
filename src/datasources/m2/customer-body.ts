/** A customer on the way to M2: our names become M2's fields and the shop's custom attributes. */
import type { CustomerGender, CustomerLanguage } from '../../types/customer.ts';
import type { Phone } from '../../values/phone.ts';
import type { AddressWrite } from './address.ts';

/** Checked values to be written: what is left out stays as it is, `null` clears. */
export interface CustomerChanges {
  /** A placeholder for somebody who has none; M2 lets nobody be without. */
  email?: string;
  /** `null` becomes M2's `-`. */
  firstName?: string | null;
  middleName?: string | null;
  /** `null` becomes M2's `-`. */
  lastName?: string | null;
  firstNameAr?: string | null;
  middleNameAr?: string | null;
  lastNameAr?: string | null;
  phone?: Phone | null;
  phoneVerified?: boolean;
  emailVerified?: boolean;
  verifiedWithoutOtp?: boolean;
  gender?: CustomerGender | null;
  /** `yyyy-mm-dd`, Gregorian. */
  dateOfBirth?: string | null;
  /** `yyyy-mm-dd`, Umm al-Qura. */
  dateOfBirthHijri?: string | null;
  maritalStatus?: string | null;
  nationality?: string | null;
  nationalityIsoCode?: string | null;
  occupation?: string | null;
  nationalId?: string | null;
  fileNo?: string | null;
  idType?: number | null;
  isPatient?: boolean;
  country?: string | null;
  city?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  profilePicture?: string | null;
  language?: CustomerLanguage | null;
  /** What Google and Apple call the customer. */
  googleSub?: string | null;
  appleSub?: string | null;
  termsVersion?: string | null;
  termsAcceptedAt?: Date | null;
  isSubscribed?: boolean;
  /** Written only where the customer has none yet, for a written list replaces the one before. */
  addresses?: readonly AddressWrite[];
}

/** A customer to be created. Names that are left out become `-`. */
export interface NewCustomer extends CustomerChanges {
  email: string;
}

/** One custom attribute in a body; `null` clears it, whatever its kind. */
export interface AttributeBody {
  attribute_code: string;
  value: string | number | null;
}

const GENDER: Record<CustomerGender, number> = { MALE: 1, FEMALE: 2, NOT_SPECIFIED: 3 };

/** M2's fields of a customer for `changes`, addresses apart. */
export function toCustomerBody(changes: CustomerChanges): {
  custom_attributes?: AttributeBody[];
  [field: string]: unknown;
} {
  const { gender } = changes;
  const custom_attributes = toAttributes(changes);
  return {
    ...(changes.email !== undefined && { email: changes.email }),
    ...(changes.firstName !== undefined && { firstname: changes.firstName ?? '-' }),
    // `null` would keep what is stored; blank text clears it.
    ...(changes.middleName !== undefined && { middlename: changes.middleName ?? '' }),
    ...(changes.lastName !== undefined && { lastname: changes.lastName ?? '-' }),
    ...(gender !== undefined && { gender: GENDER[gender ?? 'NOT_SPECIFIED'] }),
    ...(changes.dateOfBirth !== undefined && { dob: changes.dateOfBirth ?? '' }),
    ...(changes.isSubscribed !== undefined && {
      extension_attributes: { is_subscribed: changes.isSubscribed },
    }),
    ...(custom_attributes.length > 0 && { custom_attributes }),
  };
}

type Stated<Value> = (changes: CustomerChanges) => Value | null | undefined;

const text = (stated: Stated<string | number>) => ({ kind: 'text', stated }) as const;
const yesNo = (stated: Stated<boolean>) => ({ kind: 'yesNo', stated }) as const;

const ATTRIBUTES = {
  phone_number: text(({ phone }) => (phone === null ? null : phone?.nationalNumber)),
  zip_code: text(({ phone }) => (phone === null ? null : phone?.dialCode)),
  phone_verified: yesNo((changes) => changes.phoneVerified),
  email_verified: yesNo((changes) => changes.emailVerified),
  verified_without_otp: yesNo((changes) => changes.verifiedWithoutOtp),
  is_patient: yesNo((changes) => changes.isPatient),
  national_id: text((changes) => changes.nationalId),
  file_no: text((changes) => changes.fileNo),
  id_type: text((changes) => changes.idType),
  dob_hijri: text((changes) => changes.dateOfBirthHijri),
  firstname_ar: text((changes) => changes.firstNameAr),
  middlename_ar: text((changes) => changes.middleNameAr),
  lastname_ar: text((changes) => changes.lastNameAr),
  marital_status: text((changes) => changes.maritalStatus),
  nationality: text((changes) => changes.nationality),
  nationality_iso_code: text((changes) => changes.nationalityIsoCode),
  occupation: text((changes) => changes.occupation),
  country: text((changes) => changes.country),
  city: text((changes) => changes.city),
  latitude: text((changes) => changes.latitude),
  longtitude: text((changes) => changes.longitude),
  profile_picture: text((changes) => changes.profilePicture),
  language: text(({ language }) => (language === null ? null : language?.toLowerCase())),
  google_sub: text((changes) => changes.googleSub),
  apple_sub: text((changes) => changes.appleSub),
  terms_version: text((changes) => changes.termsVersion),
  terms_accepted_at: text(({ termsAcceptedAt: at }) => (at === null ? null : at?.toISOString())),
};

export type CustomerAttribute = keyof typeof ATTRIBUTES;

const codesOf = (wanted: 'text' | 'yesNo') =>
  Object.entries(ATTRIBUTES).flatMap(([code, { kind }]) => (kind === wanted ? [code] : []));

/** The custom attributes of a customer that are written, by what M2 has to keep in them: text, or yes and no. */
export const CUSTOMER_ATTRIBUTES: Readonly<Record<'text' | 'yesNo', readonly string[]>> = {
  text: codesOf('text'),
  yesNo: codesOf('yesNo'),
};

function toAttributes(changes: CustomerChanges): AttributeBody[] {
  return Object.entries(ATTRIBUTES).flatMap(([attribute_code, { stated }]): AttributeBody[] => {
    const value = stated(changes);
    if (value === undefined) return [];
    if (value === null) return [{ attribute_code, value }];
    // A yes/no attribute refuses `true` and `false`; every other is text.
    return [{ attribute_code, value: typeof value === 'boolean' ? Number(value) : String(value) }];
  });
}
