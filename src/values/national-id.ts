/** The number of a Saudi national ID or of a residence permit (iqama). */

/**
 * Whether the text is ten ASCII digits, the first 1 (citizen) or 2 (resident), the last a Luhn check digit.
 *
 * Regional digits make it false: convert them with `toAsciiDigits` first.
 */
export function isNationalId(text: string): boolean {
  if (!/^[12]\d{9}$/.test(text)) return false;
  let sum = 0;
  for (const [index, character] of [...text].entries()) {
    const weighted = Number(character) * (index % 2 === 0 ? 2 : 1);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
