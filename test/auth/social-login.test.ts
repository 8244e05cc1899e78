import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { as, deviceOf, MINUTES, OMAR, pass, SARA, stopTime, tally, times, wrong } from './setup.ts';
import { GRACE, socialAuth } from './social.ts';

let auth: Awaited<ReturnType<typeof socialAuth>>;
beforeEach(async () => {
  auth = await socialAuth();
});
afterEach(async () => {
  vi.useRealTimers();
  await auth.provider.close();
});

const amrOf = async (customerId: string) => (await auth.sessions.list(customerId)).map(({ amr }) => amr);

/** A customer of Grace's e-mail as it was proven. */
const grace = (facts: Parameters<typeof auth.outside.shop.add>[0] = {}) =>
  auth.outside.shop.add({ email: GRACE.email, emailVerified: true, ...facts });

describe('a subject that nobody has, with an e-mail that nobody has', () => {
  test('becomes a customer without phone, whose e-mail is verified', async () => {
    const { isNewCustomer } = as(
      'opened',
      await auth.enter(GRACE, { acceptedTermsVersion: '7', language: 'ar' }),
    );
    expect(isNewCustomer).toBe(true);
    expect(auth.outside.shop.sole()).toMatchObject({
      email: GRACE.email,
      emailVerified: true,
      phoneVerified: false,
      googleSub: GRACE.sub,
      firstName: 'Grace',
      lastName: 'Example',
      language: 'AR',
      isSubscribed: false,
      termsVersion: '7',
      termsAcceptedAt: expect.any(Date),
    });
    expect(auth.outside.shop.sole().phone).toBeUndefined();
    expect(await amrOf(auth.outside.shop.sole().id)).toEqual([['fed']]);
  });

  test('takes the names that Apple told the client, and M2’s dash for those that nobody told', async () => {
    const apple = { sub: '000123.abc.0456', email: 'x7@privaterelay.appleid.com', email_verified: 'true' };
    as('opened', await auth.enter(apple, { provider: 'APPLE', firstName: 'Hedy' }));
    expect(auth.outside.shop.sole()).toMatchObject({
      firstName: 'Hedy',
      lastName: '-',
      appleSub: apple.sub,
      email: apple.email,
      emailVerified: true,
    });
  });

  test('has no name that the shop would refuse', async () => {
    const odd = { ...GRACE, given_name: 'Grace 🎉', family_name: '<script>' };
    as('opened', await auth.enter(odd, { lastName: 'Typed' }));
    expect(auth.outside.shop.sole()).toMatchObject({ firstName: '-', lastName: 'Typed' });
  });

  test.each([
    ['false', false],
    ['"false"', 'false'],
    ['missing', undefined],
    ['"yes"', 'yes'],
  ])('is told so where the e-mail is not verified: %s', async (_, email_verified) => {
    const unlike = { claims: { email_verified } };
    expect(await auth.enter(GRACE, { unlike })).toEqual({ kind: 'noEmail' });
    expect(auth.outside.shop.rows.size).toBe(0);
  });

  test('twenty at once become one customer', async () => {
    const outcomes = await times(20, () => auth.enter());
    expect(tally(outcomes)).toEqual({ opened: 20 });
    expect(auth.outside.shop.rows.size).toBe(1);
    expect(outcomes.filter((one) => one.kind === 'opened' && one.isNewCustomer)).toHaveLength(1);
  });

  test('twenty at once on two replicas, the e-mail in two writings, become one customer', async () => {
    const other = await socialAuth({ beside: auth });
    const capitals = { ...GRACE, email: 'Grace@EXAMPLE.com' };
    const outcomes = await times(20, (index) => (index % 2 ? auth.enter() : other.enter(capitals)));
    expect(tally(outcomes)).toEqual({ opened: 20 });
    expect(auth.outside.shop.rows.size).toBe(1);
  });

  test('whose creation was answered to nobody finds its customer', async () => {
    auth.outside.fail('customers.create', { afterwards: true });
    await expect(auth.enter()).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    auth.outside.mend();
    as('opened', await auth.enter());
    expect(auth.outside.shop.rows.size).toBe(1);
  });
});

describe('the customer of a subject', () => {
  test('is signed in whatever the e-mail says by now, and nothing is written', async () => {
    const row = grace({ googleSub: GRACE.sub, email: 'old@example.com', emailVerified: false });
    const moved = { ...GRACE, email_verified: false };
    expect(as('opened', await auth.enter(moved)).session.customerId).toBe(row.id);
    expect(auth.outside.named('customers').map(({ name }) => name)).toEqual(['customers.findBySubject']);
  });

  test('is not another provider’s of the same subject', async () => {
    grace({ appleSub: GRACE.sub, email: 'other@example.com' });
    expect(as('opened', await auth.enter()).isNewCustomer).toBe(true);
  });

  test('is a conflict where there are several', async () => {
    grace({ googleSub: GRACE.sub });
    grace({ googleSub: GRACE.sub, email: 'other@example.com' });
    expect(await auth.enter()).toEqual({ kind: 'conflict', field: 'idToken' });
  });

  test('has a new consent recorded', async () => {
    const row = grace({ googleSub: GRACE.sub });
    as('opened', await auth.enter(GRACE, { acceptedTermsVersion: '8' }));
    expect(row).toMatchObject({ termsVersion: '8', termsAcceptedAt: expect.any(Date) });
  });
});

describe('a verified e-mail', () => {
  test('links its customer once: from then on the subject counts', async () => {
    const row = grace();
    const { session, isNewCustomer } = as('opened', await auth.enter());
    expect([session.customerId, isNewCustomer]).toEqual([row.id, false]);
    expect(row).toMatchObject({ googleSub: GRACE.sub, firstName: 'Sara' });
    const moved = { ...GRACE, email: 'moved@example.com' };
    expect(as('opened', await auth.enter(moved)).session.customerId).toBe(row.id);
    expect(auth.outside.shop.rows.size).toBe(1);
  });

  test('of a customer who never proved it is a conflict, for anybody can type it', async () => {
    const row = grace({ emailVerified: false });
    expect(await auth.enter()).toEqual({ kind: 'conflict', field: 'email' });
    expect(row.googleSub).toBeUndefined();
    expect(await auth.sessions.list(row.id)).toEqual([]);
  });

  test('of a customer who is linked to another subject is a conflict', async () => {
    const row = grace({ googleSub: 'another-subject' });
    expect(await auth.enter()).toEqual({ kind: 'conflict', field: 'idToken' });
    expect(row.googleSub).toBe('another-subject');
  });

  test('that only the token’s person claims links nobody', async () => {
    const row = grace();
    expect(await auth.enter({ ...GRACE, email_verified: false })).toEqual({ kind: 'noEmail' });
    expect(row.googleSub).toBeUndefined();
  });
});

describe('a patient', () => {
  const patient = (facts: Parameters<typeof grace>[0] = {}) =>
    grace({ phone: SARA, phoneVerified: true, isPatient: true, ...facts });

  test.each([
    ['by the flag', { isPatient: true }],
    ['by the national ID', { isPatient: false, nationalId: '1000000008' }],
    ['by the file', { isPatient: false, fileNo: 'F-1' }],
  ])('known %s is linked only with the code to the phone', async (_, facts) => {
    const row = patient(facts);
    const asked = auth.sent(await auth.enter(GRACE, { acceptedTermsVersion: '9' }));
    expect(auth.outside.messages).toMatchObject([{ kind: 'code', to: SARA.e164, purpose: 'socialLink' }]);
    expect([row.googleSub, row.termsVersion]).toEqual([undefined, undefined]);
    expect(await auth.sessions.list(row.id)).toEqual([]);

    expect(await auth.verify({ ...asked, code: wrong(asked.code) })).toMatchObject({ kind: 'rejected' });
    expect(row.googleSub).toBeUndefined();
    const { session } = as('opened', await auth.verify({ ...asked, device: deviceOf('own') }));
    expect(session.customerId).toBe(row.id);
    expect(row).toMatchObject({ googleSub: GRACE.sub, termsVersion: '9' });
    expect(await amrOf(row.id)).toEqual([['fed', 'otp', 'sms']]);
    as('opened', await auth.enter());
  });

  test('whose phone was never proven is sent to sign in by phone', async () => {
    const row = patient({ phoneVerified: false });
    expect(await auth.enter()).toEqual({ kind: 'conflict', field: 'phone' });
    expect([row.googleSub, auth.outside.messages]).toEqual([undefined, []]);
  });

  test('the code of another purpose links nobody', async () => {
    const row = patient();
    const login = await auth.askLogin();
    stopTime();
    pass(MINUTES);
    const asked = auth.sent(await auth.enter());
    expect(
      await auth.verify({ ...asked, code: login.code === asked.code ? wrong(asked.code) : login.code }),
    ).toMatchObject({ kind: 'rejected' });
    expect(row.googleSub).toBeUndefined();
  });

  test('a token waits while codes do: it is not spent on one that was not sent', async () => {
    patient();
    stopTime();
    const token = await auth.provider.tokenOf(GRACE);
    await auth.askLogin();
    as('throttled', await auth.bring(token));
    pass(MINUTES);
    auth.sent(await auth.bring(token));
  });

  test.each([
    ['the phone is another', { phone: OMAR }],
    ['the phone is not verified any more', { phoneVerified: false }],
    ['the e-mail is another', { email: 'changed@example.com' }],
    ['the e-mail is not verified any more', { emailVerified: false }],
  ])('is not linked where %s by now', async (_, change) => {
    const row = patient();
    const asked = auth.sent(await auth.enter());
    Object.assign(row, change);
    expect(await auth.verify(asked)).toEqual({ kind: 'expired' });
    expect(row.googleSub).toBeUndefined();
    expect(await auth.sessions.list(row.id)).toEqual([]);
  });

  test('is not linked where somebody else has the subject by now, or the patient has another', async () => {
    const row = patient();
    const asked = auth.sent(await auth.enter());
    const other = auth.outside.shop.add({ googleSub: GRACE.sub });
    expect(await auth.verify(asked)).toEqual({ kind: 'notLinked' });
    auth.outside.shop.rows.delete(other.id);

    stopTime();
    pass(MINUTES);
    const again = auth.sent(await auth.enter());
    row.googleSub = 'another-subject';
    expect(await auth.verify(again)).toEqual({ kind: 'notLinked' });
    expect(row.googleSub).toBe('another-subject');
  });

  test('of two right codes at once one session comes, and the code is good again after the shop’s trouble', async () => {
    const row = patient();
    const asked = auth.sent(await auth.enter());
    auth.outside.fail('customers.linkSubject');
    await expect(auth.verify(asked)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    auth.outside.mend();
    const outcomes = await times(10, () => auth.verify(asked));
    expect(tally(outcomes).opened).toBe(1);
    expect(await auth.sessions.list(row.id)).toHaveLength(1);
  });
});

describe('after a take-over by the hospital’s word', () => {
  /** Linked by who had the old phone; the account is Sara's by now. */
  async function takenOver() {
    const row = grace({ googleSub: GRACE.sub, phone: OMAR, phoneVerified: true, fileNo: 'F-1' });
    auth.outside.addPatient(SARA, { fileNo: 'F-1' });
    const own = { ...(await auth.askHmgLogin()), device: deviceOf('own') };
    as('opened', await auth.verify(own));
    return row;
  }

  test('the subject that was linked before opens nothing without the new phone', async () => {
    const row = await takenOver();
    stopTime();
    pass(MINUTES);
    const asked = auth.sent(await auth.enter());
    expect(auth.outside.messages.at(-1)).toMatchObject({ kind: 'code', to: SARA.e164 });
    expect(await auth.sessions.list(row.id)).toHaveLength(1);
    as('opened', await auth.verify(asked));
  });

  test('it does on a device on which the new phone was proven', async () => {
    await takenOver();
    as('opened', await auth.enter(GRACE, { device: deviceOf('own') }));
    auth.sent(await auth.enter(GRACE, { device: deviceOf('strange') }));
  });
});
