import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { SMTPServer } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { createLogger } from '../../src/logger.ts';
import { ADDRESS_ATTRIBUTES, CUSTOMER_ATTRIBUTES } from '../../src/sandbox/m2/attributes.ts';
import { type M2Options, type M2StandIn, startM2 } from '../../src/sandbox/m2/server.ts';
import { createOutbox } from '../../src/sandbox/outbox.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { lineOf, mayGoLive, runChecks } from '../../src/tools/doctor/check.ts';
import { checksOf } from '../../src/tools/doctor/checks.ts';
import { redisCheck } from '../../src/tools/doctor/redis.ts';
import { readSettings } from '../../src/tools/doctor/settings.ts';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../support/redis.ts';

const log = createLogger('silent');
const ROOT = new URL('../../', import.meta.url);

let sandbox: Sandbox;
let key: string;
let settings: Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ log });
  key = JSON.stringify({ keys: [await generateSigningKey()] });
  settings = {
    M2_URL: sandbox.m2Url,
    M2_ACCESS_TOKEN: sandbox.m2AccessToken,
    M2_STORE_VIEWS: 'en:default,ar:ar',
    ESERVICES_URL: sandbox.eservicesUrl,
    SMS_URL: sandbox.smsUrl,
    SMTP_URL: sandbox.smtpUrl,
    REDIS_URL: `redis://:a-hidden-password@127.0.0.1:${await freePort()}`,
    TOKEN_KEYS: key,
    OTP_SECRET: 'a-secret-of-forty-characters-and-no-less',
    ROUTER_SECRETS: 'a-router-secret-of-forty-characters-or-so',
    TRUSTED_PROXIES: '10.0.0.0/8',
    METRICS_PORT: '9100',
  };
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => sandbox.close());

/** The lines of an examination within this process, and whether the service may go live. */
async function examined(changes: Record<string, string> = {}, { mayProbe = false } = {}) {
  const { config, findings } = readSettings({ ...settings, ...changes });
  const all = [...findings, ...(await runChecks(config ? checksOf(config, { mayProbe }) : []))];
  const lines = all.map(lineOf);
  for (const line of lines) {
    for (const secret of ['a-hidden-password', 'a-secret-of', 'a-router-secret', key.slice(30, 60)]) {
      expect(line).not.toContain(secret);
    }
    expect(line).not.toContain(sandbox.m2AccessToken);
  }
  // Nothing here has a Redis: what is said of it is looked at below.
  const others = all.filter(({ what }) => !what.startsWith('Redis'));
  return {
    lines,
    isFit: mayGoLive(others),
    failed: others.filter(({ level }) => level === 'fail').map(lineOf),
  };
}

/** A shop of its own, with nobody in it. */
async function shop(options: Partial<M2Options> = {}): Promise<M2StandIn & { env: Record<string, string> }> {
  const m2 = await startM2({
    log,
    outbox: createOutbox(),
    settings: { integrationAsBearer: true },
    admins: { admin: 'Sandbox-Admin-1' },
    ...options,
  });
  closing.push(() => m2.close());
  const env = { M2_URL: `${m2.url}/rest/default`, M2_ACCESS_TOKEN: m2.shop.integrationToken };
  return { ...m2, env };
}

interface Passing {
  line: string;
  isOurs: boolean;
  body: string;
}
interface Instead {
  status?: number;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}

/** Stands before `origin`: what `judge` returns is answered instead, a text is passed on as the body. */
async function before(origin: string, judge: (passing: Passing) => Instead | string | null): Promise<string> {
  const server = createServer((request: IncomingMessage, response) => {
    void (async () => {
      const body = (await buffer(request)).toString();
      const { authorization } = request.headers;
      const isOurs = authorization === `Bearer ${sandbox.m2AccessToken}`;
      const said = judge({ line: `${request.method} ${request.url}`, isOurs, body });
      if (said !== null && typeof said !== 'string') {
        const { status = 200, raw, headers } = said;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(raw ?? JSON.stringify(said.body ?? null));
        return;
      }
      const sent = typeof said === 'string' ? said : body;
      const passed = await fetch(new URL(request.url ?? '/', origin), {
        method: request.method ?? 'GET',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        ...(sent !== '' && { body: sent }),
      });
      response.writeHead(passed.status, { 'content-type': 'application/json' }).end(await passed.text());
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The sandbox's M2 with `judge` before it. */
async function shopBehind(judge: Parameters<typeof before>[1]): Promise<Record<string, string>> {
  return { M2_URL: `${await before(new URL(sandbox.m2Url).origin, judge)}/rest/default` };
}

/** A mail server that takes nobody's password. */
async function refusingMail(): Promise<Record<string, string>> {
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: (_auth, _session, done) => done(new Error('no')),
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = listener.address() as AddressInfo;
  return { SMTP_URL: `smtp://somebody:a-hidden-password@127.0.0.1:${port}` };
}

const nowhere = async (scheme = 'http') => `${scheme}://127.0.0.1:${await freePort()}`;

it('a whole installation may go live; what only a probe can tell is a warning', async () => {
  const { lines, isFit, failed } = await examined();
  expect(failed).toEqual([]);
  expect(isFit).toBe(true);
  expect(lines.filter((line) => line.startsWith('warn')).map((line) => line.split(':')[0])).toEqual([
    'warn  identity attributes, anonymous callers',
    'warn  identity attributes, customers',
    'warn  password rules',
  ]);
});

describe('a single thing that is broken is the only one that fails:', () => {
  it.each<[string, () => Promise<Record<string, string>>, RegExp[]]>([
    [
      'a setting',
      async () => ({ OTP_MAX_ATTEMPTS: '99' }),
      [/^fail {2}setting OTP_MAX_ATTEMPTS: must be 1 to 10/],
    ],
    [
      'an upstream that is missing',
      async () => ({ ESERVICES_URL: '' }),
      [/^fail {2}setting ESERVICES_URL: missing/, /^fail {2}EServices: not asked/],
    ],
    [
      'keys that do not sign',
      async () => ({ TOKEN_KEYS: '{"keys":[]}' }),
      [/^fail {2}setting TOKEN_KEYS: is not a JWK set/, /^fail {2}signing keys: none/],
    ],
    ['development', async () => ({ NODE_ENV: 'development' }), [/^fail {2}NODE_ENV is development/]],
    [
      'a store view of M2_STORE_VIEWS that is of another website',
      async () => ({ M2_STORE_VIEWS: 'en:default,ar:second_en' }),
      [/^fail {2}store views: M2_STORE_VIEWS names the store view "second_en".*it has: default, ar/],
    ],
    [
      'EServices that is away',
      async () => ({ ESERVICES_URL: await nowhere() }),
      [/^fail {2}EServices: does not answer \(ECONNREFUSED\)/],
    ],
    [
      'EServices that refuses us',
      async () => ({ ESERVICES_URL: await before(sandbox.eservicesUrl, () => ({ status: 401 })) }),
      [/^fail {2}EServices: refuses us \(401\) — see ESERVICES_TOKEN/],
    ],
    [
      'EServices at a wrong address',
      async () => ({ ESERVICES_URL: `${sandbox.eservicesUrl}/api/customer` }),
      [/^fail {2}EServices: answers 404 without yes or no/],
    ],
    ['SMS that is away', async () => ({ SMS_URL: await nowhere() }), [/^fail {2}SMS: does not answer/]],
    [
      'a mail server that is away',
      async () => ({ SMTP_URL: await nowhere('smtp') }),
      [/^fail {2}SMTP: cannot be used/],
    ],
    ['a mail server that refuses our sign-in', refusingMail, [/^fail {2}SMTP: refuses our sign-in — /]],
    [
      'a clock that is minutes off',
      () =>
        shopBehind(({ line, isOurs }) =>
          line.includes('storeViews') && !isOurs
            ? { status: 401, headers: { date: new Date(Date.now() - 300_000).toUTCString() } }
            : null,
        ),
      [/^fail {2}clock: M2's is (299|300|301) s behind ours — have both/],
    ],
    [
      'a route of the shop’s module that is missing',
      () =>
        shopBehind(({ line }) =>
          line.includes('/wallet')
            ? { status: 404, body: { message: 'Request does not match any route.' } }
            : null,
        ),
      [/^fail {2}shop module, wallet: M2 has no such route \(V1\/hmg\/customers\/\{id\}\/wallet\)/],
    ],
    [
      'a route of the shop’s module that the integration may not ask',
      () => shopBehind(({ line }) => (line.includes('/faqs') ? { status: 401, body: {} } : null)),
      [/^fail {2}shop module, faqs: refused \(401\) — .*Hmg_Customer::manage/],
    ],
    [
      'a permission that is missing',
      () => shopBehind(({ line }) => (line.startsWith('DELETE') ? { status: 401, body: {} } : null)),
      [/^fail {2}M2 permissions: ours lack Magento_Customer::delete/],
    ],
  ])('%s', async (_, change, expected) => {
    const { failed, isFit } = await examined(await change());
    expect(isFit).toBe(false);
    expect(failed).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(failed[index]).toMatch(words);
  });
});

describe('M2', () => {
  it('that takes no integration token as bearer is told from one that is away', async () => {
    const { env } = await shop({ settings: { integrationAsBearer: false } });
    const { lines } = await examined(env);
    expect(lines.find((line) => line.includes('M2 credentials'))).toMatch(
      /^fail {2}M2 credentials: refused \(401\) — .*oauth\/consumer\/enable_integration_as_bearer/,
    );
    const away = await examined({ M2_URL: `${await nowhere()}/rest/default` });
    expect(away.lines.join('\n')).toMatch(/fail {2}M2: does not answer \(ECONNREFUSED\)/);
  });

  it('in maintenance is told by its page', async () => {
    const env = await shopBehind(() => ({ status: 503, raw: '<h1>Error 503</h1>' }));
    expect((await examined(env)).lines.join('\n')).toMatch(
      /fail {2}M2: answers 503 without JSON — .*maintenance/,
    );
  });

  it('is asked as an admin too, whose wrong password is told', async () => {
    const { env } = await shop();
    const admin = { ...env, M2_ACCESS_TOKEN: '', M2_ADMIN_USERNAME: 'admin' };
    expect((await examined({ ...admin, M2_ADMIN_PASSWORD: 'Sandbox-Admin-1' })).failed).toEqual([]);
    const wrong = await examined({ ...admin, M2_ADMIN_PASSWORD: 'a-hidden-password' });
    expect(wrong.lines.join('\n')).toMatch(/fail {2}M2 credentials: M2 refused the admin name and password/);
  });

  it('without the store view of M2_URL says which it has', async () => {
    const { lines } = await examined({ M2_URL: sandbox.m2Url.replace(/default$/, 'de') });
    expect(lines.find((line) => line.includes('store views:'))).toMatch(
      /^fail {2}store views: M2_URL ends in the store view "de".*default, ar, second_en/,
    );
  });
});

describe('attributes', () => {
  it.each([...CUSTOMER_ATTRIBUTES.map((one) => one.code), ...ADDRESS_ATTRIBUTES.map((one) => one.code)])(
    'notices that %s is missing',
    async (code) => {
      const without = (all: typeof CUSTOMER_ATTRIBUTES) => all.filter((one) => one.code !== code);
      const attributes = { customer: without(CUSTOMER_ATTRIBUTES), address: without(ADDRESS_ATTRIBUTES) };
      const { failed } = await examined((await shop({ attributes })).env);
      expect(failed.length).toBeGreaterThan(0);
      for (const line of failed) expect(line).toContain(`attribute ${code}: missing`);
    },
  );

  it.each([
    ['language', 'select', 'fail', /is select\/int/],
    ['terms_accepted_at', 'date', 'fail', /is date\/datetime/],
    ['phone_number', 'decimal', 'fail', /is text\/decimal/],
    ['is_patient', 'select', 'fail', /is select\/int/],
    ['latitude', 'decimal', 'warn', /is decimal and keeps four places/],
    ['is_patient', 'text', 'ok', /attributes: all/],
  ] as const)('%s as a %s is a %s', async (code, input, level, words) => {
    const customer = CUSTOMER_ATTRIBUTES.map((one) => (one.code === code ? { code, input } : one));
    const { lines } = await examined(
      (await shop({ attributes: { customer, address: ADDRESS_ATTRIBUTES } })).env,
    );
    const said = lines.filter((line) => line.includes('customer attribute') && words.test(line));
    expect(said.map((line) => line.split(' ')[0])).toEqual([level]);
  });

  it('of the shop that are required, and that this service does not write, are told', async () => {
    const env = await shopBehind(({ line }) =>
      line.endsWith('customer/custom')
        ? {
            body: [
              {
                attribute_code: 'shoe_size',
                frontend_input: 'text',
                backend_type: 'varchar',
                required: true,
              },
            ],
          }
        : null,
    );
    expect((await examined(env)).lines.join('\n')).toMatch(
      /fail {2}customer attribute shoe_size: is required/,
    );
  });
});

describe('with --probe', () => {
  const IDENTITY = /phone_number|zip_code|national_id|file_no|_sub|is_patient|_verified|verified_/;
  const identity = (lines: string[]) => lines.filter((line) => line.includes('identity attributes'));

  /** Drops the identity attributes of whoever is not us. */
  function stripped({ isOurs, body }: Passing): string | null {
    if (isOurs || !body.includes('custom_attributes')) return null;
    const sent = JSON.parse(body) as { customer: { custom_attributes: { attribute_code: string }[] } };
    const custom_attributes = sent.customer.custom_attributes.filter(
      (one) => !IDENTITY.test(one.attribute_code),
    );
    return JSON.stringify({ ...sent, customer: { ...sent.customer, custom_attributes } });
  }

  it('stock M2, where strangers and customers write who they are, may not go live', async () => {
    const count = sandbox.m2.shop.customers.size;
    const { lines, isFit } = await examined({}, { mayProbe: true });
    expect(isFit).toBe(false);
    expect(identity(lines)).toEqual([
      expect.stringMatching(
        /^fail {2}identity attributes, anonymous callers: can write phone_number, .*phone_verified/,
      ),
      expect.stringMatching(
        /^fail {2}identity attributes, customers: can write phone_number, .*phone_verified/,
      ),
    ]);
    expect(lines.join('\n')).toMatch(/warn {2}password rules: M2 refuses 15 small letters/);
    expect(sandbox.m2.shop.customers.size, 'nobody is left behind').toBe(count);
  });

  it.each<[string, Parameters<typeof before>[1]]>([
    ['drops them', stripped],
    [
      'refuses them',
      (passing) =>
        passing.isOurs || !(stripped(passing) !== null && IDENTITY.test(passing.body))
          ? null
          : { status: 400, body: { message: 'no' } },
    ],
  ])('a shop that %s may go live', async (_, judge) => {
    const count = sandbox.m2.shop.customers.size;
    const { lines, isFit } = await examined(await shopBehind(judge), { mayProbe: true });
    expect(identity(lines)).toEqual([
      expect.stringMatching(/^ok {4}identity attributes, anonymous callers: cannot write/),
      expect.stringMatching(/^ok {4}identity attributes, customers: cannot write/),
    ]);
    expect(isFit).toBe(true);
    expect(sandbox.m2.shop.customers.size).toBe(count);
  });

  it('one attribute that was forgotten among those refused is found', async () => {
    const env = await shopBehind(({ isOurs, body }) =>
      !isOurs && IDENTITY.test(body.replaceAll('file_no', '')) && body.includes('custom_attributes')
        ? { status: 400, body: { message: 'no' } }
        : null,
    );
    const { lines } = await examined(env, { mayProbe: true });
    expect(identity(lines)[0]).toMatch(/anonymous callers: can write file_no over REST/);
    expect(identity(lines)[1]).toMatch(/customers: can write file_no over REST/);
  });

  it('says so when an invented customer could not be deleted', async () => {
    const env = await shopBehind(({ line }) =>
      line.startsWith('DELETE') && !line.endsWith('/0') ? { status: 500, body: { message: 'no' } } : null,
    );
    const { lines, isFit } = await examined(env, { mayProbe: true });
    expect(isFit).toBe(false);
    expect(lines.join('\n')).toMatch(
      /fail {2}probe: invented customers could not be deleted \(1\) — delete them/,
    );
  });
});

it('warns of settings that are seldom meant so, and lets them go live', async () => {
  const bare = {
    ROUTER_SECRETS: '',
    TRUSTED_PROXIES: '',
    METRICS_PORT: '',
    CORS_ORIGINS: 'http://localhost:3000',
  };
  const { lines, isFit } = await examined({ ...bare });
  expect(isFit).toBe(true);
  for (const name of Object.keys(bare))
    expect(lines.join('\n')).toMatch(new RegExp(`^warn {2}${name}: .+ — .+`, 'm'));
});

it('a check that hangs or breaks fails by itself', async () => {
  const found = await runChecks([
    { name: 'slow', timeoutMs: 20, run: () => new Promise(() => undefined) },
    { name: 'broken', run: () => Promise.reject(new Error('with a-hidden-password')) },
    { name: 'fine', run: async () => ({ level: 'ok', what: 'fine' }) },
  ]);
  expect(found.map(({ level }) => level)).toEqual(['fail', 'fail', 'ok']);
  expect(found.map(lineOf).join('\n')).not.toContain('hidden');
});

it('sends nobody a message', async () => {
  const count = sandbox.outbox.list().filter(({ to }) => !to.startsWith('doctor-')).length;
  await examined();
  expect(sandbox.outbox.list().filter(({ to }) => !to.startsWith('doctor-'))).toHaveLength(count);
});

describeWithRedis('Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis({ password: 'a-hidden-password' });
  });
  afterAll(() => redis.stop());
  const said = async (url = redis.url) => (await runChecks([redisCheck(url)])).map(lineOf);

  it('that keeps everything is fine; one that evicts is not', async () => {
    expect(await said()).toEqual([
      expect.stringMatching(/^ok {4}Redis: answers, version \d/),
      expect.stringMatching(/^ok {4}Redis: maxmemory-policy noeviction/),
    ]);
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await said())[1]).toMatch(/^fail {2}Redis: maxmemory-policy is allkeys-lru/);
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    client.disconnect();
  });

  it('that is away or refuses our password is told', async () => {
    const wrong = redis.url.replace('a-hidden-password', 'another');
    expect(await said(wrong)).toEqual([expect.stringMatching(/^fail {2}Redis: refuses our password/)]);
    const away = await said(`redis://127.0.0.1:${await freePort()}`);
    expect(away).toEqual([expect.stringMatching(/^fail {2}Redis: does not answer \(ECONNREFUSED\)/)]);
  });

  it('the command ends with 0 where all is well and with 1 where not, and prints no secret', async () => {
    const run = async (env: Record<string, string>) => {
      const child = spawn(process.execPath, ['--import', 'tsx', 'src/tools/doctor.ts'], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const code = new Promise((resolve) => child.once('close', resolve));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await code, out, err };
    };
    const well = await run({ ...settings, REDIS_URL: redis.url });
    expect(well).toMatchObject({ code: 0, err: '' });
    expect(well.out).toMatch(/0 failed, 3 to weigh. It may go live.\n$/);
    for (const line of well.out.trim().split('\n').slice(0, -2))
      expect(line).toMatch(/^(ok {2}|warn|fail) {2}\S/);

    const ill = await run(settings);
    expect(ill).toMatchObject({ code: 1, err: '' });
    expect(ill.out).toMatch(/1 failed, 3 to weigh. It may not go live yet.\n$/);
    expect(ill.out).not.toContain('hidden');
    const empty = await run({});
    expect(empty.code).toBe(1);
    expect(empty.out).toMatch(/^fail {2}setting M2_URL: missing/m);
  }, 60_000);
});
