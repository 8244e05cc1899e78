import { describe, expect, test } from 'vitest';
import {
  checkHmgLogin,
  checkLogin,
  checkOtp,
  checkRegister,
  checkVerifyOtp,
} from '../../src/inputs/sign-in.ts';
import { arabic, checkedValue, english, places } from './rules.ts';

const phone = { zipCode: '+966', number: '0501234567' };
const noura = { phone, firstName: 'نورة', lastName: "O'Neil-3", email: 'Noura@Example.com' };

describe('register', () => {
  test('takes what was typed and fills in nothing that was not', () => {
    expect(checkedValue(checkRegister(noura, english))).toEqual({
      phone: { e164: '+966501234567', dialCode: '+966', nationalNumber: '501234567', country: 'SA' },
      registration: {
        firstName: 'نورة',
        lastName: "O'Neil-3",
        email: 'Noura@Example.com',
        gender: null,
        country: null,
        city: null,
        language: null,
        acceptedTermsVersion: null,
        isSubscribed: false,
      },
      phoneProof: null,
      device: null,
    });
  });

  test('tidies spaces and drops characters that nobody sees', () => {
    const { registration } = checkedValue(
      checkRegister(
        {
          ...noura,
          firstName: '  Abdul \n Rahman\u200f ',
          email: ' \u202asara@example.com\u202c ',
          city: ' ',
          country: 'sa',
          acceptedTermsVersion: ' 2026-01 ',
        },
        english,
      ),
    );
    expect(registration).toMatchObject({
      firstName: 'Abdul Rahman',
      email: 'sara@example.com',
      city: null,
      country: 'SA',
      acceptedTermsVersion: '2026-01',
    });
  });

  test('names what M2 refuses of a name: markup, directives, emoji, blanks, more than 255', () => {
    for (const name of [
      '<b>x</b>',
      '{{var x}}',
      'Ali😀',
      'Ali ☺️',
      '',
      '   ',
      '\u200f',
      'a'.repeat(256),
      'a/b',
      'a\u0000',
    ]) {
      expect(places(checkRegister({ ...noura, firstName: name }, english)), name).toEqual([
        'input.firstName',
      ]);
    }
    for (const name of [
      'نورة',
      'عبد الرحمٰن',
      'José',
      'Ali2',
      '٣',
      "D'Arcy-Lee",
      'Jr.',
      '-',
      'a'.repeat(255),
    ]) {
      expect(places(checkRegister({ ...noura, lastName: name }, english)), name).toEqual([]);
    }
  });

  test('reports every problem at once, each with GraphQL’s own path', () => {
    const checked = checkRegister(
      {
        phone: { zipCode: '+966', number: '12' },
        firstName: '',
        lastName: '<>',
        email: 'nobody',
        country: 'Saudi',
        city: '{}',
        acceptedTermsVersion: 'v'.repeat(65),
        phoneProof: 'p'.repeat(513),
        device: { deviceId: 'جهاز', type: 'IOS', registrationId: 'r'.repeat(4097), name: 'n'.repeat(256) },
      },
      english,
    );
    expect(places(checked)).toEqual([
      'input.phone.number',
      'input.firstName',
      'input.lastName',
      'input.email',
      'input.country',
      'input.city',
      'input.acceptedTermsVersion',
      'input.phoneProof',
      'input.device.deviceId',
      'input.device.registrationId',
      'input.device.name',
    ]);
  });

  test('speaks the caller’s language', () => {
    const bad = { ...noura, email: 'x', city: 'c'.repeat(256) };
    expect(checkRegister(bad, english)).toMatchObject({
      problems: [
        { path: ['input', 'email'], message: 'Enter a valid e-mail address.' },
        { path: ['input', 'city'], message: 'This is too long; the most is 255 characters.' },
      ],
    });
    expect(checkRegister(bad, arabic)).toMatchObject({
      problems: [
        { path: ['input', 'email'], message: 'يُرجى إدخال بريد إلكتروني صحيح.' },
        { path: ['input', 'city'], message: 'النص أطول من المسموح، والحد الأقصى لعدد الأحرف هو 255.' },
      ],
    });
  });

  test('takes a device whose owner named it with an emoji', () => {
    const device = { deviceId: ' 3F2A-77 ', type: 'ANDROID', registrationId: '', name: "Sara's 📱" } as const;
    expect(checkedValue(checkRegister({ ...noura, device }, english)).device).toEqual({
      deviceId: '3F2A-77',
      type: 'ANDROID',
      registrationId: null,
      name: "Sara's 📱",
      language: 'en',
    });
  });

  test('lets push messages come in the language that was asked for, else in that of the request', () => {
    const given = { otpId: 'o', otpCode: '123456', device: { deviceId: 'd', type: 'WEB' as const } };
    const languages = [
      checkVerifyOtp(given, english),
      checkVerifyOtp(given, arabic),
      checkVerifyOtp({ ...given, language: 'EN' }, arabic),
      checkVerifyOtp({ ...given, language: 'AR' }, english),
    ].map((checked) => checkedValue(checked).device?.language);
    expect(languages).toEqual(['en', 'ar', 'en', 'ar']);
  });
});

describe('O11: a code goes to mobiles of the allowed countries only', () => {
  const login = (zipCode: string, number: string) => checkLogin({ phone: { zipCode, number } }, english);

  test('the Gulf states are allowed', () => {
    const phones = [
      ['+966', '0501234567'],
      ['971', '0501234567'],
      ['00965', '50012345'],
      ['+973', '36001234'],
      ['+968', '92123456'],
      ['+974', '33123456'],
    ];
    for (const [zipCode = '', number = ''] of phones)
      expect(places(login(zipCode, number)), zipCode).toEqual([]);
  });

  test('others are refused at the dial code, landlines and contradictions at the number', () => {
    expect(places(login('+44', '07400123456'))).toEqual(['input.phone.zipCode']);
    expect(places(login('+1', '2125550123'))).toEqual(['input.phone.zipCode']);
    expect(places(login('+882', '1612345678'))).toEqual(['input.phone.number']);
    expect(places(login('+966', '0114567890'))).toEqual(['input.phone.number']);
    expect(places(login('+966', '+971501234567'))).toEqual(['input.phone.number']);
    expect(places(login('+966', '9001234567'))).toEqual(['input.phone.number']);
    expect(places(login('x', '0501234567'))).toEqual(['input.phone.number']);
  });

  test('the rules say which they are', () => {
    const rules = { ...english, phoneCountries: new Set(['GB']) };
    expect(places(checkLogin({ phone: { zipCode: '+44', number: '07400123456' } }, rules))).toEqual([]);
    expect(places(checkLogin({ phone }, rules))).toEqual(['input.phone.zipCode']);
  });
});

describe('login', () => {
  test('is by phone or by e-mail', () => {
    expect(checkedValue(checkLogin({ phone, createIfMissing: true }, english))).toMatchObject({
      kind: 'phone',
      phone: { e164: '+966501234567' },
      createIfMissing: true,
      acceptedTermsVersion: null,
    });
    expect(
      checkedValue(checkLogin({ email: ' Sara@example.com ', acceptedTermsVersion: '3' }, english)),
    ).toEqual({
      kind: 'email',
      email: 'Sara@example.com',
      createIfMissing: false,
      acceptedTermsVersion: '3',
    });
    expect(checkedValue(checkLogin({ phone, email: ' ' }, english)).kind).toBe('phone');
  });

  test('by both or neither is one problem of the input, beside the others', () => {
    expect(places(checkLogin({}, english))).toEqual(['input']);
    expect(places(checkLogin({ phone, email: 'sara@example.com' }, english))).toEqual(['input']);
    const checked = checkLogin(
      { phone: { zipCode: '+966', number: '' }, email: 'x', acceptedTermsVersion: '<' },
      english,
    );
    expect(places(checked)).toEqual([
      'input',
      'input.phone.number',
      'input.email',
      'input.acceptedTermsVersion',
    ]);
  });
});

describe('hmgLogin', () => {
  test('takes a national ID in any of the region’s digits', () => {
    for (const nationalId of ['1101798278', '١١٠١٧٩٨٢٧٨', '۱۱۰۱۷۹۸۲۷۸', ' 1101 798 278 ']) {
      expect(checkedValue(checkHmgLogin({ phone, nationalId }, english)), nationalId).toMatchObject({
        by: 'nationalId',
        value: '1101798278',
      });
    }
  });

  test('takes a file number as the hospital writes it', () => {
    expect(
      checkedValue(checkHmgLogin({ phone, fileNo: ' HMG-٣٥١٢ ', phoneProof: 'abc' }, english)),
    ).toMatchObject({
      by: 'fileNo',
      value: 'HMG-3512',
      phoneProof: 'abc',
    });
  });

  test('refuses a national ID with a wrong check digit, length or first digit', () => {
    for (const nationalId of ['1101798279', '110179827', '11017982780', '3000000004', 'abcdefghij']) {
      expect(places(checkHmgLogin({ phone, nationalId }, english)), nationalId).toEqual(['input.nationalId']);
    }
    expect(places(checkHmgLogin({ phone, fileNo: '../1' }, english))).toEqual(['input.fileNo']);
  });

  test('needs exactly one of them', () => {
    expect(places(checkHmgLogin({ phone }, english))).toEqual(['input']);
    expect(places(checkHmgLogin({ phone, nationalId: '', fileNo: null }, english))).toEqual(['input']);
    expect(places(checkHmgLogin({ phone, nationalId: '1101798278', fileNo: '12' }, english))).toEqual([
      'input',
    ]);
  });
});

describe('a code', () => {
  test('is six digits of any of the region’s kinds, grouped or not', () => {
    for (const otpCode of ['012345', '٠١٢٣٤٥', '۰۱۲۳۴۵', ' 012 345 ', '012-345', '\u202a012345\u202c']) {
      expect(checkedValue(checkVerifyOtp({ otpId: 'x', otpCode }, english)).code, otpCode).toBe('012345');
      expect(checkedValue(checkOtp({ otpId: 'x', otpCode }, english)).code, otpCode).toBe('012345');
    }
  });

  test('of another form is a problem and no attempt', () => {
    for (const otpCode of ['', '12345', '1234567', '12345a', '１２３４５６']) {
      expect(places(checkVerifyOtp({ otpId: 'x', otpCode }, english)), otpCode).toEqual(['input.otpCode']);
      expect(places(checkOtp({ otpId: 'x', otpCode }, english)), otpCode).toEqual(['otpCode']);
    }
    expect(places(checkVerifyOtp({ otpId: 'x'.repeat(129), otpCode: '' }, english))).toEqual([
      'input.otpId',
      'input.otpCode',
    ]);
  });
});
