import { generateSigningKey } from '../../src/auth/access-token.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { TestRedis } from './redis.ts';

/** Settings as a real installation has them; what they name happens to be the stand-ins. */
export async function productionSettings(
  upstreams: Sandbox,
  redis: TestRedis,
): Promise<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    M2_URL: upstreams.m2Url,
    M2_ACCESS_TOKEN: upstreams.m2AccessToken,
    ESERVICES_URL: upstreams.eservicesUrl,
    SMS_URL: upstreams.smsUrl,
    SMTP_URL: upstreams.smtpUrl,
    ACCOUNT_LINK_URL: 'https://shop.example.com/account',
    REDIS_URL: redis.url,
    TOKEN_KEYS: JSON.stringify({ keys: [await generateSigningKey()] }),
    OTP_SECRET: 'some forty letters that nobody else knows',
  };
}
