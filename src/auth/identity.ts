/** Which customer a proven phone or e-mail stands for, and making one where it stands for nobody. */
import type { Logger } from '../logger.ts';
import type { Lock } from '../stores/lock.ts';
import { type Phone, parseE164 } from '../values/phone.ts';
import type { Customers, NewCustomer, Patients, ShopCustomer } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** A new customer as typed in; a name or e-mail that was not asked for is `null`. */
export interface Registration {
  firstName: string;
  lastName: string;
  email: string;
  gender: 'MALE' | 'FEMALE' | 'NOT_SPECIFIED' | null;
  country: string | null;
  city: string | null;
  language: 'EN' | 'AR' | null;
  acceptedTermsVersion: string | null;
  isSubscribed: boolean;
}

/** Whom a proven phone or e-mail stands for. */
export interface IdentifiedCustomer {
  kind: 'customer';
  customerId: string;
  isNew: boolean;
}

/** Another customer has the `field`, so nobody is signed in. */
export interface IdentityConflict {
  kind: 'conflict';
  field: string;
}

type Named = IdentifiedCustomer | IdentityConflict;

export type PhoneMatch = { kind: 'one'; customer: ShopCustomer } | { kind: 'none' } | { kind: 'several' };

/** Whether the customer's phone was ever proven to be theirs. */
export function hasProvenPhone({ phoneVerified, verifiedWithoutOtp }: ShopCustomer): boolean {
  return phoneVerified || verifiedWithoutOtp;
}

/** Only proven customers match: a phone that somebody merely typed opens nothing. */
export function provenAmong(rows: readonly ShopCustomer[]): PhoneMatch {
  const proven = rows.filter(hasProvenPhone);
  const [customer] = proven;
  if (!customer) return { kind: 'none' };
  return proven.length === 1 ? { kind: 'one', customer } : { kind: 'several' };
}

/** The phone that was proven to be the customer's; `null` where none was. */
export function provenPhoneOf({ phone, phoneVerified, verifiedWithoutOtp }: ShopCustomer): Phone | null {
  return phone && (phoneVerified || verifiedWithoutOtp) ? parseE164(phone.e164) : null;
}

/** What is recorded of a consent, apart from everything else. */
export function consent(acceptedTermsVersion: string | null) {
  return acceptedTermsVersion === null
    ? {}
    : { termsVersion: acceptedTermsVersion, termsAcceptedAt: new Date() };
}

/** Stands in for an e-mail address that nobody gave; the same for one phone, so that the shop takes it once. */
export function placeholderEmail(secrets: Secrets, domain: string, phone: Phone): string {
  const digest = Buffer.from(secrets.mac('placeholder', phone.e164), 'base64url').toString('hex');
  return `p-${digest.slice(0, 32)}@${domain}`;
}

export type Identities = ReturnType<typeof identitiesOf>;

export function identitiesOf(parts: {
  customers: Customers;
  patients: Patients;
  lock: Lock;
  secrets: Secrets;
  placeholderDomain: string;
  log: Logger;
}) {
  const { customers, patients, lock, secrets, log } = parts;

  /** One phone is one customer: finding and creating happen under one lock for each phone. */
  const alone = <T>(phone: Phone, work: () => Promise<T>) =>
    lock(`phone:${secrets.mac('lock', phone.e164)}`, work);

  async function findByPhone(phone: Phone): Promise<PhoneMatch> {
    const match = provenAmong(await customers.findByPhone(phone));
    if (match.kind === 'several') log.error('one phone has several verified customers');
    return match;
  }

  /** `undefined` while the hospital does not answer: a shopper's sign-up need not wait for it. */
  async function isPatient(phone: Phone): Promise<boolean | undefined> {
    try {
      return await patients.exists(phone);
    } catch (error) {
      log.warn({ err: error }, 'EServices did not say whether the phone is a patient’s');
      return undefined;
    }
  }

  async function create(phone: Phone, facts: Omit<NewCustomer, 'phone'>): Promise<Named> {
    const patient = await isPatient(phone);
    const created = await customers.create({
      ...facts,
      phone,
      phoneVerified: true,
      emailVerified: false,
      ...(patient !== undefined && { isPatient: patient }),
    });
    if (created.kind === 'created') return { kind: 'customer', customerId: created.customer.id, isNew: true };
    // The e-mail may be taken by the very customer that this phone was given a moment ago.
    const match = await findByPhone(phone);
    if (match.kind === 'one') return { kind: 'customer', customerId: match.customer.id, isNew: true };
    return { kind: 'conflict', field: 'email' };
  }

  return {
    alone,
    findByPhone,

    /** Signs in whom the phone stands for, writing nothing of the input, or creates that customer. */
    register(phone: Phone, registration: Registration): Promise<Named> {
      return alone(phone, async () => {
        const match = await findByPhone(phone);
        if (match.kind === 'several') return { kind: 'conflict', field: 'phone' };
        if (match.kind === 'one') return { kind: 'customer', customerId: match.customer.id, isNew: false };
        const { firstName, lastName, email, gender, country, city, language, isSubscribed } = registration;
        return create(phone, {
          firstName,
          lastName,
          email,
          ...(gender && { gender }),
          ...(country && { country }),
          ...(city && { city }),
          ...(language && { language }),
          isSubscribed,
          ...consent(registration.acceptedTermsVersion),
        });
      });
    },

    /** Signs in whom the phone stands for; with `createIfMissing` a customer without name and e-mail else. */
    login(
      phone: Phone,
      asked: { createIfMissing: boolean; acceptedTermsVersion: string | null; language: 'EN' | 'AR' | null },
    ): Promise<Named | { kind: 'nobody' }> {
      return alone(phone, async () => {
        const match = await findByPhone(phone);
        if (match.kind === 'several') return { kind: 'conflict', field: 'phone' };
        if (match.kind === 'one') {
          if (asked.acceptedTermsVersion !== null) {
            await customers.update(match.customer.id, consent(asked.acceptedTermsVersion));
          }
          return { kind: 'customer', customerId: match.customer.id, isNew: false };
        }
        if (!asked.createIfMissing) return { kind: 'nobody' };
        return create(phone, {
          firstName: '-',
          lastName: '-',
          email: placeholderEmail(secrets, parts.placeholderDomain, phone),
          ...(asked.language && { language: asked.language }),
          ...consent(asked.acceptedTermsVersion),
        });
      });
    },

    /** Signs in whom the e-mail stands for: never somebody who merely typed it. */
    async loginByEmail(
      email: string,
      asked: { acceptedTermsVersion: string | null },
    ): Promise<IdentifiedCustomer | { kind: 'nobody' }> {
      const customer = await customers.findByEmail(email);
      if (!customer?.emailVerified) return { kind: 'nobody' };
      if (asked.acceptedTermsVersion !== null) {
        await customers.update(customer.id, consent(asked.acceptedTermsVersion));
      }
      return { kind: 'customer', customerId: customer.id, isNew: false };
    },

    /** Which way leads on for a phone that nobody has. */
    async nextStep(phone: Phone): Promise<'REGISTER' | 'HMG_LOGIN'> {
      return (await isPatient(phone)) ? 'HMG_LOGIN' : 'REGISTER';
    },
  };
}
