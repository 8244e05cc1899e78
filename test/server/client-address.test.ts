/** Which address a request counts for where limits are per client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { dataOf, saudi } from '../journeys/steps.ts';
import { LoginDocument } from '../support/operations.ts';
import { startTestService } from '../support/service.ts';
import { ROUTER_SECRET } from './services.ts';

const MOST = 3;
const AS_ROUTER = { 'router-authorization': ROUTER_SECRET };

describe('O6: codes are counted', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ log: createLogger('silent') });
  });
  afterAll(() => sandbox.close());

  const notOnSandbox = () => ({
    NODE_ENV: 'test',
    M2_URL: sandbox.m2Url,
    M2_ACCESS_TOKEN: sandbox.m2AccessToken,
    SMS_URL: sandbox.smsUrl,
  });

  /** How many of six who ask for a code, each for a phone of their own, get one; and what the log warns of. */
  async function sent(env: Record<string, string>, headersOf: (index: number) => Record<string, string>) {
    const service = await startTestService({ OTP_PER_IPV4_HOUR: `${MOST}`, ...env });
    try {
      let count = 0;
      for (let index = 0; index < 2 * MOST; index++) {
        const asking = { headers: headersOf(index) };
        const input = { phone: saudi(`${564_000_000 + index}`) };
        const { login } = dataOf(await service.ask(LoginDocument, { input }, asking));
        if (login.__typename === 'OtpChallenge') count += 1;
      }
      const warnings = service.logged.filter((line) => line.includes('passes on no client address'));
      return { count, warnings: warnings.length };
    } finally {
      await service.close();
    }
  }

  it('for the connection’s own address, whatever the client says of itself, where no proxy is trusted', async () => {
    const forging = (index: number) => ({
      'x-forwarded-for': `203.0.113.${index}`,
      forwarded: 'for=1.1.1.1',
    });
    expect(await sent(notOnSandbox(), forging)).toEqual({ count: MOST, warnings: 0 });
  });

  it('for the last address that no trusted proxy has, so that claiming another one first gains nothing', async () => {
    const env = { ...notOnSandbox(), TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' };
    const same = (index: number) => ({ 'x-forwarded-for': `198.51.100.${index}, 203.0.113.1, 10.1.2.3` });
    expect(await sent(env, same)).toEqual({ count: MOST, warnings: 0 });
    const many = (index: number) => ({ 'x-forwarded-for': `203.0.113.${index}, 10.1.2.3` });
    expect(await sent(env, many)).toEqual({ count: 2 * MOST, warnings: 0 });
  });

  it('for nobody where a gateway passes no address on, which the log says once', async () => {
    const env = { ...notOnSandbox(), ROUTER_SECRETS: ROUTER_SECRET };
    expect(await sent(env, () => AS_ROUTER)).toEqual({ count: 2 * MOST, warnings: 1 });
    const passing = () => ({ ...AS_ROUTER, 'x-forwarded-for': '203.0.113.1' });
    expect(await sent({ ...env, TRUSTED_PROXIES: '127.0.0.1' }, passing)).toEqual({
      count: MOST,
      warnings: 0,
    });
  });

  it('for nobody on the sandbox, where it is the developer who asks', async () => {
    expect(await sent({}, () => ({}))).toEqual({ count: 2 * MOST, warnings: 0 });
  });
});
