/** Passwords: a forgotten one, a changed one, and what becomes of sessions and of the shop's own tokens. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CustomerDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UpdatePasswordDocument,
  VerifyPasswordResetTokenDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, dataOf, messageTo, rowOf, sandboxOf, shopOf, signIn, writesOf } from './steps.ts';

const GOOD = 'Seven plum trees, 1 row';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({
    OTP_PAUSE_SECONDS: '0',
    OTP_PER_PHONE_HOUR: '100',
    RESET_REDIRECTS: 'https://shop.example.com/new-password',
  });
});
afterAll(() => service.close());

const ask = async (userIdentifier: string, redirectUri?: string) => {
  const input = { userIdentifier, ...(redirectUri && { redirectUri }) };
  return dataOf(await service.ask(RequestPasswordResetDocument, { input })).requestPasswordReset;
};
const check = async (input: { token: string; customerId?: string; email?: string }) =>
  dataOf(await service.ask(VerifyPasswordResetTokenDocument, { input })).verifyPasswordResetToken;
const reset = async (input: { token: string; customerId?: string; email?: string; newPassword: string }) =>
  dataOf(await service.ask(ResetPasswordDocument, { input })).resetPassword;
const change = async (token: string, currentPassword: string, newPassword: string) => {
  const input = { currentPassword, newPassword };
  return dataOf(await service.ask(UpdatePasswordDocument, { input }, { token })).updatePassword;
};

/** The shop's own sign-in, as its web shop would do it: the token, or the status that refused it. */
async function shopToken(username: string, password: string): Promise<string | number> {
  const response = await fetch(`${sandboxOf(service).m2Url}/V1/integration/customer/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return response.ok ? await response.json() : response.status;
}

/** How the shop answers a customer's own token: 200, or 401 once it is revoked. */
async function shopAccepts(token: string | number): Promise<number> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${sandboxOf(service).m2Url}/V1/customers/me`, { headers })).status;
}

/** Id and token of the newest link that was mailed to this address. */
async function linkFor(email: string) {
  const { text } = await messageTo(sandboxOf(service), email, 'There was a request to change your password');
  const { searchParams } = new URL(text.match(/https?:\S+/)?.[0] ?? '');
  return { customerId: searchParams.get('id') ?? '', token: searchParams.get('token') ?? '' };
}

const isSignedIn = async (token: string) =>
  (await service.ask(CustomerDocument, {}, { token })).errors.length === 0;

describe('a forgotten password', () => {
  it('answers known and unknown alike, and mails the known', async () => {
    const answers = [];
    const known = ['sara@example.com', '0502345678', '1088123458', '٧٠٠٠١'];
    const unknown = ['nobody@example.com', '0561115500', '1000000008', '98765'];
    for (const identifier of [...known, ...unknown]) answers.push(await ask(identifier));
    for (const answer of answers) {
      expect(answer).toEqual({ __typename: 'CustomerAcknowledgement', acceptedAt: expect.any(String) });
    }
    for (const email of ['sara@example.com', 'omar@example.com', 'noura@example.com']) {
      expect((await linkFor(email)).token).toMatch(/^\w{32}$/);
    }
    const mailed = new Set(
      sandboxOf(service)
        .outbox.list()
        .map(({ to }) => to),
    );
    expect(mailed).toEqual(new Set(['sara@example.com', 'omar@example.com', 'noura@example.com']));
  });

  it('names the field of what is neither, and of a page that is not allowed', async () => {
    const nothing = as('CustomerInputError', await ask('???'));
    expect(nothing.fields.map(({ path }) => path)).toEqual([['input', 'userIdentifier']]);
    const evil = as('CustomerInputError', await ask('sara@example.com', 'https://evil.example.com/'));
    expect(evil.fields.map(({ path }) => path)).toEqual([['input', 'redirectUri']]);
  });

  it('mails a link to an allowed page of the client’s own', async () => {
    await ask('noura@example.com', 'https://shop.example.com/new-password');
    const { text } = await messageTo(sandboxOf(service), 'noura@example.com', 'shop.example.com');
    expect(text).toMatch(/https:\/\/shop\.example\.com\/new-password\?id=\d+&token=\w{32}/);
  });

  it('sets a new one with the mailed link: once, ending every session and the shop’s own tokens', async () => {
    const sessions = [await signIn(service, '501234567'), await signIn(service, '501234567')];
    const omar = await signIn(service, '502345678');
    const stolen = await shopToken('sara@example.com', 'Sandbox-Sara-1');
    expect(await shopAccepts(stolen)).toBe(200);

    const link = await linkFor('sara@example.com');
    expect((await check(link)).__typename).toBe('CustomerAcknowledgement');
    expect((await check({ token: link.token, email: 'Sara@example.com' })).__typename).toBe(
      'CustomerAcknowledgement',
    );
    for (const newPassword of ['short', 'Sara plum trees 1 row', 'aaaaaaaaaaaaaaaa', 'q'.repeat(129)]) {
      const refused = as('CustomerInputError', await reset({ ...link, newPassword }));
      expect(refused.fields).toMatchObject([{ path: ['input', 'newPassword'] }]);
    }
    expect(await isSignedIn(sessions[0]?.token ?? '')).toBe(true);

    expect((await reset({ ...link, newPassword: GOOD })).__typename).toBe('CustomerAcknowledgement');
    for (const { token } of sessions) expect(await isSignedIn(token)).toBe(false);
    expect(await isSignedIn(omar.token)).toBe(true);
    expect(await shopAccepts(stolen)).toBe(401);
    expect(await shopToken('sara@example.com', 'Sandbox-Sara-1')).toBe(401);
    expect(await shopToken('sara@example.com', GOOD)).toEqual(expect.any(String));
    await messageTo(
      sandboxOf(service),
      'sara@example.com',
      'The password of your account has just been changed',
    );

    expect((await check(link)).__typename).toBe('LinkExpiredError');
    expect(await reset({ ...link, newPassword: 'Eight plum trees, 1 row' })).toEqual({
      __typename: 'LinkExpiredError',
      message: 'This link is no longer valid. Please ask for a new one.',
    });
  });

  it('takes a wrong token, an unknown customer and one that is no id for the same expired link', async () => {
    const { token, customerId } = await linkFor('omar@example.com');
    const links = [
      { token: 'x'.repeat(32), customerId },
      { token, customerId: '999999' },
      { token, email: 'nobody@example.com' },
      { token, email: 'noura@example.com' },
      { token: '../../../customers/1', customerId },
    ];
    const answers = [];
    for (const link of links) answers.push(await check(link), await reset({ ...link, newPassword: GOOD }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.__typename).toBe('LinkExpiredError');
    expect((await check({ token, customerId })).__typename).toBe('CustomerAcknowledgement');
  });

  it('lets the shop’s own rule speak where ours is content', async () => {
    const link = await linkFor('omar@example.com');
    const refused = as('CustomerInputError', await reset({ ...link, newPassword: 'seven plum trees' }));
    expect(refused.fields).toEqual([
      {
        path: ['input', 'newPassword'],
        message:
          'Please choose a password with at least three of these: capital letters, small letters, digits, symbols.',
      },
    ]);
    expect((await check(link)).__typename).toBe('CustomerAcknowledgement');
  });
});

describe('a changed password', () => {
  const OLD = 'Sandbox-Noura-1';

  it('refuses a wrong current one and what is short, common or personal, and changes nothing', async () => {
    const { token } = await signIn(service, '551234567');
    expect(await change(token, 'Sandbox-Wrong-1', GOOD)).toEqual({
      __typename: 'InvalidCredentialsError',
      message: 'The current password is not right.',
    });
    for (const [newPassword, message] of [
      ['Short-1', 'The new password is too short; the least is 15 characters.'],
      ['passwordpasswordpassword', 'Many people use this password. Please choose another one.'],
      ['1234567890123456', 'Many people use this password. Please choose another one.'],
      ['Noura plum trees 1', /must not hold your name/],
      ['Trees 551234567 plum', /must not hold your name/],
    ] as const) {
      const { fields } = as('CustomerInputError', await change(token, OLD, newPassword));
      expect(fields).toEqual([{ path: ['input', 'newPassword'], message: expect.stringMatching(message) }]);
    }
    const both = as('CustomerInputError', await change(token, '', ''));
    expect(both.fields.map(({ path }) => path[1])).toEqual(['currentPassword', 'newPassword']);
    expect(await shopToken('noura@example.com', OLD)).toEqual(expect.any(String));
  });

  it('S7: ends the other sessions and the shop’s own tokens, keeps this one and tells the customer', async () => {
    const { token } = await signIn(service, '551234567');
    const other = await signIn(service, '551234567');
    const elsewhere = await shopToken('noura@example.com', OLD);
    expect((await change(token, OLD, GOOD)).__typename).toBe('CustomerAcknowledgement');
    expect([await isSignedIn(token), await isSignedIn(other.token)]).toEqual([true, false]);
    expect(await shopAccepts(elsewhere)).toBe(401);
    expect(await shopToken('noura@example.com', OLD)).toBe(401);
    await messageTo(
      sandboxOf(service),
      'noura@example.com',
      'The password of your account has just been changed',
    );
  });

  it('slows guesses at the current one down, and never lets them lock the name at the shop', async () => {
    const { token } = await signIn(service, '502345678');
    for (let guess = 1; guess <= 3; guess++) {
      const wrong = await change(token, `Sandbox-Guess-${guess}`, GOOD);
      expect(wrong.__typename).toBe('InvalidCredentialsError');
    }
    const fourth = as('CustomerThrottledError', await change(token, 'Sandbox-Omar-1', GOOD));
    expect(fourth.retryAfterSeconds).toBeGreaterThan(0);
    expect(shopOf(service).throttle.get('customer:omar@example.com')?.failures).toBe(3);
    expect(await shopToken('omar@example.com', 'Sandbox-Omar-1')).toEqual(expect.any(String));
  });

  it('answers who has no password as one who gave a wrong one', async () => {
    const row = rowOf(shopOf(service), 'sara@example.com');
    row.secrets.passwordHash = null;
    const { token } = await signIn(service, '501234567');
    expect((await change(token, 'Sandbox-Sara-1', GOOD)).__typename).toBe('InvalidCredentialsError');
    expect(writesOf(service).filter((write) => write === 'PUT V1/customers/me/password')).toHaveLength(1);
  });
});
