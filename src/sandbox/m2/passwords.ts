/** Passwords: M2's rules, the change with the current one, and the reset by mail. */
import { badRequest, invalidValue, noSuchEntity, rejected, required } from './errors.ts';
import { requiredTexts } from './input.ts';
import { mailReset } from './mails.ts';
import type { Route } from './router.ts';
import { type CustomerRow, findByEmail, type Shop } from './shop.ts';
import { hashOf } from './tokens.ts';

const MIN_LENGTH = 8;
const MAX_LENGTH = 256;
const MIN_CLASSES = 3;
const CLASSES = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z0-9]/];
const RESET_LIFETIME_MS = 2 * 60 * 60_000;
const MAX_FAILURES = 10;
const LOCK_MS = 10 * 60_000;

/** Refuses with 400 what M2's default rules do not take. */
export function checkPassword(password: string, email: string): void {
  if (password.length > MAX_LENGTH) {
    throw badRequest('Please enter a password with at most %1 characters.', [MAX_LENGTH]);
  }
  if (password.length < MIN_LENGTH) {
    throw badRequest('The password needs at least %1 characters. Create a new password and try again.', [
      String(MIN_LENGTH),
    ]);
  }
  if (password.trim() !== password) {
    throw badRequest("The password can't begin or end with a space. Verify the password and try again.");
  }
  if (CLASSES.filter((pattern) => pattern.test(password)).length < MIN_CLASSES) {
    throw badRequest(
      'Minimum of different classes of characters in password is %1. ' +
        'Classes of characters: Lower Case, Upper Case, Digits, Special Characters.',
      [String(MIN_CLASSES)],
    );
  }
  if (password.toLowerCase() === email.toLowerCase()) {
    throw badRequest(
      "The password can't be the same as the email address. Create a new password and try again.",
    );
  }
}

/** Counts a wrong current password; the lock that follows keeps new tokens away, not the ones in use. */
function countFailure(shop: Shop, customer: CustomerRow): Error {
  const { secrets } = customer;
  const now = shop.now();
  if (secrets.lockedUntil !== null && secrets.lockedUntil > now) return rejected('The account is locked.');
  secrets.failures += 1;
  if (secrets.failures >= MAX_FAILURES) secrets.lockedUntil = new Date(now.getTime() + LOCK_MS);
  return rejected("The password doesn't match this account. Verify the password and try again.");
}

function checkResetToken(shop: Shop, customer: CustomerRow, token: string): void {
  const { reset } = customer.secrets;
  if (reset?.token !== token) throw badRequest('The password token is mismatched. Reset and try again.');
  if (shop.now().getTime() - reset.requestedAt.getTime() > RESET_LIFETIME_MS) {
    throw badRequest('The password token is expired. Reset and try again.');
  }
}

const TEMPLATES = { template1: 'email_reminder', template2: 'email_reset' };

/**
 * `PUT V1/customers/me/password`, `PUT V1/customers/password`, `POST V1/customers/resetPassword`,
 * `GET V1/customers/{id}/password/resetLinkToken/{token}`
 */
export function passwordRoutes(shop: Shop): Route[] {
  return [
    {
      method: 'PUT',
      path: '/V1/customers/me/password',
      access: 'self',
      answer(call) {
        const text = requiredTexts(call.body, ['currentPassword', 'newPassword']);
        const customer = call.self();
        if (customer.secrets.passwordHash !== hashOf(text('currentPassword')))
          throw countFailure(shop, customer);
        checkPassword(text('newPassword'), customer.email);
        customer.secrets.passwordHash = hashOf(text('newPassword'));
        return true;
      },
    },
    {
      method: 'PUT',
      path: '/V1/customers/password',
      access: 'anonymous',
      answer({ body, store }) {
        const text = requiredTexts(body, ['email', 'template']);
        const websiteId = body.int('website_id') ?? store.website_id;
        const customer = findByEmail(shop, text('email'), websiteId);
        if (!customer) throw noSuchEntity({ email: text('email'), websiteId });
        if (!Object.values(TEMPLATES).includes(text('template'))) {
          throw badRequest(
            'Invalid value of "%value" provided for the %fieldName field. ' +
              'Possible values: %template1 or %template2.',
            { value: text('template'), fieldName: 'template', ...TEMPLATES },
          );
        }
        mailReset(shop, customer);
        return true;
      },
    },
    {
      method: 'POST',
      path: '/V1/customers/resetPassword',
      access: 'anonymous',
      answer({ body, store }) {
        const text = requiredTexts(body, ['email', 'resetToken', 'newPassword']);
        if (text('email') === '') throw required(['email']);
        if (text('resetToken') === '') throw required(['resetPasswordLinkToken']);
        const customer = findByEmail(shop, text('email'), store.website_id);
        if (!customer) throw noSuchEntity({ email: text('email'), websiteId: String(store.website_id) });
        checkResetToken(shop, customer, text('resetToken'));
        checkPassword(text('newPassword'), customer.email);
        Object.assign(customer.secrets, {
          passwordHash: hashOf(text('newPassword')),
          reset: null,
          failures: 0,
          lockedUntil: null,
        });
        return true;
      },
    },
    {
      method: 'GET',
      path: '/V1/customers/{customerId}/password/resetLinkToken/{token}',
      access: 'anonymous',
      answer(call) {
        const customerId = call.id('customerId');
        if (customerId === 0) throw invalidValue('customerId', 0);
        const customer = shop.customers.get(customerId);
        if (!customer) throw noSuchEntity({ customerId });
        checkResetToken(shop, customer, call.param('token'));
        return true;
      },
    },
  ];
}
