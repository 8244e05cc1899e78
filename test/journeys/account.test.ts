/** Accounts by e-mail and password: asked for, and activated by the mailed link. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ActivateAccountDocument,
  type ActivateAccountInput,
  CustomerDocument,
  type PasswordRegisterInput,
  RegisterWithPasswordDocument,
} from '../support/operations.ts';
import { type Asking, type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToLogIn,
  attributesOf,
  dataOf,
  linkTo,
  messageTo,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  spend,
  writesOf,
} from './steps.ts';

const PASSWORD = 'Seven plum trees, 1 row';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({
    OTP_PAUSE_SECONDS: '0',
    OTP_PER_PHONE_HOUR: '100',
    ACCOUNT_LINK_URL: 'https://shop.example.com/account?from=mail',
  });
});
afterAll(() => service.close());

async function register(email: string, more: Partial<PasswordRegisterInput> = {}, asking?: Asking) {
  const input = { firstName: 'Rami', lastName: 'Haddad', email, password: PASSWORD, ...more };
  return dataOf(await service.ask(RegisterWithPasswordDocument, { input }, asking)).registerWithPassword;
}
const activate = async (input: ActivateAccountInput) =>
  dataOf(await service.ask(ActivateAccountDocument, { input })).activateAccount;

/** Whether the password opens the account in the shop itself. */
async function opens(username: string, password: string): Promise<boolean> {
  const response = await fetch(`${sandboxOf(service).m2Url}/V1/integration/customer/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return response.ok;
}

describe('a new account', () => {
  it('is nothing but a mail with a link until that is opened, in either language', async () => {
    const before = shopOf(service).customers.size;
    for (const [language, subject, words, direction] of [
      ['en', 'Activate your account', 'It works once, for 24 hours.', 'ltr'],
      ['ar', 'تفعيل الحساب', 'ومدة صلاحيته 24 ساعة.', 'rtl'],
    ] as const) {
      const email = `rami.${language}@example.com`;
      const challenge = as('EmailChallenge', await register(email, {}, { language }));
      expect(challenge).toMatchObject({ maskedDestination: 'r•••@example.com' });
      expect(challenge.expiresInSeconds).toBeGreaterThan(24 * 3600 - 60);
      const mail = await messageTo(sandboxOf(service), email, words);
      expect(mail).toMatchObject({ channel: 'email', language, subject });
      expect(mail.html).toContain(`<html lang="${language}" dir="${direction}">`);
      const link = new URL(await linkTo(sandboxOf(service), email, words));
      expect(`${link.origin}${link.pathname}`).toBe('https://shop.example.com/account');
      expect(Object.fromEntries(link.searchParams)).toEqual({
        from: 'mail',
        action: 'activateAccount',
        identifier: challenge.identifier,
      });
      expect(link.hash, 'S10').toBe(`#${challenge.key}`);
      expect(mail.html).toContain(`href="${link.href.replaceAll('&', '&amp;')}"`);
      for (const part of [mail.text, mail.html]) expect(part, 'typed by a stranger').not.toContain('Rami');
    }
    expect(shopOf(service).customers.size).toBe(before);
    expect(writesOf(service)).toEqual([]);
  });

  it('is made by the link: signed in, its e-mail proven, its phone typed and no more, its password set', async () => {
    const email = 'rami@example.com';
    const more = {
      phone: saudi('561114455'),
      acceptedTermsVersion: '7',
      isSubscribed: true,
      passwordConfirmation: PASSWORD,
    };
    await register(email, more, { language: 'ar' });
    const { identifier, key } = keyOf(await linkTo(sandboxOf(service), email, 'الرابط'));
    const device = { deviceId: 'rami-1', type: 'WEB' } as const;
    const session = as('CustomerSession', await activate({ identifier, key, device }));
    expect(session).toMatchObject({
      isNewCustomer: true,
      customer: { fullName: 'Rami Haddad', email, emailVerified: true },
    });
    const row = rowOf(shopOf(service), email);
    expect(row).toMatchObject({ firstname: 'Rami', lastname: 'Haddad', is_subscribed: true });
    expect(attributesOf(row)).toMatchObject({
      email_verified: '1',
      phone_number: '561114455',
      zip_code: '+966',
      phone_verified: '0',
      language: 'ar',
      terms_version: '7',
    });
    expect(await opens(email, PASSWORD)).toBe(true);
    const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token: session.accessToken }));
    expect(customer).toMatchObject({ email, phoneVerified: false });
    const byPhone = await spend(service, await askToLogIn(service, { phone: saudi('561114455') }));
    expect(byPhone.__typename).toBe('CustomerNotRegisteredError');

    expect(await activate({ identifier, key })).toEqual({
      __typename: 'LinkExpiredError',
      message: 'This link is no longer valid. Please ask for a new one.',
    });
  });

  it('of an address that has an account answers alike; the mail says so and holds no link', async () => {
    const taken = as('EmailChallenge', await register('SARA@example.com'));
    const free = as('EmailChallenge', await register('sari@example.com'));
    const shape = ({ identifier, key, ...rest }: typeof taken) => ({
      ...rest,
      expiresAt: '',
      lengths: [identifier.length, key?.length],
    });
    expect(shape(taken)).toEqual({ ...shape(free), maskedDestination: 'S•••@example.com' });
    const mail = await messageTo(sandboxOf(service), 'SARA@example.com', 'which has an account already');
    expect(mail.subject).toBe('You have an account already');
    expect(mail.text + mail.html).not.toMatch(/https?:/);
    const { identifier, key } = taken;
    expect((await activate({ identifier, key: key ?? '' })).__typename).toBe('LinkExpiredError');
    await messageTo(sandboxOf(service), 'sari@example.com', 'To activate it');
  });

  it('refuses what cannot be used, all at once and before anything is sent', async () => {
    const sent = sandboxOf(service).outbox.list().length;
    const pathsOf = async (more: Partial<PasswordRegisterInput>) =>
      as('CustomerInputError', await register('rami.x@example.com', more)).fields.map(({ path }) =>
        path.join('.'),
      );
    expect(
      await pathsOf({
        firstName: 'R'.repeat(33),
        lastName: '',
        email: `${'r'.repeat(60)}@${'x'.repeat(40)}.example.com`,
        password: 'p'.repeat(300),
        passwordConfirmation: 'something else',
        phone: saudi('112345678'),
      }),
    ).toEqual([
      'input.firstName',
      'input.lastName',
      'input.email',
      'input.password',
      'input.passwordConfirmation',
      'input.phone.number',
    ]);
    expect(await pathsOf({ password: 'too short' })).toEqual(['input.password']);
    expect(await pathsOf({ password: 'Haddad family, 4 of us' })).toEqual(['input.password']);
    expect(await pathsOf({ passwordConfirmation: `${PASSWORD} ` })).toEqual(['input.passwordConfirmation']);
    expect(sandboxOf(service).outbox.list()).toHaveLength(sent);
  });

  it('lets the shop’s own rule for passwords speak at the link, which stays good', async () => {
    const email = 'rami.plain@example.com';
    await register(email, { password: 'seven plum trees' });
    const link = keyOf(await linkTo(sandboxOf(service), email, 'To activate it'));
    const refused = as('CustomerInputError', await activate(link));
    expect(refused.fields).toEqual([
      { path: ['input', 'password'], message: expect.stringMatching(/^Please choose a password with at/) },
    ]);
    as('CustomerSession', await activate({ ...link, password: PASSWORD, passwordConfirmation: PASSWORD }));
    expect(await opens(email, PASSWORD)).toBe(true);
  });

  it('takes the password at the link where none was given before', async () => {
    const email = 'rami.later@example.com';
    await register(email, { password: null });
    const link = keyOf(await linkTo(sandboxOf(service), email, 'To activate it'));
    const missing = as('CustomerInputError', await activate(link));
    expect(missing.fields).toEqual([{ path: ['input', 'password'], message: 'Please fill this in.' }]);
    as('CustomerSession', await activate({ ...link, password: PASSWORD }));
    expect(await opens(email, PASSWORD)).toBe(true);
  });

  it('finds the address taken meanwhile, and changes nothing of whoever took it', async () => {
    const email = 'rami.slow@example.com';
    await register(email);
    const link = keyOf(await linkTo(sandboxOf(service), email, 'To activate it'));
    const row = rowOf(shopOf(service), 'omar@example.com');
    row.email = email;
    const before = structuredClone(row);
    expect(await activate(link)).toMatchObject({ __typename: 'CustomerConflictError', field: 'email' });
    expect(row).toEqual(before);
    row.email = 'omar@example.com';
  });

  it('opened by two at once makes one customer and one session', async () => {
    const email = 'rami.twice@example.com';
    await register(email);
    const link = keyOf(await linkTo(sandboxOf(service), email, 'To activate it'));
    const results = await Promise.all(Array.from({ length: 8 }, () => activate(link)));
    const names = results.map(({ __typename }) => __typename);
    expect(names.filter((name) => name === 'CustomerSession')).toHaveLength(1);
    expect(new Set(names)).not.toContain('CustomerConflictError');
    const rows = [...shopOf(service).customers.values()].filter((row) => row.email === email);
    expect(rows).toHaveLength(1);
  });

  it('is confirmed in a shop that holds new accounts back', async () => {
    const email = 'rami.held@example.com';
    const { settings } = shopOf(service);
    settings.confirmAccounts = true;
    await register(email);
    as('CustomerSession', await activate(keyOf(await linkTo(sandboxOf(service), email, 'To activate it'))));
    settings.confirmAccounts = false;
    expect(rowOf(shopOf(service), email).confirmation).toBeNull();
    expect(await opens(email, PASSWORD)).toBe(true);
  });

  it('A10: neither key nor password nor address is logged', async () => {
    const email = 'rami.logged@example.com';
    await register(email);
    const link = keyOf(await linkTo(sandboxOf(service), email, 'To activate it'));
    as('CustomerSession', await activate(link));
    for (const line of service.logged) {
      for (const secret of [link.key, PASSWORD, email]) expect(line).not.toContain(secret);
    }
  });
});

/** Identifier and key, as the page behind the link reads them. */
function keyOf(link: string): { identifier: string; key: string } {
  const { searchParams, hash } = new URL(link);
  return { identifier: searchParams.get('identifier') ?? '', key: hash.slice(1) };
}
