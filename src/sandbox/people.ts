/** The made-up shoppers of the sandbox: what the shop holds about them, and what a developer signs in with. */
import type { CardRow, LoyaltyRow, NotificationRow, WalletRow } from './m2/shop.ts';
import { orderNotifications, pharmacyNotifications } from './notifications.ts';
import { PATIENTS } from './patients.ts';

/** A customer of the shop, with all that the shop's module holds about them. */
export interface Shopper {
  /** What the start-up text says of them. */
  about: string;
  password: string;
  /** As in the body of `POST V1/customers`. */
  customer: Record<string, unknown> & { email: string; firstname: string; lastname: string };
  cards?: readonly CardRow[];
  loyalty?: LoyaltyRow;
  wallet?: WalletRow;
  /** Oldest first. */
  notifications?: readonly Omit<NotificationRow, 'id'>[];
}

/** `MM/YYYY` so many months from now. */
function expiry(now: Date, months: number): string {
  const date = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  return `${String(date.getUTCMonth() + 1).padStart(2, '0')}/${date.getUTCFullYear()}`;
}

function cardsOf(now: Date): CardRow[] {
  const online = { requires_cvv: true, payment_method: 'checkout_com_cc' };
  return [
    { id: '9001', last_4_digits: '4242', expiration_date: expiry(now, 26), ...online, type: 'VISA' },
    {
      id: '9002',
      last_4_digits: '5588',
      expiration_date: expiry(now, 14),
      requires_cvv: false,
      payment_method: 'checkout_com_mada',
      type: 'MADA',
    },
    { id: '9003', last_4_digits: '1117', expiration_date: expiry(now, -3), ...online, type: 'MASTERCARD' },
    { id: '9004', last_4_digits: '0005', expiration_date: expiry(now, 0), ...online, type: 'VISA' },
  ];
}

function address(label: string, street: string[], place: object, values: object = {}): object {
  return { country_id: 'SA', street, ...place, custom_attributes: { address_label: label }, ...values };
}

const RIYADH = { city: 'Riyadh', postcode: '12211', region: { region: 'SA-01' } };
const JEDDAH = { city: 'Jeddah', postcode: '23431', region: { region: 'Makkah' } };
const BOTH_DEFAULTS = { default_billing: true, default_shipping: true };

/** Who the shop knows, anew for each sandbox; card dates are counted from `now`. */
export function shoppers(now: Date): Shopper[] {
  const sara = { firstname: 'Sara', lastname: 'Ali' };
  const atSara = { ...sara, telephone: '+966501234567' };
  return [
    {
      about: 'two addresses, four cards (one expired, one about to), Lakum member, wallet, 24 notifications',
      password: 'Sandbox-Sara-1',
      customer: {
        ...sara,
        email: 'sara@example.com',
        gender: 2,
        dob: '1994-04-09',
        custom_attributes: {
          phone_number: '501234567',
          zip_code: '+966',
          phone_verified: 1,
          email_verified: 1,
          is_patient: 0,
          language: 'en',
        },
        addresses: [
          address('Home', ['King Fahd Rd 12', 'Al Olaya'], { ...atSara, ...RIYADH }, BOTH_DEFAULTS),
          address('Work', ['Tahlia St 4'], { ...atSara, ...JEDDAH }),
        ],
      },
      cards: cardsOf(now),
      loyalty: { status: 'active', member_id: 'LK100001', points: 1250 },
      wallet: { balance: '150.00', currency: 'SAR', use_in_payment: true },
      notifications: orderNotifications(now),
    },
    {
      about: 'the hospital knows him too, the shop does not know that yet',
      password: 'Sandbox-Omar-1',
      customer: {
        email: 'omar@example.com',
        firstname: 'Omar',
        lastname: 'Khan',
        custom_attributes: { phone_number: '0502345678', zip_code: '966', phone_verified: 1, is_patient: 0 },
      },
    },
    {
      about: 'her phone was never proven: signs in by e-mail',
      password: 'Sandbox-Lina-1',
      customer: {
        email: 'lina@example.com',
        firstname: 'Lina',
        lastname: 'Noor',
        custom_attributes: {
          phone_number: '503456789',
          zip_code: '+966',
          phone_verified: 0,
          email_verified: 1,
          language: 'ar',
        },
      },
    },
    {
      about: 'patient who is a shopper already; wallet, 3 notifications',
      password: 'Sandbox-Noura-1',
      customer: {
        email: 'noura@example.com',
        firstname: 'Noura',
        lastname: 'Al-Qahtani',
        gender: 2,
        dob: '1985-03-15',
        custom_attributes: {
          phone_number: '551234567',
          zip_code: '+966',
          phone_verified: 1,
          email_verified: 1,
          is_patient: 1,
          national_id: '1088123458',
          file_no: '70001',
          dob_hijri: '1405-06-23',
          firstname_ar: 'نورة',
          lastname_ar: 'القحطاني',
          nationality: 'Saudi Arabia',
          nationality_iso_code: 'SA',
        },
      },
      wallet: { balance: '37.5000', currency: 'SAR', use_in_payment: false },
      notifications: pharmacyNotifications(now),
    },
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}

/** Two plain tables for the start-up text: shoppers with phone, e-mail and password, patients with their IDs. */
export function describePeople(): string {
  const shop = shoppers(new Date()).map(({ about, password, customer }) => [
    `${customer.firstname} ${customer.lastname}`,
    phoneOf(customer),
    customer.email,
    password,
    about,
  ]);
  const hospital = PATIENTS.map(({ about, record }) => [
    `${record.name.firstName} ${record.name.lastName}`,
    `${record.zipCode} ${record.phoneNo}`,
    record.nationalID,
    record.fileNo,
    about,
  ]);
  return [
    'Shoppers',
    table([['name', 'phone', 'e-mail', 'password', ''], ...shop]),
    '',
    'Patients of the hospital',
    table([['name', 'phone', 'national ID', 'file number', ''], ...hospital]),
  ].join('\n');
}

function phoneOf({ custom_attributes: attributes }: Shopper['customer']): string {
  const values = new Map(Object.entries(attributes ?? {}).map(([code, value]) => [code, String(value)]));
  const dialCode = (values.get('zip_code') ?? '').replace(/^\+?/, '+');
  return `${dialCode} ${(values.get('phone_number') ?? '').replace(/^0/, '')}`;
}
