/** What keyboards and clipboards in this region add to plain ASCII: other digits, and marks nobody sees. */

// Arabic-Indic U+0660–0669, Persian (extended Arabic-Indic) U+06F0–06F9.
const REGIONAL_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;

/** The text with Arabic-Indic and Persian digits written as 0-9; everything else stays as it is. */
export function toAsciiDigits(text: string): string {
  // The lowest four bits of both blocks are the digit's value.
  return text.replace(REGIONAL_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/**
 * The text without format characters (Unicode category Cf) and without spaces around it.
 *
 * A phone or e-mail copied out of an Arabic page brings direction marks along that nobody sees or typed.
 */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Cf}/gu, '').trim();
}
