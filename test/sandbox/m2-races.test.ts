import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type M2StandIn, startM2 } from '../../src/sandbox/m2/server.ts';
import { createOutbox } from '../../src/sandbox/outbox.ts';
import { call } from './json.ts';
import { exchange } from './wire.ts';

const SARA = { email: 'sara@example.com', firstname: 'Sara', lastname: 'Ali' };
const PASSWORD = 'Passw0rd-123';

describe('the M2 stand-in beyond single exchanges', () => {
  let m2: M2StandIn;
  const outbox = createOutbox();

  beforeAll(async () => {
    m2 = await startM2({ log: createLogger('silent'), outbox, settings: { integrationAsBearer: true } });
  });
  afterAll(() => m2.close());

  it('lets one of four simultaneous creations of an e-mail win, and masks the losers as 400 or 500', async () => {
    const body = { customer: SARA, password: PASSWORD };
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => call('POST', `${m2.url}/rest/V1/customers`, { body })),
    );
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses[0]).toBe(200);
    expect(statuses.slice(1).every((status) => status === 400 || status === 500)).toBe(true);
    expect(statuses).toContain(500);
    expect(m2.shop.customers.size).toBe(1);
  });

  it('mails a link to reset the password, whose token works once', async () => {
    const request = { email: SARA.email, template: 'email_reset' };
    await call('PUT', `${m2.url}/rest/V1/customers/password`, { body: request });
    const [mail] = outbox.list();
    const link = new URL(/https?:\S+/.exec(mail?.text ?? '')?.[0] ?? '');
    expect(mail).toMatchObject({ channel: 'email', to: SARA.email });
    expect(link.pathname).toBe('/customer/account/createPassword/');

    const [id, token] = [link.searchParams.get('id'), link.searchParams.get('token')];
    const check = `${m2.url}/rest/V1/customers/${id}/password/resetLinkToken/${token}`;
    expect(await call('GET', check)).toEqual({ status: 200, body: true });

    const body = { email: SARA.email, resetToken: token, newPassword: 'Another-Pass-1' };
    const reset = `${m2.url}/rest/V1/customers/resetPassword`;
    expect(await call('POST', reset, { body })).toEqual({ status: 200, body: true });
    expect(await call('POST', reset, { body })).toMatchObject({ status: 400 });
  });

  it('escapes slashes and everything beyond ASCII, and sets a session cookie', async () => {
    const headers = {
      authorization: `Bearer ${m2.shop.integrationToken}`,
      'content-type': 'application/json',
    };
    const customer = { email: 'noura@example.com', firstname: 'نورة', lastname: 'A', taxvat: 'a/b' };
    const answer = await exchange(
      `${m2.url}/rest/V1/customers`,
      'POST',
      headers,
      JSON.stringify({ customer }),
    );
    expect(answer.text).toContain('"firstname":"\\u0646\\u0648\\u0631\\u0629"');
    expect(answer.text).toContain('"taxvat":"a\\/b"');
    expect(answer.cookies).toEqual([expect.stringMatching(/^PHPSESSID=/)]);
  });
});
