/** Patients of the hospital, as EServices knows them. */
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../logger.ts';
import type { CustomerGender } from '../../types/customer.ts';
import { toAsciiDigits } from '../../values/digits.ts';
import { fromHijri, riyadhDay, toHijri } from '../../values/hijri.ts';
import { type Phone, parsePhone, parsePhoneText } from '../../values/phone.ts';
import { lanesOf, type UpstreamPolicy } from '../http/lanes.ts';
import { upstream } from '../http.ts';
import type { AddressWrite } from '../m2/address.ts';
import { StoredValues } from '../stored.ts';
import { toPatientAddress } from './address.ts';
import { readExists, readPatient, type WirePatient } from './wire.ts';

/** What the hospital says about a person; `null` where it says nothing that can be used. */
export interface Patient {
  fileNo: string | null;
  nationalId: string | null;
  /** The number in the record, which need not be the one that was asked with. */
  phone: Phone | null;
  email: string | null;
  /** `yyyy-mm-dd`, the day in Riyadh. */
  dateOfBirth: string | null;
  /** `yyyy-mm-dd`, Umm al-Qura. */
  dateOfBirthHijri: string | null;
  firstName: string | null;
  middleName: string | null;
  lastName: string | null;
  firstNameAr: string | null;
  middleNameAr: string | null;
  lastNameAr: string | null;
  /** The code, or else the number as text. */
  maritalStatus: string | null;
  nationality: string | null;
  /** ISO 3166-1 alpha-2. */
  nationalityIsoCode: string | null;
  occupation: string | null;
  idType: number | null;
  gender: CustomerGender;
  /** Flagged as default for billing; `null` when the shop could not take it. */
  billingAddress: AddressWrite | null;
  /** Flagged as default for shipping; `null` when the shop could not take it. */
  shippingAddress: AddressWrite | null;
}

export interface Patients {
  /** Whether the hospital has a patient with this phone. */
  exists(phone: Phone): Promise<boolean>;
  /** `null` when the hospital has no patient with this ID and phone. */
  find(by: 'nationalId' | 'fileNo', value: string, phone: Phone): Promise<Patient | null>;
}

export interface EServicesConfig {
  url: string;
  /** Sent as bearer token; `null` sends none. */
  token: string | null;
  timeoutMs: number;
  policy?: UpstreamPolicy | undefined;
}

const EXISTS = 'api/customer/is_patient_exists';
const LOGIN = 'api/customer/login';
const REFUSALS_OF_OURS = new Set([401, 403, 407]);

/**
 * The patients of EServices.
 *
 * How it says no is not documented: a 4xx, `null` and an empty body all count as "no such patient". Whatever
 * else is not a record is `UPSTREAM_INVALID`.
 */
export function connectEServices({
  url,
  token,
  timeoutMs,
  policy,
  log,
}: EServicesConfig & { log: Logger }): Patients {
  const lanes = lanesOf('EServices', { policy, log });
  const eservices = upstream({ name: 'EServices', baseUrl: url, timeoutMs, log, lanes });

  async function ask(route: string, json: object): Promise<unknown> {
    const { status, body } = await eservices.call({
      method: 'POST',
      route,
      json,
      textRefusals: true,
      ...(token !== null && { headers: { authorization: `Bearer ${token}` } }),
    });
    if (status < 400) return body ?? null;
    // May mean that nobody is known to us any more, which only this line would show.
    if (REFUSALS_OF_OURS.has(status)) log.warn({ route, status }, 'EServices refused; taken for no patient');
    return null;
  }

  return {
    async exists(phone) {
      const body = await ask(EXISTS, { phoneNo: phone.nationalNumber });
      return body === null ? false : readExists(body);
    },
    async find(by, value, phone) {
      // What we call a file number is `patientId` to the hospital.
      const type = by === 'fileNo' ? 'patientId' : 'nationalId';
      const body = await ask(LOGIN, { type, value, phone: phone.nationalNumber });
      return body === null ? null : toPatient(readPatient(body), phone, log);
    },
  };
}

/** The addresses to write for a patient; one for both uses where the record holds the same one twice. */
export function patientAddresses({ billingAddress, shippingAddress }: Patient): AddressWrite[] {
  if (billingAddress === null || shippingAddress === null) {
    return [billingAddress, shippingAddress].filter((address) => address !== null);
  }
  const flags = { isDefaultBilling: true, isDefaultShipping: true };
  const isSame = isDeepStrictEqual({ ...billingAddress, ...flags }, { ...shippingAddress, ...flags });
  return isSame ? [{ ...billingAddress, ...flags }] : [billingAddress, shippingAddress];
}

function toPatient(wire: WirePatient, asked: Phone, log: Logger): Patient {
  const stored = new StoredValues(log, 'patient');
  const { name } = wire;
  const hijriText = wire.dateOfBirthHijri === null ? null : fromHijri(wire.dateOfBirthHijri);
  if (wire.dateOfBirthHijri !== null && hijriText === null) stored.unusable('dateOfBirthHijri');
  const day = wire.dateOfBirth === null ? null : riyadhDay(wire.dateOfBirth);
  if (wire.dateOfBirth !== null && day === null) stored.unusable('dateOfBirth');
  const dateOfBirth = day ?? hijriText;
  const hijriDay = hijriText ?? dateOfBirth;
  const number = wire.phoneNo ?? '';
  const phone = parsePhone(wire.zipCode ?? '', number) ?? parsePhoneText(number);
  if (number !== '' && phone === null) stored.unusable('phoneNo');
  const fallback = {
    firstName: name?.firstName ?? name?.firstNameAr ?? null,
    lastName: name?.lastName ?? name?.lastNameAr ?? null,
    telephone: (phone ?? asked).e164,
  };
  return {
    fileNo: wire.fileNo,
    nationalId: wire.nationalID === null ? null : toAsciiDigits(wire.nationalID),
    phone,
    email: stored.email('email', wire.email),
    dateOfBirth,
    dateOfBirthHijri: hijriDay === null ? null : toHijri(hijriDay),
    firstName: name?.firstName ?? null,
    middleName: name?.middleName ?? null,
    lastName: name?.lastName ?? null,
    firstNameAr: name?.firstNameAr ?? null,
    middleNameAr: name?.middleNameAr ?? null,
    lastNameAr: name?.lastNameAr ?? null,
    maritalStatus:
      wire.maritalStatusCode ?? (wire.maritalStatus === null ? null : String(wire.maritalStatus)),
    nationality: wire.nationality,
    nationalityIsoCode: stored.country('nationalityISOCode', wire.nationalityISOCode),
    occupation: wire.occupation,
    idType: wire.idType,
    gender: genderOf(wire.gender),
    billingAddress: toPatientAddress(
      wire.billingAddress,
      { ...fallback, isDefaultBilling: true },
      new StoredValues(log, 'billing address'),
    ),
    shippingAddress: toPatientAddress(
      wire.shippingAddress,
      { ...fallback, isDefaultShipping: true },
      new StoredValues(log, 'shipping address'),
    ),
  };
}

function genderOf(gender: number | null): CustomerGender {
  if (gender === 1) return 'MALE';
  return gender === 2 ? 'FEMALE' : 'NOT_SPECIFIED';
}
