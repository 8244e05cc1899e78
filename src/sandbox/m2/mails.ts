/** The mails that a shop sends by itself. They land in the outbox without a detour. */
import { randomInt } from 'node:crypto';
import type { CustomerRow, Shop } from './shop.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const KEY_LENGTH = 32;

/** A key as M2 puts it into links: 32 letters and digits. */
export function randomKey(): string {
  return Array.from({ length: KEY_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

function send(shop: Shop, customer: CustomerRow, subject: string, text: string): void {
  shop.outbox.add({ channel: 'email', to: customer.email, subject, text, language: 'en' });
}

/**
 * Gives the customer a new reset token, which voids older ones, and returns the link to follow.
 *
 * `base` is the page that M2 appends id and token to; its own page when left out.
 */
export function resetLink(shop: Shop, customer: CustomerRow, base?: string): string {
  const token = randomKey();
  customer.secrets.reset = { token, requestedAt: shop.now() };
  const link = new URL(base ?? `${shop.url}/customer/account/createPassword/`);
  link.searchParams.set('id', String(customer.id));
  link.searchParams.set('token', token);
  return link.href;
}

/** The mail with a link to set a new password. */
export function mailReset(shop: Shop, customer: CustomerRow, base?: string): void {
  const link = resetLink(shop, customer, base);
  send(
    shop,
    customer,
    'Reset your password',
    `There was a request to change your password.\n\nSet it here: ${link}\n`,
  );
}

/** The mail with the confirmation key of an account that is not confirmed yet. */
export function mailConfirmation(shop: Shop, customer: CustomerRow): void {
  const link = new URL(`${shop.url}/customer/account/confirm/`);
  link.searchParams.set('id', String(customer.id));
  link.searchParams.set('key', customer.confirmation ?? '');
  send(shop, customer, 'Please confirm your account', `Confirm your account here: ${link.href}\n`);
}

/** What M2 sends to whoever has just got an account, placeholder addresses included. */
export function mailWelcome(shop: Shop, customer: CustomerRow): void {
  if (customer.confirmation !== null) {
    mailConfirmation(shop, customer);
  } else if (customer.secrets.passwordHash === null) {
    const link = resetLink(shop, customer);
    send(shop, customer, 'Welcome to the shop', `Your account is ready. Set a password here: ${link}\n`);
  } else {
    send(shop, customer, 'Welcome to the shop', 'Your account is ready.\n');
  }
}
