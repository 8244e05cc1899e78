/** The routes of customers: `V1/customers`, `…/me`, `…/{id}` and what hangs below them. */
import { defaultAddressView } from './addresses.ts';
import { readCustomer } from './customer-input.ts';
import { createCustomer, customerById, customerView, updateById, updateSelf } from './customers.ts';
import { notFound, required, unauthorized } from './errors.ts';
import { type Properties, requiredTexts } from './input.ts';
import type { Route } from './router.ts';
import { findByEmail, type Shop } from './shop.ts';
import { storeOfWebsite } from './stores.ts';

const VIEW = 'Magento_Customer::customer';
const MANAGE = 'Magento_Customer::manage';

function customerOf(body: Properties): unknown {
  const customer = body.raw('customer') ?? null;
  if (customer === null) throw required(['customer']);
  return customer;
}

function without(view: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(view).filter(([key]) => key !== name));
}

const DEFAULT_ADDRESSES = [
  { path: 'billingAddress', field: 'default_billing' },
  { path: 'shippingAddress', field: 'default_shipping' },
] as const;

/** Every route whose subject is a customer as a whole. */
export function customerRoutes(shop: Shop): Route[] {
  const show = (row: Parameters<typeof customerView>[1]) => customerView(shop, row);
  return [
    {
      method: 'POST',
      path: '/V1/customers',
      access: 'anonymous',
      async answer({ body, caller }) {
        const input = readCustomer(shop, customerOf(body));
        if (input.group_id && caller.kind !== 'admin') throw unauthorized(MANAGE);
        const customer = await createCustomer(shop, input, body.text('password') ?? null);
        return without(show(customer), 'confirmation');
      },
    },
    { method: 'GET', path: '/V1/customers/me', access: 'self', answer: (call) => show(call.self()) },
    {
      method: 'PUT',
      path: '/V1/customers/me',
      access: 'self',
      answer(call) {
        const stored = call.self();
        const customer = updateSelf(shop, stored, readCustomer(shop, customerOf(call.body)));
        // A hash from outside is stored as it is: from then on no password fits the account.
        const hash = call.body.text('password_hash');
        if (hash) customer.secrets.passwordHash = hash;
        return show(customer);
      },
    },
    {
      method: 'GET',
      path: '/V1/customers/{customerId}',
      access: VIEW,
      answer: (call) => show(customerById(shop, call.id('customerId'))),
    },
    {
      method: 'PUT',
      path: '/V1/customers/{customerId}',
      access: MANAGE,
      answer(call) {
        const json = customerOf(call.body);
        const stored = customerById(shop, call.id('customerId'));
        return show(updateById(shop, stored, readCustomer(shop, json)));
      },
    },
    {
      method: 'DELETE',
      path: '/V1/customers/{customerId}',
      access: 'Magento_Customer::delete',
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        return shop.customers.delete(id);
      },
    },
    ...DEFAULT_ADDRESSES.flatMap(({ path, field }): Route[] => [
      {
        method: 'GET',
        path: `/V1/customers/me/${path}`,
        access: 'self',
        answer: (call) => defaultAddressView(shop, call.self(), field),
      },
      {
        method: 'GET',
        path: `/V1/customers/{customerId}/${path}`,
        access: MANAGE,
        answer: (call) => defaultAddressView(shop, customerById(shop, call.id('customerId')), field),
      },
    ]),
    {
      method: 'GET',
      path: '/V1/customers/{customerId}/permissions/readonly',
      access: MANAGE,
      answer: () => false,
    },
    {
      method: 'PUT',
      path: '/V1/customers/validate',
      access: MANAGE,
      answer({ body }) {
        const { group_id, texts } = readCustomer(shop, customerOf(body));
        const labels = {
          Group: group_id,
          'First Name': texts.get('firstname'),
          'Last Name': texts.get('lastname'),
        };
        const messages = Object.entries(labels).flatMap(([label, value]) =>
          value ? [] : [`The "${label}" attribute value is empty. Set the attribute and try again.`],
        );
        return { valid: messages.length === 0, messages };
      },
    },
    {
      method: 'POST',
      path: '/V1/customers/isEmailAvailable',
      access: 'anonymous',
      answer({ body, store }) {
        const text = requiredTexts(body, ['customerEmail']);
        if (!shop.settings.guestCheckoutLogin) return true;
        const websiteId = body.int('website_id') ?? store.website_id;
        if (!storeOfWebsite(websiteId)) {
          throw notFound(
            `The website with id ${websiteId} that was requested wasn't found. Verify the website and try again.`,
          );
        }
        return findByEmail(shop, text('customerEmail'), websiteId) === undefined;
      },
    },
  ];
}
