/** What clients meet while the shop is away or loses its answers, and that it mends by itself. */
import { describe, expect, it, vi } from 'vitest';
import {
  AddAddressDocument,
  CustomerDocument,
  DevicesDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/operations.ts';
import { cutOffAtWill, failureOf, PAGE, UNAVAILABLE } from './cut-off.ts';
import {
  as,
  askForPatient,
  askToLogIn,
  askToRegister,
  dataOf,
  enter,
  giveCode,
  messageTo,
  rowOf,
  saudi,
  signIn,
} from './steps.ts';

const wires = cutOffAtWill();

describe('while the shop is away', () => {
  const outages = ['maintenance', 'database', 'php'] as const;

  it.each(outages)('(%s) a right code stays good, and no attempt is spent', async (outage) => {
    const challenge = await askToLogIn(wires.service, { phone: saudi('501234567') });
    wires.shop.settings.outage = outage;
    for (let attempt = 1; attempt <= 6; attempt++) {
      const answer = await giveCode(wires.service, challenge);
      expect(answer.data).toBeNull();
      expect(failureOf(answer)).toEqual({
        ...UNAVAILABLE,
        path: 'verifyOtp',
        message: 'A system behind this field does not answer right now.',
      });
    }
    wires.shop.settings.outage = null;
    expect((await enter(wires.service, challenge)).customer?.fullName).toBe('Sara Ali');
  });

  it.each(outages)(
    '(%s) reads are null with a retryable failure, and what is not the shop’s answers',
    async (outage) => {
      const { token } = await signIn(wires.service, '501234567');
      wires.shop.settings.outage = outage;
      const answer = await wires.service.ask(CustomerDocument, {}, { token });
      expect(answer.data).toEqual({ customer: null });
      expect(failureOf(answer)).toMatchObject({ ...UNAVAILABLE, path: 'customer' });
      expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|html|502|503|V1/);
      expect(dataOf(await wires.service.ask(DevicesDocument, {}, { token })).devices?.length).toBeGreaterThan(
        0,
      );
    },
  );

  it('asking for a code, for a reset and for a new registration answer as always', async () => {
    wires.shop.settings.outage = 'maintenance';
    await askToLogIn(wires.service, { phone: saudi('501234567') });
    const input = { userIdentifier: 'sara@example.com' };
    const { requestPasswordReset } = dataOf(await wires.service.ask(RequestPasswordResetDocument, { input }));
    expect(requestPasswordReset.__typename).toBe('CustomerAcknowledgement');
  });

  it('an address is not half added: the failure is retryable, and trying again adds it once', async () => {
    const { token } = await signIn(wires.service, '501234567');
    const input = {
      firstName: 'Sara',
      lastName: 'Ali',
      street: ['1 Palm Street'],
      city: 'Riyadh',
      postcode: '12345',
      telephone: '0501234567',
    };
    const count = rowOf(wires.shop, 'sara@example.com').addresses.length;
    wires.proxies.m2.fate = ({ method }) => (method === 'PUT' ? 'cut' : 'pass');
    const failed = await wires.service.ask(AddAddressDocument, { input }, { token });
    expect(failureOf(failed)).toMatchObject({ ...UNAVAILABLE, path: 'addAddress' });
    wires.proxies.m2.fate = ({ method }) => (method === 'PUT' ? 'lose' : 'pass');
    const lost = dataOf(await wires.service.ask(AddAddressDocument, { input }, { token })).addAddress;
    expect(lost.__typename).toBe('CustomerAddress');
    expect(rowOf(wires.shop, 'sara@example.com').addresses).toHaveLength(count + 1);
  });

  it('a session opens although its customer cannot be shown', async () => {
    const challenge = await askToLogIn(wires.service, { phone: saudi('501234567') });
    // The phone is searched once to sign in; whatever comes after it is to show the customer.
    let searches = 0;
    wires.proxies.m2.fate = ({ path }) => {
      if (path.endsWith('/customers/search')) searches += 1;
      return searches > 1 ? PAGE : 'pass';
    };
    const answer = await giveCode(wires.service, challenge);
    expect(failureOf(answer)).toMatchObject({ ...UNAVAILABLE, path: 'verifyOtp.customer' });
    const session = as('CustomerSession', answer.data.verifyOtp);
    expect(session.customer).toBeNull();
    wires.proxies.m2.fate = () => 'pass';
    const { customer } = dataOf(
      await wires.service.ask(CustomerDocument, {}, { token: session.accessToken }),
    );
    expect(customer?.firstName).toBe('Sara');
  });

  it('a lost answer to the creation of a customer neither loses nor doubles the customer', async () => {
    const input = {
      phone: saudi('561116601'),
      firstName: 'Amal',
      lastName: 'Faris',
      email: 'amal@example.com',
    };
    const challenge = await askToRegister(wires.service, input);
    const count = wires.shop.customers.size;
    wires.proxies.m2.fate = ({ method }) => (method === 'POST' ? 'lose' : 'pass');
    expect(await enter(wires.service, challenge)).toMatchObject({ isNewCustomer: true });
    expect(wires.shop.customers.size).toBe(count + 1);
  });

  it('a patient’s customer whose creation was never answered is found, whole and once', async () => {
    const challenge = await askForPatient(wires.service, { phone: saudi('552345678'), fileNo: '70002' });
    const count = wires.shop.customers.size;
    wires.proxies.m2.fate = ({ method, path }) =>
      method === 'POST' && path.endsWith('/V1/customers') ? 'lose' : 'pass';
    const session = await enter(wires.service, challenge);
    expect(wires.shop.customers.size).toBe(count + 1);
    expect(rowOf(wires.shop, session.id).addresses).toHaveLength(2);
  });

  it('a lost answer to a new password is none to worry about: it is set, and no session is left', async () => {
    const { token } = await signIn(wires.service, '502345678');
    const asked = { userIdentifier: 'omar@example.com' };
    dataOf(await wires.service.ask(RequestPasswordResetDocument, { input: asked }));
    const { text } = await messageTo(wires.sandbox, 'omar@example.com', 'There was a request');
    const link = new URL(text.match(/https?:\S+/)?.[0] ?? '').searchParams;
    const input = {
      customerId: link.get('id') ?? '',
      token: link.get('token') ?? '',
      newPassword: 'Seven plum trees, 1 row',
    };
    wires.proxies.m2.fate = ({ path }) => (path.endsWith('/resetPassword') ? 'lose' : 'pass');
    const { resetPassword } = dataOf(await wires.service.ask(ResetPasswordDocument, { input }));
    expect(resetPassword.__typename).toBe('CustomerAcknowledgement');
    const { errors } = await wires.service.ask(CustomerDocument, {}, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  it('a service that starts meanwhile recovers without a restart', async () => {
    wires.shop.settings.outage = 'php';
    const late = await wires.start();
    try {
      await vi.waitFor(() => expect(late.logged.join()).toContain('read the store views'), 4000);
      const challenge = await askToLogIn(late, { phone: saudi('502345678') });
      expect(failureOf(await giveCode(late, challenge))).toMatchObject(UNAVAILABLE);
      wires.shop.settings.outage = null;
      expect((await enter(late, challenge)).customer?.fullName).toBe('Omar Khan');
    } finally {
      await late.close();
    }
  });
});
