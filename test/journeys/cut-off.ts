/** A service whose every upstream can be cut off, and what its clients meet then. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startProxy, type UpstreamProxy } from '../support/proxy.ts';
import { type GraphQLAnswer, type RunningService, startTestService } from '../support/service.ts';

export const UNAVAILABLE = { code: 'UPSTREAM_UNAVAILABLE', retryable: true };
export const PAGE = { status: 502, type: 'text/html', body: '<h1>502 Bad Gateway</h1>' };

/** The one failure of an answer, with its path. */
export function failureOf({ status, errors }: GraphQLAnswer<unknown>) {
  expect(status).toBe(200);
  expect(errors).toHaveLength(1);
  const [failure] = errors;
  return { path: failure?.path?.join('.'), message: failure?.message, ...failure?.extensions };
}

/** Starts it all before the tests of a file and ends it after them; every wire is whole before each test. */
export function cutOffAtWill() {
  let sandbox: Sandbox;
  let service: RunningService;
  const proxies = {} as Record<'m2' | 'eservices' | 'sms', UpstreamProxy>;

  /** One more service behind the same wires. */
  const start = (env: Record<string, string> = {}) =>
    startTestService({
      NODE_ENV: 'test',
      M2_URL: `${proxies.m2.url}/rest/default`,
      M2_ACCESS_TOKEN: sandbox.m2AccessToken,
      ESERVICES_URL: proxies.eservices.url,
      SMS_URL: proxies.sms.url,
      SMTP_URL: sandbox.smtpUrl,
      OTP_PAUSE_SECONDS: '0',
      OTP_PER_PHONE_HOUR: '100',
      OTP_PER_PHONE_DAY: '100',
      // Each test is about one trouble, which must not outlast it.
      CIRCUIT_OPEN_MS: '0',
      ...env,
    });

  beforeAll(async () => {
    sandbox = await startSandbox({ log: createLogger('silent') });
    proxies.m2 = await startProxy(sandbox.m2.url);
    proxies.eservices = await startProxy(sandbox.eservicesUrl);
    proxies.sms = await startProxy(sandbox.smsUrl);
    service = await start();
  });
  afterAll(async () => {
    await service.close();
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
    await sandbox.close();
  });
  afterEach(() => {
    sandbox.m2.shop.settings.outage = null;
    for (const proxy of Object.values(proxies)) proxy.fate = () => 'pass';
  });

  return {
    start,
    proxies,
    get sandbox() {
      return sandbox;
    },
    get shop() {
      return sandbox.m2.shop;
    },
    get service() {
      return service;
    },
  };
}
