import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ConfigProblems, readConfig } from '../src/config.ts';
import { SETTINGS } from '../src/settings.ts';

type Env = Record<string, string>;

const ED25519 = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const keySet = (...keys: object[]) => JSON.stringify({ keys });

const SECRET = 'a-secret-of-more-than-32-characters';
const UPSTREAMS = {
  M2_URL: 'https://shop.example.com/rest/default',
  M2_ACCESS_TOKEN: 'integration-token',
  ESERVICES_URL: 'https://eservices.example.com',
  SMS_URL: 'https://sms.example.com/send',
  SMTP_URL: 'smtps://mail.example.com',
};
const UNNAMED = {
  ...UPSTREAMS,
  ACCOUNT_LINK_URL: 'https://shop.example.com/account',
  REDIS_URL: 'rediss://redis.example.com',
  TOKEN_KEYS: keySet(ED25519),
  OTP_SECRET: SECRET,
};
const PRODUCTION = { NODE_ENV: 'production', ...UNNAMED };

function without(env: Env, ...names: string[]): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems;
    throw error;
  }
  return [];
}

/** The names of the settings that the problems are about, each once. */
const namesOf = (problems: readonly string[]) => [...new Set(problems.map((line) => line.split(':')[0]))];

const NEEDED = ['M2_URL', 'ESERVICES_URL', 'SMS_URL', 'SMTP_URL', 'REDIS_URL', 'TOKEN_KEYS', 'OTP_SECRET'];

describe('with nothing configured', () => {
  it('runs on the sandbox, which only this machine can reach and which shows every code', () => {
    expect(readConfig({})).toMatchObject({
      isProduction: false,
      isSandbox: true,
      showsCodes: true,
      host: 'localhost',
      port: 4000,
      m2: null,
      eservices: null,
      sms: null,
      smtp: null,
      redisUrl: null,
      tokenKeys: null,
      secret: null,
      routerSecrets: [],
      trustedProxies: [],
      corsOrigins: null,
    });
  });

  it('takes an empty or blank setting for an absent one', () => {
    const names = Object.keys(SETTINGS);
    for (const blank of ['', ' ', '\t\n']) {
      expect(readConfig(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(readConfig({}));
    }
  });

  it('takes no notice of what is no setting', () => {
    expect(readConfig({ PATH: '/bin', OTP_TTL: '1' })).toEqual(readConfig({}));
  });
});

describe('what counts as production', () => {
  it.each(['development', 'test'])('%s does not: stand-ins for what is missing, codes shown', (NODE_ENV) => {
    expect(readConfig({ NODE_ENV })).toMatchObject({ isSandbox: true, showsCodes: true, host: 'localhost' });
    expect(readConfig({ NODE_ENV, ...UPSTREAMS, ESERVICES_URL: '', SMTP_URL: '' })).toMatchObject({
      isProduction: false,
      isSandbox: false,
      showsCodes: true,
      host: 'localhost',
      m2: { url: UPSTREAMS.M2_URL },
      eservices: null,
      sms: { url: UPSTREAMS.SMS_URL },
      smtp: null,
      redisUrl: null,
      tokenKeys: null,
    });
  });

  it('O8: a real upstream without NODE_ENV does, so that codes are not shown by an omission', () => {
    expect(readConfig(UNNAMED)).toMatchObject({ isProduction: true, isSandbox: false, showsCodes: false });
    for (const [name, value] of Object.entries({ ...UPSTREAMS, ESERVICES_TOKEN: 'token' })) {
      const missing = NEEDED.filter((needed) => needed !== name);
      expect(namesOf(problemsOf({ [name]: value })), name).toEqual(expect.arrayContaining(missing));
    }
  });

  it.each(['production', 'staging', 'Development', 'prod'])('%s does, upstreams or none', (NODE_ENV) => {
    expect(namesOf(problemsOf({ NODE_ENV }))).toEqual(NEEDED);
    expect(readConfig({ ...UNNAMED, NODE_ENV }).showsCodes).toBe(false);
  });

  it('is reachable from outside there, and wherever HOST says so', () => {
    expect(readConfig(PRODUCTION).host).toBe('0.0.0.0');
    expect(readConfig({ ...PRODUCTION, HOST: '127.0.0.1' }).host).toBe('127.0.0.1');
    expect(readConfig({ HOST: '0.0.0.0' })).toMatchObject({ isSandbox: true, host: '0.0.0.0' });
  });
});

describe('production', () => {
  it.each(NEEDED)('refuses the sandbox, the in-process store and generated keys: needs %s', (name) => {
    expect(problemsOf(without(PRODUCTION, name))).toEqual([`${name}: missing (required in production)`]);
  });

  it('names everything that is wrong at once', () => {
    const env = {
      NODE_ENV: 'production',
      M2_URL: 'shop.example.com',
      OTP_SECRET: 'short',
      LOG_LEVEL: 'loud',
      OTP_MAX_ATTEMPTS: 'five',
      ACCESS_TOKEN_SECONDS: '86400',
      TRUSTED_PROXIES: 'proxy.example.com',
    };
    expect(namesOf(problemsOf(env)).sort()).toEqual(
      [...NEEDED, 'M2_ACCESS_TOKEN', ...Object.keys(env).filter((name) => name !== 'NODE_ENV')]
        .filter((name, index, all) => all.indexOf(name) === index)
        .sort(),
    );
  });

  const WEAKER = [
    ['O2', 'OTP_TTL_SECONDS', 600, 601],
    ['O2', 'OTP_TOTAL_SECONDS', 1800, 1801],
    ['O4', 'OTP_MAX_ATTEMPTS', 10, 11],
    ['O5', 'OTP_FAILURES_PER_CLIENT', 20, 21],
    ['O5', 'OTP_FAILURES_PER_PHONE', 100, 101],
    ['O5', 'KNOWN_DEVICE_DAYS', 90, 91],
    ['O6', 'OTP_PAUSE_SECONDS', 30, 29],
    ['O6', 'OTP_PER_PHONE_HOUR', 10, 11],
    ['O6', 'OTP_PER_PHONE_DAY', 20, 21],
    ['S1', 'ACCESS_TOKEN_SECONDS', 900, 901],
    ['S4', 'SESSION_IDLE_DAYS', 30, 31],
    ['S4', 'SESSION_TOTAL_DAYS', 30, 31],
    ['S5', 'SESSION_REPLAY_SECONDS', 60, 61],
    ['S8', 'SESSIONS_PER_CUSTOMER', 50, 51],
    ['S9', 'RECENT_SIGN_IN_SECONDS', 900, 901],
    ['mailed keys', 'EMAIL_LINK_SECONDS', 86_400, 86_401],
    ['passwords', 'PASSWORD_MIN_LENGTH', 15, 14],
    ['passwords', 'PASSWORD_REFUSAL_MS', 200, 199],
    ['ID tokens', 'ID_TOKEN_SECONDS', 3600, 3601],
  ] as const;
  it.each(WEAKER)('%s: takes no weaker %s than %i', (_row, name, weakest, weaker) => {
    expect(problemsOf({ ...PRODUCTION, [name]: String(weakest) })).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, [name]: String(weaker) })).toEqual([
      expect.stringMatching(`^${name}: must be .*\\b${weakest}\\b.* in production$`),
    ]);
    expect(problemsOf({ [name]: String(weaker) })).toEqual([]);
  });
});

describe('a number', () => {
  it.each(['-1', '1.5', '1e3', '0x10', 'ten', '١٠', ' 5 ', '99999999999999999999'])('is not "%s"', (text) => {
    expect(problemsOf({ OTP_MAX_ATTEMPTS: text })).toEqual(['OTP_MAX_ATTEMPTS: is not a whole number']);
  });

  it('of a port may be 0 for a free one, and is at most 65535 everywhere', () => {
    expect(readConfig({ PORT: '0' }).port).toBe(0);
    expect(readConfig({ ...PRODUCTION, PORT: '0' }).port).toBe(0);
    for (const env of [{}, PRODUCTION]) {
      expect(problemsOf({ ...env, PORT: '65536' })).toEqual(['PORT: must be 0 to 65535']);
    }
  });

  it('of a share is 0 to 1', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example.com:4318' };
    for (const [text, share] of [
      ['', 1],
      ['0', 0],
      ['0.25', 0.25],
      ['.5', 0.5],
      ['1.0', 1],
    ] as const) {
      expect(readConfig({ ...env, OTEL_TRACES_SAMPLER_ARG: text }).tracing?.share).toBe(share);
    }
    for (const text of ['1.5', '-0.1', '1e-3', 'half']) {
      expect(problemsOf({ OTEL_TRACES_SAMPLER_ARG: text })).toEqual([
        'OTEL_TRACES_SAMPLER_ARG: must be 0 to 1',
      ]);
    }
  });

  it('of days is kept in seconds', () => {
    const { session, failures } = readConfig({ SESSION_IDLE_DAYS: '1', KNOWN_DEVICE_DAYS: '2' });
    expect([session.idleSeconds, failures.knownDeviceSeconds]).toEqual([86_400, 172_800]);
  });
});

describe('the way into M2', () => {
  const M2 = { NODE_ENV: 'test', M2_URL: UPSTREAMS.M2_URL };
  const BEARER = { M2_ACCESS_TOKEN: 'bearer' };
  const OAUTH = {
    M2_OAUTH_CONSUMER_KEY: 'key',
    M2_OAUTH_CONSUMER_SECRET: 'key-secret',
    M2_OAUTH_TOKEN: 'token',
    M2_OAUTH_TOKEN_SECRET: 'token-secret',
  };
  const ADMIN = { M2_ADMIN_USERNAME: 'name', M2_ADMIN_PASSWORD: 'password' };

  it.each([
    [BEARER, { kind: 'bearer', token: 'bearer' }],
    [
      OAUTH,
      {
        kind: 'oauth',
        consumerKey: 'key',
        consumerSecret: 'key-secret',
        token: 'token',
        tokenSecret: 'token-secret',
      },
    ],
    [ADMIN, { kind: 'admin', username: 'name', password: 'password' }],
  ])('may be %j', (env, credentials) => {
    expect(readConfig({ ...M2, ...env }).m2).toEqual({ url: M2.M2_URL, credentials, mediaUrl: null });
  });

  it('must be there', () => {
    expect(problemsOf(M2)).toEqual([expect.stringMatching(/^M2_ACCESS_TOKEN: missing/)]);
  });

  it.each([
    { ...BEARER, ...OAUTH },
    { ...BEARER, ...ADMIN },
    { ...OAUTH, ...ADMIN },
    { ...BEARER, ...OAUTH, ...ADMIN },
    { ...BEARER, M2_ADMIN_USERNAME: 'name' },
    { ...ADMIN, M2_OAUTH_TOKEN: 'token' },
  ])('must be one, not several or parts of several: %j', (env) => {
    expect(problemsOf({ ...M2, ...env })).toEqual([
      expect.stringMatching(/^M2_ACCESS_TOKEN: .*not several$/),
    ]);
  });

  it.each([...Object.keys(OAUTH), ...Object.keys(ADMIN)])(
    'must be whole: names %s where it lacks',
    (name) => {
      const whole = name in OAUTH ? OAUTH : ADMIN;
      expect(problemsOf({ ...M2, ...without(whole, name) })).toEqual([
        expect.stringMatching(`^${name}: missing`),
      ]);
    },
  );
});

describe('TOKEN_KEYS', () => {
  it('S3: holds one key or several, old and new together, Ed25519 or P-256', () => {
    expect(readConfig({ TOKEN_KEYS: keySet(ED25519) }).tokenKeys).toEqual([ED25519]);
    const named = { ...P256, kid: 'new', use: 'sig' };
    expect(readConfig({ TOKEN_KEYS: keySet(ED25519, named) }).tokenKeys).toEqual([ED25519, named]);
  });

  const { d: _ed25519, ...publicEd25519 } = ED25519;
  const { d: _p256, ...publicP256 } = P256;
  const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  it.each([
    ['no JSON', '{"keys":['],
    ['no key set', '[]'],
    ['null', 'null'],
    ['one key outside a set', JSON.stringify(ED25519)],
    ['an empty set', keySet()],
    ['a public Ed25519 key', keySet(publicEd25519)],
    ['a public P-256 key', keySet(publicP256)],
    ['a public key beside a private one', keySet(ED25519, publicP256)],
    ['a secret key', keySet({ kty: 'oct', k: 'c2VjcmV0' })],
    ['a curve of another kind', keySet({ ...ED25519, crv: 'P-256' })],
    ['a P-256 key without its y', keySet(without(P256 as Env, 'y'))],
    ['a private half that is none', keySet({ ...ED25519, d: 'AAAA' })],
    ['two halves of different keys, whose signatures nobody could check', keySet({ ...ED25519, x: other.x })],
    ['two keys of one name', keySet({ ...ED25519, kid: 'a' }, { ...P256, kid: 'a' })],
    ['one key twice', keySet(ED25519, ED25519)],
  ])('is not %s', (_what, text) => {
    expect(problemsOf({ TOKEN_KEYS: text })).toEqual([
      expect.stringMatching(/^TOKEN_KEYS: is not a JWK set/),
    ]);
  });
});

describe('other settings', () => {
  it('A4: one or two router secrets, each too long to be guessed', () => {
    expect(readConfig({ ROUTER_SECRETS: ` ${SECRET} , ${SECRET}2` }).routerSecrets).toEqual([
      SECRET,
      `${SECRET}2`,
    ]);
    expect(problemsOf({ ROUTER_SECRETS: 'x'.repeat(32) })).toEqual([]);
    expect(problemsOf({ ROUTER_SECRETS: `${SECRET},${'x'.repeat(31)},${'y'.repeat(31)}` })).toContain(
      'ROUTER_SECRETS: is shorter than 32 characters',
    );
    expect(problemsOf({ ROUTER_SECRETS: [SECRET, SECRET, SECRET].join() })).toEqual([
      'ROUTER_SECRETS: holds more than two secrets',
    ]);
  });

  it.each([
    'ROUTER_SECRETS',
    'TRUSTED_PROXIES',
    'CORS_ORIGINS',
    'PHONE_COUNTRIES',
    'RESET_REDIRECTS',
    'M2_STORE_VIEWS',
  ])(
    'A4: a list without anything in it is no "%s": what it guards would stand open or shut unseen',
    (name) => {
      for (const text of [',', ' , ,'])
        expect(problemsOf({ [name]: text })).toEqual([`${name}: holds nothing`]);
    },
  );

  it('sends mailed links to the shop’s own account page where no other is named', () => {
    const { ACCOUNT_LINK_URL: _named, ...env } = PRODUCTION;
    expect(readConfig(env).accountLinkUrl).toBe('https://shop.example.com/customer/account');
    expect(readConfig({}).accountLinkUrl).toBe('http://localhost:3000/account');
  });

  it('S10: the page behind mailed links is reached by https in production, where its keys are real', () => {
    const env = { ...PRODUCTION, ACCOUNT_LINK_URL: 'http://shop.example.com/account' };
    expect(problemsOf(env)).toEqual(['ACCOUNT_LINK_URL: must be an https:// URL in production']);
    expect(problemsOf({ ...env, NODE_ENV: 'test' })).toEqual([]);
  });

  it('O12: codes by e-mail sign in outside production, and inside only where that is asked for', () => {
    expect(readConfig({}).emailSignIn).toBe(true);
    expect(readConfig({ EMAIL_SIGN_IN: 'off' }).emailSignIn).toBe(false);
    expect(readConfig(PRODUCTION).emailSignIn).toBe(false);
    expect(readConfig({ ...PRODUCTION, EMAIL_SIGN_IN: 'on' }).emailSignIn).toBe(true);
  });

  it('the key of codes is long', () => {
    expect(problemsOf({ OTP_SECRET: 'x'.repeat(31) })).toEqual(['OTP_SECRET: is shorter than 32 characters']);
  });

  it('store views are told by language', () => {
    expect(readConfig({ M2_STORE_VIEWS: 'en:default, ar:ar' }).storeViews).toEqual({
      en: 'default',
      ar: 'ar',
    });
    expect(readConfig({}).storeViews).toEqual({});
  });

  it('trusted proxies are addresses and ranges', () => {
    const proxies = ['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:10.0.0.1'];
    expect(readConfig({ TRUSTED_PROXIES: proxies.join(', ') }).trustedProxies).toEqual(proxies);
  });

  it.each([
    'true',
    'loopback',
    'proxy.example.com',
    '10',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/255.0.0.0',
    '2001:db8::/129',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.1/',
  ])('O6: "%s" is no trusted proxy: a forged address would get past the limits', (text) => {
    expect(problemsOf({ TRUSTED_PROXIES: `127.0.0.1,${text}` })).toEqual([
      expect.stringMatching(/^TRUSTED_PROXIES: /),
    ]);
  });

  it.each(['*', 'null', 'https://shop.example.com/', 'https://shop.example.com/a', 'shop.example.com'])(
    'A8: "%s" is no origin of a page',
    (text) => {
      expect(problemsOf({ CORS_ORIGINS: text })).toEqual([expect.stringMatching(/^CORS_ORIGINS: /)]);
    },
  );

  it.each([
    ['M2_URL', 'ftp://shop.example.com'],
    ['M2_URL', 'https:'],
    ['M2_URL', 'https://name:password@shop.example.com'],
    ['SMTP_URL', 'https://mail.example.com'],
    ['SMTP_URL', 'smtp:mail'],
    ['REDIS_URL', 'http://redis.example.com'],
    ['ACCOUNT_LINK_URL', 'shop.example.com/account'],
    ['ACCOUNT_LINK_URL', 'https://shop.example.com/#/account'],
    ['EMAIL_SIGN_IN', 'true'],
    ['RESET_REDIRECTS', 'https://shop.example.com/reset,javascript:alert(1)'],
    ['PHONE_COUNTRIES', 'SA,sa'],
    ['PLACEHOLDER_DOMAIN', '@customers.invalid'],
    ['SMS_WEB_DOMAIN', 'https://shop.example.com'],
    ['M2_STORE_VIEWS', 'default'],
    ['M2_STORE_VIEWS', 'fr:french'],
    ['M2_STORE_VIEWS', 'en:default,en:second_en'],
    ['M2_STORE_VIEWS', 'ar:../all'],
    ['AUTH_DIRECTIVES', 'true'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s is not "%s"', (name, text) => {
    const env = { NODE_ENV: 'test', M2_ACCESS_TOKEN: 'token', [name]: text };
    expect(namesOf(problemsOf(env))).toEqual([name]);
  });
});

it('A10: a refused configuration shows no value, for these are secrets and its text ends in logs', () => {
  const MARKER = 'marker-4711';
  const malformed: Env = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, MARKER]));
  const nearly: Env = {
    ...malformed,
    ROUTER_SECRETS: `${MARKER},${MARKER},${MARKER}`,
    TOKEN_KEYS: `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"${MARKER}","d":"${MARKER}"}], ${MARKER}`,
  };
  const keys = keySet({ ...ED25519, d: MARKER, [MARKER]: MARKER });
  for (const env of [malformed, nearly, { ...nearly, TOKEN_KEYS: keys }]) {
    let thrown: unknown;
    try {
      readConfig(env);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigProblems);
    const { message, stack, cause, problems } = thrown as ConfigProblems;
    expect(problems.length).toBeGreaterThan(30);
    expect(cause).toBeUndefined();
    expect(JSON.stringify([message, stack, problems])).not.toContain(MARKER);
  }
});

it('the process says everything that is wrong on standard error and exits with 1', async () => {
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>(
    (resolve) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', 'src/main.ts'],
        { cwd: new URL('..', import.meta.url), env: { NODE_ENV: 'production' }, timeout: 25_000 },
        (error, stdout, stderr) => resolve({ code: error?.code, stdout, stderr }),
      );
    },
  );
  expect(stderr.trimEnd().split('\n')).toEqual([
    'The configuration is not usable:',
    ...NEEDED.map((name) => `  ${name}: missing (required in production)`),
  ]);
  expect(stdout).toBe('');
  expect(code).toBe(1);
}, 30_000);
