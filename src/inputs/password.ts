/** The inputs around passwords. */
import type {
  PasswordResetRequestInput,
  PasswordResetTokenInput,
  ResetPasswordInput,
  UpdatePasswordInput,
} from '../types/password.ts';
import { toAsciiDigits, withoutInvisible } from '../values/digits.ts';
import { isEmail } from '../values/email.ts';
import { isFileNo } from '../values/file-no.ts';
import { isNationalId } from '../values/national-id.ts';
import { MAX_PASSWORD_LENGTH, type PasswordProblem } from '../values/new-password.ts';
import { isMobile, type Phone, parsePhoneText } from '../values/phone.ts';
import {
  accepted,
  all,
  type Checked,
  exactlyOne,
  field,
  type InputProblem,
  type InputRules,
  isGiven,
  mapped,
  problem,
  refused,
} from './checked.ts';
import * as fields from './fields.ts';

/** Whom a text names that may be any of four things. */
export type UserIdentifier =
  | { kind: 'email'; email: string }
  | { kind: 'phone'; phone: Phone }
  | { kind: 'nationalId'; nationalId: string }
  | { kind: 'fileNo'; fileNo: string };

/** Who has forgotten the password, and where the mailed link leads. */
export type CheckedResetRequest = UserIdentifier & {
  /** One of the rules' `resetRedirects`; `null`: the shop's own page. */
  redirectUri: string | null;
};

/** A text that is none of the four, and a page that is not on the list, are problems. */
export function checkResetRequest(
  input: PasswordResetRequestInput,
  rules: InputRules,
): Checked<CheckedResetRequest> {
  const identifier = identifierOf(input.userIdentifier);
  return mapped(
    all({
      identifier: identifier
        ? accepted(identifier)
        : refused(rules, ['input', 'userIdentifier'], 'problem.userIdentifier'),
      redirectUri: redirectUri(rules, input.redirectUri),
    }),
    ({ identifier: whom, redirectUri: uri }) => ({ ...whom, redirectUri: uri }),
  );
}

/**
 * E-mails have an @, national IDs ten digits with a check digit, and mobiles a form of their own; file
 * numbers are what remains, because next to nothing is known of theirs.
 */
function identifierOf(typed: string): UserIdentifier | null {
  const text = toAsciiDigits(withoutInvisible(typed));
  if (text.includes('@')) return isEmail(text) ? { kind: 'email', email: text } : null;
  if (isNationalId(text)) return { kind: 'nationalId', nationalId: text };
  const phone = parsePhoneText(text);
  if (phone && isMobile(phone)) return { kind: 'phone', phone };
  return isFileNo(text) ? { kind: 'fileNo', fileNo: text } : null;
}

function redirectUri(rules: InputRules, uri: URL | null | undefined): Checked<string | null> {
  if (!uri) return accepted(null);
  const { href } = uri;
  // A URL without a path has a slash once it is parsed; the list may have been written without.
  const written = rules.resetRedirects.has(href) ? href : href.replace(/\/$/, '');
  return rules.resetRedirects.has(written)
    ? accepted(written)
    : refused(rules, ['input', 'redirectUri'], 'problem.redirectUri');
}

/** A mailed link: its token, and whose it is. */
export interface CheckedResetLink {
  token: string;
  owner: { kind: 'email'; email: string } | { kind: 'customerId'; customerId: string };
}

/** Exactly one of e-mail and customer id. */
export function checkResetToken(
  input: PasswordResetTokenInput,
  rules: InputRules,
): Checked<CheckedResetLink> {
  return all<CheckedResetLink>(linkParts(input, rules));
}

/** A mailed link and the new password. */
export interface CheckedReset extends CheckedResetLink {
  newPassword: string;
}

/** The new password is only checked for presence here; see `values/new-password.ts`. */
export function checkReset(input: ResetPasswordInput, rules: InputRules): Checked<CheckedReset> {
  return all<CheckedReset>({
    ...linkParts(input, rules),
    newPassword: field(rules, ['input', 'newPassword'], fields.password, input.newPassword),
  });
}

function linkParts(input: PasswordResetTokenInput, rules: InputRules) {
  const email = isGiven(input.email) ? field(rules, ['input', 'email'], fields.email, input.email) : null;
  const customerId = isGiven(input.customerId)
    ? field(rules, ['input', 'customerId'], fields.customerId, input.customerId)
    : null;
  return {
    token: field(rules, ['input', 'token'], fields.token, input.token),
    owner: exactlyOne(
      rules,
      'problem.emailOrCustomerId',
      email && mapped(email, (value) => ({ kind: 'email' as const, email: value })),
      customerId && mapped(customerId, (value) => ({ kind: 'customerId' as const, customerId: value })),
    ),
  };
}

/** The old and the new password, as typed. */
export interface CheckedPasswordChange {
  currentPassword: string;
  newPassword: string;
}

/** Presence only; the new password's quality needs to know the person. */
export function checkPasswordChange(
  input: UpdatePasswordInput,
  rules: InputRules,
): Checked<CheckedPasswordChange> {
  return all<CheckedPasswordChange>({
    currentPassword: field(rules, ['input', 'currentPassword'], fields.password, input.currentPassword),
    newPassword: field(rules, ['input', 'newPassword'], fields.password, input.newPassword),
  });
}

const PASSWORD_PROBLEMS = {
  short: 'problem.passwordShort',
  long: 'problem.passwordLong',
  common: 'problem.passwordCommon',
  personal: 'problem.passwordPersonal',
  refused: 'problem.passwordRefused',
} as const;

/** What is wrong with a new password, for the person; `refused` is the shop's own rule. */
export function newPasswordProblem(
  reason: PasswordProblem | 'refused',
  minLength: number,
  rules: Pick<InputRules, 'language'>,
  path: readonly string[] = ['input', 'newPassword'],
): InputProblem {
  const values = { min: minLength, max: MAX_PASSWORD_LENGTH };
  return problem(rules, path, PASSWORD_PROBLEMS[reason], values);
}
