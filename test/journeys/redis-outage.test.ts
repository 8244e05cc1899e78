/** What clients meet while the state store is away. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  CustomerDocument,
  LoginDocument,
  LogoutDocument,
  RefreshSessionDocument,
  VerifyOtpDocument,
} from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { askToLogIn, dataOf, enter, saudi, signIn } from './steps.ts';

const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };

describeWithRedis('S11: while the state store is away', () => {
  let redis: TestRedis;
  let service: RunningService;
  beforeAll(async () => {
    redis = await startRedis();
    service = await startTestService({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await service.close();
    await redis.stop();
  });

  const readiness = async () => (await fetch(`${service.base}/ready`)).status;
  const phone = saudi('501234567');

  it('signing in and everything behind it fails with a retryable failure, and recovers without a restart', async () => {
    const { token, refreshToken } = await signIn(service, '501234567');
    const { otpId, otpCode } = await askToLogIn(service, { phone });
    expect(await readiness()).toBe(200);
    await redis.kill();

    const input = { otpId, otpCode: otpCode ?? '' };
    const answers = {
      login: await service.ask(LoginDocument, { input: { phone } }),
      verifyOtp: await service.ask(VerifyOtpDocument, { input }),
      refreshSession: await service.ask(RefreshSessionDocument, { refreshToken }),
      customer: await service.ask(CustomerDocument, {}, { token }),
      logout: await service.ask(LogoutDocument, {}, { token }),
    };
    for (const [field, { status, data, errors }] of Object.entries(answers)) {
      expect([field, status, data?.[field as keyof typeof data] ?? null]).toEqual([field, 200, null]);
      expect(errors).toMatchObject([{ path: [field], extensions: UNAVAILABLE }]);
    }
    expect(await readiness()).toBe(503);
    expect((await fetch(`${service.base}/health`)).status).toBe(200);

    await redis.restart();
    await vi.waitFor(async () => expect(await readiness()).toBe(200), { timeout: 5000 });
    // It came back empty, as after a loss: whoever was signed in signs in again.
    const { errors } = await service.ask(CustomerDocument, {}, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await enter(service, await askToLogIn(service, { phone }));
  });

  it('a store that is there but silent is noticed as well, within two seconds', async () => {
    const { token } = await signIn(service, '501234567');
    redis.freeze();
    try {
      const startedAt = performance.now();
      const { errors } = await service.ask(CustomerDocument, {}, { token });
      expect(errors).toMatchObject([{ path: ['customer'], extensions: UNAVAILABLE }]);
      expect(performance.now() - startedAt).toBeLessThan(2000);
    } finally {
      redis.thaw();
    }
    await vi.waitFor(async () => expect(await readiness()).toBe(200), { timeout: 5000 });
    dataOf(await service.ask(CustomerDocument, {}, { token }));
  });
});
