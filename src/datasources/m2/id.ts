/** M2's ids as they come back from clients. */

/**
 * Whether the text is a number that M2 can have given out.
 *
 * M2 reads `1.5` and `1 or 2` as 1 and cuts what is beyond 64 bits, so anything else must not reach it.
 */
export function isM2Id(text: string): boolean {
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text));
}
