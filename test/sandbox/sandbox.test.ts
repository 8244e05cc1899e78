import Fastify from 'fastify';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { PATIENTS } from '../../src/sandbox/patients.ts';
import { describePeople, shoppers } from '../../src/sandbox/people.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { cardExpiry } from '../../src/values/card-expiry.ts';
import { isNationalId } from '../../src/values/national-id.ts';
import { parsePhone } from '../../src/values/phone.ts';
import { call } from './json.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ log: createLogger('silent') });
});
afterAll(() => sandbox.close());

function m2(method: string, path: string, body?: unknown) {
  return call(method, `${sandbox.m2Url}/V1/${path}`, {
    token: sandbox.m2AccessToken,
    ...(body !== undefined && { body }),
  });
}

describe('the people of the sandbox', () => {
  it('have phones, national IDs and passwords that work', async () => {
    for (const { record } of PATIENTS) {
      expect(isNationalId(record.nationalID)).toBe(true);
      expect(parsePhone(record.zipCode, record.phoneNo)).not.toBeNull();
    }
    for (const { customer, password } of shoppers(new Date())) {
      const body = { username: customer.email, password };
      const answer = await call('POST', `${sandbox.m2Url}/V1/integration/customer/token`, { body });
      expect(answer.status).toBe(200);
    }
  });

  it('are shown at start with all that a developer needs to sign in', () => {
    const text = sandbox.greeting('http://localhost:4000/graphql');
    expect(text).toContain('http://localhost:4000/sandbox/outbox');
    expect(text).toContain(describePeople());
    expect(text).toContain('+966 501234567');
    expect(text).toContain('1097543217');
    expect(text).toContain('Sandbox-Sara-1');
  });

  it('are sent no mail by being there', () => {
    expect(sandbox.outbox.list()).toEqual([]);
  });

  it('belong to one sandbox each: a change here is none there', async () => {
    const other = await startSandbox({ log: createLogger('silent') });
    await m2('DELETE', 'hmg/customers/1/cards/9003');
    const cards = other.m2.shop.cards.get(1)?.map(({ id }) => id);
    await other.close();
    expect(cards).toContain('9003');
  });
});

describe('the routes of the shop module', () => {
  it('lists saved cards, of which one has expired and one is about to', async () => {
    const fresh = await startSandbox({ log: createLogger('silent') });
    const cards = fresh.m2.shop.cards.get(1) ?? [];
    await fresh.close();
    const expiries = cards.map((card) => cardExpiry(card.expiration_date, new Date()));
    expect(cards.map(({ type }) => type)).toEqual(['VISA', 'MADA', 'MASTERCARD', 'VISA']);
    expect(expiries.filter((expiry) => expiry?.isExpired)).toHaveLength(1);
    expect(expiries.filter((expiry) => expiry?.expiresSoon)).toHaveLength(1);
    expect(await m2('GET', 'hmg/customers/2/cards')).toEqual({ status: 200, body: { cards: [] } });
  });

  it('deletes a card once, and only its own customer’s', async () => {
    const unknown = { status: 404, body: { parameters: { fieldName: 'cardId', fieldValue: '9004' } } };
    expect(await m2('DELETE', 'hmg/customers/2/cards/9004')).toMatchObject(unknown);
    expect(await m2('DELETE', 'hmg/customers/1/cards/9004')).toEqual({ status: 200, body: true });
    expect(await m2('DELETE', 'hmg/customers/1/cards/9004')).toMatchObject(unknown);
  });

  it('enrols a customer in Lakum, and a member only once', async () => {
    const nobody = { status: 'not_enrolled', member_id: null, points: 0 };
    expect(await m2('GET', 'hmg/customers/3/loyalty')).toEqual({ status: 200, body: nobody });
    const enrolled = await m2('POST', 'hmg/customers/3/loyalty');
    expect(enrolled.body).toEqual({ status: 'active', member_id: expect.any(String), points: 0 });
    expect(await m2('POST', 'hmg/customers/3/loyalty')).toEqual(enrolled);
    expect(await m2('GET', 'hmg/customers/1/loyalty')).toMatchObject({ body: { points: 1250 } });
  });

  it('mails a reset link to the return address it is given', async () => {
    const body = { email: 'lina@example.com', redirectUri: 'https://app.example.com/reset?from=mail' };
    expect(await m2('PUT', 'hmg/customers/password', body)).toEqual({ status: 200, body: true });
    expect(sandbox.outbox.list()[0]?.text).toMatch(
      /https:\/\/app\.example\.com\/reset\?from=mail&id=3&token=\w{32}/,
    );
    expect(await m2('PUT', 'hmg/customers/password', { ...body, email: 'ghost@example.com' })).toMatchObject({
      status: 404,
    });
  });

  it('is closed to customers and strangers', async () => {
    const row = sandbox.m2.shop.customers.get(1);
    if (!row) throw new Error('the first shopper is missing');
    const url = `${sandbox.m2Url}/V1/hmg/customers/1/cards`;
    expect(await call('GET', url)).toMatchObject({ status: 401 });
    expect(await call('GET', url, { token: await sandbox.m2.tokens.issue(row) })).toMatchObject({
      status: 401,
    });
  });
});

describe('the M2 stand-in', () => {
  it('takes a name with the digits of any script', async () => {
    const customer = { email: 'lina@example.com', firstname: 'لينا ٢', lastname: 'Example 2', website_id: 1 };
    expect(await m2('PUT', 'customers/3', { customer })).toMatchObject({
      status: 200,
      body: { firstname: 'لينا ٢' },
    });
  });
});

describe('the EServices stand-in', () => {
  function ask(path: string, body: unknown) {
    return call('POST', `${sandbox.eservicesUrl}/api/customer/${path}`, { body });
  }

  it('knows a phone only without country code and without leading 0', async () => {
    expect(await ask('is_patient_exists', { phoneNo: '552345678' })).toEqual({ status: 200, body: true });
    for (const phoneNo of ['0552345678', '+966552345678', '501234567']) {
      expect(await ask('is_patient_exists', { phoneNo })).toEqual({ status: 200, body: false });
    }
  });

  it('finds a patient by national ID and by file number, with both addresses', async () => {
    const phone = '552345678';
    const byId = await ask('login', { type: 'nationalId', value: '1097543217', phone });
    const byFile = await ask('login', { type: 'patientId', value: '70002', phone });
    expect(byId).toEqual(byFile);
    expect(byId).toMatchObject({
      status: 200,
      body: {
        fileNo: '70002',
        billingAddress: { latLong: expect.stringMatching(/^[\d.]+,[\d.]+$/) },
        shippingAddress: { latLong: expect.stringMatching(/^[\d.]+,[\d.]+$/) },
      },
    });
  });

  it('says no in more than one way', async () => {
    const right = { type: 'nationalId', value: '1097543217', phone: '552345678' };
    expect(await ask('login', { ...right, phone: '501234567' })).toEqual({ status: 200, body: null });
    expect(await ask('login', { ...right, value: '1000000008' })).toMatchObject({ status: 404 });
    expect(await ask('login', { ...right, type: 'passport' })).toMatchObject({ status: 400 });
  });
});

describe('the stand-ins of SMS and e-mail', () => {
  it('put an SMS into the outbox, and refuse one that is not whole', async () => {
    const sms = { to: '+966501234567', text: 'رمز الدخول 012345', language: 'ar' };
    expect(await call('POST', sandbox.smsUrl, { body: sms })).toMatchObject({ status: 202 });
    expect(sandbox.outbox.list()[0]).toMatchObject({ channel: 'sms', ...sms });
    expect(await call('POST', sandbox.smsUrl, { body: { ...sms, to: '0501234567' } })).toMatchObject({
      status: 400,
    });
  });

  it('put an e-mail into the outbox with both of its parts', async () => {
    const transport = createTransport(sandbox.smtpUrl);
    await transport.sendMail({
      from: 'Pharmacy <no-reply@example.com>',
      to: 'sara@example.com',
      subject: 'مرحبا',
      text: 'أهلا سارة',
      html: '<p>أهلا سارة</p>',
      headers: { 'Content-Language': 'ar' },
    });
    transport.close();
    const [mail] = sandbox.outbox.list();
    expect(mail).toMatchObject({
      channel: 'email',
      to: 'sara@example.com',
      subject: 'مرحبا',
      language: 'ar',
    });
    expect(mail?.text.trim()).toBe('أهلا سارة');
    expect(mail?.html).toContain('<p>');
  });
});

describe('the outbox page', () => {
  it('shows the newest message first, its code marked, and nothing of a message as markup', async () => {
    const app = Fastify();
    await app.register(sandbox.routes);
    sandbox.outbox.add({ channel: 'sms', to: '+966501234567', text: 'Your code is 004211', language: 'en' });
    const subject = '<img src=x onerror=alert(1)>';
    const text = 'See https://shop.example.com/?a=1&b="2" <script>alert(1)</script>';
    sandbox.outbox.add({ channel: 'email', to: 'a@example.com', subject, text, language: '"><b>' });
    const page = await app.inject('/sandbox/outbox');
    const json = await app.inject('/sandbox/outbox.json');
    await app.close();

    expect(page.body).toContain('<mark>004211</mark>');
    expect(page.body.indexOf('a@example.com')).toBeLessThan(page.body.indexOf('004211'));
    expect(page.body).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(page.body).toContain('href="https://shop.example.com/?a=1&amp;b="');
    expect(page.body).not.toMatch(/<img|<script>alert|<b>/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(json.json()[0]).toMatchObject({ to: 'a@example.com', text });
  });
});
