/** The inputs of accounts by e-mail: registering, activating, and changing the address. */
import { z } from 'zod';
import type { ActivateAccountInput, PasswordRegisterInput } from '../types/account.ts';
import type { Phone } from '../values/phone.ts';
import { accepted, all, type Checked, field, type InputRules, isGiven, mapped, refused } from './checked.ts';
import { type CheckedDevice, checkDevice } from './device.ts';
import * as fields from './fields.ts';
import { checkMobile } from './phone.ts';

// As the shop's own registration form has them.
const MAX_NAME = 32;
const MAX_EMAIL = 96;

const name = fields.personName.pipe(z.string().max(MAX_NAME, { error: 'problem.tooLong' }));
const email = fields.email.pipe(z.string().max(MAX_EMAIL, { error: 'problem.tooLong' }));

/** A new customer with e-mail and password, as typed in; what was not given is `null`. */
export interface CheckedPasswordRegister {
  firstName: string;
  lastName: string;
  email: string;
  password: string | null;
  phone: Phone | null;
  acceptedTermsVersion: string | null;
  isSubscribed: boolean;
}

/** The new password's quality is not looked at here; see `values/new-password.ts`. */
export function checkPasswordRegister(
  input: PasswordRegisterInput,
  rules: InputRules,
): Checked<CheckedPasswordRegister> {
  const at = (field: string) => ['input', field];
  const terms = fields.optional(fields.termsVersion);
  return all<CheckedPasswordRegister>({
    firstName: field(rules, at('firstName'), name, input.firstName),
    lastName: field(rules, at('lastName'), name, input.lastName),
    email: field(rules, at('email'), email, input.email),
    password: newPassword(rules, input),
    phone: input.phone ? checkMobile(rules, at('phone'), input.phone) : accepted(null),
    acceptedTermsVersion: field(rules, at('acceptedTermsVersion'), terms, input.acceptedTermsVersion),
    isSubscribed: accepted(input.isSubscribed ?? false),
  });
}

/** A mailed link of a registration. */
export interface CheckedActivation {
  identifier: string;
  key: string;
  password: string | null;
  device: CheckedDevice | null;
}

/** As `checkPasswordRegister` for the password. */
export function checkActivation(input: ActivateAccountInput, rules: InputRules): Checked<CheckedActivation> {
  return all<CheckedActivation>({
    identifier: field(rules, ['input', 'identifier'], fields.token, input.identifier),
    key: field(rules, ['input', 'key'], fields.token, input.key),
    password: newPassword(rules, input),
    device: checkDevice(rules, input.device),
  });
}

/** The address that is to become the customer's: `newEmail` as an argument. */
export function checkNewEmail(newEmail: string, rules: InputRules): Checked<string> {
  return field(rules, ['newEmail'], fields.email, newEmail);
}

/** A mailed link of a change: `identifier` and `key` as arguments. */
export function checkMailedKey(
  given: { identifier: string; key: string },
  rules: InputRules,
): Checked<{ identifier: string; key: string }> {
  return all({
    identifier: field(rules, ['identifier'], fields.token, given.identifier),
    key: field(rules, ['key'], fields.token, given.key),
  });
}

/** Spaces are part of a password, but a form's empty field is no answer. A confirmation must match when given. */
function newPassword(
  rules: InputRules,
  typed: { password?: string | null; passwordConfirmation?: string | null },
): Checked<string | null> {
  const { password, passwordConfirmation } = typed;
  const isSame = passwordConfirmation == null || passwordConfirmation === (password ?? '');
  const parts = {
    password: isGiven(password)
      ? field(rules, ['input', 'password'], fields.password, password)
      : accepted(null),
    confirmation: isSame
      ? accepted(null)
      : refused(rules, ['input', 'passwordConfirmation'], 'problem.passwordsDiffer'),
  };
  return mapped(all<{ password: string | null; confirmation: null }>(parts), (both) => both.password);
}
