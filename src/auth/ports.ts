/** What the rules of signing in need of the outside; the datasources fit these shapes. */
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Language } from '../texts/texts.ts';
import type { Phone } from '../values/phone.ts';

/** A customer as the shop holds it, as far as identity is concerned. */
export interface ShopCustomer {
  id: string;
  /** `null` while the shop holds only a placeholder. */
  email?: string | null;
  emailVerified: boolean;
  firstName?: string | null;
  lastName?: string | null;
  phone?: { e164: string } | null;
  phoneVerified: boolean;
  verifiedWithoutOtp: boolean;
  isPatient: boolean;
  nationalId?: string | null;
  fileNo?: string | null;
  language: 'EN' | 'AR';
  addresses?: readonly unknown[] | null;
}

/** What is written of a customer; an absent field is left as it is, `null` clears it. */
export interface CustomerFacts {
  email?: string;
  firstName?: string;
  middleName?: string | null;
  lastName?: string;
  firstNameAr?: string | null;
  middleNameAr?: string | null;
  lastNameAr?: string | null;
  gender?: 'MALE' | 'FEMALE' | 'NOT_SPECIFIED';
  dateOfBirth?: string | null;
  dateOfBirthHijri?: string | null;
  maritalStatus?: string | null;
  nationality?: string | null;
  nationalityIsoCode?: string | null;
  occupation?: string | null;
  phone?: Phone;
  phoneVerified?: boolean;
  verifiedWithoutOtp?: boolean;
  emailVerified?: boolean;
  isPatient?: boolean;
  nationalId?: string | null;
  fileNo?: string | null;
  idType?: number | null;
  country?: string | null;
  city?: string | null;
  language?: 'EN' | 'AR';
  isSubscribed?: boolean;
  /** What Google and Apple call the customer. */
  googleSub?: string;
  appleSub?: string;
  termsVersion?: string;
  termsAcceptedAt?: Date;
  /** Written only while the customer has none. */
  addresses?: NewAddress[];
}

export interface NewCustomer extends CustomerFacts {
  email: string;
  firstName: string;
  lastName: string;
}

/** The shop's customers. Every method throws `UPSTREAM_UNAVAILABLE` or `UPSTREAM_INVALID` on the shop's trouble. */
export interface Customers {
  find(id: string): Promise<ShopCustomer | null>;
  findByPhone(phone: Phone): Promise<ShopCustomer[]>;
  findByEmail(email: string): Promise<ShopCustomer | null>;
  findByNationalId(nationalId: string): Promise<ShopCustomer[]>;
  findByFileNo(fileNo: string): Promise<ShopCustomer[]>;
  findBySubject(provider: SocialProvider, subject: string): Promise<ShopCustomer[]>;
  create(
    customer: NewCustomer,
  ): Promise<{ kind: 'created'; customer: ShopCustomer } | { kind: 'emailTaken' }>;
  /**
   * A customer who can sign in with `password` at once, e-mail proven.
   *
   * A rejection leaves open whether the customer was made: look before repeating it.
   */
  createWithPassword(
    customer: NewCustomer,
    password: string,
  ): Promise<
    { kind: 'created'; customer: ShopCustomer } | { kind: 'emailTaken' } | { kind: 'passwordRefused' }
  >;
  update(
    id: string,
    changes: CustomerFacts,
  ): Promise<{ kind: 'updated'; customer: ShopCustomer } | { kind: 'emailTaken' } | { kind: 'gone' }>;
  /** Writes the subject, with `changes`, unless the customer has another one of this provider. */
  linkSubject(
    id: string,
    link: { provider: SocialProvider; subject: string },
    changes: CustomerFacts,
  ): Promise<{ kind: 'linked' } | { kind: 'otherSubject' } | { kind: 'gone' }>;
  /** `false` when there was no such customer, or another request had it removed before. */
  remove(id: string): Promise<boolean>;
}

/** Who vouches for people here. */
export type SocialProvider = 'GOOGLE' | 'APPLE';

/**
 * Finds the key that an ID token says it is signed with, among those that the provider publishes.
 *
 * Rejects with jose's `JWKSNoMatchingKey` where there is none, with a failure where the keys cannot be read.
 */
export type ProviderKeys = Readonly<Record<SocialProvider, JWTVerifyGetKey>>;

/** An address in the form in which the shop takes it. */
export const NewAddress = z.object({
  label: z.string().nullish(),
  firstName: z.string(),
  lastName: z.string(),
  street: z.array(z.string()),
  city: z.string(),
  regionCode: z.string().nullish(),
  region: z.string().nullish(),
  postcode: z.string().nullish(),
  countryCode: z.string(),
  telephone: z.string(),
  company: z.string().nullish(),
  fax: z.string().nullish(),
  email: z.string().nullish(),
  latitude: z.number().nullish(),
  longitude: z.number().nullish(),
  isDefaultBilling: z.boolean().nullish(),
  isDefaultShipping: z.boolean().nullish(),
});
export type NewAddress = z.infer<typeof NewAddress>;

/** What the hospital holds of a patient. Dates are `yyyy-mm-dd`. */
export const Patient = z.object({
  fileNo: z.string().nullable(),
  nationalId: z.string().nullable(),
  idType: z.number().nullable(),
  phone: z
    .object({ e164: z.string(), dialCode: z.string(), nationalNumber: z.string(), country: z.string() })
    .nullable(),
  email: z.string().nullable(),
  dateOfBirth: z.string().nullable(),
  dateOfBirthHijri: z.string().nullable(),
  firstName: z.string().nullable(),
  middleName: z.string().nullable(),
  lastName: z.string().nullable(),
  firstNameAr: z.string().nullable(),
  middleNameAr: z.string().nullable(),
  lastNameAr: z.string().nullable(),
  gender: z.enum(['MALE', 'FEMALE', 'NOT_SPECIFIED']),
  maritalStatus: z.string().nullable(),
  nationality: z.string().nullable(),
  nationalityIsoCode: z.string().nullable(),
  occupation: z.string().nullable(),
  billingAddress: NewAddress.nullable(),
  shippingAddress: NewAddress.nullable(),
});
export type Patient = z.infer<typeof Patient>;

export type PatientIdentifier = 'nationalId' | 'fileNo';

/** The hospital's patients. Both methods throw as `Customers` does. */
export interface Patients {
  exists(phone: Phone): Promise<boolean>;
  /** `null` when the hospital knows no such patient with this phone. */
  find(by: PatientIdentifier, value: string, phone: Phone): Promise<Patient | null>;
}

/** The shop's own passwords. */
export interface Passwords {
  /** The shop's token for the customer, or `null` when the password does not open the account. */
  signIn(email: string, password: string): Promise<string | null>;
  change(token: string, current: string, next: string): Promise<'changed' | 'wrong' | 'refused'>;
  revokeTokens(token: string): Promise<void>;
  /** `false` when the shop knows no such e-mail address. */
  requestReset(email: string): Promise<boolean>;
  requestResetTo(email: string, redirectUri: string): Promise<boolean>;
  checkResetToken(customerId: string, token: string): Promise<boolean>;
  reset(email: string, token: string, newPassword: string): Promise<'reset' | 'linkExpired' | 'refused'>;
}

/** The shop's push registrations. Both methods may be repeated, and throw as `Customers` does. */
export interface PushDevices {
  /** A customer whom the shop no longer has gets none, without a failure. */
  register(
    customerId: string,
    deviceKey: string,
    registration: {
      registrationId: string;
      type: Device['type'];
      name: string | null;
      language: Language | null;
      expiresAt: Date;
    },
  ): Promise<void>;
  /** Succeeds as well where there is nothing to take away. */
  remove(customerId: string, deviceKey: string): Promise<void>;
}

export type Notice =
  | 'phoneTaken'
  | 'phoneChanged'
  | 'passwordChanged'
  | 'accountLocked'
  | 'accountDeleted'
  | 'emailChanged'
  | 'emailLocked';

/** What a mailed link is for. */
export type LinkPurpose = 'activateAccount' | 'confirmEmailChange';

/** Ways to reach a person. */
export interface Messenger {
  /** Rejects when the message was not taken. */
  sendCode(code: {
    phone: Phone;
    code: string;
    purpose: ChallengePurpose;
    language: Language;
  }): Promise<void>;
  mailCode(code: {
    email: string;
    code: string;
    purpose: ChallengePurpose;
    language: Language;
  }): Promise<void>;
  /** The link holds identifier and key; see `mailed-key.ts`. */
  mailLink(link: {
    email: string;
    purpose: LinkPurpose;
    identifier: string;
    key: string;
    language: Language;
  }): Promise<void>;
  /** What comes in place of a link to an address that another account has already. */
  mailTaken(mail: { email: string; purpose: LinkPurpose; language: Language }): Promise<void>;
  notifyBySms(notice: Notice, phone: string, language: Language): Promise<void>;
  notifyByEmail(notice: Notice, email: string, language: Language): Promise<void>;
}

export type ChallengePurpose =
  | 'register'
  | 'login'
  | 'hmgLogin'
  | 'loyalty'
  | 'passwordLogin'
  | 'socialLink'
  | 'phoneChange';

/** Runs work once the answer to the current request has left; its failures are logged, not thrown. */
export type AfterAnswer = (name: string, work: () => Promise<void>) => void;

/** Where a request comes from, for the limits. */
export interface Client {
  /** The client's own address; `null` when a gateway passed none on or limits do not count it. */
  address: string | null;
}

/** What a client tells of its device. */
export interface Device {
  deviceId: string;
  type: 'ANDROID' | 'IOS' | 'WEB';
  name: string | null;
  /** By which push messages reach it; `null` for none. */
  registrationId: string | null;
  /** Of push messages; left out: the customer's own. */
  language?: Language | null | undefined;
}
