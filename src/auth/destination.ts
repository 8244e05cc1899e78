/** Where a code goes: a phone, by SMS, or an e-mail address. */
import { isEmail } from '../values/email.ts';
import { type Phone, parseE164 } from '../values/phone.ts';

export type Destination = { phone: Phone } | { email: string };

/** The destination as one text: E.164, or the e-mail address. */
export function textOf(to: Destination): string {
  return 'phone' in to ? to.phone.e164 : to.email;
}

/** The destination of such a text; `null` for what is neither, which our own records never hold. */
export function destinationOf(text: string): Destination | null {
  if (isEmail(text)) return { email: text };
  const phone = parseE164(text);
  return phone && { phone };
}

/** What limits and failures are counted under: an e-mail address counts once, whatever its case. */
export function countedAs(to: Destination): string {
  return textOf(to).toLowerCase();
}
