/** The input of signing in with Google or Apple. */
import type { SocialLoginInput, SocialProvider } from '../types/social-login.ts';
import { accepted, all, type Checked, field, type InputRules } from './checked.ts';
import { type CheckedDevice, checkDevice } from './device.ts';
import * as fields from './fields.ts';

/** What `loginWithSocial` asks for; what was not given is `null`. */
export interface CheckedSocialLogin {
  provider: SocialProvider;
  idToken: string;
  nonce: string | null;
  firstName: string | null;
  lastName: string | null;
  acceptedTermsVersion: string | null;
  device: CheckedDevice | null;
}

/** Presence and shape only; the token is verified by the rules of signing in. */
export function checkSocialLogin(input: SocialLoginInput, rules: InputRules): Checked<CheckedSocialLogin> {
  const at = (name: string) => ['input', name];
  return all<CheckedSocialLogin>({
    provider: accepted(input.provider),
    idToken: field(rules, at('idToken'), fields.idToken, input.idToken),
    nonce: field(rules, at('nonce'), fields.optional(fields.token), input.nonce),
    firstName: field(rules, at('firstName'), fields.optional(fields.personName), input.firstName),
    lastName: field(rules, at('lastName'), fields.optional(fields.personName), input.lastName),
    acceptedTermsVersion: field(
      rules,
      at('acceptedTermsVersion'),
      fields.optional(fields.termsVersion),
      input.acceptedTermsVersion,
    ),
    device: checkDevice(rules, input.device),
  });
}
