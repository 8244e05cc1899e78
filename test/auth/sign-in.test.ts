import { describe, expect, test } from 'vitest';
import { as, authOn, deviceOf, registrationOf, request, SARA } from './setup.ts';

describe('register', () => {
  test('writes nothing before the code is spent, and then creates the customer with a proven phone', async () => {
    const { askRegister, verify, outside } = await authOn();
    outside.addPatient(SARA, {});
    const asked = await askRegister();
    expect(outside.named('customers')).toEqual([]);
    const opened = as('opened', await verify(asked));
    const created = outside.shop.sole();
    expect(created).toMatchObject({
      email: 'sara@example.com',
      firstName: 'Sara',
      lastName: 'Example',
      phone: SARA,
      phoneVerified: true,
      emailVerified: false,
      isPatient: true,
      country: 'SA',
      city: 'Riyadh',
      isSubscribed: true,
      termsVersion: '2026-01',
      termsAcceptedAt: expect.any(Date),
    });
    expect(opened).toMatchObject({ isNewCustomer: true, session: { customerId: created.id } });
  });

  test('of a phone that has a customer signs that one in and writes nothing of the input', async () => {
    const { askRegister, verify, outside } = await authOn();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true, email: 'own@example.com' });
    const opened = as('opened', await verify(await askRegister(SARA, 'other@example.com')));
    expect(opened).toMatchObject({ isNewCustomer: false, session: { customerId: id } });
    expect(outside.named('customers.create')).toEqual([]);
    expect(outside.named('customers.update')).toEqual([]);
    expect(outside.shop.sole().email).toBe('own@example.com');
  });

  test('with an e-mail that another customer has opens nothing, whatever phone that customer typed', async () => {
    const { askRegister, verify, outside, sessions } = await authOn();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: false, email: 'sara@example.com' });
    const outcome = as('conflict', await verify(await askRegister(SARA, 'SARA@example.com')));
    expect(outcome).toMatchObject({ field: 'email', phoneProof: expect.any(String) });
    expect(await sessions.list(id)).toEqual([]);
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('goes on where the hospital does not say whether it knows the phone', async () => {
    const { askRegister, verify, outside } = await authOn();
    outside.fail('patients');
    as('opened', await verify(await askRegister()));
    expect(outside.shop.sole()).not.toHaveProperty('isPatient');
  });
});

describe('login', () => {
  test.each([
    ['a proven phone', { phoneVerified: true }],
    ['a phone that was proven without a code', { verifiedWithoutOtp: true }],
  ])('signs in whom %s stands for, once', async (_, proof) => {
    const { askLogin, verify, outside, sessions, tokens } = await authOn();
    const { id } = outside.shop.add({ phone: SARA, ...proof });
    const asked = await askLogin();
    const { session, isNewCustomer } = as('opened', await verify({ ...asked, device: deviceOf('own') }));
    expect(isNewCustomer).toBe(false);
    expect(await tokens.verifyAccess(session.accessToken)).toMatchObject({
      customerId: id,
      sessionId: session.sessionId,
      amr: ['otp', 'sms'],
    });
    expect(await sessions.list(id)).toMatchObject([{ id: session.sessionId, device: { deviceId: 'own' } }]);
    expect(await verify(asked)).toEqual({ kind: 'expired' });
    expect(outside.named('customers.update')).toEqual([]);
  });

  test('by a phone that somebody merely typed opens nothing', async () => {
    const { askLogin, verify, outside, sessions } = await authOn();
    const { id } = outside.shop.add({ phone: SARA });
    as('notRegistered', await verify(await askLogin()));
    expect(await sessions.list(id)).toEqual([]);
  });

  test('takes the one customer who proved the phone among others who typed it', async () => {
    const { askLogin, verify, outside } = await authOn();
    outside.shop.add({ phone: SARA });
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    outside.shop.add({ phone: SARA });
    expect(await verify(await askLogin())).toMatchObject({ session: { customerId: id } });
  });

  test.each(['login', 'register'] as const)(
    'of a phone with several proven customers takes none: %s',
    async (how) => {
      const { askLogin, askRegister, verify, outside } = await authOn();
      outside.shop.add({ phone: SARA, phoneVerified: true });
      outside.shop.add({ phone: SARA, verifiedWithoutOtp: true });
      const asked = how === 'login' ? await askLogin() : await askRegister();
      expect(await verify(asked)).toMatchObject({ kind: 'conflict', field: 'phone' });
      expect(outside.named('customers.create')).toEqual([]);
    },
  );

  test('of nobody says which way leads on', async () => {
    const { askLogin, verify, outside } = await authOn();
    expect(await verify(await askLogin())).toMatchObject({ kind: 'notRegistered', nextStep: 'REGISTER' });
    outside.addPatient(SARA, {});
    expect(await verify(await askLogin())).toMatchObject({ kind: 'notRegistered', nextStep: 'HMG_LOGIN' });
    outside.fail('patients');
    expect(await verify(await askLogin())).toMatchObject({ kind: 'notRegistered', nextStep: 'REGISTER' });
    expect(outside.shop.rows.size).toBe(0);
  });

  test('with createIfMissing creates a customer without name, its e-mail a placeholder', async () => {
    const { signIn, verify, sent, outside } = await authOn();
    const asked = { phone: SARA, createIfMissing: true, acceptedTermsVersion: '2026-01' };
    const code = sent(await signIn.login(asked, request().circumstances));
    expect(await verify(code)).toMatchObject({ kind: 'opened', isNewCustomer: true });
    const created = outside.shop.sole();
    expect(created).toMatchObject({
      firstName: '-',
      lastName: '-',
      phoneVerified: true,
      termsVersion: '2026-01',
    });
    expect(created.email).toMatch(/^p-[0-9a-f]{32}@customers\.invalid$/);
    expect(created.email).not.toContain(SARA.nationalNumber);
    expect(outside.notices()).toEqual([]);
  });

  test('records newer terms of whom it signs in, and nothing else', async () => {
    const { signIn, verify, sent, outside } = await authOn();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    const asked = { phone: SARA, createIfMissing: false, acceptedTermsVersion: '2026-02' };
    as('opened', await verify(sent(await signIn.login(asked, request().circumstances))));
    expect(outside.named('customers.update').map(({ args }) => args)).toEqual([
      [id, { termsVersion: '2026-02', termsAcceptedAt: expect.any(Date) }],
    ]);
  });

  test('O7: a code for the loyalty programme signs nobody in', async () => {
    const { loyalty, verify, sent, outside, sessions } = await authOn();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    const asked = sent(await loyalty.ask(id, request().circumstances));
    expect(await verify(asked)).toEqual({ kind: 'expired' });
    expect(await sessions.list(id)).toEqual([]);
  });
});

describe('a refreshed session', () => {
  test('S5: comes with a new access token of the same session and time of signing in', async () => {
    const { askLogin, verify, outside, refreshSession, tokens } = await authOn();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const { session } = as('opened', await verify(await askLogin()));
    const renewed = await refreshSession(session.refreshToken);
    expect(renewed).toMatchObject({ customerId: session.customerId, sessionId: session.sessionId });
    const [before, now] = [session, renewed ?? session];
    const claims = await tokens.verifyAccess(now.accessToken);
    expect(claims?.authTime).toEqual((await tokens.verifyAccess(before.accessToken))?.authTime);
    expect(await refreshSession('nonsense')).toBeNull();
  });
});

describe('a proof in place of a code', () => {
  test('registers whom login could not find, without another message', async () => {
    const { askLogin, verify, signIn, outside } = await authOn();
    const { phoneProof } = as('notRegistered', await verify(await askLogin()));
    const asked = { phone: SARA, registration: registrationOf('sara@example.com'), phoneProof, device: null };
    expect(await signIn.register(asked, request().circumstances)).toMatchObject({
      kind: 'opened',
      isNewCustomer: true,
    });
    expect(outside.shop.sole()).toMatchObject({ phone: SARA, phoneVerified: true });
    expect(outside.messages).toHaveLength(1);
  });
});
