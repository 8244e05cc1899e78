/** Rules and small readers for the tests of inputs. */
import type { Checked, InputRules } from '../../src/inputs/checked.ts';

export const english: InputRules = {
  language: 'en',
  phoneCountries: new Set(['SA', 'AE', 'KW', 'BH', 'OM', 'QA']),
  resetRedirects: new Set(['https://shop.example.com/reset', 'https://app.example.com']),
};

export const arabic: InputRules = { ...english, language: 'ar' };

/** The places that have a problem, as "input.phone.number". */
export function places(checked: Checked<unknown>): string[] {
  return checked.ok ? [] : checked.problems.map(({ path }) => path.join('.'));
}

/** The value of a check that passed. */
export function checkedValue<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new Error(`refused: ${places(checked).join(', ')}`);
  return checked.value;
}
