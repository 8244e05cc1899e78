/** E-mail addresses, as far as a shop needs to understand them. */

const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
// As top-level domains are: letters, or letters of another script in their ASCII form. M2 refuses all others.
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{0,58}[A-Za-z0-9])$`);

/**
 * Whether the text is an address that M2 takes and mail servers everywhere understand.
 *
 * Dot-atom before the @ (RFC 5321 section 4.1.2, no quoted form), a host name with a dot after it, ASCII
 * only, at most 254 characters. Surrounding spaces make it false: trim first.
 */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (text.length > MAX_LENGTH || at < 1 || at > MAX_LOCAL_LENGTH) return false;
  return LOCAL_PART.test(text.slice(0, at)) && DOMAIN.test(text.slice(at + 1));
}

/** "s•••@example.com": the first character and the domain; the number of dots tells nothing. */
export function maskEmail(text: string): string {
  const at = text.lastIndexOf('@');
  const [first = ''] = text;
  return at < 1 ? '•••' : `${first}•••${text.slice(at)}`;
}
