/** Phone numbers of any country, Saudi Arabia being the one meant where none is named. */
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import { toAsciiDigits, withoutInvisible } from './digits.ts';

const DEFAULT_COUNTRY = 'SA';

/** A number that the numbering plan of its country allows. */
export interface Phone {
  /** "+966501234567" */
  e164: string;
  /** With the plus: "+966". */
  dialCode: string;
  /** Without dial code and without leading 0: "501234567". */
  nationalNumber: string;
  /** ISO 3166-1 alpha-2: "SA". */
  country: string;
}

type Origin = { defaultCountry: CountryCode } | { defaultCallingCode: string };

// The parser throws at a calling code that it does not know.
const CALLING_CODES: ReadonlySet<string> = new Set(
  getCountries().map((country) => getCountryCallingCode(country)),
);

// Longer texts are no phone numbers, and the parser need not see them.
const MAX_LENGTH = 40;

// Business cards and web pages have the dial code in brackets: "(+966) 50 123 4567".
const PLUS = /^\(?[+\uff0b]/;

/** Digits and a leading plus; `null` when anything but the usual separators stands between them. */
function dialled(text: string): string | null {
  const plain = toAsciiDigits(withoutInvisible(text));
  const rest = plain.replace(PLUS, '');
  if (plain.length > MAX_LENGTH || !/^[\d\s().\u2010-\u2015-]+$/.test(rest)) return null;
  const digits = rest.replace(/\D/g, '');
  if (rest !== plain) return `+${digits}`;
  return digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
}

function parse(text: string, origin: Origin): Phone | null {
  const parsed = parsePhoneNumberFromString(text, { ...origin, extract: false });
  if (!parsed?.isValid() || parsed.country === undefined) return null;
  return {
    e164: parsed.number,
    dialCode: `+${parsed.countryCallingCode}`,
    nationalNumber: parsed.nationalNumber,
    country: parsed.country,
  };
}

/**
 * The phone that a dial code ("+966", "966", "00966") and a number are, or `null` when they are none.
 *
 * The number may repeat the dial code, start with the national 0, hold separators, and use Arabic-Indic or
 * Persian digits. A number that names another dial code than `zipCode` is `null`: of two countries that
 * one person typed, none is taken for granted. A blank `zipCode` means Saudi Arabia.
 */
export function parsePhone(zipCode: string, number: string): Phone | null {
  const code = dialled(zipCode || '+966')?.replace('+', '');
  const text = dialled(number);
  if (!code || !text || !CALLING_CODES.has(code)) return null;
  const phone = parse(text, { defaultCallingCode: code });
  return phone?.dialCode === `+${code}` ? phone : null;
}

/** The phone of "+966501234567", or `null` when the text is not a valid number with its dial code. */
export function parseE164(e164: string): Phone | null {
  return /^\+\d{6,15}$/.test(e164) ? parse(e164, { defaultCountry: DEFAULT_COUNTRY }) : null;
}

/**
 * The phone of one free text such as "0501234567" or "+966 50 123 4567", or `null` when it is none.
 *
 * Without a dial code it is taken for a number of `country` (ISO 3166-1 alpha-2).
 */
export function parsePhoneText(text: string, country: string = DEFAULT_COUNTRY): Phone | null {
  const number = dialled(text);
  if (!number) return null;
  return parse(number, { defaultCountry: isSupportedCountry(country) ? country : DEFAULT_COUNTRY });
}

/** Whether the numbering plan lets the number be a mobile, so that a code sent by SMS can arrive. */
export function isMobile(phone: Phone): boolean {
  const type = parsePhoneNumberFromString(phone.e164)?.getType();
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
}

/** "+966 5•• ••• •02": enough for its owner to know it again, too little for others to call it. */
export function maskPhone(phone: Phone): string {
  const { nationalNumber: digits } = phone;
  const hidden = `${digits.slice(0, 1)}${'•'.repeat(Math.max(digits.length - 3, 0))}${digits.slice(-2)}`;
  return `${phone.dialCode} ${hidden.match(/.{1,3}/g)?.join(' ') ?? ''}`;
}

/** The dial code of a country of ISO 3166-1 alpha-2, such as "+966"; `null` for one without phones of its own. */
export function dialCodeOf(country: string): string | null {
  return isSupportedCountry(country) ? `+${getCountryCallingCode(country)}` : null;
}
