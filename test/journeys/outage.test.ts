/** What clients meet while the shop's module, EServices or the SMS gateway is away. */
import { describe, expect, it, vi } from 'vitest';
import {
  AddressesDocument,
  CardsDocument,
  CustomerOverviewDocument,
  HmgLoginDocument,
  RefreshSessionDocument,
  RegisterDocument,
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
  spend,
} from './steps.ts';

const wires = cutOffAtWill();

const NO_ROUTE = {
  status: 404,
  type: 'application/json',
  body: JSON.stringify({ message: 'Request does not match any route.' }),
};

describe('while the shop’s own module is away', () => {
  it.each([
    ['is cut off', 'cut', UNAVAILABLE],
    ['answers a page', PAGE, UNAVAILABLE],
    ['is not installed', NO_ROUTE, { code: 'UPSTREAM_INVALID', retryable: false }],
  ] as const)(
    '(%s) cards and loyalty fail, with their paths, and all the rest answers',
    async (_name, fate, extensions) => {
      const { token } = await signIn(wires.service, '501234567');
      wires.proxies.m2.fate = ({ path }) => (path.includes('/V1/hmg/') ? fate : 'pass');
      const { status, data, errors } = await wires.service.ask(CustomerOverviewDocument, {}, { token });
      expect(status).toBe(200);
      expect(data.customer).toMatchObject({ fullName: 'Sara Ali', cards: null, loyalty: null });
      expect(data.customer?.addresses?.length).toBeGreaterThan(1);
      expect(data.customer?.devices?.length).toBeGreaterThan(0);
      const trouble = errors.map(({ path, extensions: given }) => ({ path: path?.join('.'), ...given }));
      expect(trouble.toSorted((a, b) => `${a.path}`.localeCompare(`${b.path}`))).toEqual([
        { path: 'customer.cards', ...extensions },
        { path: 'customer.loyalty', ...extensions },
      ]);
      const cards = await wires.service.ask(CardsDocument, {}, { token });
      expect(cards.data).toEqual({ cards: null });
      expect(failureOf(cards)).toMatchObject({ path: 'cards', ...extensions });
      dataOf(await wires.service.ask(AddressesDocument, {}, { token }));
    },
  );
});

describe('while EServices is away', () => {
  it('O13: a patient’s code stays good, and the trouble is not called a wrong code or an unknown patient', async () => {
    wires.proxies.eservices.fate = () => 'cut';
    const challenge = await askForPatient(wires.service, { phone: saudi('551234567'), fileNo: '70001' });
    for (let attempt = 1; attempt <= 6; attempt++) {
      expect(failureOf(await giveCode(wires.service, challenge))).toMatchObject({
        ...UNAVAILABLE,
        path: 'verifyOtp',
      });
    }
    wires.proxies.eservices.fate = () => 'pass';
    expect(await enter(wires.service, challenge)).toMatchObject({ customer: { isPatient: true } });
  });

  it('a proof stays good as well', async () => {
    const phone = saudi('551234567');
    const stranger = await askForPatient(wires.service, { phone, fileNo: '70002' });
    const { phoneProof } = as('PatientNotFoundError', await spend(wires.service, stranger));
    const input = { phone, fileNo: '70001', phoneProof };
    wires.proxies.eservices.fate = () => ({ status: 500, type: 'text/html', body: '<h1>Runtime Error</h1>' });
    const failed = await wires.service.ask(HmgLoginDocument, { input });
    expect(failureOf(failed)).toMatchObject({ ...UNAVAILABLE, path: 'hmgLogin' });
    wires.proxies.eservices.fate = () => 'pass';
    const { hmgLogin } = dataOf(await wires.service.ask(HmgLoginDocument, { input }));
    expect(hmgLogin.__typename).toBe('CustomerSession');
  });

  it('shoppers sign in and register all the same, and nobody is called a patient or none for it', async () => {
    wires.proxies.eservices.fate = () => 'cut';
    expect((await signIn(wires.service, '501234567')).customer?.fullName).toBe('Sara Ali');
    const input = {
      phone: saudi('561116602'),
      firstName: 'Ziad',
      lastName: 'Faris',
      email: 'ziad@example.com',
    };
    const session = await enter(wires.service, await askToRegister(wires.service, input));
    expect(session.isNewCustomer).toBe(true);
    expect(rowOf(wires.shop, session.id).custom.has('is_patient')).toBe(false);
    const unknown = await spend(
      wires.service,
      await askToLogIn(wires.service, { phone: saudi('561116603') }),
    );
    expect(as('CustomerNotRegisteredError', unknown).nextStep).toBe('REGISTER');
  });

  it('the answer that was fetched while the person waited serves, should EServices go away then', async () => {
    const challenge = await askForPatient(wires.service, { phone: saudi('551234567'), fileNo: '70001' });
    await vi.waitFor(
      () => expect(wires.proxies.eservices.passed).toContain('POST /api/customer/login'),
      4000,
    );
    await messageTo(wires.sandbox, '+966551234567', challenge.otpCode ?? '');
    wires.proxies.eservices.fate = () => 'cut';
    expect((await enter(wires.service, challenge)).isNewCustomer).toBe(false);
  });
});

describe('while no SMS goes out', () => {
  it('asking answers as always, and asking again at once sends a code', async () => {
    const strict = await wires.start({ OTP_PAUSE_SECONDS: '60' });
    try {
      wires.proxies.sms.fate = () => ({ status: 503, type: 'text/plain', body: 'down' });
      const phone = saudi('561116604');
      await askToLogIn(strict, { phone });
      await vi.waitFor(() => expect(strict.logged.join()).toContain('work after the answer failed'), 4000);
      wires.proxies.sms.fate = () => 'pass';
      const challenge = await askToLogIn(strict, { phone });
      await messageTo(wires.sandbox, '+966561116604', challenge.otpCode ?? '');
    } finally {
      await strict.close();
    }
  });
});

it('logs no phone, e-mail, ID, code or token of all this', async () => {
  const { refreshToken, token } = await signIn(wires.service, '501234567');
  dataOf(await wires.service.ask(RefreshSessionDocument, { refreshToken }));
  const input = {
    phone: saudi('561116605'),
    firstName: 'Ziad',
    lastName: 'Faris',
    email: 'amal@example.com',
  };
  dataOf(await wires.service.ask(RegisterDocument, { input }));
  const log = wires.service.logged.join('\n');
  for (const secret of ['501234567', '561116605', 'amal@example.com', '70001', refreshToken, token]) {
    expect(log).not.toContain(secret);
  }
});
