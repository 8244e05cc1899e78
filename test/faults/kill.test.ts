/** A service killed at each step of a sign-in: the same right code goes on in another, and nobody is there twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import {
  as,
  askForPatient,
  askToRegister,
  type Client,
  dataOf,
  giveCode,
  saudi,
  signIn,
} from '../journeys/steps.ts';
import { DevicesDocument } from '../support/operations.ts';
import type { ProxiedRequest } from '../support/proxy.ts';
import { describeWithRedis } from '../support/redis.ts';
import { type RedisWire, startRedisWire } from '../support/redis-wire.ts';
import { type GraphQLAnswer, startTestService } from '../support/service.ts';
import { isHonestFailure } from './load.ts';
import { type Stage, startStage } from './stage.ts';

const LEASE_SECONDS = 1;
// What a killed process had locked is free again within ten seconds: less than an operation may take.
const WITHIN_MS = 14_000;
vi.setConfig({ testTimeout: 120_000, maxConcurrency: 16 });

const SETTINGS = {
  OTP_LEASE_SECONDS: String(LEASE_SECONDS),
  OTP_PAUSE_SECONDS: '0',
  OTP_PER_PHONE_HOUR: '50',
  OTP_PER_PHONE_DAY: '50',
};
const NEWCOMER = {
  phone: saudi('561119901'),
  firstName: 'Huda',
  lastName: 'Salem',
  email: 'huda@example.com',
};
const PATIENT = { phone: saudi('552345678'), nationalId: '1097543217' };
const DEVICE = { deviceId: 'the-one-phone', name: 'The one phone' };

type Step = (stage: Stage, wire: RedisWire, kill: () => void) => void;
interface Challenge {
  otpId: string;
  otpCode: string | null;
}

const isSearch = ({ method, path }: ProxiedRequest) => method === 'GET' && path.endsWith('/customers/search');
const isCreation = ({ method, path }: ProxiedRequest) => method === 'POST' && path.endsWith('/V1/customers');

/** Kills at a request to M2: before it gets there, or once M2 has done it and nobody has been told. */
const atM2 =
  (is: (request: ProxiedRequest) => boolean, when: 'before' | 'after'): Step =>
  ({ m2 }, _, kill) => {
    if (when === 'after') {
      m2.answered = (request) => {
        if (is(request)) kill();
      };
      return;
    }
    m2.fate = (request) => {
      if (!is(request)) return 'pass';
      kill();
      return 'cut';
    };
  };

/** Kills at a change in Redis, likewise. */
const atRedis =
  (is: (sent: string) => boolean, when: 'before' | 'after'): Step =>
  (_, wire, kill) => {
    wire.cutAt = (sent) => (is(sent) ? when : null);
    wire.cut = kill;
  };
const isSwap = (sent: string) => /evalsha/i.test(sent);
const opensSession = (sent: string) => isSwap(sent) && sent.includes('sessions:');
// An empty value for the next state removes the record; under a key it is kept for that for a while.
const spendsCode = (sent: string) =>
  isSwap(sent) &&
  sent.includes('otp:') &&
  (sent.includes('\r\n$0\r\n\r\n') || /"spentFor":"[^"]+"[^{}]*\}\r\n\$\d+\r\n\d+\r\n$/.test(sent));

const STEPS = {
  'before the shop is searched': atM2(isSearch, 'before'),
  'after the shop was searched': atM2(isSearch, 'after'),
  'before the creation reaches the shop': atM2(isCreation, 'before'),
  'after the shop created, before it said so': atM2(isCreation, 'after'),
  'before the session is opened': atRedis(opensSession, 'before'),
  'after the session was opened': atRedis(opensSession, 'after'),
  'before the code is spent, which is last of all before the answer': atRedis(spendsCode, 'before'),
};
const SIGN_INS = {
  register: (client: Client) => askToRegister(client, NEWCOMER),
  hmgLogin: (client: Client) => askForPatient(client, PATIENT),
};

describeWithRedis('a service killed with SIGKILL', () => {
  // One after the other: many processes that start at once let Redis seem away. Only the waiting is done together.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  /** A sign-in whose service was killed at the step while it took the code, and its successor on the same Redis. */
  const killedAt = (
    step: Step,
    askFor: (client: Client) => Promise<Challenge>,
    asking: Parameters<typeof giveCode>[2] = { device: DEVICE },
  ) =>
    inTurn(async () => {
      const closing: (() => Promise<void>)[] = [];
      const close = async () => {
        for (const one of closing.toReversed()) await one();
      };
      try {
        const stage = await startStage(SETTINGS);
        closing.push(stage.close);
        const wire = await startRedisWire(stage.redis.url);
        closing.push(wire.close);
        const successor = await startTestService({ ...stage.settings, LOG_LEVEL: 'info' });
        closing.push(() => successor.close());
        const killed = await stage.start({ REDIS_URL: wire.url });
        const challenge = await vi.waitFor(() => askFor(killed), { timeout: 10_000, interval: 200 });
        step(stage, wire, () => killed.process.signal('SIGKILL'));
        const giving = persist(() => giveCode(killed, challenge, asking));
        await expect(giving).rejects.toThrow('fetch failed');
        expect(await killed.process.ended()).toBe('SIGKILL');
        stage.m2.fate = () => 'pass';
        stage.m2.answered = () => {};
        return { stage, successor, challenge, close };
      } catch (error) {
        await close();
        throw error;
      }
    });

  /** Asks again for as long as the answer is that trying again may help. */
  async function persist<Data>(ask: () => Promise<GraphQLAnswer<Data>>): Promise<Data> {
    for (let tries = 1; ; tries++) {
      const answer = await ask();
      if (tries === 10 || !isHonestFailure(answer)) return dataOf(answer);
      await sleep(200);
    }
  }

  const customersWith = ({ upstreams }: Stage, number: string) =>
    [...upstreams.m2.shop.customers.values()].filter(({ custom }) => custom.get('phone_number') === number);

  describe.concurrent.each(Object.entries(SIGN_INS))('%s', (name, askFor) => {
    const { number } = name === 'register' ? NEWCOMER.phone : PATIENT.phone;

    it.for(Object.entries(STEPS))(
      '%s: the same code then opens the one session of the one customer',
      async ([, step], { expect }) => {
        const { stage, successor, challenge, close } = await killedAt(step, askFor);
        // The one whose service died was never answered.
        const tally = { requests: 1, answered: 0, wrong: 0, lost: 1 };
        try {
          let token = '';
          const giveUpAt = performance.now() + WITHIN_MS;
          while (token === '' && performance.now() < giveUpAt) {
            tally.requests += 1;
            const answer = await giveCode(successor, challenge, { device: DEVICE });
            const result = answer.data?.verifyOtp;
            if (result?.__typename === 'CustomerSession') {
              token = result.accessToken;
              tally.answered += 1;
            } else if (isHonestFailure(answer) || result?.__typename === 'CustomerThrottledError') {
              // Held by the dead one still, as it is told.
              tally.answered += 1;
              await sleep(LEASE_SECONDS * 1000);
            } else {
              tally.wrong += 1;
              break;
            }
          }
          expect(tally).toEqual({
            requests: tally.answered + 1,
            answered: tally.answered,
            wrong: 0,
            lost: 1,
          });
          expect(customersWith(stage, number)).toHaveLength(1);
          expect((await persist(() => successor.ask(DevicesDocument, {}, { token }))).devices).toHaveLength(
            1,
          );
          const again = (await persist(() => giveCode(successor, challenge, { device: DEVICE }))).verifyOtp;
          expect(again).toMatchObject({ __typename: 'OtpExpiredError' });
        } finally {
          await close();
        }
      },
    );

    it('after the code was spent, before the answer: the same code under the same key opens the same session', async ({
      expect,
    }) => {
      const asking = { device: DEVICE, headers: { 'idempotency-key': 'the-key-of-the-one-phone' } };
      const { stage, successor, challenge, close } = await killedAt(
        atRedis(spendsCode, 'after'),
        askFor,
        asking,
      );
      try {
        const session = await vi.waitFor(
          async () =>
            as('CustomerSession', (await persist(() => giveCode(successor, challenge, asking))).verifyOtp),
          { timeout: WITHIN_MS, interval: 500 },
        );
        expect(customersWith(stage, number)).toHaveLength(1);
        const { accessToken: token } = session;
        expect((await persist(() => successor.ask(DevicesDocument, {}, { token }))).devices).toHaveLength(1);
        const stolen = (await persist(() => giveCode(successor, challenge, { device: DEVICE }))).verifyOtp;
        expect(stolen).toMatchObject({ __typename: 'OtpExpiredError' });
      } finally {
        await close();
      }
    });

    it('after the code was spent, before the answer, without a key: the code is good no more, and a new one leads to the customer', async ({
      expect,
    }) => {
      const { stage, successor, challenge, close } = await killedAt(atRedis(spendsCode, 'after'), askFor);
      try {
        // Single use comes before convenience: the code may have been seen where its answer was lost.
        const again = (await persist(() => giveCode(successor, challenge, { device: DEVICE }))).verifyOtp;
        expect(again).toMatchObject({ __typename: 'OtpExpiredError' });
        const { token } = await vi.waitFor(() => signIn(successor, number, DEVICE), {
          timeout: 10_000,
          interval: 200,
        });
        expect(customersWith(stage, number)).toHaveLength(1);
        expect((await persist(() => successor.ask(DevicesDocument, {}, { token }))).devices).toHaveLength(1);
      } finally {
        await close();
      }
    });
  });
});
