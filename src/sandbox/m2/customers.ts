/** Customers: how one is created, changed and shown. */
import { setTimeout as pause } from 'node:timers/promises';
import type { AddressInput } from './address-input.ts';
import { addressView, type DefaultIds, replaceAddresses } from './addresses.ts';
import { customAttributesView, writeCustomAttributes } from './custom-attributes.ts';
import { type CustomerInput, validateCustomer } from './customer-input.ts';
import { badRequest, internalError, noSuchEntity, notFound } from './errors.ts';
import { mailWelcome, randomKey } from './mails.ts';
import { checkPassword } from './passwords.ts';
import { type CustomerRow, findByEmail, type Shop, timestamp } from './shop.ts';
import { DEFAULT_STORE, type StoreView, storeById, storeOfWebsite } from './stores.ts';
import { hashOf } from './tokens.ts';

const GENERAL_GROUP = 1;
const EMAIL_TAKEN = 'A customer with the same email address already exists in an associated website.';

/** As long as the real one takes to be beaten by another request with the same e-mail. */
const CREATION_MS = 10;

/** The customer by id, refused with 404 when there is none. */
export function customerById(shop: Shop, customerId: number): CustomerRow {
  const customer = shop.customers.get(customerId);
  if (!customer) throw noSuchEntity({ customerId });
  return customer;
}

/** A customer as answers show it. `confirmation` is there when the account is not confirmed yet. */
export function customerView(shop: Shop, row: CustomerRow): Record<string, unknown> {
  const { is_subscribed, addresses, custom, secrets: _secrets, ...scalars } = row;
  return {
    ...Object.fromEntries(Object.entries(scalars).filter(([, value]) => value !== null && value !== '')),
    addresses: addresses.map((address) => addressView(shop, row, address)),
    disable_auto_group_change: 0,
    extension_attributes: { is_subscribed },
    ...customAttributesView(custom, shop.attributes.customer),
  };
}

function newRow(id: number, store: StoreView, now: string): CustomerRow {
  return {
    id,
    group_id: GENERAL_GROUP,
    default_billing: null,
    default_shipping: null,
    confirmation: null,
    created_at: now,
    updated_at: now,
    created_in: store.name,
    dob: null,
    email: '',
    firstname: '',
    lastname: '',
    middlename: null,
    prefix: null,
    suffix: null,
    gender: null,
    store_id: store.id,
    taxvat: null,
    website_id: store.website_id,
    is_subscribed: false,
    addresses: [],
    custom: new Map(),
    secrets: { passwordHash: null, failures: 0, lockedUntil: null, reset: null, revokedAt: 0 },
  };
}

/** The store that the body names by store or website; the path does not count. */
function storeFor(input: CustomerInput): StoreView {
  const websiteId = input.website_id ?? undefined;
  const store = input.store_id ? storeById(input.store_id) : undefined;
  if (input.store_id && !store) {
    throw notFound("The store that was requested wasn't found. Verify the store and try again.");
  }
  if (store && (websiteId === undefined || store.website_id === websiteId)) return store;
  const ofWebsite = websiteId === undefined ? DEFAULT_STORE : storeOfWebsite(websiteId);
  if (!ofWebsite) {
    throw notFound(
      `The website with id ${websiteId} that was requested wasn't found. Verify the website and try again.`,
    );
  }
  return ofWebsite;
}

function applyOwnFields(row: CustomerRow, input: CustomerInput): void {
  Object.assign(row, Object.fromEntries(input.texts));
  if (typeof input.gender === 'number') row.gender = input.gender;
  if (typeof input.dob === 'string') row.dob = input.dob || null;
  if (typeof input.is_subscribed === 'boolean') row.is_subscribed = input.is_subscribed;
  writeCustomAttributes(row.custom, input.custom);
}

function isEmailTaken(shop: Shop, row: CustomerRow): boolean {
  const other = findByEmail(shop, row.email, row.website_id);
  return other !== undefined && other.id !== row.id;
}

function check(shop: Shop, row: CustomerRow): void {
  if (row.email === '') throw badRequest('The customer email is missing. Enter and try again.');
  if (isEmailTaken(shop, row)) throw badRequest(EMAIL_TAKEN);
  validateCustomer(row);
}

/**
 * Creates a customer, with a password or without, and sends the welcome mail.
 *
 * Between the check for the e-mail and the row another request may win: that is a masked 500, not a 400.
 */
export async function createCustomer(
  shop: Shop,
  input: CustomerInput,
  password: string | null,
): Promise<CustomerRow> {
  const email = input.texts.get('email');
  if (email === undefined) throw internalError();
  if (password !== null) checkPassword(password, email);
  if (input.id) {
    const found = findByEmail(shop, email, DEFAULT_STORE.website_id);
    if (!found) throw noSuchEntity({ email, websiteId: String(DEFAULT_STORE.website_id) });
    throw badRequest('This customer already exists in this store.');
  }
  const row = newRow(0, storeFor(input), timestamp(shop.now()));
  applyOwnFields(row, input);
  check(shop, row);
  await pause(CREATION_MS);
  if (isEmailTaken(shop, row)) throw internalError();
  row.id = shop.nextId('customer');
  if (input.group_id) row.group_id = input.group_id;
  if (input.created_at) row.created_at = input.created_at;
  row.confirmation = input.confirmation || (shop.settings.confirmAccounts ? randomKey() : null);
  if (password !== null) row.secrets.passwordHash = hashOf(password);
  replaceAddresses(shop, row, input.addresses ?? [], { default_billing: null, default_shipping: null });
  shop.customers.set(row.id, row);
  mailWelcome(shop, row);
  return row;
}

function saved(shop: Shop, row: CustomerRow): CustomerRow {
  row.updated_at = timestamp(shop.now());
  shop.customers.set(row.id, row);
  return row;
}

/**
 * `PUT V1/customers/me`: e-mail and names must be there, what decides over the account is ignored, and a
 * default that is not named again with the list is dropped.
 */
export function updateSelf(shop: Shop, stored: CustomerRow, input: CustomerInput): CustomerRow {
  const row = structuredClone(stored);
  Object.assign(row, { email: '', firstname: '', lastname: '' });
  applyOwnFields(row, input);
  check(shop, row);
  if (input.addresses) {
    replaceAddresses(shop, row, input.addresses, {
      default_billing: input.default_billing ?? null,
      default_shipping: input.default_shipping ?? null,
    });
  }
  return saved(shop, row);
}

function echo({ id }: { id: number }): AddressInput {
  const unchanged = {
    street: undefined,
    region: undefined,
    default_billing: undefined,
    default_shipping: undefined,
  };
  return { id, texts: new Map(), custom: new Map(), ...unchanged };
}

/**
 * `PUT V1/customers/{id}`: merged over the stored customer.
 *
 * A body with another customer's id writes the path's customer, merged, over that one: real M2 does.
 */
export function updateById(shop: Shop, stored: CustomerRow, input: CustomerInput): CustomerRow {
  const target = input.id && input.id !== stored.id ? customerById(shop, input.id) : stored;
  const row = structuredClone(stored);
  Object.assign(row, {
    id: target.id,
    secrets: target.secrets,
    addresses: structuredClone(target.addresses),
  });
  applyOwnFields(row, input);
  if (input.group_id) row.group_id = input.group_id;
  if (input.website_id) row.website_id = input.website_id;
  if (input.store_id) row.store_id = input.store_id;
  if (input.confirmation !== undefined) row.confirmation = input.confirmation || null;
  check(shop, row);
  const addresses = input.addresses ?? (target === stored ? undefined : stored.addresses.map(echo));
  if (addresses) {
    const named = (field: keyof DefaultIds) => (input[field] === undefined ? stored[field] : input[field]);
    replaceAddresses(shop, row, addresses, {
      default_billing: named('default_billing'),
      default_shipping: named('default_shipping'),
    });
  } else {
    // Saving an address as it is writes the region that it does not have.
    for (const address of row.addresses) address.region_id ??= 0;
  }
  return saved(shop, row);
}
