import { afterEach, describe, expect, test, vi } from 'vitest';
import { secretsOf } from '../../src/auth/secrets.ts';
import { type OpenSession, sessionsOf } from '../../src/auth/session.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { CONFIG, pass, SECRET, stopTime, times } from './setup.ts';
import { describeOnEveryStore } from './stores.ts';

const SARA = '7';
const how = (sessionId: string) => ({ sessionId, amr: ['otp', 'sms'], device: null });

function sessions(secret = SECRET, store = memoryStore()) {
  return sessionsOf(store, secretsOf(secret), CONFIG.session);
}
async function renewed(refreshing: Promise<OpenSession | null>): Promise<OpenSession> {
  const session = await refreshing;
  if (session === null) throw new Error('the refresh token opened nothing');
  return session;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a refresh token', () => {
  test('S4: is 256 random bits or more and is replaced at each use', async () => {
    const { open, refresh } = sessions();
    const first = await open(SARA, how('a'));
    const [, , secret = ''] = first.refreshToken.split('.');
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const second = await renewed(refresh(first.refreshToken));
    const third = await renewed(refresh(second.refreshToken));
    const tokens = [first, second, third].map((one) => one.refreshToken);
    expect(new Set(tokens).size).toBe(3);
    expect(third.session.id).toBe('a');
  });

  test('S5: answers its one successor again for thirty seconds, so that a lost answer loses nobody', async () => {
    stopTime();
    const { open, refresh } = sessions();
    const { refreshToken } = await open(SARA, how('a'));
    const next = await renewed(refresh(refreshToken));
    pass(29);
    expect((await renewed(refresh(refreshToken))).refreshToken).toBe(next.refreshToken);
    await renewed(refresh(next.refreshToken));
  });

  test('S5: ends its session when it comes back after thirty seconds', async () => {
    stopTime();
    const { open, refresh, find } = sessions();
    const { refreshToken } = await open(SARA, how('a'));
    const next = await renewed(refresh(refreshToken));
    pass(30);
    expect(await refresh(refreshToken)).toBeNull();
    expect(await find(SARA, 'a')).toBeNull();
    expect(await refresh(next.refreshToken)).toBeNull();
  });

  test('S5: ends its session when it comes back after its successor was used, however soon', async () => {
    const { open, refresh, find } = sessions();
    const { refreshToken } = await open(SARA, how('a'));
    const next = await renewed(refresh(refreshToken));
    await renewed(refresh(next.refreshToken));
    expect(await refresh(refreshToken)).toBeNull();
    expect(await find(SARA, 'a')).toBeNull();
  });

  test('S5: stolen and used again ends that device’s session only', async () => {
    const { open, refresh, find } = sessions();
    const { refreshToken } = await open(SARA, how('stolen'));
    const own = await open(SARA, how('own'));
    const next = await renewed(refresh(refreshToken));
    await renewed(refresh(next.refreshToken));
    await refresh(refreshToken);
    expect(await find(SARA, 'stolen')).toBeNull();
    expect(await find(SARA, 'own')).not.toBeNull();
    await renewed(refresh(own.refreshToken));
  });

  test.each<[string, (token: string) => string]>([
    ['nothing', () => ''],
    ['any text', () => 'abc'],
    ['dots alone', () => '...'],
    ['another tag', (token) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['no tag', (token) => token.split('.').slice(0, 3).join('.')],
    ['another secret', (token) => token.split('.').with(2, 'A'.repeat(43)).join('.')],
    ['another customer', (token) => token.split('.').with(0, '8').join('.')],
    ['another session', (token) => token.split('.').with(1, 'own').join('.')],
    ['something appended', (token) => `${token}.x`],
  ])('S5: forged as %s opens nothing and ends nothing', async (_, forge) => {
    const { open, refresh, find } = sessions();
    const { refreshToken } = await open(SARA, how('a'));
    await open(SARA, how('own'));
    expect(await refresh(forge(refreshToken))).toBeNull();
    expect(await find(SARA, 'a')).not.toBeNull();
    expect(await find(SARA, 'own')).not.toBeNull();
    await renewed(refresh(refreshToken));
  });

  test('S5: made with another server key opens nothing and ends nothing', async () => {
    const store = memoryStore();
    const own = sessions(SECRET, store);
    const { refreshToken } = await sessions('another secret that is also long enough', store).open(
      SARA,
      how('a'),
    );
    expect(await own.refresh(refreshToken)).toBeNull();
    expect(await own.find(SARA, 'a')).not.toBeNull();
  });

  test('of an ended session opens nothing', async () => {
    const { open, refresh, end } = sessions();
    const { refreshToken } = await open(SARA, how('a'));
    await end(SARA, 'a');
    expect(await refresh(refreshToken)).toBeNull();
  });

  test('S4: is kept nowhere in clear, nor is its successor', async () => {
    const store = memoryStore();
    const { open, refresh } = sessions(SECRET, store);
    const first = await open(SARA, how('a'));
    const second = await renewed(refresh(first.refreshToken));
    const kept = await store.get(`sessions:${SARA}`);
    expect(kept).toContain('tokenHash');
    for (const { refreshToken } of [first, second]) expect(kept).not.toContain(refreshToken.split('.')[2]);
  });
});

describeOnEveryStore('refreshing at once from everywhere', (replicas) => {
  async function both() {
    const [one, other] = await replicas();
    return [sessions(SECRET, one), sessions(SECRET, other)] as const;
  }

  test('S5: 20 parallel refreshes give one successor, and it is good', async () => {
    const pair = await both();
    const { refreshToken } = await pair[0].open(SARA, how('a'));
    const answers = await times(20, (index) => renewed(pair[index % 2 === 0 ? 0 : 1].refresh(refreshToken)));
    const successors = new Set(answers.map((answer) => answer.refreshToken));
    expect(successors.size).toBe(1);
    for (const successor of successors) await renewed(pair[1].refresh(successor));
  });

  test('S6: a session ended on one replica is ended on the other', async () => {
    const pair = await both();
    const { refreshToken } = await pair[0].open(SARA, how('a'));
    expect(await pair[1].find(SARA, 'a')).not.toBeNull();
    await pair[0].end(SARA, 'a');
    expect(await pair[1].find(SARA, 'a')).toBeNull();
    expect(await pair[1].refresh(refreshToken)).toBeNull();
  });

  test('S6: a refresh on its way brings no ended session back', async () => {
    const pair = await both();
    const { refreshToken } = await pair[0].open(SARA, how('a'));
    await Promise.all([
      ...Array.from({ length: 10 }, () => pair[0].refresh(refreshToken)),
      pair[1].end(SARA, 'a'),
    ]);
    expect(await pair[0].find(SARA, 'a')).toBeNull();
  });

  test('S8: of 30 parallel sign-ins ten sessions stay', async () => {
    const pair = await both();
    await times(30, (index) => pair[index % 2 === 0 ? 0 : 1].open(SARA, how(`${index}`)));
    expect(await pair[0].list(SARA)).toHaveLength(10);
  });
});
