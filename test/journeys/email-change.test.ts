/** Changing the e-mail address: asked for by the customer, confirmed by the new address. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ConfirmEmailChangeDocument,
  CustomerDocument,
  LogoutAllDevicesDocument,
  RequestEmailChangeDocument,
} from '../support/operations.ts';
import { type Asking, type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToLogIn,
  attributesOf,
  dataOf,
  enter,
  linkTo,
  messageTo,
  rowOf,
  sandboxOf,
  shopOf,
  signIn,
  writesOf,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PAUSE_SECONDS: '0', OTP_PER_PHONE_HOUR: '100' });
});
afterAll(() => service.close());

const ask = async (newEmail: string, asking: Asking) =>
  dataOf(await service.ask(RequestEmailChangeDocument, { newEmail }, asking)).requestEmailChange;
const confirm = async (link: { identifier: string; key: string }) =>
  dataOf(await service.ask(ConfirmEmailChangeDocument, link)).confirmEmailChange;
const isSignedIn = async (token: string) =>
  (await service.ask(CustomerDocument, {}, { token })).data.customer != null;

/** Identifier and key of the link that was mailed there. */
async function mailed(to: string, words = 'To confirm it') {
  const { searchParams, hash } = new URL(await linkTo(sandboxOf(service), to, words));
  expect(searchParams.get('action')).toBe('confirmEmailChange');
  return { identifier: searchParams.get('identifier') ?? '', key: hash.slice(1) };
}

it('S7: changes the address by the link, anywhere; the others are signed out and the old address is told', async () => {
  const { token, id } = await signIn(service, '501234567');
  const other = await signIn(service, '501234567');
  const challenge = as('EmailChallenge', await ask('sara.new@example.com', { token }));
  expect(challenge.maskedDestination).toBe('s•••@example.com');
  const link = await mailed('sara.new@example.com');
  expect(link).toEqual({ identifier: challenge.identifier, key: challenge.key });
  expect(writesOf(service)).toEqual([]);

  expect((await confirm(link)).__typename).toBe('CustomerAcknowledgement');
  const row = rowOf(shopOf(service), id);
  expect(row.email).toBe('sara.new@example.com');
  expect(attributesOf(row).email_verified).toBe('1');
  expect([await isSignedIn(token), await isSignedIn(other.token)]).toEqual([true, false]);
  const notice = await messageTo(sandboxOf(service), 'sara@example.com', 'given another e-mail address');
  expect(notice.subject).toBe('Your e-mail address has been changed');
  expect((await enter(service, await askToLogIn(service, { email: 'sara.new@example.com' }))).id).toBe(id);

  expect(await confirm(link)).toEqual({
    __typename: 'LinkExpiredError',
    message: 'This link is no longer valid. Please ask for a new one.',
  });
});

it('proves the address that the customer has, and tells in Arabic who speaks it', async () => {
  const { token, id } = await signIn(service, '502345678');
  await ask('omar@example.com', { token, language: 'ar' });
  const mail = await messageTo(sandboxOf(service), 'omar@example.com', 'لتأكيده');
  expect(mail).toMatchObject({ subject: 'تأكيد البريد الإلكتروني الجديد', language: 'ar' });
  expect(mail.html).toContain('dir="rtl"');
  expect((await confirm(await mailed('omar@example.com', 'لتأكيده'))).__typename).toBe(
    'CustomerAcknowledgement',
  );
  expect(await isSignedIn(token)).toBe(true);
  expect((await enter(service, await askToLogIn(service, { email: 'omar@example.com' }))).id).toBe(id);
});

it('of a taken address answers alike; the mail there says so, and nothing changes', async () => {
  const { token, id } = await signIn(service, '551234567');
  const { identifier, key } = as('EmailChallenge', await ask('lina@example.com', { token }));
  await messageTo(sandboxOf(service), 'lina@example.com', 'Another account has it already');
  expect((await confirm({ identifier, key: key ?? '' })).__typename).toBe('LinkExpiredError');
  expect(rowOf(shopOf(service), id).email).toBe('noura@example.com');
});

it('finds the address taken meanwhile', async () => {
  const { token } = await signIn(service, '551234567');
  await ask('noura.late@example.com', { token });
  const link = await mailed('noura.late@example.com');
  const lina = rowOf(shopOf(service), 'lina@example.com');
  lina.email = 'noura.late@example.com';
  expect(await confirm(link)).toMatchObject({ __typename: 'CustomerConflictError', field: 'email' });
  lina.email = 'lina@example.com';
});

it('is void after a newer request, and after signing out everywhere', async () => {
  const { token } = await signIn(service, '551234567');
  await ask('noura.one@example.com', { token });
  await ask('noura.two@example.com', { token });
  expect((await confirm(await mailed('noura.one@example.com'))).__typename).toBe('LinkExpiredError');
  dataOf(await service.ask(LogoutAllDevicesDocument, {}, { token }));
  expect((await confirm(await mailed('noura.two@example.com'))).__typename).toBe('LinkExpiredError');
  expect(rowOf(shopOf(service), 'noura@example.com').email).toBe('noura@example.com');
});

it('refuses what is no address and what is no link, each with its path', async () => {
  const { token } = await signIn(service, '551234567');
  expect(as('CustomerInputError', await ask('noura at example', { token })).fields).toEqual([
    { path: ['newEmail'], message: 'Enter a valid e-mail address.' },
  ]);
  const { fields } = as('CustomerInputError', await confirm({ identifier: '', key: 'two words' }));
  expect(fields.map(({ path }) => path)).toEqual([['identifier'], ['key']]);
  expect((await confirm({ identifier: 'unknown', key: 'unknown' })).__typename).toBe('LinkExpiredError');
});

it('S9: needs a session, and one that was opened just now', async () => {
  const { errors } = await service.ask(RequestEmailChangeDocument, { newEmail: 'noura.new@example.com' });
  expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const strict = await startTestService({ RECENT_SIGN_IN_SECONDS: '0' });
  try {
    const { token } = await signIn(strict, '551234567');
    const newEmail = 'noura.new@example.com';
    const { requestEmailChange } = dataOf(
      await strict.ask(RequestEmailChangeDocument, { newEmail }, { token }),
    );
    expect(as('RecentSignInRequiredError', requestEmailChange).maxAgeSeconds).toBe(0);
    expect(
      sandboxOf(strict)
        .outbox.list()
        .filter(({ channel }) => channel === 'email'),
    ).toEqual([]);
  } finally {
    await strict.close();
  }
});
