import { describe, expect, test } from 'vitest';
import { generateSigningKey, tokensOf } from '../src/auth/access-token.ts';
import { createLogger, masked } from '../src/logger.ts';

const PERSONAL: [string, string][] = [
  ['a phone', '+966501234567'],
  ['a phone with its 0', '0501234567'],
  ['a phone in groups', '+966 50 123 4567'],
  ['a phone with hyphens and brackets', '(050) 123-4567'],
  ['a phone in Arabic digits', '٠٥٠١٢٣٤٥٦٧'],
  ['a phone in Persian digits', '۰۵۰۱۲۳۴۵۶۷'],
  ['a national ID', '1088123458'],
  ['a code', '048213'],
  ['a code in two groups', '048 213'],
  ['an e-mail', 'sara.ali+shop@example.com'],
  ['an e-mail in a URL', 'sara.ali%40example.com'],
  ['an e-mail in Arabic', 'سارة@example.com'],
  ['a token of M2', '9q3ltxh1xlt9kjq2d0g4rp3m1t3ynhm5'],
  ['a phone proof', 'V1StGXR8_Z5jdHi6B-myT0Ah7Kq2mXw9LcPzR4sEuNo'],
  [
    'a refresh token',
    '12.0b9c1a52-1f0f-4b4e-9c6f-5a3e2f6f7a10.V1StGXR8_Z5jdHi6B-myT0Ah7Kq2mXw9LcPzR4sEuNo.Zk3Jx9',
  ],
  ['a bearer', 'Bearer abc.def'],
];

describe('A10: what an error says of a person is masked in the log', () => {
  test.each(PERSONAL)('%s, wherever it stands', (_, value) => {
    const significant = value.replace(/^Bearer |\D{0,2}$/g, '').slice(0, 12);
    for (const text of [
      value,
      `"${value}"`,
      `phone:${value}`,
      `id=${value}&x=1`,
      `SA-${value}, no`,
      `${value}`,
    ]) {
      expect(masked(`cannot read ${text} of it`)).not.toContain(significant);
    }
  });

  test('every part of a refresh token, also those that happen to hold no digit', () => {
    const parts = ['qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghj', 'ZqwertyUIopasdfGHjklzX'];
    const token = `12.0b9c1a52-1f0f-4b4e-9c6f-5a3e2f6f7a10.${parts.join('.')}`;
    for (const part of parts) expect(masked(`"${token}" is no good`)).not.toContain(part);
  });

  test('tokens of this service, in all parts of an error and of its causes', async () => {
    const tokens = await tokensOf([await generateSigningKey()], {
      issuer: 'a',
      audience: 'b',
      accessSeconds: 600,
    });
    const secret = await tokens.signService({ name: 'orders', scopes: ['introspect'], seconds: 60 });
    const lines: string[] = [];
    const log = createLogger('debug', { write: (line) => void lines.push(line) });
    const cause = Object.assign(new Error(`because of ${secret}`), { detail: secret, config: { secret } });
    log.error({ err: new Error(`no ${secret}`, { cause }) }, 'failed');
    log.error({ err: `thrown ${secret}` }, 'failed');
    log.error({ err: { secret } }, 'failed');
    expect(lines).toHaveLength(3);
    for (const part of secret.split('.')) expect(lines.join()).not.toContain(part);
  });
});

test('what an operator needs stays: codes, places, addresses of machines, the status and the time it took', () => {
  for (const text of [
    'connect ECONNREFUSED 127.0.0.1:6379',
    'M2 answered 400 to V1/customers/{id}/password/resetLinkToken/{token} (customerId)',
    'at Object.find (file:///app/dist/datasources/m2/customer-write.js:112:34)',
    'UPSTREAM_UNAVAILABLE: EServices POST api/customer/is_patient_exists: ETIMEDOUT',
    'node_modules/@as-integrations/fastify/dist/index.js:35:9 after 10000 ms',
  ]) {
    expect(masked(text)).toBe(text);
  }
});
