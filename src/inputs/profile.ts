/** The inputs of a customer's own profile: updateCustomer and updateSubscriptions. */
import { z } from 'zod';
import type { Customer, CustomerGender, CustomerLanguage } from '../types/customer.ts';
import type { UpdateCustomerInput } from '../types/profile.ts';
import { type CustomerSubscriptionInput, NEWSLETTER } from '../types/subscription.ts';
import { isCalendarDay, riyadhDay, toHijri } from '../values/hijri.ts';
import {
  accepted,
  all,
  type Checked,
  field,
  type InputRules,
  mapped,
  type ProblemKey,
  refused,
} from './checked.ts';
import * as fields from './fields.ts';

/** What changes of a customer; what is absent stays, `null` clears. */
export interface CheckedCustomerChanges {
  firstName?: string;
  middleName?: string | null;
  lastName?: string;
  firstNameAr?: string | null;
  middleNameAr?: string | null;
  lastNameAr?: string | null;
  gender?: CustomerGender | null;
  /** `yyyy-mm-dd`, Gregorian. */
  dateOfBirth?: string | null;
  /** `yyyy-mm-dd`, Umm al-Qura: the same day. */
  dateOfBirthHijri?: string | null;
  maritalStatus?: string | null;
  nationalityIsoCode?: string | null;
  /** The English name of the country of `nationalityIsoCode`. */
  nationality?: string | null;
  occupation?: string | null;
  country?: string | null;
  city?: string | null;
  latitude?: number | null;
  longitude?: number | null;
  profilePicture?: string | null;
  language?: CustomerLanguage | null;
}

/** What the hospital decides of its patients. */
const OF_HOSPITAL = [
  'firstNameAr',
  'middleNameAr',
  'lastNameAr',
  'dateOfBirth',
  'maritalStatus',
  'nationalityIsoCode',
] as const satisfies (keyof UpdateCustomerInput)[];

const FIRST_BIRTH_DAY = '1900-01-01';
const MAX_URL = 255; // M2 cuts longer values silently

const because = (error: ProblemKey) => ({ error });

const birthDay = z
  .string(because('problem.birthDate'))
  .refine(
    (day) => isCalendarDay(day) && day >= FIRST_BIRTH_DAY && day <= today(),
    because('problem.birthDate'),
  );

const pictureUrl = z
  .instanceof(URL, because('problem.pictureUrl'))
  .refine(({ protocol }) => /^https?:$/.test(protocol), because('problem.pictureUrl'))
  // Whoever sees the picture would be handed them.
  .refine(({ username, password }) => username === '' && password === '', because('problem.pictureUrl'))
  .transform(({ href }) => href)
  .pipe(z.string().max(MAX_URL, because('problem.tooLong')));

const PARTS = {
  firstName: fields.personName,
  middleName: fields.optional(fields.personName),
  lastName: fields.personName,
  firstNameAr: fields.optional(fields.personName),
  middleNameAr: fields.optional(fields.personName),
  lastNameAr: fields.optional(fields.personName),
  dateOfBirth: fields.optional(birthDay),
  maritalStatus: fields.optional(fields.plainLine),
  nationalityIsoCode: fields.optional(fields.countryCode),
  occupation: fields.optional(fields.plainLine),
  country: fields.optional(fields.countryCode),
  city: fields.optional(fields.plainLine),
  latitude: fields.optional(fields.latitude),
  longitude: fields.optional(fields.longitude),
  profilePicture: fields.optional(pictureUrl),
};
const Changes = z.object(PARTS).partial();

/** Whether the changes hold what the hospital decides, should the customer be a patient. */
export function dependOnHospital(input: UpdateCustomerInput): boolean {
  return OF_HOSPITAL.some((name) => input[name] !== undefined);
}

/**
 * Changes of a customer. `patient` is the customer where the hospital knows it, else `null`: what the hospital
 * decides is then refused, unless it says what is there already, as a form that sends everything does.
 */
export function checkCustomerChanges(
  input: UpdateCustomerInput,
  rules: InputRules,
  patient: Customer | null,
): Checked<CheckedCustomerChanges> {
  const decided = patient === null ? [] : OF_HOSPITAL.filter((name) => input[name] !== undefined);
  const open = { ...input };
  for (const name of decided) delete open[name];
  const refusals = decided.map((name) => {
    const typed = PARTS[name].safeParse(input[name]);
    return typed.success && typed.data === patient?.[name]
      ? accepted(undefined)
      : refused(rules, ['input', name], 'problem.hospitalDecides');
  });
  const whole = all({ changes: field(rules, ['input'], Changes, open), refusals: every(refusals) });
  return mapped(whole, ({ changes }) => {
    const { dateOfBirth, nationalityIsoCode } = changes;
    return {
      ...changes,
      ...(dateOfBirth !== undefined && { dateOfBirthHijri: dateOfBirth && toHijri(dateOfBirth) }),
      ...(nationalityIsoCode !== undefined && { nationality: countryName(nationalityIsoCode) }),
      ...(input.gender !== undefined && { gender: input.gender }),
      ...(input.language !== undefined && { language: input.language }),
    };
  });
}

/** The subscriptions by their codes; the last word on each counts. */
export function checkSubscriptions(
  input: readonly CustomerSubscriptionInput[],
  rules: InputRules,
): Checked<{ isSubscribed?: boolean }> {
  const unknown = input.map(({ code }, index) =>
    code === NEWSLETTER
      ? accepted(undefined)
      : refused(rules, ['input', String(index), 'code'], 'problem.subscription'),
  );
  const last = input.at(-1);
  return mapped(every(unknown), () => (last === undefined ? {} : { isSubscribed: last.isSubscribed }));
}

/** The problems of all the checks together, or none. */
function every(checks: readonly Checked<undefined>[]): Checked<undefined> {
  const problems = checks.flatMap((check) => (check.ok ? [] : check.problems));
  return problems.length === 0 ? accepted(undefined) : { ok: false, problems };
}

/** The day that it is in Riyadh. */
function today(): string {
  return riyadhDay(new Date().toISOString()) ?? '';
}

const COUNTRY_NAMES = new Intl.DisplayNames(['en'], { type: 'region' });

/** In English, as the hospital writes it. */
function countryName(code: string | null): string | null {
  return code === null ? null : (COUNTRY_NAMES.of(code) ?? null);
}
