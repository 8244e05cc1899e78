import { describe, expect, test } from 'vitest';
import { changing } from './phone-changing.ts';
import { as, OMAR, request, SARA } from './setup.ts';

describe('a change that waits to be confirmed is cancelled', () => {
  test('by a newer request', async () => {
    const { ask, confirm, sent, row } = await changing();
    const asked = sent(await ask());
    const newer = sent(await ask(OMAR));
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(await confirm(newer)).toEqual({ kind: 'changed' });
    expect(row.phone).toEqual(OMAR);
  });

  test('by a password reset', async () => {
    const { ask, confirm, sent, passwordReset, outside, row } = await changing();
    const asked = sent(await ask());
    outside.shop.resetTokens.set(row.id, 'token');
    const reset = { holder: { customerId: row.id }, token: 'token', newPassword: 'entirely new 1 sentence' };
    expect(await passwordReset.reset(reset, request().circumstances)).toEqual({ kind: 'reset' });
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(row.phone).toEqual(SARA);
  });

  test('by signing out everywhere', async () => {
    const { ask, confirm, sent, signOutEverywhere, row, sessions } = await changing();
    const asked = sent(await ask());
    expect(await signOutEverywhere(row.id)).toBe(2);
    expect(await sessions.list(row.id)).toEqual([]);
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
  });

  test('by a patient who proves to be this customer with another phone', async () => {
    const { ask, confirm, sent, askHmgLogin, verify, outside, row } = await changing({ fileNo: 'F-1' });
    const asked = sent(await ask());
    outside.addPatient(OMAR, { fileNo: 'F-1' });
    as('opened', await verify(await askHmgLogin(OMAR)));
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(row.phone).toEqual(OMAR);
  });

  test('by the deletion of the account', async () => {
    const { ask, confirm, sent, deleteAccount, row, outside } = await changing();
    const asked = sent(await ask());
    await deleteAccount(row.id, request().circumstances);
    expect(await confirm(asked)).toEqual({ kind: 'gone' });
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('but not by somebody else’s', async () => {
    const { ask, confirm, sent, signOutEverywhere } = await changing();
    const asked = sent(await ask());
    await signOutEverywhere('another');
    expect(await confirm(asked)).toEqual({ kind: 'changed' });
  });
});
