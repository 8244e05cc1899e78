import { expect, it } from 'vitest';
import { checkNewAddress } from '../../src/inputs/address.ts';
import { checkPasswordChange, checkReset } from '../../src/inputs/password.ts';
import { checkRegister } from '../../src/inputs/sign-in.ts';
import { english } from './rules.ts';

// What JSON can say and UTF-8 cannot. M2 refuses a body with one as a whole, and names no field.
const HALVES = ['\ud83d', 'Riyadh\udfff', '\udc00\ud800 Road'];

const ADDRESS = {
  firstName: 'Sara',
  lastName: 'Example',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  countryCode: 'SA',
  telephone: '0501234567',
};
const PERSON = {
  phone: { zipCode: '+966', number: '0501234567' },
  firstName: 'Sara',
  lastName: 'Example',
  email: 'sara@example.com',
};

it.each(HALVES)('half a character is a problem of its field and never sent to M2: %j', (half) => {
  const checks = {
    'input.city': checkRegister({ ...PERSON, city: half }, english),
    'input.acceptedTermsVersion': checkRegister({ ...PERSON, acceptedTermsVersion: half }, english),
    'input.label': checkNewAddress({ ...ADDRESS, label: half }, english),
    'input.street.0': checkNewAddress({ ...ADDRESS, street: [half] }, english),
    'input.currentPassword': checkPasswordChange({ currentPassword: half, newPassword: 'x' }, english),
    'input.newPassword': checkReset({ token: 'a', customerId: '1', newPassword: half }, english),
  };
  for (const [place, checked] of Object.entries(checks)) {
    expect(checked.ok || checked.problems.map(({ path }) => path.join('.'))).toEqual([place]);
  }
});

it('whole characters beyond the first plane stay part of a password', () => {
  const given = { currentPassword: 'a 👍 b', newPassword: '\u{1d504}' };
  expect(checkPasswordChange(given, english)).toEqual({ ok: true, value: given });
});
