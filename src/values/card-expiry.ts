/** How long a payment card is good for. */

const SOON_MS = 60 * 24 * 60 * 60 * 1000;
const RIYADH_OFFSET_MS = 3 * 60 * 60 * 1000;

/** How a card stands. At most one of the two is true. */
export interface CardExpiry {
  isExpired: boolean;
  /** Within 60 days from now. */
  expiresSoon: boolean;
}

/**
 * What `MM/YYYY` printed on a card means at `now`, or `null` when the text is not of that form.
 *
 * A card is good until the end of its month, in Riyadh's time.
 */
export function cardExpiry(expirationDate: string, now: Date): CardExpiry | null {
  const match = /^(0[1-9]|1[0-2])\/(\d{4})$/.exec(expirationDate.trim());
  if (!match) return null;
  const endsAt = Date.UTC(Number(match[2]), Number(match[1]), 1) - RIYADH_OFFSET_MS;
  const leftMs = endsAt - now.getTime();
  return { isExpired: leftMs <= 0, expiresSoon: leftMs > 0 && leftMs <= SOON_MS };
}
