/** Confirming an account: its key by mail, the activation, and what an admin may ask about it. */
import { customerById, customerView } from './customers.ts';
import { badRequest, noSuchEntity, required } from './errors.ts';
import { requiredTexts } from './input.ts';
import { mailConfirmation } from './mails.ts';
import type { Route } from './router.ts';
import { type CustomerRow, findByEmail, type Shop, timestamp } from './shop.ts';

const MANAGE = 'Magento_Customer::manage';

function activate(shop: Shop, customer: CustomerRow, key: string): object {
  if (customer.confirmation === null) throw badRequest('The account is already active.');
  if (customer.confirmation !== key) {
    throw badRequest('The confirmation token is invalid. Verify the token and try again.');
  }
  customer.confirmation = null;
  customer.updated_at = timestamp(shop.now());
  const { extension_attributes: _left, ...view } = customerView(shop, customer);
  return view;
}

/** `GET V1/customers/{id}/confirm`, `POST V1/customers/confirm`, `PUT V1/customers/{email,me}/activate` */
export function confirmationRoutes(shop: Shop): Route[] {
  return [
    {
      method: 'GET',
      path: '/V1/customers/{customerId}/confirm',
      access: MANAGE,
      answer(call) {
        const customer = customerById(shop, call.id('customerId'));
        if (customer.confirmation !== null) return 'account_confirmation_required';
        return shop.settings.confirmAccounts ? 'account_confirmed' : 'account_confirmation_not_required';
      },
    },
    {
      method: 'POST',
      path: '/V1/customers/confirm',
      access: MANAGE,
      answer({ body }) {
        const email = requiredTexts(body, ['email', 'websiteId'])('email');
        const websiteId = body.int('website_id') ?? 0;
        const customer = findByEmail(shop, email, websiteId);
        if (!customer) throw noSuchEntity({ email, websiteId });
        if (customer.confirmation === null) throw badRequest("Confirmation isn't needed.");
        mailConfirmation(shop, customer);
        return true;
      },
    },
    {
      method: 'PUT',
      path: '/V1/customers/me/activate',
      access: 'self',
      answer: (call) =>
        activate(shop, call.self(), requiredTexts(call.body, ['confirmationKey'])('confirmationKey')),
    },
    {
      method: 'PUT',
      path: '/V1/customers/{email}/activate',
      access: MANAGE,
      answer(call) {
        const key = requiredTexts(call.body, ['confirmationKey'])('confirmationKey');
        if (key === '') throw required(['confirmationKey']);
        const email = call.param('email');
        const customer = findByEmail(shop, email, call.store.website_id);
        if (!customer) throw noSuchEntity({ email, websiteId: String(call.store.website_id) });
        return activate(shop, customer, key);
      },
    },
  ];
}
