/** Phones as people type them. */
import type { PhoneInput } from '../types/phone.ts';
import { isMobile, type Phone, parsePhone } from '../values/phone.ts';
import { accepted, type Checked, type InputRules, refused } from './checked.ts';

/** A mobile number of a country that gets codes; others are refused before anything is sent. */
export function checkMobile(rules: InputRules, path: readonly string[], input: PhoneInput): Checked<Phone> {
  const phone = parsePhone(input.zipCode, input.number);
  if (phone && !rules.phoneCountries.has(phone.country)) {
    return refused(rules, [...path, 'zipCode'], 'problem.phoneCountry');
  }
  return phone && isMobile(phone) ? accepted(phone) : refused(rules, [...path, 'number'], 'problem.mobile');
}
