/** Fills a new shop with the sandbox's shoppers. */
import { readCustomer } from './m2/customer-input.ts';
import { createCustomer } from './m2/customers.ts';
import type { Shop } from './m2/shop.ts';
import { createOutbox } from './outbox.ts';
import { shoppers } from './people.ts';

/** Creates them through the shop's own rules, one after the other; their welcome mails go nowhere. */
export async function seedShop(shop: Shop): Promise<void> {
  const quiet = { ...shop, outbox: createOutbox() };
  for (const { customer, password, cards, loyalty, wallet, notifications } of shoppers(shop.now())) {
    const { id } = await createCustomer(quiet, readCustomer(quiet, customer), password);
    if (cards) shop.cards.set(id, [...cards]);
    if (loyalty) shop.loyalty.set(id, loyalty);
    if (wallet) shop.wallets.set(id, wallet);
    if (notifications) {
      const rows = notifications.map((row) => ({ ...row, id: shop.nextId('notification') }));
      shop.notifications.set(id, rows);
    }
  }
}
