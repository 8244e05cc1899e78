import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MailedKeys, mailedKeysOf } from '../../src/auth/mailed-key.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import type { Store } from '../../src/stores/store.ts';
import { HOURS, pass, SECRET, stopTime, tally, times } from './setup.ts';
import { describeOnEveryStore } from './stores.ts';

const SETTINGS = { ttlSeconds: 24 * HOURS, maxAttempts: 5, leaseSeconds: 30 };
const PURPOSE = 'activateAccount';
const DETAILS = { password: 'Seven plum trees, 1 row' };

const keysOn = (store: Store = memoryStore()) => mailedKeysOf(store, secretsOf(SECRET), SETTINGS);
const issue = (keys: MailedKeys, subject?: string) =>
  keys.issue({ purpose: PURPOSE, details: DETAILS, ...(subject && { subject }) });
const done = async ({ details }: { details: unknown }) => ({
  isDone: true,
  outcome: { kind: 'done' as const, details },
});
const GONE = { kind: 'gone' };

describe('a mailed key', () => {
  beforeEach(stopTime);
  afterEach(() => {
    vi.useRealTimers();
  });

  test('opens what was put away for it, once', async () => {
    const keys = keysOn();
    const issued = await issue(keys);
    expect(Buffer.from(issued.key, 'base64url')).toHaveLength(32);
    expect(issued.expiresAt).toEqual(new Date(Date.now() + 24 * HOURS * 1000));
    expect(await keys.spend(PURPOSE, issued, done)).toEqual({ kind: 'done', details: DETAILS });
    expect(await keys.spend(PURPOSE, issued, done)).toEqual(GONE);
  });

  test('is no good for another purpose, another identifier, or after a day', async () => {
    const keys = keysOn();
    const [one, two] = [await issue(keys), await issue(keys)];
    expect(await keys.spend('confirmEmailChange', one, done)).toEqual(GONE);
    expect(await keys.spend(PURPOSE, { ...one, key: two.key }, done)).toEqual(GONE);
    for (const identifier of [
      '',
      '.',
      'unknown',
      `${one.identifier}.x`,
      '../../x',
      one.identifier.split('.')[0],
    ]) {
      expect(await keys.spend(PURPOSE, { ...one, identifier: identifier ?? '' }, done)).toEqual(GONE);
    }
    pass(24 * HOURS - 1);
    expect(await keys.spend(PURPOSE, one, done)).toMatchObject({ kind: 'done' });
    pass(1);
    expect(await keys.spend(PURPOSE, two, done)).toEqual(GONE);
  });

  test('can be guessed at five times', async () => {
    const keys = keysOn();
    const issued = await issue(keys);
    for (let guess = 0; guess < 4; guess++) {
      expect(await keys.spend(PURPOSE, { ...issued, key: `guess ${guess}` }, done)).toEqual(GONE);
    }
    const other = await issue(keys);
    for (let guess = 0; guess < 5; guess++) {
      expect(await keys.spend(PURPOSE, { ...other, key: `guess ${guess}` }, done)).toEqual(GONE);
    }
    expect(await keys.spend(PURPOSE, issued, done)).toMatchObject({ kind: 'done' });
    expect(await keys.spend(PURPOSE, other, done)).toEqual(GONE);
  });

  test('gives way to a newer one for the same subject, whose guesses the older cannot use up', async () => {
    const keys = keysOn();
    const [older, newer] = [await issue(keys, '7'), await issue(keys, '7')];
    for (let use = 0; use < 10; use++) expect(await keys.spend(PURPOSE, older, done)).toEqual(GONE);
    await keys.withdraw(older);
    expect(await keys.spend(PURPOSE, newer, done)).toMatchObject({ kind: 'done' });
  });

  test('is void once it is withdrawn, or its subject is cancelled', async () => {
    const keys = keysOn();
    const [one, two, three] = [await issue(keys), await issue(keys, '7'), await issue(keys, '8')];
    await keys.withdraw(one);
    await keys.cancel(PURPOSE, '7');
    await keys.cancel('confirmEmailChange', '8');
    const kinds = [];
    for (const issued of [one, two, three]) kinds.push((await keys.spend(PURPOSE, issued, done)).kind);
    expect(kinds).toEqual(['gone', 'gone', 'done']);
  });

  test('stays good after trouble and after what the person can mend, with what was noted', async () => {
    const keys = keysOn();
    const issued = await issue(keys);
    const failing = keys.spend(PURPOSE, issued, async ({ note }) => {
      await note({ reached: 'the first step' });
      throw new Error('trouble');
    });
    await expect(failing).rejects.toThrow('trouble');
    const mendable = { isDone: false, outcome: { kind: 'mendable' as const } };
    expect(await keys.spend(PURPOSE, issued, async () => mendable)).toEqual({ kind: 'mendable' });
    const seen = await keys.spend(PURPOSE, issued, async ({ step }) => ({
      isDone: true,
      outcome: { kind: 'seen' as const, step },
    }));
    expect(seen).toEqual({ kind: 'seen', step: { reached: 'the first step' } });
  });

  test('comes back by itself when its holder is gone, who may then note nothing more', async () => {
    const keys = keysOn();
    const issued = await issue(keys);
    let release = () => {};
    const stalled = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = keys.spend(PURPOSE, issued, async ({ note }) => {
      await stalled;
      return { isDone: true, outcome: { kind: 'slow' as const, isMine: await note('late') } };
    });
    await vi.waitFor(async () =>
      expect(await keys.spend(PURPOSE, issued, done)).toEqual({ kind: 'busy', retryAfterSeconds: 30 }),
    );
    pass(30);
    const second = keys.spend(PURPOSE, issued, async ({ note }) => {
      release();
      expect(await slow).toEqual({ kind: 'slow', isMine: false });
      return { isDone: true, outcome: { kind: 'second' as const, isMine: await note('in time') } };
    });
    expect(await second).toEqual({ kind: 'second', isMine: true });
    expect(await keys.spend(PURPOSE, issued, done)).toEqual(GONE);
  });
});

describeOnEveryStore('mailed keys', (replicas) => {
  test('O3: of fifty who give the right key at once one acts; of fifty wrong ones five are compared', async () => {
    const [one, other] = (await replicas()).map((store) => keysOn(store));
    if (!one || !other) throw new Error('there are no two replicas');
    const issued = await issue(one);
    let acted = 0;
    const outcomes = await times(50, (index) =>
      (index % 2 ? one : other).spend(PURPOSE, issued, async () => {
        acted += 1;
        return { isDone: true, outcome: { kind: 'done' as const } };
      }),
    );
    expect(tally(outcomes).done).toBe(1);
    expect(acted).toBe(1);

    const guessed = await issue(one);
    await times(50, (index) => other.spend(PURPOSE, { ...guessed, key: `guess ${index}` }, done));
    expect(await one.spend(PURPOSE, guessed, done)).toEqual(GONE);
  });

  test('what waits can be read neither in the store nor with our own secret alone', async () => {
    const [store] = await replicas();
    const kept: string[] = [];
    const overheard: Store = {
      ...store,
      swap(key, expected, next, ttlSeconds) {
        kept.push(key, next ?? '');
        return store.swap(key, expected, next, ttlSeconds);
      },
    };
    const { key } = await issue(keysOn(overheard), '7');
    for (const text of kept) {
      expect(text).not.toContain(DETAILS.password);
      expect(text).not.toContain(key);
    }
    const secrets = secretsOf(SECRET);
    const sealed: unknown = JSON.parse(kept[1] ?? '').sealed;
    for (const purpose of ['mailed-key', 'mailed-key-seal', 'otp']) {
      await expect(secrets.open(purpose, String(sealed))).rejects.toThrow();
    }
  });
});
