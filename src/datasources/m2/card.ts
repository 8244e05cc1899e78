/** Saved cards, from the shop's own module; stock M2 has no REST route for them. */
import { CardBrand, SavedCard } from '../../types/card.ts';
import { cardExpiry } from '../../values/card-expiry.ts';
import { StoredValues } from '../stored.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { readCards, readTrue, type WireCard } from './wire.ts';

export interface M2Cards {
  /** Empty for a customer without any, and for an id that M2 does not have. `isShown`: nothing is decided by them. */
  list(customerId: string, how?: { isShown: boolean }): Promise<SavedCard[]>;
  /** `false` when the customer has no such card; nothing is deleted then, whoever else may have it. */
  remove(customerId: string, cardId: string): Promise<boolean>;
}

const LIST = 'V1/hmg/customers/{id}/cards';
const ONE = 'V1/hmg/customers/{id}/cards/{cardId}';

/** The saved cards of M2's customers. */
export function cardsOf(connection: Connection): M2Cards {
  async function read(customerId: string, how: { isShared: boolean }): Promise<WireCard[]> {
    if (!isM2Id(customerId)) return [];
    const params = { id: customerId };
    const answer = await connection.call({ method: 'GET', route: LIST, params, ...how });
    if (isNoSuchEntity(answer)) return [];
    if (answer.status !== 200) throw failureOf(LIST, answer);
    return readCards(answer.body);
  }

  function toCard(wire: WireCard): SavedCard {
    const stored = new StoredValues(connection.log, 'card', wire.id);
    const expiry = cardExpiry(wire.expiration_date, new Date()) ?? stored.unusable('expiration_date');
    return new SavedCard({
      id: wire.id,
      // Sent as a number it has lost its leading zeros.
      last4Digits: wire.last_4_digits.padStart(4, '0'),
      expirationDate: wire.expiration_date,
      isExpired: expiry?.isExpired ?? false,
      expiresSoon: expiry?.expiresSoon ?? false,
      requiresCvv: wire.requires_cvv,
      paymentMethod: wire.payment_method,
      brand: toBrand(wire.type),
    });
  }

  return {
    list: (customerId) => read(customerId, { isShared: true }).then((cards) => cards.map(toCard)),
    async remove(customerId, cardId) {
      // The module is not trusted to look whose card it is: we are the only ownership check there is.
      const cards = await read(customerId, { isShared: false });
      if (!cards.some((card) => card.id === cardId)) return false;
      const params = { id: customerId, cardId };
      const answer = await connection.call({ method: 'DELETE', route: ONE, params });
      if (isNoSuchEntity(answer)) return false;
      if (answer.status !== 200) throw failureOf(ONE, answer);
      return readTrue(answer.body);
    },
  };
}

function toBrand(type: string | null): CardBrand {
  const name = (type ?? '').trim().toUpperCase();
  return Object.values(CardBrand).find((brand) => brand === name) ?? CardBrand.OTHER;
}
