/** A state store that goes, stands still or forgets under load: sessions are lost at worst, and none is opened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { askToLogIn, dataOf, enter, giveCode, saudi, signIn, wrongFor } from '../journeys/steps.ts';
import {
  CustomerDocument,
  LogoutDocument,
  RefreshSessionDocument,
  VerifyOtpDocument,
} from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type GraphQLAnswer, type RunningService, startTestService } from '../support/service.ts';
import { expectHonest, isHonestFailure, load, type Verdict } from './load.ts';

const WITHIN_MS = 3_500;
const ROUNDS = { requests: 200, atOnce: 8 };

describeWithRedis('while sessions are used and codes are guessed', () => {
  let redis: TestRedis;
  let service: RunningService;
  beforeAll(async () => {
    redis = await startRedis();
    service = await startTestService({
      REDIS_URL: redis.url,
      LOG_LEVEL: 'info',
      OTP_PAUSE_SECONDS: '0',
      OTP_PER_PHONE_HOUR: '1000',
      OTP_PER_PHONE_DAY: '1000',
      OTP_MAX_ATTEMPTS: '1000',
      OTP_FAILURES_PER_CLIENT: '100000',
      OTP_FAILURES_PER_PHONE: '100000',
      SESSION_REPLAY_SECONDS: '0',
    });
  });
  afterAll(async () => {
    await service.close();
    await redis.stop();
  });

  const codesOf = ({ errors }: GraphQLAnswer<unknown>) => errors.map(({ extensions }) => extensions.code);

  /** What each client does over and over, and what it may be told. `mayForget`: the store may lose all it has. */
  async function visitors(mayForget: () => boolean) {
    const { token } = await signIn(service, '501234567');
    const left = await signIn(service, '502345678');
    dataOf(await service.ask(LogoutDocument, {}, { token: left.token }));
    const spent = await signIn(service, '502345678');
    dataOf(await service.ask(RefreshSessionDocument, { refreshToken: spent.refreshToken }));
    const challenge = await askToLogIn(service, { phone: saudi('501234567') });

    const asOwner = async (): Promise<Verdict> => {
      const answer = await service.ask(CustomerDocument, {}, { token });
      if (answer.data?.customer) return answer.data.customer.fullName === 'Sara Ali' ? 'answered' : 'wrong';
      if (isHonestFailure(answer)) return 'failed';
      return mayForget() && codesOf(answer).includes('UNAUTHENTICATED') ? 'failed' : 'wrong';
    };
    const asOneWhoLeft = async (): Promise<Verdict> => {
      const answer = await service.ask(CustomerDocument, {}, { token: left.token });
      if (answer.data?.customer) return 'wrong';
      return isHonestFailure(answer) || codesOf(answer).includes('UNAUTHENTICATED') ? 'failed' : 'wrong';
    };
    const withSpentToken = async (): Promise<Verdict> => {
      const { refreshToken } = spent;
      const answer = await service.ask(RefreshSessionDocument, { refreshToken });
      if (isHonestFailure(answer)) return 'failed';
      return answer.data?.refreshSession?.__typename === 'CustomerSession' ? 'wrong' : 'failed';
    };
    const withWrongCode = async (): Promise<Verdict> => {
      const input = { otpId: challenge.otpId, otpCode: wrongFor(challenge.otpCode) };
      const answer = await service.ask(VerifyOtpDocument, { input });
      if (isHonestFailure(answer)) return 'failed';
      return answer.data?.verifyOtp?.__typename === 'CustomerSession' ? 'wrong' : 'failed';
    };
    const all = [asOwner, asOneWhoLeft, withSpentToken, withWrongCode];
    return (index: number) => (all[index % all.length] ?? asOwner)();
  }

  const isReady = () =>
    vi.waitFor(async () => expect((await fetch(`${service.base}/ready`)).status).toBe(200), {
      timeout: 6_000,
    });

  it.each([
    [
      'stopped, and started again empty',
      async () => {
        await redis.kill();
        await sleep(300);
        await redis.restart();
      },
      true,
    ],
    [
      'paused',
      async () => {
        redis.freeze();
        await sleep(900);
        redis.thaw();
      },
      false,
    ],
    [
      'flushed',
      async () => {
        const client = new Redis(redis.url);
        await client.flushall();
        await client.script('FLUSH');
        client.disconnect();
      },
      true,
    ],
  ] as const)('%s: nothing wrong, nothing lost, and signing in works again', async (_, harm, loses) => {
    let isHarmed = false;
    const visit = await visitors(() => loses && isHarmed);
    const visiting = load(ROUNDS, async (index) => {
      // Spread over the time in which the harm is done.
      await sleep(25);
      return visit(index);
    });
    await sleep(100);
    isHarmed = true;
    await harm();
    expectHonest(await visiting, { withinMs: WITHIN_MS });
    await isReady();
    expect(
      (await enter(service, await askToLogIn(service, { phone: saudi('501234567') }))).customer?.id,
    ).toBe((await signIn(service, '501234567')).customer?.id);
  });

  it('one right code given twenty times while the store stands still opens one session at most', async () => {
    await isReady();
    const challenge = await askToLogIn(service, { phone: saudi('501234567') });
    const giving = Array.from({ length: 20 }, async (_, index) => {
      await sleep(index * 15);
      return giveCode(service, challenge);
    });
    await sleep(60);
    redis.freeze();
    await sleep(500);
    redis.thaw();
    const answers = await Promise.all(giving);
    const opened = answers.filter(({ data }) => data?.verifyOtp?.__typename === 'CustomerSession');
    const sessions = new Set(opened.map(({ data }) => Object(data?.verifyOtp).accessToken));
    expect(sessions.size).toBeLessThanOrEqual(1);
    for (const answer of answers) expect(answer.status).toBe(200);
  });
});
