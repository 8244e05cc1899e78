/** What a new password must not be, after NIST SP 800-63B-4 section 3.1.1. */
import { createRequire } from 'node:module';
import { toAsciiDigits } from './digits.ts';
import { parsePhoneText } from './phone.ts';

/** Why a password is refused. */
export type PasswordProblem = 'short' | 'long' | 'common' | 'personal';

/** Counted by code point. */
export const MAX_PASSWORD_LENGTH = 128;
const MIN_PERSONAL_LENGTH = 4;
const MAX_TRIVIAL_UNIT = 4;

let commonPasswords: ReadonlySet<string> | undefined;

/** Some 49,000 passwords, read at the first use: a process that changes none need not hold them. */
function isCommon(password: string): boolean {
  if (!commonPasswords) {
    const list: typeof import('@zxcvbn-ts/language-common') = createRequire(import.meta.url)(
      '@zxcvbn-ts/language-common',
    );
    commonPasswords = new Set(list.dictionary['passwords-common']);
  }
  return commonPasswords.has(password);
}

/** The shortest text that, repeated (the last time perhaps in part), makes `characters`. */
function repeatedUnit(characters: readonly string[]): string[] {
  let length = 1;
  while (characters.some((character, index) => character !== characters[index % length])) length += 1;
  return characters.slice(0, length);
}

/** Whether each character follows the one before by the same step of one, as in "abcdefgh" and "87654321". */
function isRun(characters: readonly string[]): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.length > 0 && Math.abs(steps[0] ?? 0) === 1 && steps.every((step) => step === steps[0]);
}

function isTrivial(password: string): boolean {
  const unit = repeatedUnit([...password]);
  return isRun(unit) || unit.length <= MAX_TRIVIAL_UNIT || isCommon(unit.join(''));
}

/** One writing for comparison: case, compatibility forms and regional digits do not make a password better. */
function folded(text: string): string {
  return toAsciiDigits(text.normalize('NFKC')).toLowerCase();
}

/** The pieces of a name, e-mail or phone that a stranger would try. */
function personalPieces(value: string): string[] {
  const local = value.includes('@') ? value.slice(0, value.lastIndexOf('@')) : value;
  const phone = parsePhoneText(value);
  return [value, local, ...local.split(/[\s._+-]+/), ...(phone ? [phone.nationalNumber] : [])]
    .map(folded)
    .filter((piece) => [...piece].length >= MIN_PERSONAL_LENGTH);
}

/**
 * Why `password` may not become somebody's password, or `null` when it may.
 *
 * Lengths are counted by code point, `minLength` to 128. `person` holds the person's names, e-mail and phone
 * in any form; their parts of four characters and more may not occur in the password, whatever the case.
 * "common" are listed passwords, also repeated, and bare repetitions and runs such as "aaaa…" and "1234…".
 */
export function passwordProblem(
  password: string,
  { minLength, person }: { minLength: number; person: readonly string[] },
): PasswordProblem | null {
  const length = [...password].length;
  if (length < minLength) return 'short';
  if (length > MAX_PASSWORD_LENGTH) return 'long';
  const text = folded(password);
  if (person.flatMap(personalPieces).some((piece) => text.includes(piece))) return 'personal';
  return isCommon(text) || isTrivial(text) ? 'common' : null;
}
