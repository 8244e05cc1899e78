/** What the peers read of M2 and write to it, in the service's words: as little as gives the same answers. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { M2 } from './m2.ts';

interface Attributes {
  custom_attributes?: { attribute_code: string; value: string }[];
}
interface WireAddress extends Attributes {
  id: number;
  firstname: string;
  lastname: string;
  street: string[];
  city: string;
  region: { region_code: string | null; region: string | null };
  postcode: string;
  country_id: string;
  telephone: string;
}
interface WireCustomer extends Attributes {
  id: number;
  group_id: number;
  website_id: number;
  default_billing?: string;
  default_shipping?: string;
  email: string;
  firstname: string;
  middlename?: string;
  lastname: string;
  addresses: WireAddress[];
}
interface WireCard {
  id: string;
  last_4_digits: string;
  expiration_date: string;
  type: string;
}

export interface NewAddress {
  label: string;
  firstName: string;
  lastName: string;
  street: string[];
  city: string;
  postcode: string;
  countryCode: string;
  telephone: string;
}

export type Customer = ReturnType<typeof toCustomer>;
export type Address = ReturnType<typeof toAddress>;
export type Card = ReturnType<typeof toCard>;

const WEBSITE = 1;
const PLACEHOLDER = '@customers.invalid';
const SOON_MS = 60 * 24 * 60 * 60 * 1000;
const RIYADH_MS = 3 * 60 * 60 * 1000;
const LEASE_MS = 10_000;
const RELEASE =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

function attributesOf({ custom_attributes = [] }: Attributes): Record<string, string | undefined> {
  const values: Record<string, string> = {};
  for (const { attribute_code, value } of custom_attributes) values[attribute_code] = value;
  return values;
}

const nameOf = (name: string | undefined) => (name === undefined || name === '-' ? null : name);
const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text));

function toAddress(wire: WireAddress, customer: WireCustomer) {
  const { address_label = null, latitude, longitude } = attributesOf(wire);
  const { region_code: code, region: name } = wire.region;
  const id = String(wire.id);
  return {
    __typename: 'CustomerAddress',
    id,
    label: address_label,
    firstName: nameOf(wire.firstname),
    lastName: nameOf(wire.lastname),
    street: wire.street,
    city: wire.city,
    region: name === null ? null : { code, name, countryCode: wire.country_id },
    postcode: wire.postcode,
    countryCode: wire.country_id,
    telephone: wire.telephone,
    latitude: numberOf(latitude),
    longitude: numberOf(longitude),
    isDefaultBilling: customer.default_billing === id,
    isDefaultShipping: customer.default_shipping === id,
  };
}

function toCustomer(wire: WireCustomer) {
  const { phone_number: number, zip_code: zipCode, language } = attributesOf(wire);
  const [firstName, middleName, lastName] = [wire.firstname, wire.middlename, wire.lastname].map(nameOf);
  const email = wire.email.endsWith(PLACEHOLDER) ? null : wire.email;
  return {
    id: String(wire.id),
    email,
    firstName,
    middleName,
    lastName,
    fullName: [firstName, middleName, lastName].filter(Boolean).join(' ') || null,
    phone: number && zipCode ? { zipCode, number, e164: `${zipCode}${number}` } : null,
    language: language?.startsWith('ar') ? 'AR' : 'EN',
    groupId: String(wire.group_id),
    isProfileCompleted: email !== null && firstName !== null && lastName !== null,
    addresses: wire.addresses.map((address) => toAddress(address, wire)),
  };
}

function toCard({ id, last_4_digits, expiration_date, type }: WireCard) {
  const [month, year] = expiration_date.split('/').map(Number);
  // Good until the end of its month, in Riyadh.
  const leftMs = Date.UTC(year ?? 0, month ?? 0, 1) - RIYADH_MS - Date.now();
  return {
    id,
    brand: type,
    last4Digits: last_4_digits,
    expirationDate: expiration_date,
    isExpired: leftMs <= 0,
    expiresSoon: leftMs > 0 && leftMs <= SOON_MS,
  };
}

export async function findCustomer(m2: M2, id: string): Promise<Customer | null> {
  const wire = (await m2.get(`customers/${id}`)) as WireCustomer;
  return wire.website_id === WEBSITE ? toCustomer(wire) : null;
}

/** In the order of `ids`, with one search. */
export async function findCustomers(m2: M2, ids: readonly string[]): Promise<(Customer | null)[]> {
  const filter = (at: number, field: string, value: string, condition: string) => {
    const name = `searchCriteria[filterGroups][${at}][filters][0]`;
    return `${name}[field]=${field}&${name}[value]=${value}&${name}[conditionType]=${condition}`;
  };
  const query = [
    filter(0, 'entity_id', ids.join(','), 'in'),
    filter(1, 'website_id', String(WEBSITE), 'eq'),
    'searchCriteria[pageSize]=100',
  ].join('&');
  const { items } = (await m2.get(`customers/search?${query}`)) as { items: WireCustomer[] };
  const customers = new Map(items.map((wire) => [String(wire.id), toCustomer(wire)]));
  return ids.map((id) => customers.get(id) ?? null);
}

export async function findCards(m2: M2, customerId: string): Promise<Card[]> {
  const { cards } = (await m2.get(`hmg/customers/${customerId}/cards`)) as { cards: WireCard[] };
  return cards.map(toCard);
}

/** Runs `work` alone among all processes: M2 replaces the whole list of addresses at each write. */
export async function alone<T>(redis: Redis, name: string, work: () => Promise<T>): Promise<T> {
  const owner = randomUUID();
  const key = `lock:${name}`;
  while ((await redis.set(key, owner, 'PX', LEASE_MS, 'NX')) === null) await sleep(10 + Math.random() * 40);
  try {
    return await work();
  } finally {
    await redis.eval(RELEASE, 1, key, owner);
  }
}

export async function addAddress(
  m2: M2,
  redis: Redis,
  customerId: string,
  address: NewAddress,
): Promise<Address> {
  return alone(redis, `addresses:${customerId}`, async () => {
    const before = (await m2.get(`customers/${customerId}`)) as WireCustomer;
    const sent = {
      firstname: address.firstName,
      lastname: address.lastName,
      street: address.street,
      city: address.city,
      postcode: address.postcode,
      country_id: address.countryCode,
      telephone: address.telephone,
      custom_attributes: [{ attribute_code: 'address_label', value: address.label }],
    };
    const addresses = [...before.addresses.map(({ id }) => ({ id })), sent];
    const after = (await m2.put(`customers/${customerId}`, {
      customer: { id: before.id, addresses },
    })) as WireCustomer;
    const known = new Set(before.addresses.map(({ id }) => id));
    const added = after.addresses.find(({ id }) => !known.has(id));
    if (!added) throw new Error('M2 did not add the address');
    return toAddress(added, after);
  });
}
