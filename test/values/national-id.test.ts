import { expect, test } from 'vitest';
import { isFileNo } from '../../src/values/file-no.ts';
import { isNationalId } from '../../src/values/national-id.ts';

test('ten digits with the right check digit are a national ID, of a citizen or a resident', () => {
  expect(isNationalId('1000000008')).toBe(true);
  expect(isNationalId('2000000006')).toBe(true);
  expect(isNationalId('1101798278')).toBe(true);
});

test('each other last digit is refused', () => {
  const right = [...Array(10).keys()].filter((digit) => isNationalId(`100000000${digit}`));
  expect(right).toEqual([8]);
});

test('another first digit, length or alphabet is refused', () => {
  for (const text of [
    '3000000004',
    '0000000000',
    '100000000',
    '10000000080',
    '16898166021',
    '',
    '100000000a',
    '١٠٠٠٠٠٠٠٠٨',
    ' 1000000008',
  ]) {
    expect(isNationalId(text), text).toBe(false);
  }
});

test('a file number is one to twenty letters, digits and hyphens', () => {
  for (const text of ['1', '3512345', 'HMG-0012', 'A'.repeat(20)]) expect(isFileNo(text), text).toBe(true);
  for (const text of ['', 'A'.repeat(21), '12 3', '12/3', '12,3', '../1', '٣٥', "1'", '1%2f']) {
    expect(isFileNo(text), text).toBe(false);
  }
});
