import { describe, expect, test } from 'vitest';
import {
  checkActivation,
  checkMailedKey,
  checkNewEmail,
  checkPasswordRegister,
} from '../../src/inputs/account.ts';
import { checkedValue, english, places } from './rules.ts';

const typed = { firstName: 'Sara', lastName: 'Ali', email: 'sara@example.com' };
const link = { identifier: 'an.identifier', key: 'a-key' };

describe('a registration with a password', () => {
  test('needs names and e-mail, and takes the rest as it is or for absent', () => {
    expect(
      checkedValue(checkPasswordRegister({ ...typed, password: '', isSubscribed: null }, english)),
    ).toEqual({ ...typed, password: null, phone: null, acceptedTermsVersion: null, isSubscribed: false });
    const phone = { zipCode: '+966', number: '٠٥٠١٢٣٤٥٦٧' };
    const password = '  spaces are part of it ';
    expect(
      checkedValue(
        checkPasswordRegister({ ...typed, phone, password, passwordConfirmation: password }, english),
      ),
    ).toMatchObject({ password, phone: { e164: '+966501234567' } });
    expect(places(checkPasswordRegister({ firstName: '', lastName: ' ', email: '' }, english))).toEqual([
      'input.firstName',
      'input.lastName',
      'input.email',
    ]);
  });

  test.each([
    ['firstName', 32, (length: number) => 'é'.repeat(length)],
    ['lastName', 32, (length: number) => 'é'.repeat(length)],
    ['email', 96, (length: number) => `${'s'.repeat(length - 44)}@${'example'.repeat(5)}-42.test`],
  ])('takes a %s of %i characters and no longer one', (name, most, make) => {
    expect(make(most)).toHaveLength(most);
    expect(places(checkPasswordRegister({ ...typed, [name]: make(most) }, english))).toEqual([]);
    expect(places(checkPasswordRegister({ ...typed, [name]: make(most + 1) }, english))).toEqual([
      `input.${name}`,
    ]);
  });

  test.each([
    ['a password', 'a password', true],
    ['a password', null, true],
    ['a password', undefined, true],
    [null, null, true],
    ['', '', true],
    ['a password', '', false],
    ['a password', 'A password', false],
    ['a password', 'a password ', false],
    [null, 'a password', false],
  ])('of the password %j confirmed as %j is good: %s', (password, passwordConfirmation, isGood) => {
    const expected = isGood ? [] : ['input.passwordConfirmation'];
    const again = { password, ...(passwordConfirmation !== undefined && { passwordConfirmation }) };
    expect(places(checkPasswordRegister({ ...typed, ...again }, english))).toEqual(expected);
    expect(places(checkActivation({ ...link, ...again }, english))).toEqual(expected);
  });
});

describe('a mailed link', () => {
  test('is taken without what a mail program puts around it', () => {
    const given = { identifier: ' an.identifier\u200f', key: 'a-key\n' };
    expect(checkedValue(checkActivation(given, english))).toEqual({ ...link, password: null, device: null });
    expect(checkedValue(checkMailedKey(given, english))).toEqual(link);
  });

  test.each(['', ' ', 'two words', 'x'.repeat(513), 'مفتاح'])('is not "%s"', (text) => {
    const given = { identifier: text, key: text };
    expect(places(checkActivation(given, english))).toEqual(['input.identifier', 'input.key']);
    expect(places(checkMailedKey(given, english))).toEqual(['identifier', 'key']);
  });
});

test('a new e-mail address is one', () => {
  expect(checkedValue(checkNewEmail(' Sara@example.com ', english))).toBe('Sara@example.com');
  expect(places(checkNewEmail('sara at example', english))).toEqual(['newEmail']);
});
