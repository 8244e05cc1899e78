import { expect, it } from 'vitest';
import { exactAmount } from '../../src/values/amount.ts';

it.each([
  ['150', '150.00'],
  ['150.5', '150.50'],
  ['150.5000', '150.50'],
  ['12.3456', '12.3456'],
  ['007.10', '7.10'],
  ['0', '0.00'],
  ['000', '0.00'],
  ['-3.5', '-3.50'],
  ['-0.00', '0.00'],
  [' 1.00 ', '1.00'],
  ['999999999999999.99', '999999999999999.99'],
  [150, '150.00'],
  [0.1 + 0.2, '0.30'],
  [-2.125, '-2.125'],
])('%j is the amount %s', (value, amount) => {
  expect(exactAmount(value)).toBe(amount);
});

it.each([
  '',
  '.',
  '1.',
  '.5',
  '1,5',
  '1e3',
  'SAR 5',
  '1.5.0',
  '1234567890123456',
  Number.NaN,
  1e300,
  Number.POSITIVE_INFINITY,
])('%j is no amount', (value) => {
  expect(exactAmount(value)).toBeNull();
});
