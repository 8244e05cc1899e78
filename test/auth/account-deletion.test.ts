import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShopRow } from '../support/fake-shop.ts';
import { listedStore } from './listed-store.ts';
import { as, authOn, deviceOf, MINUTES, OMAR, pass, request, SARA, stopTime, times } from './setup.ts';

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

/** A customer with an account that is about to be deleted. */
async function known(facts: Partial<ShopRow> = {}) {
  const { store, count } = listedStore();
  const auth = await authOn(store);
  const { outside } = auth;
  const row = outside.shop.add({
    phone: SARA,
    phoneVerified: true,
    email: 'sara@example.com',
    language: 'AR',
    ...facts,
  });
  async function remove(id = row.id) {
    const deleting = request();
    const deleted = await auth.deleteAccount(id, deleting.circumstances);
    await deleting.answered();
    return deleted;
  }
  const enter = async () =>
    as('opened', await auth.verify({ ...(await auth.askLogin()), device: deviceOf('d1') })).session;
  return { ...auth, count, row, remove, enter };
}

describe('deleting an account', () => {
  test('deletes the record, and S7: ends every session', async () => {
    const { enter, remove, sessions, row, outside, refreshSession } = await known();
    const { refreshToken } = await enter();
    expect((await remove()).deletedAt).toBeInstanceOf(Date);
    expect(outside.shop.rows.size).toBe(0);
    expect(await sessions.list(row.id)).toEqual([]);
    expect(await refreshSession(refreshToken)).toBeNull();
  });

  test('leaves nothing of sessions, known devices, closed passwords and pending changes behind', async () => {
    const { enter, remove, count, phoneChange, row, outside, askHmgLogin, verify } = await known({
      fileNo: 'F-1',
    });
    await enter();
    outside.addPatient(OMAR, { fileNo: 'F-1' });
    as('opened', await verify({ ...(await askHmgLogin(OMAR)), device: deviceOf('d2') }));
    await phoneChange.ask({ customerId: row.id, phone: SARA }, request().circumstances);
    const kept = ['sessions', 'known-devices', 'password-closed', 'pending-phone-change'];
    expect(kept.filter((kind) => count(kind) === 0)).toEqual([]);
    row.phone = SARA;
    await remove();
    row.phone = OMAR;
    outside.shop.rows.set(row.id, row);
    await remove();
    expect(kept.filter((kind) => count(kind) > 0)).toEqual([]);
  });

  test('voids the codes that its phone was sent before, and none that it is sent later', async () => {
    const { askLogin, verify, remove } = await known();
    const before = await askLogin();
    await remove();
    expect(await verify(before)).toEqual({ kind: 'expired' });
    pass(2 * MINUTES);
    expect(await verify(await askLogin(SARA, { createIfMissing: true }))).toMatchObject({
      kind: 'opened',
      isNewCustomer: true,
    });
  });

  test('leaves the codes of a phone alone that it never proved: they are another person’s', async () => {
    const { askLogin, verify, remove, outside } = await known({ phone: OMAR, phoneVerified: false });
    outside.shop.add({ phone: OMAR, phoneVerified: true });
    const others = await askLogin(OMAR);
    await remove();
    as('opened', await verify(others));
  });

  test('tells the customer by e-mail, once, in the language of the customer', async () => {
    const { remove, outside } = await known();
    await remove();
    await remove();
    expect(outside.notices()).toEqual([
      { kind: 'notice', notice: 'accountDeleted', channel: 'email', to: 'sara@example.com', language: 'ar' },
    ]);
  });

  test('tells by SMS who has no e-mail address, and nobody at a phone that was never proven', async () => {
    const withoutEmail = await known({ email: 'p-1@customers.invalid' });
    await withoutEmail.remove();
    expect(withoutEmail.outside.notices()).toMatchObject([{ channel: 'sms', to: SARA.e164 }]);
    const unproven = await known({ email: 'p-1@customers.invalid', phoneVerified: false });
    await unproven.remove();
    expect(unproven.outside.notices()).toEqual([]);
  });

  test('is the same to five phones that do it at once: deleted, and told once', async () => {
    const { remove, outside } = await known();
    for (const { deletedAt } of await times(5, () => remove())) expect(deletedAt).toBeInstanceOf(Date);
    expect(outside.shop.rows.size).toBe(0);
    expect(outside.notices()).toHaveLength(1);
  });

  test('of an account that is gone already ends what is left of it here', async () => {
    const { enter, remove, sessions, row, outside } = await known();
    await enter();
    outside.shop.rows.clear();
    await remove();
    expect(await sessions.list(row.id)).toEqual([]);
    expect(outside.named('customers.remove')).toEqual([]);
  });
});

describe('while a system behind it is away', () => {
  test.each(['customers.find', 'customers.remove'])(
    '(%s) nothing is deleted, and the person stays signed in to try again',
    async (name) => {
      const { enter, remove, sessions, row, outside } = await known();
      await enter();
      outside.fail(name);
      await expect(remove()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(outside.shop.rows.size).toBe(1);
      expect(await sessions.list(row.id)).toHaveLength(1);
      expect(outside.notices()).toEqual([]);
      outside.mend();
      await remove();
      expect(outside.shop.rows.size).toBe(0);
    },
  );

  test('(the messages) the account is deleted all the same', async () => {
    const { remove, outside } = await known();
    outside.fail('messenger');
    await remove();
    expect(outside.shop.rows.size).toBe(0);
  });
});
