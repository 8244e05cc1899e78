/** What people and apps get from a web example against the started service, when all is well and when it is not. */
import type { DocumentNode } from 'graphql';
import { expect, it, vi } from 'vitest';
import type * as account from '../../examples/apollo-client/account.ts';
import type { Session, SessionOptions } from '../../examples/apollo-client/session.ts';
import { as, rowOf, shopOf, signIn } from '../journeys/steps.ts';
import {
  AddressDocument,
  CountriesDocument,
  CustomerDocument,
  WalletDocument,
} from '../support/operations.ts';
import type { Fate } from '../support/proxy.ts';
import { memoryStore, wireToService } from './wire.ts';

type Of<Call extends (customer: never, given: never) => unknown> = (
  given: Parameters<Call>[1],
) => ReturnType<Call>;

/** An app on one of the examples, whichever library is behind it. */
export interface App {
  session: Session;
  /** What a screen shows in the end. */
  query(
    document: DocumentNode,
    variables: Record<string, unknown>,
  ): Promise<{ data?: unknown; error?: { message: string } | undefined }>;
  /** What the cache holds of the customer. */
  cached(): string;
  askForCode: Of<typeof account.askForCode>;
  giveCode: Of<typeof account.giveCode>;
  addAddress: Of<typeof account.addAddress>;
  deleteAddress: Of<typeof account.deleteAddress>;
  watchAddresses: Of<typeof account.watchAddresses>;
  signOut(): Promise<void>;
}

const HOME = {
  label: 'Home',
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  regionCode: 'SA-01',
  postcode: '12345',
  telephone: '0501234567',
};
const UNAVAILABLE = {
  errors: [
    { message: 'away', path: ['countries'], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
  ],
  data: { countries: null },
};

/** The tests that each example has to pass. */
export function keepsItsPromises(create: (options: Omit<SessionOptions, 'onSignedIn'>) => App): void {
  // On a busy machine some of what happens here at once takes a while.
  vi.setConfig({ testTimeout: 15_000 });
  const wire = wireToService();

  function start(language: 'en' | 'ar' = 'en') {
    const store = memoryStore();
    const onSignedOut = vi.fn<(message: string | null) => void>();
    const app = create({ url: wire.url, store, language: () => language, onSignedOut });
    return { ...app, store, onSignedOut };
  }

  async function startSignedIn(number = '501234567') {
    const app = start();
    await app.session.start(await signIn(wire.service, number));
    return app;
  }

  /** Twenty operations at once, none like another. */
  const twenty = ({ query }: App) =>
    Promise.all(Array.from({ length: 20 }, (_, index) => query(AddressDocument, { id: String(index) })));

  it('signs in with the code, keeps an open address book in step, and forgets it all on signing out', async () => {
    const app = start();
    const challenge = as('OtpChallenge', await app.askForCode('0502345678'));
    const wrong = await app.giveCode({ otpId: challenge.otpId, otpCode: 'abc' });
    expect(wrong).toMatchObject({ message: expect.any(String) });
    as('CustomerSession', await app.giveCode({ otpId: challenge.otpId, otpCode: challenge.otpCode ?? '' }));

    let shown: string[] | undefined;
    const close = app.watchAddresses((addresses) => {
      shown = addresses?.map(({ label, region }) => `${label} in ${region?.name}`);
    });
    await vi.waitFor(() => expect(shown).toEqual([]));
    const { id } = as('CustomerAddress', await app.addAddress(HOME));
    await vi.waitFor(() => expect(shown).toEqual(['Home in Riyadh']));
    as('Deleted', await app.deleteAddress(id));
    await vi.waitFor(() => expect(shown).toEqual([]));
    close();

    await app.query(CustomerDocument, {});
    expect(app.cached()).toContain('omar@example.com');
    expect(app.cached()).not.toContain(app.session.current());
    expect(app.cached()).not.toContain(app.store.kept?.refreshToken);
    await app.signOut();
    expect(app.store.kept).toBeNull();
    expect(app.onSignedOut.mock.calls).toEqual([[null]]);
    await vi.waitFor(() => expect(app.cached()).toBe('{}'));
    expect((await app.query(CustomerDocument, {})).error).toBeDefined();
  });

  it('signs out also where the service never answers', async () => {
    const app = await startSignedIn();
    wire.fate = () => new Promise(() => {});
    await app.signOut();
    expect(app.store.kept).toBeNull();
    expect(app.onSignedOut.mock.calls).toEqual([[null]]);
    expect(app.session.current()).toBeNull();
  });

  it('says in Arabic what is wrong with an address', async () => {
    const app = start('ar');
    await app.session.start(await signIn(wire.service, '501234567'));
    const refused = as('CustomerInputError', await app.addAddress({ ...HOME, postcode: '1' }));
    expect(refused.fields).toMatchObject([{ path: ['input', 'postcode'] }]);
    for (const text of [refused.message, refused.fields[0]?.message]) expect(text).toMatch(/[\u0621-\u064A]/);
  });

  it('answers twenty that are refused at once with one renewal, also one that is refused long after', async () => {
    const app = start();
    const tokens = await signIn(wire.service, '501234567');
    await app.session.start({ ...tokens, accessToken: 'no.longer.good' });
    let renewed = () => {};
    const renewal = new Promise<void>((resolve) => {
      renewed = resolve;
    });
    let held = 0;
    wire.fate = async ({ name, token }): Promise<Fate> => {
      if (name === 'Address' && token === 'no.longer.good' && ++held === 20) await renewal;
      if (name === 'Address' && token !== 'no.longer.good') renewed();
      return 'pass';
    };
    const answers = await twenty(app);
    for (const { data, error } of answers) {
      expect(error).toBeUndefined();
      expect(data).toHaveProperty('address');
    }
    expect(wire.sent('RefreshSession')).toHaveLength(1);
    expect(wire.sent('Address')).toHaveLength(40);
    expect(app.onSignedOut).not.toHaveBeenCalled();
  });

  it('renews before the token expires, once, and nothing is refused', async () => {
    const app = start();
    const tokens = await signIn(wire.service, '501234567');
    await app.session.start({ ...tokens, accessTokenExpiresInSeconds: 0 });
    for (const { error } of await twenty(app)) expect(error).toBeUndefined();
    expect(wire.sent('RefreshSession')).toHaveLength(1);
    expect(wire.sent('Address')).toHaveLength(20);
  });

  it('tells everybody who waits, and the app once, that the session is over', async () => {
    const app = await startSignedIn('551234567');
    await app.query(CustomerDocument, {});
    const { token } = wire.sent('Customer')[0] ?? {};
    await wire.service.ask('mutation { logoutAllDevices { __typename } }', {}, { token: token ?? '' });
    for (const { error } of await twenty(app)) expect(error?.message).toMatch(/Sign in to see this/);
    expect(wire.sent('RefreshSession')).toHaveLength(1);
    expect(app.onSignedOut.mock.calls).toEqual([[expect.stringMatching(/sign in/i)]]);
    expect(app.store.kept).toBeNull();
    await vi.waitFor(() => expect(app.cached()).toBe('{}'));
    // From now on nobody is asked to renew what is over.
    await app.query(CustomerDocument, {});
    expect(wire.sent('RefreshSession')).toHaveLength(1);
  });

  it('sends a mutation again after a broken connection, under the same key, and each under its own', async () => {
    const app = await startSignedIn();
    const count = () => rowOf(shopOf(wire.service), 'sara@example.com').addresses.length;
    const before = count();
    let attempts = 0;
    wire.fate = ({ name }) => (name === 'AddAddress' && ++attempts === 1 ? 'cut' : 'pass');
    as('CustomerAddress', await app.addAddress({ ...HOME, label: 'First' }));
    as('CustomerAddress', await app.addAddress({ ...HOME, label: 'Second' }));
    expect(count()).toBe(before + 2);
    const [first, again, second] = wire.sent('AddAddress').map(({ idempotencyKey }) => idempotencyKey);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(again).toBe(first);
    expect(second).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
  });

  it('keeps the key of a mutation over a renewal of the session', async () => {
    const app = start();
    const tokens = await signIn(wire.service, '501234567');
    await app.session.start({ ...tokens, accessToken: 'no.longer.good' });
    as('CustomerAddress', await app.addAddress({ ...HOME, label: 'Renewed' }));
    const keys = wire.sent('AddAddress').map(({ idempotencyKey }) => idempotencyKey);
    expect(keys).toEqual([keys[0], keys[0]]);
  });

  it.each([
    [
      'the service has too much to do',
      {
        status: 503,
        body: { errors: [{ message: 'busy', extensions: { code: 'LIMIT_EXCEEDED', retryable: true } }] },
      },
    ],
    ['a system behind it is away', { status: 200, body: UNAVAILABLE }],
  ])('asks again a little later while %s', async (_what, { status, body }) => {
    const app = start();
    let attempts = 0;
    wire.fate = () => {
      if (++attempts > 1) return 'pass';
      return (response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' })
          .end(JSON.stringify(body));
    };
    const startedAt = performance.now();
    const { data, error } = await app.query(CountriesDocument, {});
    expect(error).toBeUndefined();
    expect(data).toMatchObject({ countries: expect.any(Array) });
    expect(wire.sent('Countries')).toHaveLength(2);
    if (status === 503) expect(performance.now() - startedAt).toBeGreaterThan(1000);
  });

  it('shows what is there when a part is missing, and asks again when a screen opens the next time', async () => {
    const app = await startSignedIn();
    const extensions = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
    const body = JSON.stringify({
      data: { customer: { __typename: 'Customer', id: '1', wallet: null } },
      errors: [{ message: 'away', path: ['customer', 'wallet'], extensions }],
    });
    wire.fate = () => ({ status: 200, type: 'application/json', body });
    const { data, error } = await app.query(WalletDocument, {});
    expect(data).toMatchObject({ customer: { id: '1', wallet: null } });
    expect(error?.message).toMatch(/away/);
    expect(wire.sent('Wallet')).toHaveLength(1);
    wire.fate = () => 'pass';
    const next = await app.query(WalletDocument, {});
    expect(next.error).toBeUndefined();
    expect(next.data).toMatchObject({ customer: { wallet: { balance: { currency: 'SAR' } } } });
  });
}
