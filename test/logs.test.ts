/** The log at its most talkative, and the traces, of a service that lives through everything, hold nothing that is somebody's own. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SignInResolver } from '../src/resolvers/sign-in.ts';
import { cutOffAtWill } from './journeys/cut-off.ts';
import { dataOf, saudi } from './journeys/steps.ts';
import { introspect, ROUTER_SECRET, sharedSettings } from './server/services.ts';
import { type Collector, startCollector } from './support/collector.ts';
import { leaksIn, withoutTimes } from './support/leaks.ts';
import { lifeOf } from './support/life.ts';
import * as on from './support/operations.ts';
import { describeWithRedis, startRedis } from './support/redis.ts';
import { type Asking, type RunningService, startTestService } from './support/service.ts';
import { TROUBLES, wordsOf } from './support/troubles.ts';
import { NO_LIMITS } from './timing/asking.ts';

const HOSPITAL_TOKEN = 'the-token-of-the-hospital-1';
const SETTINGS = sharedSettings({
  ...NO_LIMITS,
  LOG_LEVEL: 'debug',
  ROUTER_SECRETS: ROUTER_SECRET,
  ESERVICES_TOKEN: HOSPITAL_TOKEN,
  RESET_REDIRECTS: 'https://shop.example.com/new-password',
  OTP_FAILURES_PER_PHONE: '8',
  PASSWORD_REFUSAL_MS: '0',
  GOOGLE_CLIENT_IDS: 'pharmacy-web',
});

/** Whose value is somebody's own, wherever it comes or goes. */
const OWN =
  /^(\w*[tT]oken|phoneProof|otpCode|otpId|\w*[pP]assword|email|userIdentifier|key|newEmail|occupation|number|e164|telephone|nationalId|fileNo|memberId|registrationId|deviceId|dateOfBirth\w*|latitude|longitude)$/;

/** What must not be found: everything of that kind that was sent or answered, and our own keys. */
const secrets = new Set<string>([
  '77 Hidden Lane',
  'Palmgrove',
  'Al-Qahtani',
  'Prince Turki',
  'smtp-password-1',
]);
function note(value: unknown): void {
  JSON.stringify(value, (key, inner: unknown) => {
    if (OWN.test(key) && (typeof inner === 'string' || typeof inner === 'number')) secrets.add(`${inner}`);
    return inner;
  });
}

const wires = cutOffAtWill();
let service: RunningService;
let mail: SMTPServer;
let collector: Collector;
const printed: unknown[][] = [];

beforeAll(async () => {
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, name).mockImplementation((...given) => void printed.push(given));
  }
  // It says no in its own words, which repeat the address.
  mail = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(null, { user: 'pharmacy' }),
    onRcptTo: ({ address }, _session, done) => done(new Error(`550 no mailbox ${address}`)),
  });
  const listener = mail.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  collector = await startCollector();
  service = await wires.start({
    ...SETTINGS,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    SMTP_URL: `smtp://pharmacy:smtp-password-1@127.0.0.1:${port}`,
  });
  const [key] = JSON.parse(SETTINGS.TOKEN_KEYS).keys;
  const own = [key.d, SETTINGS.OTP_SECRET, ROUTER_SECRET, HOSPITAL_TOKEN, wires.sandbox.m2AccessToken];
  for (const secret of own) secrets.add(secret);
});
afterAll(async () => {
  await service.close();
  await collector.close();
  await new Promise<void>((resolve) => mail.close(() => resolve()));
  vi.restoreAllMocks();
});

/** The service through its router, with everything that passes noted. */
const client: Pick<RunningService, 'ask'> = {
  async ask(document, variables, asking: Asking = {}) {
    note(variables);
    const headers = { 'router-authorization': ROUTER_SECRET, ...asking.headers };
    const answer = await service.ask(document, variables, { ...asking, headers });
    note(answer.data);
    return answer;
  },
};
const { ask } = client;
const { sessionOf, signInInEveryWay, comeAndGo, liveOn, askForEverything } = lifeOf(ask, () => wires.sandbox);

/** Requests that GraphQL never sees or does not understand, full of somebody's own. */
async function sendNonsense(token: string): Promise<void> {
  const words = 'sara@example.com 0501234567 1088123458 Seven plum trees, 1 row';
  const headers = { 'content-type': 'application/json', 'router-authorization': ROUTER_SECRET };
  const post = (body: string, more: Record<string, string> = {}) =>
    fetch(service.url, { method: 'POST', body, headers: { ...headers, ...more } });
  const quoted = JSON.stringify(words);
  const escaped = encodeURIComponent(words);
  await Promise.all([
    post(`{"query": "mutation { login(input: ${words}`),
    post(words, { 'content-type': 'text/plain' }),
    post(words.repeat(6000)),
    post(JSON.stringify({ query: `{ customer(email: ${quoted}) { ${'id '.repeat(3000)} } }` })),
    post(JSON.stringify({ query: `mutation { login(input: { phone: ${quoted} }) { __typename } }` })),
    post(
      JSON.stringify({
        query: `mutation { login(input: { phone: { number: "0501234567" } nationalId: ${quoted} }) { __typename } }`,
      }),
    ),
    post(JSON.stringify({ query: on.LoginDocument.loc?.source.body ?? '', variables: { input: words } })),
    post(
      JSON.stringify({ query: `{ __typename } # ${words}`, operationName: words, extensions: { a: words } }),
    ),
    post(JSON.stringify({ query: `query sara_0501234567 { sara_0501234567: customer { id } }` })),
    post(JSON.stringify({ query: '{ __typename }' }), {
      authorization: `Bearer ${token}x`,
      'x-request-id': 'sara@example.com',
      'user-agent': encodeURI(words),
      'x-forwarded-for': '0501234567',
    }),
    post(JSON.stringify({ query: '{ __typename }' }), {
      'router-authorization': `${ROUTER_SECRET}0501234567`,
    }),
    fetch(`${service.url}?query=${escaped}&token=${token}`, { headers }),
    fetch(`${service.base}/${escaped}?${escaped}`, { headers }),
    fetch(`${service.base}/%zz${escaped}`, { headers }),
    introspect(service, token),
    introspect(service, token, token),
    introspect(service, { body: `token=${token}&token=${escaped}` }),
    introspect(service, { body: quoted, type: 'application/json' }),
  ]);
}

describe('S10, A10: the log', () => {
  it('S10: of people who sign in, fail at it, and live on as customers', async () => {
    await signInInEveryWay();
    await comeAndGo();
    await liveOn();
  }, 30_000);

  it.each(Object.keys(TROUBLES))('S10: of upstreams, where one %s', async (name) => {
    const session = await sessionOf('551234567');
    const trouble = TROUBLES[name] ?? (() => 'cut');
    const { m2, eservices, sms } = wires.proxies;
    const all: typeof m2.fate = (request) => trouble(wordsOf(request));
    const writes: typeof m2.fate = (request) => (request.method === 'GET' ? 'pass' : all(request));
    for (const proxy of [eservices, sms]) proxy.fate = all;
    for (const fate of [all, writes]) {
      m2.fate = fate;
      await askForEverything(session);
    }
  });

  it('S10: of requests that are none', async () => {
    await sendNonsense((await sessionOf('551234567')).token);
  });

  it('A10: of errors that nobody expected, whatever they say of whom', async () => {
    const said = 'sara@example.com +966 50-123-4567 0501234567 ٠٥٠١٢٣٤٥٦٧ 1088123458';
    const { token, refreshToken } = await sessionOf('551234567');
    const message = `cannot use ${said} of ${token}, ${refreshToken}`;
    const broken = vi.spyOn(SignInResolver.prototype, 'login').mockImplementation(async () => {
      throw new TypeError(message, { cause: new Error(`because of ${message}`) });
    });
    const { errors } = await ask(on.LoginDocument, { input: { phone: saudi('501234567') } });
    broken.mockRestore();
    expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(leaksIn(JSON.stringify(errors), secrets)).toEqual([]);
  });

  it('holds no phone, e-mail, ID, file number, name, street, code, password, token or key of all that', async () => {
    await vi.waitFor(() => expect(service.logged.join('\n')).toContain('e-mail not taken'));
    for (const { text } of wires.sandbox.outbox.list()) {
      for (const [, code, token] of text.matchAll(/\b(\d{6})\b|token=(\w{32})/g))
        secrets.add(code ?? token ?? '');
    }
    const log = withoutTimes(service.logged);
    // It was at its most talkative, and all of that did happen.
    for (const said of [
      'upstream answered',
      'upstream did not answer',
      'upstream is in trouble',
      'upstream did not answer JSON',
      'e-mail not taken',
      'EServices did not answer while the code was awaited',
      'work after the answer failed',
      'a failure',
      'an unexpected error',
    ]) {
      expect(log).toContain(said);
    }
    expect(secrets.size).toBeGreaterThan(200);
    expect(leaksIn(log, secrets)).toEqual([]);
    expect(log).not.toMatch(/eyJ[\w-]{10}/);
    expect(printed).toEqual([]);
  });

  it('would show each of these, were it there: the search finds a planted one, however it is spelled', () => {
    const log = withoutTimes(service.logged);
    const planted = [...secrets].map((secret) => `{"msg":"no ${secret} here"}`);
    expect(leaksIn([log, ...planted].join('\n'), secrets)).toEqual([...secrets]);
    for (const spelled of [
      '+966501234567',
      '050 123 4567',
      '(50) 123-45-67',
      '٠٥٠١٢٣٤٥٦٧',
      '%2B966501234567',
    ]) {
      expect(leaksIn(`${log}\n${spelled}`, ['501234567'])).toEqual(['501234567']);
    }
    expect(leaksIn(`${log}\nsara%40example.com`, ['Sara@example.com'])).toEqual(['Sara@example.com']);
  });

  it('is not alone in that: the traces hold nothing of it either', async () => {
    await service.close();
    const names = new Set(collector.spans().map(({ name }) => name));
    for (const name of [
      'mutation login',
      'POST /graphql',
      'PUT V1/customers/{id}',
      'SMTP send',
      'store swap',
    ]) {
      expect(names).toContain(name);
    }
    const sent = collector.taken.map((bytes) => bytes.toString());
    expect(leaksIn(sent.join('\n'), secrets)).toEqual([]);
    expect(leaksIn(`${sent.join('\n')}\n0501234567`, ['501234567'])).toEqual(['501234567']);
  });
});

describeWithRedis('S10: the log of a service whose Redis goes away', () => {
  it('names nobody, and not the password of Redis', async () => {
    const redis = await startRedis({ password: 'redis-password-1' });
    let own: RunningService | undefined;
    try {
      own = await startTestService({ ...SETTINGS, ROUTER_SECRETS: '', REDIS_URL: redis.url });
      const input = { phone: saudi('501234567') };
      dataOf(await own.ask(on.LoginDocument, { input }));
      await redis.kill();
      await own.ask(on.LoginDocument, { input });
      const log = withoutTimes(own.logged);
      expect(log).toContain('the Redis store is away');
      expect(leaksIn(log, ['501234567', 'redis-password-1', HOSPITAL_TOKEN])).toEqual([]);
    } finally {
      await own?.close();
      await redis.stop();
    }
  });
});
