import { expect, test } from 'vitest';
import {
  checkActivation,
  checkMailedKey,
  checkNewEmail,
  checkPasswordRegister,
} from '../../src/inputs/account.ts';
import { checkAddressChanges, checkNewAddress } from '../../src/inputs/address.ts';
import type { Checked } from '../../src/inputs/checked.ts';
import {
  checkPasswordChange,
  checkReset,
  checkResetRequest,
  checkResetToken,
} from '../../src/inputs/password.ts';
import { checkPasswordLogin } from '../../src/inputs/password-login.ts';
import { checkCustomerChanges, checkSubscriptions } from '../../src/inputs/profile.ts';
import {
  checkHmgLogin,
  checkLogin,
  checkOtp,
  checkRegister,
  checkVerifyOtp,
} from '../../src/inputs/sign-in.ts';
import { checkSocialLogin } from '../../src/inputs/social-login.ts';
import { arabic, english } from './rules.ts';

// Short and long, so that every kind of problem is met: wrong form, too long, wrong alphabet.
const MARKER = 'Hunter2secret';
const typedValues = [MARKER, `${MARKER}<>{}`, MARKER.repeat(400), `${MARKER}\u0000😀`, ` ${MARKER} @ `];

function checksOf(typed: string, rules: typeof english): Checked<unknown>[] {
  const phone = { zipCode: typed, number: typed };
  const device = {
    deviceId: `${typed}é`,
    type: 'WEB',
    registrationId: `${typed} x`,
    name: `${typed}\u0000`,
  } as const;
  const address = {
    label: `${typed}<`,
    firstName: `${typed}<`,
    lastName: `${typed}<`,
    street: [`${typed}<`, typed, typed],
    city: `${typed}<`,
    regionCode: typed,
    region: `${typed}<`,
    postcode: typed,
    countryCode: typed,
    telephone: typed,
    email: typed,
  };
  return [
    checkRegister(
      {
        phone,
        firstName: `${typed}<`,
        lastName: `${typed}<`,
        email: typed,
        country: typed,
        city: `${typed}<`,
        acceptedTermsVersion: `${typed}<`,
        phoneProof: `${typed} x`,
        device,
      },
      rules,
    ),
    checkLogin({ phone, email: typed, acceptedTermsVersion: `${typed}<` }, rules),
    checkHmgLogin({ phone, nationalId: typed, fileNo: `${typed}/`, device }, rules),
    checkVerifyOtp({ otpId: typed, otpCode: typed, device }, rules),
    checkPasswordLogin({ email: typed, password: typed.repeat(20), device }, rules),
    checkSocialLogin(
      {
        provider: 'GOOGLE',
        idToken: `${typed} x`,
        nonce: `${typed} x`,
        firstName: `${typed}<`,
        lastName: `${typed}<`,
        acceptedTermsVersion: `${typed}<`,
        device,
      },
      rules,
    ),
    checkOtp({ otpId: typed, otpCode: typed }, rules),
    checkResetRequest(
      { userIdentifier: `${typed}/`, redirectUri: new URL(`https://${MARKER}.example/`) },
      rules,
    ),
    checkResetToken({ token: `${typed} x`, customerId: typed }, rules),
    checkReset(
      { token: `${typed} x`, email: typed, customerId: typed, newPassword: typed.repeat(20) },
      rules,
    ),
    checkPasswordChange({ currentPassword: typed.repeat(20), newPassword: typed.repeat(20) }, rules),
    checkPasswordRegister(
      {
        firstName: `${typed}<`,
        lastName: `${typed}<`,
        email: typed,
        password: typed.repeat(20),
        passwordConfirmation: typed,
        phone,
        acceptedTermsVersion: `${typed}<`,
      },
      rules,
    ),
    checkActivation(
      { identifier: `${typed} x`, key: `${typed} x`, password: typed.repeat(20), device },
      rules,
    ),
    checkNewEmail(typed, rules),
    checkMailedKey({ identifier: `${typed} x`, key: `${typed} x` }, rules),
    checkNewAddress(address, rules),
    checkAddressChanges(address, rules),
    checkCustomerChanges(
      {
        firstName: `${typed}<`,
        middleNameAr: `${typed}<`,
        dateOfBirth: typed,
        maritalStatus: `${typed}<`,
        nationalityIsoCode: typed,
        country: typed,
        city: `${typed}<`,
        profilePicture: new URL(`ftp://${MARKER}.example/`),
      },
      rules,
      null,
    ),
    checkSubscriptions([{ code: typed, isSubscribed: true }], rules),
  ];
}

test('no problem repeats what was typed, whatever it was, in either language', () => {
  for (const rules of [english, arabic]) {
    for (const typed of typedValues) {
      for (const [index, checked] of checksOf(typed, rules).entries()) {
        if (checked.ok) expect.fail(`check ${index} let the marker pass`);
        expect(checked.problems.length).toBeGreaterThan(0);
        expect(JSON.stringify(checked).toLowerCase()).not.toContain(MARKER.toLowerCase());
      }
    }
  }
});

test('every problem has its own place, from the argument on, and a sentence', () => {
  for (const checked of checksOf(MARKER, english)) {
    if (checked.ok) continue;
    const places = checked.problems.map(({ path }) => path.join('.'));
    expect(new Set(places).size).toBe(places.length);
    for (const { path, message } of checked.problems) {
      expect(path[0]).toMatch(/^(input|otpCode|otpId|newEmail|identifier|key)$/);
      expect(message).toMatch(/^[A-Z].*\.$/);
    }
  }
});

test('values of the wrong kind, which GraphQL would have stopped, are problems and no exceptions', () => {
  const wrong = JSON.parse('{"token": 5, "email": "x", "newPassword": {"a": 1}}');
  const checked = checkReset(wrong, english);
  expect(checked.ok || checked.problems.map(({ message }) => message)).toEqual([
    'Please fill this in.',
    'Enter a valid e-mail address.',
    'This cannot be used here.',
  ]);
});
