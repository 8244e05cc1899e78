/** The JSON of EServices, the hospital's middleware, and the readers that check it. */
import { z } from 'zod';
import { reader } from '../http.ts';

const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => {
    const trimmed = value?.trim() ?? '';
    return trimmed === '' ? null : trimmed;
  });
const integer = z
  .union([z.number().int(), z.string().regex(/^\d{1,9}$/)])
  .nullish()
  .transform((value) => (value == null ? null : Number(value)));

const address = z.object({
  firstName: text,
  lastName: text,
  email: text,
  phoneNumber: text,
  faxNumber: text,
  company: text,
  city: text,
  country: text,
  stateProvince: text,
  address1: text,
  address2: text,
  zipPostalCode: text,
  latLong: text,
});

const patient = z
  .object({
    fileNo: text,
    zipCode: text,
    phoneNo: text,
    nationalID: text,
    email: text,
    dateOfBirth: text,
    dateOfBirthHijri: text,
    name: z
      .object({
        firstName: text,
        middleName: text,
        lastName: text,
        firstNameAr: text,
        middleNameAr: text,
        lastNameAr: text,
      })
      .nullish(),
    maritalStatus: integer,
    maritalStatusCode: text,
    nationality: text,
    nationalityISOCode: text,
    occupation: text,
    idType: integer,
    gender: integer,
    billingAddress: address.nullish(),
    shippingAddress: address.nullish(),
  })
  // Every field may be missing, so that any object would do: a record is one that says whose it is.
  .refine(({ fileNo, nationalID }) => fileNo !== null || nationalID !== null, { path: ['fileNo'] });

export type WirePatient = z.output<typeof patient>;
export type WirePatientAddress = z.output<typeof address>;

/** Checks the record of `POST api/customer/login`. */
export const readPatient = reader('a patient', patient);

/** Checks the bare yes or no of `POST api/customer/is_patient_exists`. */
export const readExists = reader('whether a patient exists', z.boolean());
