/** Everything that one M2 stand-in holds. Rows keep Magento's own spelling, so that answers are mostly a copy. */
import type { Outbox } from '../outbox.ts';
import type { Attribute } from './attributes.ts';

/** `null` means unset, which the wire leaves out. */
export interface AddressRow {
  id: number;
  /** `null` until a region, an id of one, or nothing by that name was written: only then the wire shows it. */
  region_id: number | null;
  region: string | null;
  country_id: string;
  street: string[];
  company: string | null;
  telephone: string;
  fax: string | null;
  postcode: string | null;
  city: string;
  firstname: string;
  lastname: string;
  middlename: string | null;
  prefix: string | null;
  suffix: string | null;
  vat_id: string | null;
  custom: Map<string, string>;
}

/** Times are UTC as `YYYY-MM-DD HH:MM:SS`, `dob` is `YYYY-MM-DD`. */
export interface CustomerRow {
  id: number;
  group_id: number;
  default_billing: string | null;
  default_shipping: string | null;
  /** The confirmation key of an account that is not confirmed yet. */
  confirmation: string | null;
  created_at: string;
  updated_at: string;
  created_in: string;
  dob: string | null;
  email: string;
  firstname: string;
  lastname: string;
  middlename: string | null;
  prefix: string | null;
  suffix: string | null;
  gender: number | null;
  store_id: number;
  taxvat: string | null;
  website_id: number;
  is_subscribed: boolean;
  addresses: AddressRow[];
  custom: Map<string, string>;
  secrets: Secrets;
}

/** What no answer shows. */
export interface Secrets {
  /** `null` for an account made without a password. */
  passwordHash: string | null;
  failures: number;
  lockedUntil: Date | null;
  reset: { token: string; requestedAt: Date } | null;
  /** Tokens issued in this second or before are dead; seconds since 1970. */
  revokedAt: number;
}

/** A saved card in the shop module's shape. */
export interface CardRow {
  id: string;
  last_4_digits: string;
  /** `MM/YYYY` */
  expiration_date: string;
  requires_cvv: boolean;
  payment_method: string;
  type: string;
}

/** The Lakum membership in the shop module's shape; `member_id` is `null` until enrolled. */
export interface LoyaltyRow {
  status: 'not_enrolled' | 'pending' | 'active';
  member_id: string | null;
  points: number;
}

/** A wallet in the shop module's shape; `balance` is a decimal number as text. */
export interface WalletRow {
  balance: string;
  currency: string;
  use_in_payment: boolean;
}

/** A notification in the shop module's shape, its texts apart by language. */
export interface NotificationRow {
  id: number;
  created_at: string;
  is_read: boolean;
  texts: Record<'en' | 'ar', { title: string; body: string }>;
}

/** A device that gets push messages, in the shop module's shape. */
export interface DeviceRow {
  customer_id: number;
  device_id: string;
  registration_id: string;
  type: string;
  name: string | null;
  language: string | null;
  expires_at: string;
}

/** Switches of a real shop's configuration, each with Magento's default unless said otherwise. */
export interface ShopSettings {
  /** `customer/create_account/confirm` */
  confirmAccounts: boolean;
  /** `checkout/options/enable_guest_checkout_login`; without it `isEmailAvailable` is always true. */
  guestCheckoutLogin: boolean;
  /** `webapi/validation/input_limit_enabled`, with 100 rows a page, 5 by default, 20 items in an array. */
  inputLimits: boolean;
  /** `oauth/consumer/enable_integration_as_bearer`; Magento's default is off. */
  integrationAsBearer: boolean;
  /** What every request meets instead of an answer. */
  outage: 'maintenance' | 'database' | 'php' | null;
}

/** One shop: its switches, its people, and what it remembers of them. */
export interface Shop {
  /** Where links in mails lead, without a slash at the end. */
  url: string;
  settings: ShopSettings;
  now(): Date;
  outbox: Outbox;
  customers: Map<number, CustomerRow>;
  attributes: { customer: readonly Attribute[]; address: readonly Attribute[] };
  cards: Map<number, CardRow[]>;
  loyalty: Map<number, LoyaltyRow>;
  wallets: Map<number, WalletRow>;
  notifications: Map<number, NotificationRow[]>;
  devices: DeviceRow[];
  /** Passwords by user name. */
  admins: ReadonlyMap<string, string>;
  integrationToken: string;
  /** Failed sign-ins in a row by kind and user name, existing or not. */
  throttle: Map<string, { failures: number; lastAt: Date }>;
  nextId(of: 'customer' | 'address' | 'notification'): number;
}

/** The time as Magento writes it: UTC, no zone mark. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

/** The customer of one website with this e-mail in any case, or `undefined`. */
export function findByEmail(shop: Shop, email: string, websiteId: number): CustomerRow | undefined {
  const wanted = email.toLowerCase();
  for (const row of shop.customers.values()) {
    if (row.website_id === websiteId && row.email.toLowerCase() === wanted) return row;
  }
  return undefined;
}
