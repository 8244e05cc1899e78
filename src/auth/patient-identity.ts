/** Which customer a patient is, and what the hospital's word changes about that customer. */
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import type { Lock } from '../stores/lock.ts';
import type { Phone } from '../values/phone.ts';
import type { Circumstances } from './code-request.ts';
import {
  consent,
  type IdentifiedCustomer,
  type Identities,
  type IdentityConflict,
  placeholderEmail,
  provenAmong,
} from './identity.ts';
import type {
  CustomerFacts,
  Customers,
  NewAddress,
  Patient,
  PatientIdentifier,
  ShopCustomer,
} from './ports.ts';
import type { Secrets } from './secrets.ts';

/** What the patient asked for and gave besides the phone. */
interface Asked {
  by: PatientIdentifier;
  value: string;
  acceptedTermsVersion: string | null;
  /** Of a customer created now. */
  language: 'EN' | 'AR';
}

type Found = { kind: 'one'; customer: ShopCustomer } | { kind: 'none' } | { kind: 'conflict'; field: string };

export type PatientIdentities = ReturnType<typeof patientIdentitiesOf>;

/** What the hospital says of a person; what it does not say stays as it is. */
function hospitalFacts(patient: Patient): CustomerFacts {
  const said = {
    firstNameAr: patient.firstNameAr,
    middleNameAr: patient.middleNameAr,
    lastNameAr: patient.lastNameAr,
    dateOfBirth: patient.dateOfBirth,
    dateOfBirthHijri: patient.dateOfBirthHijri,
    maritalStatus: patient.maritalStatus,
    nationality: patient.nationality,
    nationalityIsoCode: patient.nationalityIsoCode,
    occupation: patient.occupation,
    nationalId: patient.nationalId,
    fileNo: patient.fileNo,
    idType: patient.idType,
  };
  return {
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)),
    ...(patient.gender !== 'NOT_SPECIFIED' && { gender: patient.gender }),
    isPatient: true,
    addresses: addressesOf(patient),
  };
}

const differs = (ours: string | null | undefined, theirs: string | null) =>
  ours != null && theirs !== null && ours !== theirs;

const sameAddress = (a: NewAddress, b: NewAddress) => JSON.stringify(a) === JSON.stringify(b);

/** The record's addresses with their default flags; one that serves for both is listed once. */
function addressesOf(patient: Patient): NewAddress[] {
  const { billingAddress: billing, shippingAddress: shipping } = patient;
  if (billing && shipping && sameAddress(billing, shipping)) {
    return [{ ...billing, isDefaultBilling: true, isDefaultShipping: true }];
  }
  return [
    ...(billing ? [{ ...billing, isDefaultBilling: true, isDefaultShipping: shipping === null }] : []),
    ...(shipping ? [{ ...shipping, isDefaultShipping: true, isDefaultBilling: billing === null }] : []),
  ];
}

export function patientIdentitiesOf(parts: {
  customers: Customers;
  identities: Identities;
  lock: Lock;
  secrets: Secrets;
  placeholderDomain: string;
  /** Called before and after a customer's verified phone is replaced by the one just proven. */
  shutOut: (customer: ShopCustomer) => Promise<void>;
  /** Called once the sessions of the old phone have ended. */
  tellOf: (customer: ShopCustomer, circumstances: Circumstances) => void;
  log: Logger;
}) {
  const { customers, identities, lock, secrets, log } = parts;

  async function byIdentifier(patient: Patient): Promise<Found> {
    const searches = [
      { field: 'fileNo', value: patient.fileNo, find: customers.findByFileNo },
      { field: 'nationalId', value: patient.nationalId, find: customers.findByNationalId },
    ];
    for (const { field, value, find } of searches) {
      if (value === null) continue;
      const rows = await find(value);
      const [only] = rows;
      if (only && rows.length === 1) return { kind: 'one', customer: only };
      if (rows.length > 1) {
        const match = provenAmong(rows);
        if (match.kind === 'one') return match;
        log.error(`one ${field} has several customers`);
        return { kind: 'conflict', field };
      }
    }
    return { kind: 'none' };
  }

  /** File number, then national ID, then phone; a phone never merges two different people. */
  async function match(phone: Phone, patient: Patient): Promise<Found> {
    const [byId, byPhone] = [await byIdentifier(patient), await identities.findByPhone(phone)];
    if (byId.kind === 'conflict') return byId;
    if (byPhone.kind === 'several') return { kind: 'conflict', field: 'phone' };
    if (byId.kind === 'one') {
      const isAnother = byPhone.kind === 'one' && byPhone.customer.id !== byId.customer.id;
      return isAnother ? { kind: 'conflict', field: 'phone' } : byId;
    }
    if (byPhone.kind === 'none') return { kind: 'none' };
    if (differs(byPhone.customer.nationalId, patient.nationalId))
      return { kind: 'conflict', field: 'nationalId' };
    if (differs(byPhone.customer.fileNo, patient.fileNo)) return { kind: 'conflict', field: 'fileNo' };
    return byPhone;
  }

  /** An e-mail that another customer has is not used. */
  async function freeEmail(patient: Patient, customerId: string | null): Promise<string | null> {
    if (patient.email === null) return null;
    const holder = await customers.findByEmail(patient.email);
    return holder === null || holder.id === customerId ? patient.email : null;
  }

  async function create(phone: Phone, patient: Patient, asked: Asked): Promise<IdentifiedCustomer> {
    const placeholder = placeholderEmail(secrets, parts.placeholderDomain, phone);
    const facts = {
      ...hospitalFacts(patient),
      firstName: patient.firstName ?? '-',
      lastName: patient.lastName ?? '-',
      ...(patient.middleName && { middleName: patient.middleName }),
      phone,
      phoneVerified: true,
      emailVerified: false,
      language: asked.language,
      ...consent(asked.acceptedTermsVersion),
    };
    for (const email of [(await freeEmail(patient, null)) ?? placeholder, placeholder]) {
      const created = await customers.create({ ...facts, email });
      if (created.kind === 'emailTaken') continue;
      return { kind: 'customer', customerId: created.customer.id, isNew: true };
    }
    throw new Failure('UPSTREAM_INVALID', { detail: 'the shop took neither e-mail nor placeholder' });
  }

  async function update(
    customer: ShopCustomer,
    phone: Phone,
    patient: Patient,
    asked: Asked,
    circumstances: Circumstances,
  ): Promise<IdentifiedCustomer> {
    const isProven = customer.phoneVerified || customer.verifiedWithoutOtp;
    const isTakenOver = isProven && customer.phone != null && customer.phone.e164 !== phone.e164;
    if (isTakenOver) {
      await parts.shutOut(customer);
      // Told of before the change: were the shop's answer lost, nobody would ever hear of it.
      parts.tellOf(customer, circumstances);
    }
    const changes: CustomerFacts = {
      ...hospitalFacts(patient),
      ...(customer.firstName == null && patient.firstName && { firstName: patient.firstName }),
      ...(customer.lastName == null && patient.lastName && { lastName: patient.lastName }),
      phone,
      phoneVerified: true,
      ...consent(asked.acceptedTermsVersion),
    };
    let email: string | null = null;
    if (customer.email == null) {
      // A placeholder goes with its phone: who has the old phone next will need that of their own.
      const moved =
        customer.phone?.e164 === phone.e164
          ? null
          : placeholderEmail(secrets, parts.placeholderDomain, phone);
      email = (await freeEmail(patient, customer.id)) ?? moved;
    }
    let updated = await customers.update(customer.id, {
      ...changes,
      ...(email && { email, emailVerified: false }),
    });
    if (updated.kind === 'emailTaken') updated = await customers.update(customer.id, changes);
    if (updated.kind !== 'updated') {
      throw new Failure('UPSTREAM_INVALID', {
        detail: 'a customer was gone between finding and updating it',
      });
    }
    // Once more: until now the old phone still opened sessions.
    if (isTakenOver) await parts.shutOut(customer);
    return { kind: 'customer', customerId: customer.id, isNew: false };
  }

  return {
    /** `patient` is the hospital's answer for the identifier and the proven phone. */
    identify(
      phone: Phone,
      asked: Asked,
      patient: Patient | null,
      circumstances: Circumstances,
    ): Promise<IdentifiedCustomer | IdentityConflict | { kind: 'patientNotFound' }> {
      return identities.alone(phone, async () => {
        if (patient === null) return { kind: 'patientNotFound' };
        // Should EServices ever answer somebody else's record, it must not become a way into it.
        if (differs(patient.phone?.e164, phone.e164) || differs(patient[asked.by], asked.value)) {
          // A number of another country has the same digits, so any client may bring this about.
          log.warn('EServices answered a record of another phone or identifier');
          return { kind: 'patientNotFound' };
        }
        const identified: Patient = { ...patient, [asked.by]: asked.value };
        const id = identified.fileNo ?? identified.nationalId ?? '';
        return lock(`patient:${secrets.mac('lock', id)}`, async () => {
          const found = await match(phone, identified);
          if (found.kind === 'conflict') return found;
          return found.kind === 'one'
            ? update(found.customer, phone, identified, asked, circumstances)
            : create(phone, identified, asked);
        });
      });
    },
  };
}
