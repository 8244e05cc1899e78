import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  as,
  authOn,
  deviceOf,
  MINUTES,
  OMAR,
  pass,
  registrationOf,
  request,
  SARA,
  stopTime,
} from './setup.ts';

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE' };

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

/** A proof for Sara's phone, which has no customer. */
async function proven() {
  const auth = await authOn();
  const { phoneProof } = as('notRegistered', await auth.verify(await auth.askLogin()));
  const register = (proof = phoneProof, { phone = SARA, email = 'sara@example.com' } = {}) =>
    auth.signIn.register(
      { phone, registration: registrationOf(email), phoneProof: proof, device: deviceOf('own') },
      request().circumstances,
    );
  const hmgLogin = (proof = phoneProof, phone = SARA) =>
    auth.signIn.hmgLogin(
      {
        phone,
        by: 'fileNo',
        value: 'F-1',
        acceptedTermsVersion: null,
        phoneProof: proof,
        device: deviceOf('own'),
      },
      request().circumstances,
    );
  return { ...auth, phoneProof, register, hmgLogin };
}

describe('a phone proof', () => {
  test('is 256 random bits', async () => {
    const { phoneProof } = await proven();
    expect(Buffer.from(phoneProof, 'base64url')).toHaveLength(32);
  });

  test('is good once', async () => {
    const { register, hmgLogin } = await proven();
    expect(await register()).toMatchObject({ kind: 'opened' });
    expect(await register()).toEqual({ kind: 'expired' });
    expect(await hmgLogin()).toEqual({ kind: 'expired' });
  });

  test('is good for its own phone only, and not spent by the try with another', async () => {
    const { register, hmgLogin, phoneProof, outside } = await proven();
    expect(await register(phoneProof, { phone: OMAR })).toEqual({ kind: 'expired' });
    expect(await hmgLogin(phoneProof, OMAR)).toEqual({ kind: 'expired' });
    expect(outside.named('customers.create')).toEqual([]);
    expect(await register()).toMatchObject({ kind: 'opened' });
  });

  test('is good for ten minutes', async () => {
    const { register } = await proven();
    pass(10 * MINUTES);
    expect(await register()).toEqual({ kind: 'expired' });
  });

  test.each(['', 'invented', '__proto__'])('that was never given out is none: %j', async (proof) => {
    const { register, hmgLogin } = await proven();
    expect(await register(proof)).toEqual({ kind: 'expired' });
    expect(await hmgLogin(proof)).toEqual({ kind: 'expired' });
  });

  test("O13: survives the shop's and the hospital's trouble, and its end stays where it was", async () => {
    const { register, hmgLogin, outside } = await proven();
    pass(9 * MINUTES);
    outside.fail('customers');
    await expect(register()).rejects.toMatchObject(UNAVAILABLE);
    outside.mend();
    outside.fail('patients');
    await expect(hmgLogin()).rejects.toMatchObject(UNAVAILABLE);
    outside.mend();
    pass(MINUTES - 1);
    outside.fail('customers');
    await expect(register()).rejects.toMatchObject(UNAVAILABLE);
    outside.mend();
    pass(1);
    expect(await register()).toEqual({ kind: 'expired' });
  });

  test('survives an answer that was lost, and makes no second customer of it', async () => {
    const { register, outside } = await proven();
    outside.fail('customers.create', { afterwards: true });
    await expect(register()).rejects.toMatchObject(UNAVAILABLE);
    outside.mend();
    expect(await register()).toMatchObject({ kind: 'opened' });
    expect(outside.shop.rows.size).toBe(1);
  });

  test('after what can be mended once more is replaced by one that ends no later', async () => {
    const { register, hmgLogin, outside } = await proven();
    outside.shop.add({ email: 'taken@example.com' });
    pass(6 * MINUTES);
    const taken = as('conflict', await register(undefined, { email: 'taken@example.com' }));
    expect(taken.field).toBe('email');
    expect(await register()).toEqual({ kind: 'expired' });
    const { phoneProof } = as('patientNotFound', await hmgLogin(taken.phoneProof));
    pass(4 * MINUTES - 1);
    const last = as('conflict', await register(phoneProof, { email: 'taken@example.com' }));
    pass(1);
    expect(await register(last.phoneProof)).toEqual({ kind: 'expired' });
  });

  test('O5: the device that signed in with it is known as one that did', async () => {
    const { register, askLogin, verify } = await proven();
    as('opened', await register());
    const asked = await askLogin();
    const asking = { ...asked, code: 'wrong' };
    for (let wrongs = 0; wrongs < 5; wrongs++) await verify(asking);
    pass(MINUTES);
    const again = await askLogin();
    for (let wrongs = 0; wrongs < 5; wrongs++) await verify({ ...again, code: 'wrong' });
    pass(MINUTES);
    const own = await askLogin();
    expect(await verify(own)).toMatchObject({ kind: 'throttled' });
    expect(await verify({ ...own, device: deviceOf('own') })).toMatchObject({ kind: 'opened' });
  });
});
