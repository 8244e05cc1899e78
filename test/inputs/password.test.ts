import { describe, expect, test } from 'vitest';
import {
  checkPasswordChange,
  checkReset,
  checkResetRequest,
  checkResetToken,
  newPasswordProblem,
} from '../../src/inputs/password.ts';
import { arabic, checkedValue, english, places } from './rules.ts';

const token = 'q7Xk2mPz9vLt4RwB8sNc5HdF1gJy6TaE';

describe('who has forgotten the password', () => {
  const whom = (userIdentifier: string) => checkedValue(checkResetRequest({ userIdentifier }, english));

  test('is told apart by form', () => {
    expect(whom(' Sara@example.com ')).toMatchObject({ kind: 'email', email: 'Sara@example.com' });
    expect(whom('1101798278')).toMatchObject({ kind: 'nationalId', nationalId: '1101798278' });
    expect(whom('١١٠١٧٩٨٢٧٨')).toMatchObject({ kind: 'nationalId', nationalId: '1101798278' });
    for (const phone of ['0501234567', '501234567', '+966 50 123 4567', '٠٥٠١٢٣٤٥٦٧']) {
      expect(whom(phone)).toMatchObject({ kind: 'phone', phone: { e164: '+966501234567' } });
    }
    expect(whom('3512345')).toMatchObject({ kind: 'fileNo', fileNo: '3512345' });
    expect(whom('HMG-0012')).toMatchObject({ kind: 'fileNo', fileNo: 'HMG-0012' });
    // Nine digits that a landline could have are rather a file number: nobody resets by landline.
    expect(whom('114567890')).toMatchObject({ kind: 'fileNo' });
  });

  test('is a problem when it is none of the four', () => {
    for (const userIdentifier of ['', ' ', 'sara@', '@', 'sara qahtani', 'x'.repeat(300), "' or 1=1"]) {
      expect(places(checkResetRequest({ userIdentifier }, english)), userIdentifier).toEqual([
        'input.userIdentifier',
      ]);
    }
  });
});

describe('the page that a reset link leads to', () => {
  const check = (redirectUri: string) =>
    checkResetRequest({ userIdentifier: 'sara@example.com', redirectUri: new URL(redirectUri) }, english);

  test('is one of the list, or the shop’s own', () => {
    expect(checkedValue(check('https://shop.example.com/reset')).redirectUri).toBe(
      'https://shop.example.com/reset',
    );
    expect(checkedValue(check('https://app.example.com/')).redirectUri).toBe('https://app.example.com');
    expect(
      checkedValue(checkResetRequest({ userIdentifier: 'sara@example.com', redirectUri: null }, english))
        .redirectUri,
    ).toBeNull();
  });

  test.each([
    'https://evil.example/reset',
    'http://shop.example.com/reset',
    'https://shop.example.com/reset?next=https://evil.example',
    'https://shop.example.com/reset#x',
    'https://shop.example.com/reset/../other',
    'https://shop.example.com@evil.example/reset',
    'https://user:pw@shop.example.com/reset',
    'https://shop.example.com:8443/reset',
    'javascript:alert(1)',
  ])('an open redirect to %s is refused', (redirectUri) => {
    expect(places(check(redirectUri))).toEqual(['input.redirectUri']);
  });

  test('is reported together with the identifier', () => {
    const checked = checkResetRequest(
      { userIdentifier: '', redirectUri: new URL('https://evil.example') },
      english,
    );
    expect(places(checked)).toEqual(['input.userIdentifier', 'input.redirectUri']);
  });
});

describe('a mailed link', () => {
  test('belongs to an e-mail or to a customer id', () => {
    expect(
      checkedValue(checkResetToken({ token: ` ${token}\n`, email: 'sara@example.com' }, english)),
    ).toEqual({
      token,
      owner: { kind: 'email', email: 'sara@example.com' },
    });
    expect(checkedValue(checkResetToken({ token, customerId: '١٢' }, english)).owner).toEqual({
      kind: 'customerId',
      customerId: '12',
    });
  });

  test('needs exactly one of them', () => {
    expect(places(checkResetToken({ token }, english))).toEqual(['input']);
    const both = { token: '', email: 'sara@example.com', customerId: 'x', newPassword: '' };
    expect(places(checkReset(both, english))).toEqual([
      'input.token',
      'input',
      'input.customerId',
      'input.newPassword',
    ]);
  });

  test('a token or id that would climb in an upstream’s path is refused', () => {
    for (const bad of ['.', '..', '', ' ', 'a b', 'é', 'x'.repeat(513)]) {
      expect(places(checkResetToken({ token: bad, customerId: '1' }, english)), bad).toEqual(['input.token']);
    }
    for (const bad of ['..', '1/2', '-1', '1e3', '9'.repeat(21)]) {
      expect(places(checkResetToken({ token, customerId: bad }, english)), bad).toEqual(['input.customerId']);
    }
  });
});

describe('passwords', () => {
  test('are taken as typed, spaces and invisible characters included', () => {
    const change = { currentPassword: ' a ', newPassword: '\u200fقهوة الصباح ' };
    expect(checkedValue(checkPasswordChange(change, english))).toEqual(change);
  });

  test('must be there and have at most 256 characters', () => {
    const change = { currentPassword: '', newPassword: 'x'.repeat(257) };
    expect(places(checkPasswordChange(change, english))).toEqual([
      'input.currentPassword',
      'input.newPassword',
    ]);
  });

  test('a refused new one is explained in the person’s language', () => {
    expect(newPasswordProblem('short', 15, english)).toEqual({
      path: ['input', 'newPassword'],
      message: 'The new password is too short; the least is 15 characters.',
    });
    expect(newPasswordProblem('long', 15, arabic).message).toContain('128');
    for (const reason of ['common', 'personal', 'refused'] as const) {
      expect(newPasswordProblem(reason, 15, arabic).message).not.toBe(
        newPasswordProblem(reason, 15, english).message,
      );
    }
  });
});
