/** The kinds of text that people type, as zod schemas whose messages are keys of the texts. */
import { z } from 'zod';
import { toAsciiDigits, withoutInvisible } from '../values/digits.ts';
import { isEmail } from '../values/email.ts';
import { isFileNo } from '../values/file-no.ts';
import { isNationalId } from '../values/national-id.ts';
import { PERSON_NAME } from '../values/person-name.ts';
import type { ProblemKey } from './checked.ts';

const MAX_VARCHAR = 255; // M2 cuts longer values silently
const MAX_TERMS_VERSION = 64;
const MAX_TOKEN = 512;
const MAX_ID_TOKEN = 8192;
const MAX_REGISTRATION_ID = 4096;
const MAX_PASSWORD = 256;

// No markup, no template directives of M2's mails, and no character that its three-byte columns cannot hold.
const PLAIN = /^[^<>{}\p{Cc}\p{Emoji_Presentation}\p{Variation_Selector}\u{10000}-\u{10ffff}]*$/u;
// Half a surrogate pair is no character: JSON can hold one, and M2 refuses every body that does.
const WHOLE = /^\P{Cs}*$/u;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

function because(error: ProblemKey): { error: ProblemKey } {
  return { error };
}

/** Whitespace of any kind and length between words counts as one space. */
function tidy(text: string): string {
  return withoutInvisible(text.replace(/\s+/g, ' '));
}

const typed = z.string(because('problem.required')).regex(WHOLE, because('problem.invalid'));
const required = z.string().regex(WHOLE, because('problem.invalid')).min(1, because('problem.required'));
const line = required.max(MAX_VARCHAR, because('problem.tooLong'));

/** A schema that takes a missing, `null` or blank value for `null`. */
export function optional<T>(schema: z.ZodType<T>) {
  return z.preprocess(
    (value) => (typeof value === 'string' && withoutInvisible(value) === '' ? null : (value ?? null)),
    schema.nullable(),
  );
}

/** A customer's name, such as M2 takes. */
export const personName = typed.transform(tidy).pipe(line.regex(PERSON_NAME, because('problem.name')));

/** A line of an address or the like. */
export const plainLine = typed.transform(tidy).pipe(line.regex(PLAIN, because('problem.plainText')));

/** An e-mail address, its case kept. */
export const email = typed
  .transform(withoutInvisible)
  .pipe(required.refine(isEmail, because('problem.email')));

/** Ten ASCII digits. */
export const nationalId = typed
  .transform(digitsTogether)
  .pipe(required.refine(isNationalId, because('problem.nationalId')));

/** A hospital file number in ASCII. */
export const fileNo = typed
  .transform((value) => toAsciiDigits(withoutInvisible(value)))
  .pipe(required.refine(isFileNo, because('problem.fileNo')));

/** A one-time code as six ASCII digits. */
export const otpCode = typed
  .transform(digitsTogether)
  .pipe(z.string().regex(/^\d{6}$/, because('problem.otpCode')));

/** The id of a challenge; what no challenge has is for the challenges to say. */
export const otpId = z.string().max(128, because('problem.invalid'));

/** A proof or key that was handed out earlier. Dots alone would climb in an upstream's path. */
export const token = typed
  .transform(withoutInvisible)
  .pipe(
    required
      .max(MAX_TOKEN, because('problem.invalid'))
      .regex(VISIBLE_ASCII, because('problem.invalid'))
      .regex(/[^.]/, because('problem.invalid')),
  );

/** What Google or Apple handed to the app; whether it is good is for the rules of signing in to say. */
export const idToken = typed
  .transform(withoutInvisible)
  .pipe(
    required.max(MAX_ID_TOKEN, because('problem.invalid')).regex(VISIBLE_ASCII, because('problem.invalid')),
  );

/** M2's number of a customer, in ASCII digits. */
export const customerId = typed
  .transform((value) => toAsciiDigits(withoutInvisible(value)))
  .pipe(z.string().regex(/^\d{1,20}$/, because('problem.invalid')));

/** Passwords are taken as they are: spaces and invisible characters are part of them. */
export const password = required.max(MAX_PASSWORD, because('problem.tooLong'));

/** Whatever the shop calls a version of its terms. */
export const termsVersion = typed
  .transform(tidy)
  .pipe(
    z.string().max(MAX_TERMS_VERSION, because('problem.tooLong')).regex(PLAIN, because('problem.plainText')),
  );

/** ISO 3166-1 alpha-2, in capitals. */
export const countryCode = typed
  .transform((value) => value.trim().toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{2}$/, because('problem.country')));

/** Degrees north. */
export const latitude = z
  .number(because('problem.latitude'))
  .min(-90, because('problem.latitude'))
  .max(90, because('problem.latitude'));
/** Degrees east. */
export const longitude = z
  .number(because('problem.longitude'))
  .min(-180, because('problem.longitude'))
  .max(180, because('problem.longitude'));

/** A device as its client tells of it. */
export const device = z.object({
  deviceId: typed
    .transform((value) => value.trim())
    .pipe(line.regex(/^[\x20-\x7e]+$/, because('problem.invalid'))),
  type: z.enum(['ANDROID', 'IOS', 'WEB'], because('problem.invalid')),
  registrationId: optional(
    typed
      .transform((value) => value.trim())
      .pipe(
        z
          .string()
          .max(MAX_REGISTRATION_ID, because('problem.tooLong'))
          .regex(VISIBLE_ASCII, because('problem.invalid')),
      ),
  ),
  // People put emoji into the names of their phones, and the shop never sees them.
  name: optional(typed.transform(tidy).pipe(line.regex(/^\P{Cc}+$/u, because('problem.invalid')))),
});

/** Digits as people group them when copying a number: "123 456", "١٢٣-٤٥٦". */
function digitsTogether(value: string): string {
  return toAsciiDigits(withoutInvisible(value)).replace(/[\s-]/g, '');
}
