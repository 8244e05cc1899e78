import { describe, expect, test } from 'vitest';
import { isMobile, maskPhone, parseE164, parsePhone, parsePhoneText } from '../../src/values/phone.ts';

const SARA = { e164: '+966501234567', dialCode: '+966', nationalNumber: '501234567', country: 'SA' };

describe('one phone, however it is spelled', () => {
  const numbers = [
    '0501234567',
    '501234567',
    '+966501234567',
    '966501234567',
    '00966501234567',
    '+9660501234567',
    '050 123 4567',
    '050-123-4567',
    '(050) 1234567',
    ' 0501234567 ',
    '٠٥٠١٢٣٤٥٦٧',
    '+٩٦٦٥٠١٢٣٤٥٦٧',
    '۰۵۰۱۲۳۴۵۶۷',
    '050.123.4567',
    '050\u2013123\u20134567',
    '050\u00a0123\u00a04567',
    '+966 (0)50 123 4567',
    '(+966) 50 123 4567',
    '(00966) 50 123 4567',
    '\uff0b966501234567',
    '۰۰۹۶۶۵۰۱۲۳۴۵۶۷',
    '\u200f0501234567',
    '\u2066+\u200e966501234567\u2069',
    '050\u200b1234567\ufeff',
    '\u202a+966 50 123 4567\u202c',
  ];
  for (const zipCode of ['+966', '966', '00966', '٩٦٦', '+٩٦٦', '٠٠٩٦٦', ' +966 ', '']) {
    test(`with dial code "${zipCode}"`, () => {
      for (const number of numbers) expect(parsePhone(zipCode, number), number).toEqual(SARA);
    });
  }

  test('as one text, Saudi unless it says otherwise', () => {
    for (const number of numbers) expect(parsePhoneText(number), number).toEqual(SARA);
    expect(parsePhoneText('+971501234567')?.country).toBe('AE');
    expect(parsePhoneText('0501234567', 'AE')?.e164).toBe('+971501234567');
    expect(parsePhoneText('0501234567', 'XX')).toEqual(SARA);
  });
});

test('a number that contradicts its dial code is no phone', () => {
  expect(parsePhone('+966', '+971501234567')).toBeNull();
  expect(parsePhone('+966', '00971501234567')).toBeNull();
  expect(parsePhone('971', '+966501234567')).toBeNull();
  expect(parsePhone('+971', '0501234567')?.e164).toBe('+971501234567');
});

test('what no numbering plan allows is no phone', () => {
  for (const number of [
    '',
    ' ',
    '12',
    '05012345',
    '05012345678',
    '0521234567',
    'abc',
    '0501234567a',
    '0501234567 ext 5',
    '+',
    '05'.repeat(40),
    'tel:+966501234567',
    '0501234567;phone-context=evil.example',
  ]) {
    expect(parsePhone('+966', number), number).toBeNull();
    expect(parsePhoneText(number), number).toBeNull();
  }
  for (const zipCode of ['+', 'SA', '+0', '+12345', '+999', '0966']) {
    expect(parsePhone(zipCode, '0501234567'), zipCode).toBeNull();
  }
});

test('the Gulf states have their own numbers', () => {
  const phones = [
    ['+971', '0501234567'],
    ['+965', '50012345'],
    ['+973', '36001234'],
    ['+968', '92123456'],
    ['+974', '33123456'],
  ];
  expect(phones.map(([zipCode = '', number = '']) => parsePhone(zipCode, number)?.country)).toEqual([
    'AE',
    'KW',
    'BH',
    'OM',
    'QA',
  ]);
});

test('E.164 is read back as what it was made from, and nothing else is E.164', () => {
  expect(parseE164(SARA.e164)).toEqual(SARA);
  for (const text of ['966501234567', '0501234567', '+966 501234567', '+٩٦٦٥٠١٢٣٤٥٦٧', '+966', '']) {
    expect(parseE164(text), text).toBeNull();
  }
});

test('a landline is a phone, but no mobile', () => {
  const landline = parsePhone('+966', '0114567890');
  expect(landline?.nationalNumber).toBe('114567890');
  expect(landline && isMobile(landline)).toBe(false);
  expect(isMobile(SARA)).toBe(true);
});

test('a masked phone shows its dial code, its first digit and its last two', () => {
  expect(maskPhone({ ...SARA, nationalNumber: '501234502' })).toBe('+966 5•• ••• •02');
  const kuwaiti = parsePhone('+965', '50012345');
  expect(kuwaiti && maskPhone(kuwaiti)).toBe('+965 5•• ••• 45');
});
