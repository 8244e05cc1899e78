import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { placeholderEmail } from '../../src/auth/identity.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { PLACEHOLDER_DOMAIN } from '../support/fake-shop.ts';
import { phoneOf } from '../support/outside.ts';
import { changing, NEW } from './phone-changing.ts';
import { as, MINUTES, OMAR, pass, request, SARA, SECRET, stopTime, tally, times, wrong } from './setup.ts';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('changing the phone', () => {
  test('takes a code from the new phone, once, and gives the customer that phone, proven', async () => {
    const { ask, confirm, sent, outside, row } = await changing({
      phoneVerified: false,
      verifiedWithoutOtp: true,
    });
    const asked = sent(await ask());
    expect(outside.messages.at(-1)).toMatchObject({ kind: 'code', to: NEW.e164, purpose: 'phoneChange' });
    expect(row.phone).toEqual(SARA);
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ phone: NEW, phoneVerified: true, verifiedWithoutOtp: false });
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(outside.named('customers.update')).toHaveLength(1);
  });

  test('S7: ends the other sessions and keeps the one that did it', async () => {
    const { ask, confirm, sent, sessions, row, here, there, refreshSession } = await changing();
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
    expect((await sessions.list(row.id)).map(({ id }) => id)).toEqual([here.sessionId]);
    expect(await refreshSession(there.refreshToken)).toBeNull();
  });

  test('tells the old phone and the e-mail address, in the language of the customer', async () => {
    const { ask, confirm, sent, outside } = await changing();
    await confirm(sent(await ask()));
    const told = { kind: 'notice', notice: 'phoneChanged', language: 'ar' };
    expect(outside.notices()).toEqual([
      { ...told, channel: 'sms', to: SARA.e164 },
      { ...told, channel: 'email', to: 'old@example.com' },
    ]);
  });

  test('tells no phone that was never proven, for it may be a stranger’s, and the own one proves it so', async () => {
    const { ask, confirm, sent, outside, row } = await changing();
    Object.assign(row, { phone: OMAR, phoneVerified: false });
    expect(await confirm(sent(await ask(OMAR)))).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ phone: OMAR, phoneVerified: true });
    expect(outside.notices()).toMatchObject([{ channel: 'email' }]);
  });

  test('leaves the old phone nothing: it stands for nobody now', async () => {
    const { ask, confirm, sent, askLogin, verify } = await changing();
    await confirm(sent(await ask()));
    as('notRegistered', await verify(await askLogin(SARA)));
    as('opened', await verify(await askLogin(NEW)));
  });

  test('takes the placeholder along, so that who has the old phone next can be created', async () => {
    const { askLogin, verify, ask, confirm, sent, outside } = await changing();
    outside.shop.rows.clear();
    const { session } = as('opened', await verify(await askLogin(OMAR, { createIfMissing: true })));
    const { customerId, sessionId } = session;
    const row = outside.shop.sole();
    const placeholder = row.email;
    const asked = sent(await ask(NEW, customerId));
    expect(await confirm(asked, { customerId, sessionId })).toEqual({ kind: 'changed' });
    expect(row.email).toMatch(/^p-\w+@customers\.invalid$/);
    expect(row.email).not.toBe(placeholder);
    expect(await verify(await askLogin(OMAR, { createIfMissing: true }))).toMatchObject({
      kind: 'opened',
      isNewCustomer: true,
    });
  });

  test('goes without a new placeholder that is taken', async () => {
    const { ask, confirm, sent, outside, row, askLogin, verify } = await changing();
    // Somebody without e-mail had the new phone once, and holds its placeholder still.
    as('opened', await verify(await askLogin(NEW, { createIfMissing: true })));
    for (const one of outside.shop.rows.values()) if (one.id !== row.id) one.phoneVerified = false;
    row.email = placeholderEmail(secretsOf(SECRET), PLACEHOLDER_DOMAIN, SARA);
    pass(2 * MINUTES);
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ phone: NEW, email: expect.stringMatching(/^p-/) });
    expect(outside.named('customers.update')).toHaveLength(2);
  });

  test('leaves an e-mail address alone that is no placeholder of the old phone, though it is not shown', async () => {
    const { ask, confirm, sent, row } = await changing({ email: 'p-another@customers.invalid' });
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
    expect(row).toMatchObject({ phone: NEW, email: 'p-another@customers.invalid' });
  });

  test('O5: forgets the devices that were known of the old phone, which is the next one’s', async () => {
    const { ask, confirm, sent, count } = await changing();
    expect(count('known-devices')).toBe(1);
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
    expect(count('known-devices')).toBe(0);
  });
});

describe('a phone that another customer has proven', () => {
  test('is answered alike when it is asked for, and nothing about it is looked up', async () => {
    const { ask, outside } = await changing();
    outside.shop.add({ phone: NEW, phoneVerified: true });
    const before = outside.named('customers').length;
    const asking = await ask();
    const free = await ask(phoneOf('+966505550101'));
    expect(outside.named('customers')).toHaveLength(before);
    const shape = (asked: Awaited<ReturnType<typeof ask>>) =>
      asked.kind === 'sent' ? { ...asked, challenge: Object.keys(asked.challenge), code: '' } : asked;
    expect(shape(asking)).toEqual(shape(free));
  });

  test('stays theirs: the right code is a conflict, nothing is written and nobody is signed out', async () => {
    const { ask, confirm, sent, outside, row, sessions } = await changing();
    outside.shop.add({ phone: NEW, phoneVerified: true });
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'conflict', field: 'phone' });
    expect(row.phone).toEqual(SARA);
    expect(outside.named('customers.update')).toEqual([]);
    expect(await sessions.list(row.id)).toHaveLength(2);
    expect(outside.notices()).toEqual([]);
  });

  test('is not somebody’s who merely typed it in', async () => {
    const { ask, confirm, sent, outside } = await changing();
    outside.shop.add({ phone: NEW });
    expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
  });

  test('becomes one customer’s only, of two who confirm it at once', async () => {
    const { ask, confirm, sent, outside, row } = await changing();
    const other = outside.shop.add({ phone: OMAR, phoneVerified: true });
    const first = sent(await ask());
    pass(2 * MINUTES);
    const second = sent(await ask(NEW, other.id));
    const outcomes = await Promise.all([
      confirm(first),
      confirm(second, { customerId: other.id, sessionId: 'other' }),
    ]);
    expect(tally(outcomes)).toEqual({ changed: 1, conflict: 1 });
    expect([row, other].filter(({ phone }) => phone?.e164 === NEW.e164)).toHaveLength(1);
  });
});

describe('a code for another phone', () => {
  test('O7: serves nobody but the customer who asked for it, and signs nobody in', async () => {
    const { ask, confirm, sent, outside, verify } = await changing();
    const other = outside.shop.add({ phone: OMAR, phoneVerified: true });
    const asked = sent(await ask());
    expect(await confirm(asked, { customerId: other.id, sessionId: 'other' })).toEqual({ kind: 'expired' });
    expect(await verify(asked)).toEqual({ kind: 'expired' });
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
  });

  test('O7: is no code that was asked for to sign in or to join the loyalty programme', async () => {
    const { askLogin, confirm, loyalty, sent, row, outside } = await changing();
    expect(await confirm(await askLogin(NEW))).toEqual({ kind: 'expired' });
    pass(2 * MINUTES);
    const joining = sent(await loyalty.ask(row.id, request().circumstances));
    expect(await confirm(joining)).toEqual({ kind: 'expired' });
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('O4: costs an attempt when it is wrong, and is gone after the fifth', async () => {
    const { ask, confirm, sent, row } = await changing();
    const asked = sent(await ask());
    for (let left = 4; left >= 0; left--) {
      const outcome = await confirm({ ...asked, code: wrong(asked.code) });
      expect(outcome).toEqual({ kind: 'rejected', attemptsRemaining: left });
    }
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(row.phone).toEqual(SARA);
  });

  test('O3: changes the phone once, however many give it at once', async () => {
    const { ask, confirm, sent, outside } = await changing();
    const asked = sent(await ask());
    const outcomes = await times(20, () => confirm(asked));
    expect(tally(outcomes).changed).toBe(1);
    expect(outside.named('customers.update')).toHaveLength(1);
    expect(outside.notices()).toHaveLength(2);
  });

  test('O6: is not sent twice within a minute, and the one that was sent stays good', async () => {
    const { ask, confirm, sent } = await changing();
    const asked = sent(await ask());
    expect(await ask()).toMatchObject({ kind: 'throttled' });
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
  });

  test('can be sent again, and then counts instead of the one before', async () => {
    const { ask, confirm, sent, signIn } = await changing();
    const asked = sent(await ask());
    pass(2 * MINUTES);
    const again = await signIn.resend(asked.otpId, request().circumstances);
    expect(await confirm(sent(again))).toEqual({ kind: 'changed' });
  });
});

describe("the shop's trouble", () => {
  test('O13: spends neither the code nor an attempt', async () => {
    const { ask, confirm, sent, outside } = await changing();
    const asked = sent(await ask());
    outside.fail('customers');
    await expect(confirm(asked)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    outside.mend();
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
  });

  test('that loses the answer does not keep the old phone from being told at the next try', async () => {
    const { ask, confirm, sent, outside, row } = await changing();
    const asked = sent(await ask());
    outside.fail('customers.update', { afterwards: true });
    await expect(confirm(asked)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(row.phone).toEqual(NEW);
    outside.mend();
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
    expect(outside.notices()).toMatchObject([{ to: SARA.e164 }, { to: 'old@example.com' }]);
  });

  test('as to a customer who is gone is not called a change', async () => {
    const { ask, confirm, sent, outside } = await changing();
    const asked = sent(await ask());
    outside.shop.rows.clear();
    expect(await confirm(asked)).toEqual({ kind: 'gone' });
  });
});

test('O8: neither phone is kept in clear while the change waits or is under way', async () => {
  const { ask, confirm, sent, written } = await changing();
  expect(await confirm(sent(await ask()))).toEqual({ kind: 'changed' });
  const all = written.join('\n');
  for (const { nationalNumber } of [NEW, SARA]) expect(all).not.toContain(nationalNumber);
  expect(all).not.toContain('old@example.com');
});
