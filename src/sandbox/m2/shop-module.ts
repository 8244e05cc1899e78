/** The shop's own module: what stock Magento has no route for. */
import { customerById } from './customers.ts';
import { deviceRoutes } from './devices.ts';
import { noSuchEntity } from './errors.ts';
import { requiredTexts } from './input.ts';
import { mailReset } from './mails.ts';
import { notificationRoutes } from './notifications.ts';
import type { Route } from './router.ts';
import { findByEmail, type LoyaltyRow, type Shop } from './shop.ts';
import { walletRoutes } from './wallets.ts';

const ACCESS = 'Hmg_Customer::manage';
const NOT_ENROLLED: LoyaltyRow = { status: 'not_enrolled', member_id: null, points: 0 };

/** `V1/hmg/customers/{id}/cards`, `…/loyalty`, `…/wallet`, `…/notifications`, `…/devices`, and `PUT V1/hmg/customers/password` */
export function shopModuleRoutes(shop: Shop): Route[] {
  return [
    ...walletRoutes(shop),
    ...notificationRoutes(shop),
    ...deviceRoutes(shop),
    {
      method: 'GET',
      path: '/V1/hmg/customers/{customerId}/cards',
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        return { cards: shop.cards.get(id) ?? [] };
      },
    },
    {
      method: 'DELETE',
      path: '/V1/hmg/customers/{customerId}/cards/{cardId}',
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        const cardId = call.param('cardId');
        const cards = shop.cards.get(id) ?? [];
        if (!cards.some((card) => card.id === cardId)) throw noSuchEntity({ cardId });
        shop.cards.set(
          id,
          cards.filter((card) => card.id !== cardId),
        );
        return true;
      },
    },
    {
      method: 'GET',
      path: '/V1/hmg/customers/{customerId}/loyalty',
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        return shop.loyalty.get(id) ?? NOT_ENROLLED;
      },
    },
    {
      method: 'POST',
      path: '/V1/hmg/customers/{customerId}/loyalty',
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        const current = shop.loyalty.get(id) ?? NOT_ENROLLED;
        if (current.status !== 'active') {
          const memberId = current.member_id ?? `LK${String(100_000 + id)}`;
          shop.loyalty.set(id, { ...current, status: 'active', member_id: memberId });
        }
        return shop.loyalty.get(id);
      },
    },
    {
      method: 'PUT',
      path: '/V1/hmg/customers/password',
      access: ACCESS,
      answer({ body, store }) {
        const text = requiredTexts(body, ['email', 'redirectUri']);
        const customer = findByEmail(shop, text('email'), store.website_id);
        if (!customer) throw noSuchEntity({ email: text('email'), websiteId: store.website_id });
        mailReset(shop, customer, text('redirectUri'));
        return true;
      },
    },
  ];
}
