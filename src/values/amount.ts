/** Amounts of money as exact decimal text. */

const DECIMAL = /^(-?)0*(\d{1,15})(?:\.(\d+))?$/;
// Magento's own precision; what comes after it in a float is noise.
const FLOAT_DECIMALS = 4;

/**
 * The amount as `12.50`: at least two decimals, further ones only where they are not zero.
 *
 * Text keeps every digit; a number, which is a float and so only nearly what was meant, is rounded to four decimals.
 * `null` for what is no decimal number or has more than 15 digits before the dot.
 */
export function exactAmount(value: string | number): string | null {
  const text = typeof value === 'number' ? value.toFixed(FLOAT_DECIMALS) : value.trim();
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '0', decimals = ''] = match;
  const shown = decimals.replace(/0+$/, '').padEnd(2, '0');
  const isZero = /^0+$/.test(whole + shown);
  return `${isZero ? '' : sign}${whole}.${shown}`;
}
