import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { connectM2, type M2Config } from '../../../src/datasources/m2/m2.ts';
import { capturedLog, processLock, STORE_VIEWS, wireCustomer } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';
import { type TestUpstream, testUpstream } from '../../support/upstream.ts';

const VIEWS = 'GET /rest/default/V1/store/storeViews';
const CUSTOMER = 'GET /rest/default/V1/customers/7';
const ADMIN = 'POST /rest/default/V1/integration/admin/token';

const open: TestUpstream[] = [];
afterEach(async () => {
  for (const upstream of open.splice(0)) {
    expect(upstream.takeProblems()).toEqual([]);
    await upstream.close();
  }
});

async function setUp(credentials: M2Config['credentials'], path = '/rest/default') {
  const upstream = await testUpstream();
  open.push(upstream);
  const log = capturedLog();
  const config = {
    url: `${upstream.origin}${path}`,
    mediaUrl: null,
    credentials,
    placeholderDomain: 'customers.invalid',
    storeViews: {},
    timeoutMs: 2_000,
  };
  return { upstream, log, m2: connectM2({ config, log: log.logger, lock: processLock() }) };
}

const bearer = { kind: 'bearer', token: 'integration-token' } as const;
const oauth = {
  kind: 'oauth',
  consumerKey: 'ck',
  consumerSecret: 'c&s',
  token: 'tk',
  tokenSecret: 't s',
} as const;
const admin = { kind: 'admin', username: 'api', password: 'Admin-123' } as const;

/** RFC 5849, section 3.4: the text that is signed. */
function baseString(method: string, url: string, parameters: [string, string][]): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!*'()]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const pairs = parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).sort();
  return [method, encode(url), encode(pairs.join('&'))].join('&');
}

describe('OAuth 1.0a', () => {
  it('signs method, URL without port, and every query parameter with its brackets, by HMAC-SHA256', async () => {
    const { upstream, m2 } = await setUp(oauth);
    upstream.expect({ request: VIEWS, answer: { body: STORE_VIEWS } });
    upstream.expect({
      request: 'GET /rest/default/V1/customers/search',
      answer: { body: { items: [], total_count: 0 } },
    });
    await m2.customers.findByFileNo("F+1 (a)*'ع");
    const seen = upstream.seen.at(-1);
    const header = seen?.headers.authorization ?? '';
    expect(header).toMatch(/^OAuth oauth_consumer_key="ck", oauth_nonce="[0-9a-f]{32}", /);
    expect(header).toContain('oauth_signature_method="HMAC-SHA256"');
    const given = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, decodeURIComponent(value)],
    );
    const signature = given.find(([name]) => name === 'oauth_signature')?.[1];
    const query = (seen?.query ?? '').split('&').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=').map(decodeURIComponent);
      return [name, value];
    });
    expect(query).toContainEqual(['searchCriteria[filterGroups][0][filters][0][value]', "F+1 (a)*'ع"]);
    const signed = [...given.filter(([name]) => name !== 'oauth_signature'), ...query];
    const text = baseString('GET', 'http://127.0.0.1/rest/default/V1/customers/search', signed);
    expect(signature).toBe(createHmac('sha256', 'c%26s&t%20s').update(text).digest('base64'));
  });

  it('uses another nonce for each request', async () => {
    const { upstream, m2 } = await setUp(oauth);
    upstream.expect({ request: VIEWS, answer: { body: STORE_VIEWS } });
    upstream.expect({ request: CUSTOMER, answer: { body: wireCustomer() } });
    await m2.customers.find('7');
    const nonces = upstream.seen.map(
      ({ headers }) => /oauth_nonce="(\w+)"/.exec(headers.authorization ?? '')?.[1],
    );
    expect(new Set(nonces).size).toBe(2);
  });

  it('leaves calls in the name of a customer, or of nobody, unsigned', async () => {
    const { upstream, m2 } = await setUp(oauth);
    upstream.expect({
      request: 'POST /rest/default/V1/integration/customer/token',
      headers: { authorization: undefined },
      answer: { body: 'customer-token' },
    });
    await m2.passwords.signIn('sara@example.com', 'x');
  });
});

describe('an admin name and password', () => {
  const signIn = { request: ADMIN, body: { username: 'api', password: 'Admin-123' } };
  const refused = { status: 401, body: recording('422').response.body };

  it('sign in once for many calls at the same time', async () => {
    const { upstream, m2 } = await setUp(admin);
    upstream.expect({
      ...signIn,
      headers: { authorization: undefined },
      answer: { body: 'a-1', delayMs: 30 },
    });
    upstream.expect({
      request: VIEWS,
      headers: { authorization: 'Bearer a-1' },
      answer: { body: STORE_VIEWS },
    });
    const calls = Array.from({ length: 5 }, () => ({ request: CUSTOMER, answer: { body: wireCustomer() } }));
    upstream.expect(...calls);
    await Promise.all(calls.map(() => m2.customers.find('7')));
  });

  it('sign in anew at 401, once for all calls that were refused', async () => {
    const { upstream, m2 } = await setUp(admin);
    upstream.expect(
      { ...signIn, answer: { body: 'a-1' } },
      { request: VIEWS, answer: { body: STORE_VIEWS } },
    );
    await m2.start();
    upstream.expect({ ...signIn, answer: { body: 'a-2', delayMs: 30 } });
    const stale = { request: CUSTOMER, headers: { authorization: 'Bearer a-1' }, answer: refused };
    const fresh = {
      request: CUSTOMER,
      headers: { authorization: 'Bearer a-2' },
      answer: { body: wireCustomer() },
    };
    upstream.expect(stale, stale, stale, fresh, fresh, fresh);
    const customers = await Promise.all([1, 2, 3].map(() => m2.customers.find('7')));
    expect(customers.map((customer) => customer?.id)).toEqual(['7', '7', '7']);
  });

  it('that stay refused fail after the second try', async () => {
    const { upstream, m2 } = await setUp(admin);
    upstream.expect({ ...signIn, answer: { body: 'a-1' } }, { request: VIEWS, answer: refused });
    upstream.expect({ ...signIn, answer: { body: 'a-2' } }, { request: VIEWS, answer: refused });
    await expect(m2.customers.find('7')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('that are wrong are not tried again and again: M2 locks a name after six failures', async () => {
    const { upstream, m2, log } = await setUp(admin);
    upstream.expect({ ...signIn, answer: { status: 401, body: recording('002').response.body } });
    for (let attempt = 0; attempt < 10; attempt++) {
      await expect(m2.customers.find('7')).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        detail: 'M2 refused the admin name and password',
      });
    }
    expect(log.lines.join('')).not.toContain('Admin-123');
  });

  it('are asked for again after a sign-in that was lost', async () => {
    const { upstream, m2 } = await setUp(admin);
    upstream.expect({ ...signIn, answer: { reset: true } });
    await expect(m2.customers.find('7')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    upstream.expect(
      { ...signIn, answer: { body: 'a-1' } },
      { request: VIEWS, answer: { body: STORE_VIEWS } },
    );
    upstream.expect({ request: CUSTOMER, answer: { body: wireCustomer() } });
    expect((await m2.customers.find('7'))?.id).toBe('7');
  });
});

describe('starting', () => {
  it('asks for the store views, once and for all', async () => {
    const { upstream, m2 } = await setUp(bearer);
    upstream.expect({ request: VIEWS, answer: { body: STORE_VIEWS } });
    upstream.expect({ request: CUSTOMER, answer: { body: wireCustomer() } });
    await m2.start();
    await m2.customers.find('7');
  });

  it('takes the website of the view in the URL', async () => {
    const { upstream, m2 } = await setUp(bearer, '/shop/rest/second_en/');
    upstream.expect({
      request: 'GET /shop/rest/second_en/V1/store/storeViews',
      answer: { body: STORE_VIEWS },
    });
    const request = 'GET /shop/rest/second_en/V1/customers/7';
    upstream.expect({ request, answer: { body: wireCustomer() } });
    upstream.expect({ request, answer: { body: wireCustomer({ website_id: 2 }) } });
    expect(await m2.customers.find('7')).toBeNull();
    expect((await m2.customers.find('7'))?.id).toBe('7');
  });

  it('says in plain words that the view does not exist', async () => {
    const { upstream, m2 } = await setUp(bearer, '/rest/arabic');
    upstream.expect({ request: 'GET /rest/arabic/V1/store/storeViews', answer: { body: STORE_VIEWS } });
    await expect(m2.start()).rejects.toThrow(
      'M2 cannot be used: M2_URL ends in the store view "arabic", which M2 does not have; it has: default, ar, second_en',
    );
  });

  it.each([
    ['the token is refused', { status: 401, body: recording('425').response.body }, 'refused our own token'],
    ['the path is none of M2', { status: 400, body: recording('411').response.body }, 'answered 400'],
    ['something else answers', { text: '<html>' }, 'did not answer JSON'],
    ['nobody answers', { reset: true }, 'ECONNRESET'],
  ])('says in plain words that %s, and asks again at the first use', async (_, answer, words) => {
    const { upstream, m2 } = await setUp(bearer);
    upstream.expect({ request: VIEWS, answer });
    // A broken connection is tried once more.
    if ('reset' in answer) upstream.expect({ request: VIEWS, answer });
    await expect(m2.start()).rejects.toThrow(words);
    upstream.expect({ request: VIEWS, answer: { body: STORE_VIEWS } });
    upstream.expect({ request: CUSTOMER, answer: { body: wireCustomer() } });
    expect((await m2.customers.find('7'))?.id).toBe('7');
  });
});
