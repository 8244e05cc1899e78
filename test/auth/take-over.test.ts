import { describe, expect, test } from 'vitest';
import { as, authOn, OMAR, request, SARA } from './setup.ts';

const change = { currentPassword: 'an old password', newPassword: 'quite another 1 sentence' };

/** A customer of file F-1 whose verified phone is Omar's old one, signed in there; the file names Sara's phone. */
async function known() {
  const auth = await authOn();
  const { outside } = auth;
  const row = outside.shop.add({
    fileNo: 'F-1',
    phone: OMAR,
    phoneVerified: true,
    email: 'old@example.com',
    password: change.currentPassword,
    language: 'AR',
  });
  outside.addPatient(SARA, { fileNo: 'F-1' });
  const before = as('opened', await auth.verify(await auth.askLogin(OMAR)));
  return { ...auth, row, before, proven: async () => auth.verify(await auth.askHmgLogin()) };
}

describe('a match by ID whose verified phone is another than the proven one', () => {
  test('ends all its sessions and gives it the proven phone', async () => {
    const { proven, sessions, row, before, refreshSession } = await known();
    const { session } = as('opened', await proven());
    expect((await sessions.list(row.id)).map(({ id }) => id)).toEqual([session.sessionId]);
    expect(await refreshSession(before.session.refreshToken)).toBeNull();
    expect(row).toMatchObject({ phone: SARA, phoneVerified: true });
  });

  test('tells the old phone and the e-mail address, in the language of the customer', async () => {
    const { proven, outside } = await known();
    as('opened', await proven());
    const told = { kind: 'notice', notice: 'phoneTaken', language: 'ar' };
    expect(outside.notices()).toEqual([
      { ...told, channel: 'sms', to: OMAR.e164 },
      { ...told, channel: 'email', to: 'old@example.com' },
    ]);
  });

  test('tells them where the shop’s answer was lost, too, and at the next try takes it for done', async () => {
    const { askHmgLogin, verify, signIn, outside, row } = await known();
    const asked = await askHmgLogin();
    const verifying = request();
    outside.fail('customers.update', { afterwards: true });
    await expect(
      signIn.verify({ ...asked, device: null, language: null }, verifying.circumstances),
    ).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await verifying.answered();
    outside.mend();
    as('opened', await verify(asked));
    expect(row.phone).toEqual(SARA);
    expect(outside.notices()).toHaveLength(2);
  });

  test('closes the way in by password until a reset', async () => {
    const { proven, changePassword, passwordReset, outside, row } = await known();
    const { session } = as('opened', await proven());
    const caller = { customerId: row.id, sessionId: session.sessionId };
    expect(await changePassword(caller, change, request().circumstances)).toEqual({ kind: 'wrong' });
    expect(outside.named('passwords')).toEqual([]);

    outside.shop.resetTokens.set(row.id, 'token');
    const reset = { holder: { customerId: row.id }, token: 'token', newPassword: 'entirely new 1 sentence' };
    expect(await passwordReset.reset(reset, request().circumstances)).toEqual({ kind: 'reset' });
    const again = { currentPassword: reset.newPassword, newPassword: change.newPassword };
    expect(await changePassword(caller, again, request().circumstances)).toEqual({ kind: 'changed' });
  });

  test('leaves the old phone nothing: it stands for nobody now', async () => {
    const { proven, askLogin, verify } = await known();
    as('opened', await proven());
    as('notRegistered', await verify(await askLogin(OMAR)));
  });

  test('leaves no session that the old phone opened while it was under way', async () => {
    const { askHmgLogin, askLogin, verify, outside, sessions, row } = await known();
    const [late, asked] = [await askLogin(OMAR), await askHmgLogin()];
    const goOn = outside.stall('customers.update');
    const proving = verify(asked);
    await expect.poll(() => outside.named('customers.update')).toHaveLength(1);
    as('opened', await verify(late));
    goOn();
    const { session } = as('opened', await proving);
    expect((await sessions.list(row.id)).map(({ id }) => id)).toEqual([session.sessionId]);
  });

  test('is not stopped by a notice that cannot be delivered', async () => {
    const { askHmgLogin, verify, outside } = await known();
    const asked = await askHmgLogin();
    outside.fail('messenger');
    as('opened', await verify(asked));
  });

  test('takes the placeholder along, so that who has the old phone next can be created', async () => {
    const { askLogin, askHmgLogin, verify, outside } = await authOn();
    as('opened', await verify(await askLogin(OMAR, { createIfMissing: true })));
    const row = outside.shop.sole();
    row.fileNo = 'F-1';
    outside.addPatient(SARA, { fileNo: 'F-1' });
    const placeholder = row.email;
    as('opened', await verify(await askHmgLogin()));
    expect(row.email).not.toBe(placeholder);
    expect(await verify(await askLogin(OMAR, { createIfMissing: true }))).toMatchObject({
      kind: 'opened',
      isNewCustomer: true,
    });
  });
});

test('a match by ID with the very phone that was proven ends no session and tells nobody', async () => {
  const { askLogin, askHmgLogin, verify, outside, sessions } = await authOn();
  const { id } = outside.shop.add({ fileNo: 'F-1', phone: SARA, phoneVerified: true });
  outside.addPatient(SARA, { fileNo: 'F-1' });
  as('opened', await verify(await askLogin()));
  as('opened', await verify(await askHmgLogin()));
  expect(await sessions.list(id)).toHaveLength(2);
  expect(outside.notices()).toEqual([]);
});
