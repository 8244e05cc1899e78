/** The input of signing in by e-mail and password. */
import type { PasswordLoginInput } from '../types/password-login.ts';
import { all, type Checked, field, type InputRules } from './checked.ts';
import { type CheckedDevice, checkDevice } from './device.ts';
import * as fields from './fields.ts';

/** E-mail and password as typed, the device as its client tells of it. */
export interface CheckedPasswordLogin {
  email: string;
  password: string;
  device: CheckedDevice | null;
}

/** Presence and shape only: whether they belong together is for the shop to say. */
export function checkPasswordLogin(
  input: PasswordLoginInput,
  rules: InputRules,
): Checked<CheckedPasswordLogin> {
  return all<CheckedPasswordLogin>({
    email: field(rules, ['input', 'email'], fields.email, input.email),
    password: field(rules, ['input', 'password'], fields.password, input.password),
    device: checkDevice(rules, input.device),
  });
}
