/** What must hold for the service as a whole, tried on three instances over one real Redis. */
import { Redis } from 'ioredis';
import { decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { as, askToLogIn, dataOf, enter, saudi, spend, wrongFor } from '../journeys/steps.ts';
import {
  DevicesDocument,
  LoginDocument,
  RefreshSessionDocument,
  UpdatePasswordDocument,
} from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';

describeWithRedis('three replicas on one Redis', () => {
  let redis: TestRedis;
  let sandbox: Sandbox;
  let replicas: RunningService[] = [];

  beforeAll(async () => {
    [redis, sandbox] = await Promise.all([startRedis(), startSandbox({ log: createLogger('silent') })]);
    const [old, next] = [await generateSigningKey(), await generateSigningKey()];
    const settings = {
      NODE_ENV: 'test',
      REDIS_URL: redis.url,
      OTP_SECRET: 'an invented secret of enough characters',
      OTP_PAUSE_SECONDS: '0',
      OTP_FAILURES_PER_PHONE: '20',
      TRUSTED_PROXIES: '127.0.0.1',
      M2_URL: sandbox.m2Url,
      M2_ACCESS_TOKEN: sandbox.m2AccessToken,
      ESERVICES_URL: sandbox.eservicesUrl,
      SMS_URL: sandbox.smsUrl,
      SMTP_URL: sandbox.smtpUrl,
    };
    // As in the midst of a key's rotation: all know both, one signs with the old one still.
    const keys = [
      [next, old],
      [old, next],
      [old, next],
    ];
    replicas = await Promise.all(
      keys.map((set) => startTestService({ ...settings, TOKEN_KEYS: JSON.stringify({ keys: set }) })),
    );
  });
  beforeEach(async () => {
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await sandbox?.close();
    await redis?.stop();
  });

  function replica(index: number): RunningService {
    const one = replicas[index % replicas.length];
    if (!one) throw new Error('no replica');
    return one;
  }
  /** A replica as the client at this address reaches it, through a proxy that is trusted. */
  const from = (address: string, index = 0): Pick<RunningService, 'ask'> => ({
    ask: (document, variables, asking) =>
      replica(index).ask(document, variables, { ...asking, headers: { 'x-forwarded-for': address } }),
  });
  const everywhere = <T>(count: number, ask: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
  function counted(results: { __typename: string }[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { __typename } of results) counts[__typename] = (counts[__typename] ?? 0) + 1;
    return counts;
  }
  async function isSignedIn(token: string, index: number): Promise<boolean> {
    const { errors } = await replica(index).ask(DevicesDocument, {}, { token });
    return errors.length === 0;
  }

  it('O3: fifty who give one right code at once open one session', async () => {
    const challenge = await askToLogIn(from('203.0.113.1'), { phone: saudi('501234567') });
    const results = await everywhere(50, (index) => spend(from(`198.51.100.${index}`, index), challenge));
    const sessions = results.filter(({ __typename }) => __typename === 'CustomerSession');
    expect(sessions).toHaveLength(1);
    const token = as('CustomerSession', sessions[0] ?? { __typename: 'none' }).accessToken;
    expect(dataOf(await replica(2).ask(DevicesDocument, {}, { token })).devices).toHaveLength(1);
  });

  it('O3: of fifty who guess at once, each from another address, five are compared and the right code is void', async () => {
    const challenge = await askToLogIn(from('203.0.113.2'), { phone: saudi('502345678') });
    const guess = { otpId: challenge.otpId, otpCode: wrongFor(challenge.otpCode) };
    const results = await everywhere(50, (index) => spend(from(`198.51.100.${index}`, index), guess));
    const left = results.flatMap((one) => ('attemptsRemaining' in one ? [one.attemptsRemaining] : []));
    expect(left.toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(await spend(from('203.0.113.2', 1), challenge)).toMatchObject({ __typename: 'OtpExpiredError' });
  });

  it('O5: a guesser who goes from replica to replica and from code to code waits everywhere, others do not', async () => {
    const phone = saudi('551234567');
    for (let guess = 0; guess < 10; ) {
      const challenge = await askToLogIn(from('203.0.113.3', guess), { phone });
      for (let attempt = 0; attempt < 5; attempt++, guess++) {
        const wrong = { otpId: challenge.otpId, otpCode: wrongFor(challenge.otpCode) };
        as('OtpRejectedError', await spend(from('203.0.113.3', guess), wrong));
      }
    }
    const challenge = await askToLogIn(from('203.0.113.3'), { phone });
    for (const index of [0, 1, 2]) {
      const waiting = as('CustomerThrottledError', await spend(from('203.0.113.3', index), challenge));
      expect(waiting.retryAfterSeconds).toBeGreaterThan(14 * 60);
    }
    await enter(from('203.0.113.4', 1), challenge);
  });

  it('O5: guesses from ever new addresses close the phone on every replica, and the customer is told once', async () => {
    const phone = saudi('501234567');
    const results = [];
    for (let guess = 0; guess < 20; ) {
      const challenge = await askToLogIn(from('203.0.113.5', guess), { phone });
      for (let attempt = 0; attempt < 5; attempt++, guess++) {
        const wrong = { otpId: challenge.otpId, otpCode: wrongFor(challenge.otpCode) };
        results.push(await spend(from(`192.0.2.${guess}`, guess), wrong));
      }
    }
    expect(counted(results)).toEqual({ OtpRejectedError: 19, CustomerLockedError: 1 });
    const challenge = await askToLogIn(from('203.0.113.5'), { phone });
    for (const index of [0, 1, 2]) {
      as('CustomerLockedError', await spend(from(`192.0.2.${100 + index}`, index), challenge));
    }
    const told = () =>
      sandbox.outbox.list().filter(({ to, text }) => to === '+966501234567' && !/\d{6}/.test(text));
    await expect.poll(told, { timeout: 4000 }).toHaveLength(1);
  });

  it('O6: of thirty requests for a code to one phone at once five are sent', async () => {
    const input = { phone: saudi('561110001') };
    const results = await everywhere(30, async (index) => {
      return dataOf(await from(`198.51.100.${index}`, index).ask(LoginDocument, { input })).login;
    });
    expect(counted(results)).toEqual({ OtpChallenge: 5, CustomerThrottledError: 25 });
    const sent = () => sandbox.outbox.list().filter(({ to }) => to === '+966561110001');
    await expect.poll(sent, { timeout: 4000 }).toHaveLength(5);
  });

  it.each([
    ['one IPv4 address: a hundred', 100, () => '203.0.113.6'],
    ['one IPv6 /64: ten', 10, (index: number) => `2001:db8:7:8::${(index + 1).toString(16)}`],
    ['one address that claims another before its own: a hundred', 100, () => '8.8.8.8, 203.0.113.7'],
  ])('O6: phones that get codes within the hour from %s', async (_, most, addressOf) => {
    const results = await everywhere(most + 5, async (index) => {
      const input = { phone: saudi(`${562_000_000 + index}`) };
      return dataOf(await from(addressOf(index), index).ask(LoginDocument, { input })).login;
    });
    expect(counted(results)).toEqual({ OtpChallenge: most, CustomerThrottledError: 5 });
  });

  it('S3: while keys rotate, tokens of both are good everywhere and a session goes on from one to the other', async () => {
    const sessions = [];
    for (const index of [0, 1]) {
      const client = from('203.0.113.8', index);
      sessions.push(await enter(client, await askToLogIn(client, { phone: saudi('502345678') })));
    }
    const kids = sessions.map(({ token }) => decodeProtectedHeader(token).kid);
    expect(new Set(kids).size).toBe(2);
    for (const index of [0, 1, 2]) {
      for (const { token } of sessions) expect(await isSignedIn(token, index)).toBe(true);
      const shown = await (await fetch(`${replica(index).base}/.well-known/jwks.json`)).json();
      expect(shown.keys.map(({ kid }: { kid: string }) => kid)).toEqual(expect.arrayContaining(kids));
    }
    const refreshToken = sessions[0]?.refreshToken ?? '';
    const { refreshSession } = dataOf(await replica(2).ask(RefreshSessionDocument, { refreshToken }));
    const renewed = as('CustomerSession', refreshSession).accessToken;
    expect(decodeProtectedHeader(renewed).kid).toBe(kids[1]);
    expect(await isSignedIn(renewed, 0)).toBe(true);
  });

  it('S5: of a refresh token used twenty times at once one successor comes; a thief’s later use ends the session', async () => {
    const client = from('203.0.113.9');
    const session = await enter(client, await askToLogIn(client, { phone: saudi('551234567') }));
    const refresh = async (refreshToken: string, index: number) =>
      dataOf(await replica(index).ask(RefreshSessionDocument, { refreshToken })).refreshSession;
    const results = await everywhere(20, (index) => refresh(session.refreshToken, index));
    const successors = results.map((result) => as('CustomerSession', result).refreshToken);
    expect(new Set(successors).size).toBe(1);
    const own = as('CustomerSession', await refresh(successors[0] ?? '', 1));
    expect(await isSignedIn(own.accessToken, 0)).toBe(true);
    expect(await refresh(session.refreshToken, 2)).toMatchObject({ __typename: 'InvalidCredentialsError' });
    for (const index of [0, 1, 2]) expect(await isSignedIn(own.accessToken, index)).toBe(false);
  });

  it('S7: a password changed on one ends the other sessions on all, and keeps its own', async () => {
    const sessions = [];
    for (const index of [0, 1, 2]) {
      const client = from('203.0.113.10', index);
      sessions.push(await enter(client, await askToLogIn(client, { phone: saudi('551234567') })));
    }
    const [own, ...others] = sessions.map(({ token }) => token);
    const input = { currentPassword: 'Sandbox-Noura-1', newPassword: 'Seven plum trees, 1 row' };
    const changed = await replica(1).ask(UpdatePasswordDocument, { input }, { token: own ?? '' });
    as('CustomerAcknowledgement', dataOf(changed).updatePassword);
    for (const index of [0, 1, 2]) {
      expect(await isSignedIn(own ?? '', index)).toBe(true);
      for (const token of others) expect(await isSignedIn(token, index)).toBe(false);
    }
  });
});
