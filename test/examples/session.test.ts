/** The session that the web examples share: what it does when answers are lost and tabs are many. */
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { createSession, type SessionStore } from '../../examples/apollo-client/session.ts';
import { signIn } from '../journeys/steps.ts';
import { DevicesDocument } from '../support/operations.ts';
import { memoryStore, wireToService } from './wire.ts';

const wire = wireToService();

/** A tab, or a restarted app, on what a device keeps. */
function tabOn(store: SessionStore) {
  const onSignedOut = vi.fn<(message: string | null) => void>();
  const session = createSession({
    url: wire.url,
    store,
    language: () => 'en',
    onSignedIn: () => undefined,
    onSignedOut,
  });
  return { session, onSignedOut };
}

/** A device on which this customer is signed in, with a tab that knows. */
async function signedIn() {
  const store = memoryStore();
  const tab = tabOn(store);
  await tab.session.start(await signIn(wire.service, '501234567'));
  return { store, ...tab };
}

/** Whether the service takes the token of a session. */
async function opens(token: string | null): Promise<boolean> {
  return (await wire.service.ask(DevicesDocument, {}, { token: token ?? '' })).errors.length === 0;
}

it('is the same file in every example that has one', () => {
  for (const name of ['session.ts', 'browser-store.ts']) {
    const [one, other] = ['apollo-client', 'urql'].map((folder) =>
      readFileSync(new URL(`../../examples/${folder}/${name}`, import.meta.url), 'utf8'),
    );
    expect(one).toBe(other);
  }
});

it('goes on after a restart of the app with what the store kept', async () => {
  const { store } = await signedIn();
  const { session } = tabOn(store);
  expect(session.isDue()).toBe(true);
  expect(await opens(await session.accessToken())).toBe(true);
  expect(wire.sent('RefreshSession')).toHaveLength(1);
});

it('asks nobody for a token while nobody is signed in', async () => {
  const { session, onSignedOut } = tabOn(memoryStore());
  expect(await session.accessToken()).toBeNull();
  expect(session.isDue()).toBe(false);
  expect(wire.sent('RefreshSession')).toEqual([]);
  expect(onSignedOut).not.toHaveBeenCalled();
});

it('is renewed shortly before its token expires', async () => {
  const { session } = await signedIn();
  const token = session.current();
  expect(await session.accessToken()).toBe(token);
  vi.setSystemTime(Date.now() + 571_000);
  try {
    expect(await session.accessToken()).not.toBe(token);
  } finally {
    vi.useRealTimers();
  }
});

it('outlives a lost answer: the same token is sent again under the same key', async () => {
  const { session, store } = await signedIn();
  let attempts = 0;
  wire.fate = () => (++attempts === 1 ? 'lose' : 'pass');
  expect(await opens(await session.renew(session.current()))).toBe(true);
  const keys = wire.sent('RefreshSession').map(({ idempotencyKey }) => idempotencyKey);
  expect(keys).toEqual([keys[0], keys[0]]);
  // What was kept is the successor, so that the next renewal works as well.
  wire.fate = () => 'pass';
  expect(await opens(await tabOn(store).session.accessToken())).toBe(true);
});

it('is not over because the service cannot be reached', async () => {
  const { session, store, onSignedOut } = await signedIn();
  const { kept } = store;
  wire.fate = () => 'cut';
  const token = session.current();
  const renewals = await Promise.allSettled([session.renew(token), session.renew(token)]);
  expect(renewals.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(wire.sent('RefreshSession')).toHaveLength(3);
  expect(store.kept).toEqual(kept);
  expect(onSignedOut).not.toHaveBeenCalled();
  wire.fate = () => 'pass';
  expect(await opens(await session.renew(token))).toBe(true);
});

it('is renewed by one tab after the other, so that none hands in a spent token', async () => {
  const { store, session } = await signedIn();
  const tabs = [session, tabOn(store).session, tabOn(store).session];
  const tokens = await Promise.all(tabs.map((tab) => tab.renew(tab === session ? tab.current() : undefined)));
  for (const token of tokens) expect(await opens(token)).toBe(true);
  const given = wire.sent('RefreshSession').map(({ variables }) => variables.refreshToken);
  expect(new Set(given).size).toBe(3);
});

it('that one tab has ended is over in the others', async () => {
  const { store, session } = await signedIn();
  const other = tabOn(store);
  await other.session.accessToken();
  await session.end();
  expect(store.kept).toBeNull();
  expect(await other.session.renew(other.session.current())).toBeNull();
  expect(other.onSignedOut.mock.calls).toEqual([[null]]);
});

it('does not become that of somebody else whom another tab has signed in', async () => {
  const { store, session, onSignedOut } = await signedIn();
  const other = tabOn(store);
  await other.session.start(await signIn(wire.service, '502345678'));
  const theirs = store.kept;
  expect(await session.renew(session.current())).toBeNull();
  expect(onSignedOut.mock.calls).toEqual([[null]]);
  await session.end();
  expect(onSignedOut).toHaveBeenCalledTimes(1);
  expect(store.kept).toEqual(theirs);
});

it('that ends while it is being renewed stays ended', async () => {
  const { store, session } = await signedIn();
  const renewal = session.renew(session.current());
  await session.end();
  await renewal;
  expect(store.kept).toBeNull();
  expect(await session.accessToken()).toBeNull();
});
