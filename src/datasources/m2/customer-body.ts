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

function toAttributes(changes: CustomerChanges): AttributeBody[] {
  const values: Record<string, string | number | boolean | null | undefined> = {
    phone_number: changes.phone === undefined ? undefined : (changes.phone?.nationalNumber ?? null),
    zip_code: changes.phone === undefined ? undefined : (changes.phone?.dialCode ?? null),
    phone_verified: changes.phoneVerified,
    email_verified: changes.emailVerified,
    verified_without_otp: changes.verifiedWithoutOtp,
    is_patient: changes.isPatient,
    national_id: changes.nationalId,
    file_no: changes.fileNo,
    id_type: changes.idType,
    dob_hijri: changes.dateOfBirthHijri,
    firstname_ar: changes.firstNameAr,
    middlename_ar: changes.middleNameAr,
    lastname_ar: changes.lastNameAr,
    marital_status: changes.maritalStatus,
    nationality: changes.nationality,
    nationality_iso_code: changes.nationalityIsoCode,
    occupation: changes.occupation,
    country: changes.country,
    city: changes.city,
    latitude: changes.latitude,
    longtitude: changes.longitude,
    profile_picture: changes.profilePicture,
    language: changes.language === undefined ? undefined : (changes.language?.toLowerCase() ?? null),
    google_sub: changes.googleSub,
    apple_sub: changes.appleSub,
    terms_version: changes.termsVersion,
    terms_accepted_at:
      changes.termsAcceptedAt === undefined ? undefined : (changes.termsAcceptedAt?.toISOString() ?? null),
  };
  return Object.entries(values).flatMap(([attribute_code, value]): AttributeBody[] => {
    if (value === undefined) return [];
    if (value === null) return [{ attribute_code, value }];
    // A yes/no attribute refuses `true` and `false`; every other is text.
    return [{ attribute_code, value: typeof value === 'boolean' ? Number(value) : String(value) }];
  });
}
