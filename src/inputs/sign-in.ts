import type { CustomerGender, CustomerLanguage } from '../types/customer.ts';
import type { VerifyOtpInput } from '../types/otp.ts';
import type { HmgLoginInput, LoginInput, RegisterInput } from '../types/sign-in.ts';
import type { Phone } from '../values/phone.ts';
import {
  accepted,
  all,
  type Checked,
  exactlyOne,
  field,
  type InputRules,
  isGiven,
  mapped,
  refused,
} from './checked.ts';
import { type CheckedDevice, checkDevice } from './device.ts';
import * as fields from './fields.ts';
import { checkMobile } from './phone.ts';

/** A new customer as typed in; what was not given is `null`. */
export interface CheckedRegistration {
  firstName: string;
  lastName: string;
  email: string;
  gender: CustomerGender | null;
  country: string | null;
  city: string | null;
  language: CustomerLanguage | null;
  acceptedTermsVersion: string | null;
  isSubscribed: boolean;
}

/** What `register` asks for. */
export interface CheckedRegister {
  phone: Phone;
  registration: CheckedRegistration;
  phoneProof: string | null;
  device: CheckedDevice | null;
}

/** Phone, names and e-mail are needed; everything else may be left out. */
export function checkRegister(input: RegisterInput, rules: InputRules): Checked<CheckedRegister> {
  const at = (name: string) => ['input', name];
  return all<CheckedRegister>({
    phone: checkMobile(rules, at('phone'), input.phone),
    registration: all<CheckedRegistration>({
      firstName: field(rules, at('firstName'), fields.personName, input.firstName),
      lastName: field(rules, at('lastName'), fields.personName, input.lastName),
      email: field(rules, at('email'), fields.email, input.email),
      gender: accepted(input.gender ?? null),
      country: field(rules, at('country'), fields.optional(fields.countryCode), input.country),
      city: field(rules, at('city'), fields.optional(fields.plainLine), input.city),
      language: accepted(input.language ?? null),
      acceptedTermsVersion: terms(rules, input.acceptedTermsVersion),
      isSubscribed: accepted(input.isSubscribed ?? false),
    }),
    phoneProof: field(rules, at('phoneProof'), fields.optional(fields.token), input.phoneProof),
    device: checkDevice(rules, input.device),
  });
}

/** What `login` asks for, by the one of two ways that was given. */
export type CheckedLogin =
  | { kind: 'phone'; phone: Phone; createIfMissing: boolean; acceptedTermsVersion: string | null }
  | { kind: 'email'; email: string; createIfMissing: boolean; acceptedTermsVersion: string | null };

/** Exactly one of phone and e-mail. Whether signing in by e-mail is open at all is not asked here. */
export function checkLogin(input: LoginInput, rules: InputRules): Checked<CheckedLogin> {
  const phone = input.phone ? checkMobile(rules, ['input', 'phone'], input.phone) : null;
  const email = isGiven(input.email) ? field(rules, ['input', 'email'], fields.email, input.email) : null;
  const isCreatingByEmail = email !== null && phone === null && input.createIfMissing === true;
  return mapped(
    all({
      createIfMissing: isCreatingByEmail
        ? refused(rules, ['input', 'createIfMissing'], 'problem.createByPhone')
        : accepted(input.createIfMissing ?? false),
      who: exactlyOne(
        rules,
        'problem.phoneOrEmail',
        phone && mapped(phone, (value) => ({ kind: 'phone' as const, phone: value })),
        email && mapped(email, (value) => ({ kind: 'email' as const, email: value })),
      ),
      acceptedTermsVersion: terms(rules, input.acceptedTermsVersion),
    }),
    ({ who, ...rest }) => ({ ...who, ...rest }),
  );
}

/** What `hmgLogin` asks for. */
export interface CheckedHmgLogin {
  phone: Phone;
  by: 'nationalId' | 'fileNo';
  value: string;
  acceptedTermsVersion: string | null;
  phoneProof: string | null;
  device: CheckedDevice | null;
}

/** Exactly one of national ID and file number. */
export function checkHmgLogin(input: HmgLoginInput, rules: InputRules): Checked<CheckedHmgLogin> {
  const nationalId = isGiven(input.nationalId)
    ? field(rules, ['input', 'nationalId'], fields.nationalId, input.nationalId)
    : null;
  const fileNo = isGiven(input.fileNo)
    ? field(rules, ['input', 'fileNo'], fields.fileNo, input.fileNo)
    : null;
  return mapped(
    all({
      phone: checkMobile(rules, ['input', 'phone'], input.phone),
      patient: exactlyOne(
        rules,
        'problem.nationalIdOrFileNo',
        nationalId && mapped(nationalId, (value) => ({ by: 'nationalId' as const, value })),
        fileNo && mapped(fileNo, (value) => ({ by: 'fileNo' as const, value })),
      ),
      acceptedTermsVersion: terms(rules, input.acceptedTermsVersion),
      phoneProof: field(rules, ['input', 'phoneProof'], fields.optional(fields.token), input.phoneProof),
      device: checkDevice(rules, input.device),
    }),
    ({ patient, ...rest }) => ({ ...rest, ...patient }),
  );
}

/** A code to be spent on a sign-in. */
export interface CheckedVerifyOtp {
  otpId: string;
  /** Six ASCII digits. */
  code: string;
  device: CheckedDevice | null;
  language: CustomerLanguage | null;
}

/** A code of another form than six digits is a problem and costs no attempt. */
export function checkVerifyOtp(input: VerifyOtpInput, rules: InputRules): Checked<CheckedVerifyOtp> {
  return all<CheckedVerifyOtp>({
    otpId: field(rules, ['input', 'otpId'], fields.otpId, input.otpId),
    code: field(rules, ['input', 'otpCode'], fields.otpCode, input.otpCode),
    device: checkDevice(rules, input.device, input.language),
    language: accepted(input.language ?? null),
  });
}

/** A code that confirms something else than a sign-in, such as joining loyalty: `otpId` and `otpCode` as arguments. */
export function checkOtp(
  given: { otpId: string; otpCode: string },
  rules: InputRules,
): Checked<{ otpId: string; code: string }> {
  return all({
    otpId: field(rules, ['otpId'], fields.otpId, given.otpId),
    code: field(rules, ['otpCode'], fields.otpCode, given.otpCode),
  });
}

function terms(rules: InputRules, version: string | null | undefined): Checked<string | null> {
  return field(rules, ['input', 'acceptedTermsVersion'], fields.optional(fields.termsVersion), version);
}
