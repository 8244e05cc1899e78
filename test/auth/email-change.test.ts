import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShopRow } from '../support/fake-shop.ts';
import { as, authOn, HOURS, MINUTES, OMAR, pass, request, SARA, stopTime, tally, times } from './setup.ts';

const OLD = 'sara@example.com';
const NEW = 'sara.new@example.com';
const PASSWORDS = ['forgotten 1 long ago', 'a new 2 sentence of words'] as const;

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

async function changing(facts: Partial<ShopRow> = {}) {
  const auth = await authOn();
  const { outside, sessions, emailChange } = auth;
  const row = outside.shop.add({
    phone: SARA,
    phoneVerified: true,
    email: OLD,
    emailVerified: true,
    password: PASSWORDS[0],
    ...facts,
  });
  const signedIn = async (sessionId: string) => {
    await sessions.open(row.id, { sessionId, amr: [], device: null });
    return { customerId: row.id, sessionId };
  };
  const caller = await signedIn('asking');
  await signedIn('other');

  async function ask(newEmail = NEW) {
    const asking = request();
    const requested = await emailChange.request(caller, newEmail, asking.circumstances);
    const before = [...outside.calls];
    await asking.answered();
    return { requested, before };
  }
  /** The link of a request that has to have been taken on. */
  async function linkFor(newEmail = NEW) {
    const { identifier, key } = as('sent', (await ask(newEmail)).requested);
    return { identifier, key: key ?? '' };
  }
  async function confirm(link: { identifier: string; key: string }) {
    const confirming = request();
    const outcome = await emailChange.confirm(link, confirming.circumstances);
    await confirming.answered();
    return outcome;
  }
  const openIds = async () => (await sessions.list(row.id)).map(({ id }) => id).sort();
  return { ...auth, row, caller, ask, linkFor, confirm, openIds };
}

describe('asking for another e-mail', () => {
  test('mails a link to the new address and changes nothing yet', async () => {
    const { ask, outside, row } = await changing();
    const { requested, before } = await ask();
    expect(before, 'O9').toEqual([]);
    const { identifier, key } = as('sent', requested);
    const link = { kind: 'link', purpose: 'confirmEmailChange', to: NEW, identifier, key, language: 'en' };
    expect(outside.messages).toEqual([link]);
    expect(row).toMatchObject({ email: OLD, emailVerified: true });
  });

  test('O9: answers alike where the address is taken; the mail there says so, and the key opens nothing', async () => {
    const { ask, confirm, outside, row } = await changing();
    outside.shop.add({ email: NEW.toUpperCase() });
    const { requested, before } = await ask();
    expect(before).toEqual([]);
    const { identifier, key } = as('sent', requested);
    expect(outside.messages).toMatchObject([{ kind: 'taken', purpose: 'confirmEmailChange', to: NEW }]);
    expect(await confirm({ identifier, key: key ?? '' })).toEqual({ kind: 'gone' });
    expect(row.email).toBe(OLD);
  });

  test('O6: is limited for each address and for each customer', async () => {
    const { ask } = await changing();
    as('sent', (await ask()).requested);
    expect((await ask()).requested).toEqual({ kind: 'throttled', retryAfterSeconds: MINUTES });
    for (const name of ['a', 'b', 'c', 'd']) as('sent', (await ask(`${name}@example.com`)).requested);
    as('throttled', (await ask('e@example.com')).requested);
    pass(HOURS);
    as('sent', (await ask('e@example.com')).requested);
  });
});

describe('confirming it', () => {
  test('S7: proves the new address, ends the other sessions, keeps the one that asked, tells the old address', async () => {
    const { linkFor, confirm, row, openIds, outside } = await changing();
    expect(await confirm(await linkFor())).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ email: NEW, emailVerified: true });
    expect(await openIds()).toEqual(['asking']);
    expect(outside.notices()).toEqual([
      { kind: 'notice', channel: 'email', notice: 'emailChanged', to: OLD, language: 'en' },
    ]);
  });

  test('tells the phone of whoever had no address', async () => {
    const { linkFor, confirm, outside } = await changing({ email: 'p-1@customers.invalid' });
    expect(await confirm(await linkFor())).toEqual({ kind: 'changed' });
    expect(outside.notices()).toMatchObject([{ channel: 'sms', notice: 'emailChanged', to: SARA.e164 }]);
  });

  test('of the address that the customer has already proves it, and ends and tells nothing', async () => {
    const { linkFor, confirm, row, openIds, outside } = await changing({ emailVerified: false });
    expect(await confirm(await linkFor(OLD))).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ email: OLD, emailVerified: true });
    expect(await openIds()).toEqual(['asking', 'other']);
    expect(outside.notices()).toEqual([]);
  });

  test('takes the link once, for a day, and only with its key', async () => {
    const { linkFor, confirm } = await changing();
    const link = await linkFor();
    expect(await confirm({ ...link, key: 'x'.repeat(43) })).toEqual({ kind: 'gone' });
    expect(await confirm(link)).toEqual({ kind: 'changed' });
    expect(await confirm(link)).toEqual({ kind: 'gone' });
    const late = await linkFor('late@example.com');
    pass(24 * HOURS);
    expect(await confirm(late)).toEqual({ kind: 'gone' });
  });

  test('finds the address taken meanwhile, and ends nothing', async () => {
    const { linkFor, confirm, row, openIds, outside } = await changing();
    const link = await linkFor();
    outside.shop.add({ email: NEW });
    expect(await confirm(link)).toEqual({ kind: 'emailTaken' });
    expect(row.email).toBe(OLD);
    expect(await openIds()).toEqual(['asking', 'other']);
  });

  test('tells the old address also where the shop’s first answer was lost', async () => {
    const { linkFor, confirm, row, outside } = await changing();
    const link = await linkFor();
    outside.fail('customers.update', { afterwards: true });
    await expect(confirm(link)).rejects.toThrow();
    outside.mend();
    expect(row.email).toBe(NEW);
    expect(await confirm(link)).toEqual({ kind: 'changed' });
    expect(outside.notices()).toMatchObject([{ notice: 'emailChanged', to: OLD }]);
  });

  test('by two at once changes and tells once', async () => {
    const { linkFor, confirm, outside } = await changing();
    const link = await linkFor();
    const release = outside.stall('customers.update');
    const both = times(2, () => confirm(link));
    await vi.waitFor(() => expect(outside.named('customers.update')).toHaveLength(1));
    release();
    expect(tally(await both)).toEqual({ changed: 1, busy: 1 });
    expect(outside.notices()).toHaveLength(1);
  });
});

describe('a change that waits', () => {
  type Changing = Awaited<ReturnType<typeof changing>>;
  test.each<[string, (auth: Changing) => Promise<unknown>]>([
    ['a newer request', ({ linkFor }) => linkFor('newer@example.com')],
    ['logoutAllDevices', ({ signOutEverywhere, row }) => signOutEverywhere(row.id)],
    [
      'a password reset',
      async ({ passwordReset, outside, row }) => {
        outside.shop.resetTokens.set(row.id, 'the-token');
        const given = { holder: { email: OLD }, token: 'the-token', newPassword: PASSWORDS[1] };
        as('reset', await passwordReset.reset(given, request().circumstances));
      },
    ],
    [
      'a password change from another device',
      async ({ changePassword, row }) => {
        const given = { currentPassword: PASSWORDS[0], newPassword: PASSWORDS[1] };
        const other = { customerId: row.id, sessionId: 'other' };
        as('changed', await changePassword(other, given, request().circumstances));
      },
    ],
    [
      'a patient who takes the account over',
      async ({ askHmgLogin, verify, outside, row }) => {
        row.fileNo = 'F-1';
        outside.addPatient(OMAR, { fileNo: 'F-1' });
        as('opened', await verify(await askHmgLogin(OMAR)));
      },
    ],
    ['the customer’s deletion', async ({ outside, row }) => outside.shop.rows.delete(row.id)],
  ])('is void after %s', async (_what, happen) => {
    const auth = await changing();
    const link = await auth.linkFor();
    await happen(auth);
    expect(await auth.confirm(link)).toEqual({ kind: 'gone' });
    expect(auth.row.email).toBe(OLD);
  });

  test('is void also where it is cancelled while it is being confirmed', async () => {
    const { linkFor, confirm, signOutEverywhere, row, outside } = await changing();
    const link = await linkFor();
    const release = outside.stall('customers.find');
    const confirming = confirm(link);
    await vi.waitFor(() => expect(outside.named('customers.find')).toHaveLength(1));
    await signOutEverywhere(row.id);
    release();
    expect(await confirming).toEqual({ kind: 'gone' });
    expect(row.email).toBe(OLD);
  });
});
