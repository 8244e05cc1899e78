/** The configuration, read from the environment: `settings.ts` says what there is to be set. */
import { hostname } from 'node:os';
import { NUMBERS, type NumberName, SETTINGS, Text } from './settings.ts';

const DAY_SECONDS = 24 * 60 * 60;
const SHUTDOWN_DELAY_MS = 5_000;

/** The environment does not make a usable configuration; `problems` names every setting, never a value. */
export class ConfigProblems extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(['The configuration is not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigProblems';
    this.problems = problems;
  }
}

/** One of the three ways in which M2 takes us. */
export type M2Credentials =
  | { kind: 'bearer'; token: string }
  | { kind: 'oauth'; consumerKey: string; consumerSecret: string; token: string; tokenSecret: string }
  | { kind: 'admin'; username: string; password: string };

export type Config = ReturnType<typeof readConfig>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that a real installation needs; the sandbox and generated values stand in elsewhere. */
const NEEDED_IN_PRODUCTION = [
  'M2_URL',
  'ESERVICES_URL',
  'SMS_URL',
  'SMTP_URL',
  'REDIS_URL',
  'TOKEN_KEYS',
  'OTP_SECRET',
] as const;

const M2_CREDENTIALS = [
  ['M2_ACCESS_TOKEN'],
  ['M2_OAUTH_CONSUMER_KEY', 'M2_OAUTH_CONSUMER_SECRET', 'M2_OAUTH_TOKEN', 'M2_OAUTH_TOKEN_SECRET'],
  ['M2_ADMIN_USERNAME', 'M2_ADMIN_PASSWORD'],
] as const;

/** Who sets one of these means a real upstream, even if its address was forgotten. */
const UPSTREAMS = [
  'M2_URL',
  'ESERVICES_URL',
  'ESERVICES_TOKEN',
  'SMS_URL',
  'SMTP_URL',
  ...M2_CREDENTIALS.flat(),
] as const;

function readCredentials(env: Environment, problems: string[]): M2Credentials | null {
  const given = M2_CREDENTIALS.filter((names) => names.some((name) => env[name] !== undefined));
  const [names] = given;
  if (given.length > 1) {
    problems.push('M2_ACCESS_TOKEN: give one of M2_ACCESS_TOKEN, M2_OAUTH_… and M2_ADMIN_…, not several');
  } else if (!names) {
    problems.push(
      'M2_ACCESS_TOKEN: missing (or all four of M2_OAUTH_CONSUMER_KEY, M2_OAUTH_CONSUMER_SECRET, ' +
        'M2_OAUTH_TOKEN, M2_OAUTH_TOKEN_SECRET, or M2_ADMIN_USERNAME with M2_ADMIN_PASSWORD)',
    );
  } else {
    for (const name of names.filter((one) => env[one] === undefined)) {
      problems.push(`${name}: missing (needed beside what else is given of ${names.join(', ')})`);
    }
  }

  if (env.M2_ACCESS_TOKEN) return { kind: 'bearer', token: env.M2_ACCESS_TOKEN };
  const { M2_ADMIN_USERNAME: username, M2_ADMIN_PASSWORD: password } = env;
  if (username && password) return { kind: 'admin', username, password };
  const { M2_OAUTH_CONSUMER_KEY: consumerKey, M2_OAUTH_CONSUMER_SECRET: consumerSecret } = env;
  const { M2_OAUTH_TOKEN: token, M2_OAUTH_TOKEN_SECRET: tokenSecret } = env;
  if (!consumerKey || !consumerSecret || !token || !tokenSecret) return null;
  return { kind: 'oauth', consumerKey, consumerSecret, token, tokenSecret };
}

/** Where a shop has its customers' own pages, or where a web shop under development answers. */
function accountPage(m2Url: string | undefined, isProduction: boolean): string {
  const isShop = isProduction && m2Url !== undefined;
  return isShop ? new URL('/customer/account', m2Url).href : 'http://localhost:3000/account';
}

function readNumbers(env: Environment, isProduction: boolean, problems: string[]) {
  const numbers = {} as Record<NumberName, number>;
  for (const name of Object.keys(NUMBERS) as NumberName[]) {
    const { least, most, everywhere } = NUMBERS[name];
    const text = env[name] ?? '';
    const value = Number(text);
    numbers[name] = value;
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) problems.push(`${name}: is not a whole number`);
    else if ((isProduction || everywhere) && (value < least || value > most)) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      problems.push(`${name}: must be ${range}${everywhere ? '' : ' in production'}`);
    }
  }
  return numbers;
}

const filled = (settings: Environment) =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value?.trim()));

const TokenText = Text.pick({ TOKEN_KEYS: true, TOKEN_ISSUER: true, TOKEN_AUDIENCE: true, REDIS_URL: true });

/**
 * Reads the settings for signing and revoking tokens, and no others; an empty one counts as absent.
 *
 * `keys` and `redisUrl` are `null` where not set. Throws `ConfigProblems`.
 */
export function readTokenConfig(environment: NodeJS.ProcessEnv) {
  const { data, error } = TokenText.safeParse({ ...filled(SETTINGS), ...filled(environment) });
  if (!data)
    throw new ConfigProblems(error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`));
  const { TOKEN_KEYS, TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, REDIS_URL } = data;
  return { keys: TOKEN_KEYS ?? null, issuer, audience, redisUrl: REDIS_URL ?? null };
}

/**
 * Reads all settings; an empty one counts as absent.
 *
 * With nothing configured the service runs on its sandbox. With any upstream, it counts as production
 * unless `NODE_ENV` is `development` or `test`, where stand-ins take the place of what is missing.
 * Throws `ConfigProblems` with everything that is wrong at once.
 */
export function readConfig(environment: NodeJS.ProcessEnv) {
  const env: Environment = { ...filled(SETTINGS), ...filled(environment) };
  const problems: string[] = [];

  const isDevelopment = env.NODE_ENV === 'development' || env.NODE_ENV === 'test';
  const hasUpstream = UPSTREAMS.some((name) => env[name] !== undefined);
  const isProduction = env.NODE_ENV === undefined ? hasUpstream : !isDevelopment;

  const read = Text.safeParse(env);
  for (const issue of read.error?.issues ?? []) problems.push(`${String(issue.path[0])}: ${issue.message}`);
  const numbers = readNumbers(env, isProduction, problems);
  if (isProduction) {
    for (const name of NEEDED_IN_PRODUCTION) {
      if (env[name] === undefined) problems.push(`${name}: missing (required in production)`);
    }
    // Whoever could change these keys on their way could sign in as anybody.
    for (const name of ['GOOGLE_KEYS_URL', 'APPLE_KEYS_URL']) {
      if (!env[name]?.startsWith('https://')) problems.push(`${name}: must be https in production`);
    }
  }
  if (isProduction && read.data?.ACCOUNT_LINK_URL?.startsWith('http:')) {
    problems.push('ACCOUNT_LINK_URL: must be an https:// URL in production');
  }
  const credentials = env.M2_URL === undefined ? null : readCredentials(env, problems);
  // Each item of a list has an issue of its own, in the same words.
  if (!read.success || problems.length > 0) throw new ConfigProblems([...new Set(problems)]);
  const text = read.data;

  return {
    isProduction,
    /** Codes are answered to the client only where nobody real can be reached, or where asked for by name. */
    showsCodes: !isProduction,
    /** Nothing real is behind the service: every upstream is a stand-in. */
    isSandbox: !isProduction && !hasUpstream,
    /** Outside production the network is not let in unless asked for: whoever reaches the sandbox reads every code. */
    host: text.HOST ?? (isProduction ? '0.0.0.0' : 'localhost'),
    port: numbers.PORT,
    /** `null`: no metrics are served. */
    metricsPort: text.METRICS_PORT ?? null,
    /** `null`: no span is recorded. */
    tracing:
      text.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            url: text.OTEL_EXPORTER_OTLP_ENDPOINT,
            serviceName: text.OTEL_SERVICE_NAME,
            share: text.OTEL_TRACES_SAMPLER_ARG,
          },
    /** How long a stopping process still answers, so that whoever balances load has time to hear of it. */
    shutdownDelayMs: text.SHUTDOWN_DELAY_MS ?? (isProduction ? SHUTDOWN_DELAY_MS : 0),
    maxInFlight: numbers.MAX_IN_FLIGHT,
    operationTimeoutMs: numbers.OPERATION_TIMEOUT_MS,
    logLevel: text.LOG_LEVEL,
    /** `null`: local origins and Apollo Studio outside production, none in production. */
    corsOrigins: text.CORS_ORIGINS ?? null,
    routerSecrets: text.ROUTER_SECRETS ?? [],
    trustedProxies: text.TRUSTED_PROXIES ?? [],
    authDirectives: text.AUTH_DIRECTIVES,
    upstreamTimeoutMs: Math.min(numbers.UPSTREAM_TIMEOUT_MS, numbers.OPERATION_TIMEOUT_MS),
    upstreamPolicy: {
      sockets: numbers.UPSTREAM_SOCKETS,
      queue: numbers.UPSTREAM_QUEUE,
      circuitOpenMs: numbers.CIRCUIT_OPEN_MS,
    },
    /** `null`: the sandbox stands in, as for the three below. */
    m2:
      text.M2_URL === undefined || credentials === null
        ? null
        : { url: text.M2_URL, credentials, mediaUrl: text.M2_MEDIA_URL ?? null },
    /** 0: nothing is kept. */
    m2CacheSeconds: numbers.M2_CACHE_SECONDS,
    /** By language; empty: every customer shops in the view of M2's URL. */
    storeViews: text.M2_STORE_VIEWS ?? {},
    placeholderDomain: text.PLACEHOLDER_DOMAIN,
    eservices:
      text.ESERVICES_URL === undefined
        ? null
        : { url: text.ESERVICES_URL, token: text.ESERVICES_TOKEN ?? null },
    sms: text.SMS_URL === undefined ? null : { url: text.SMS_URL },
    smsWebDomain: text.SMS_WEB_DOMAIN ?? null,
    smsAndroidHash: text.SMS_ANDROID_HASH ?? null,
    smtp: text.SMTP_URL === undefined ? null : { url: text.SMTP_URL },
    emailFrom: text.EMAIL_FROM ?? `no-reply@${text.M2_URL ? new URL(text.M2_URL).hostname : hostname()}`,
    /** The web page that mailed links lead to. */
    accountLinkUrl: text.ACCOUNT_LINK_URL ?? accountPage(text.M2_URL, isProduction),
    linkSeconds: numbers.EMAIL_LINK_SECONDS,
    supportPhone: text.SUPPORT_PHONE ?? null,
    redisUrl: text.REDIS_URL ?? null,
    /** `null`: a key is generated at start, and sessions end with the process. */
    tokenKeys: text.TOKEN_KEYS ?? null,
    tokens: {
      issuer: text.TOKEN_ISSUER,
      audience: text.TOKEN_AUDIENCE,
      accessSeconds: numbers.ACCESS_TOKEN_SECONDS,
    },
    /** `null`: generated at start. */
    secret: text.OTP_SECRET ?? null,
    /** Whether a code by e-mail is a way to sign in: NIST SP 800-63B-4 does not count it as one. */
    emailSignIn: text.EMAIL_SIGN_IN ?? !isProduction,
    phoneCountries: new Set(text.PHONE_COUNTRIES),
    resetRedirects: new Set(text.RESET_REDIRECTS ?? []),
    challenge: {
      ttlSeconds: numbers.OTP_TTL_SECONDS,
      totalSeconds: numbers.OTP_TOTAL_SECONDS,
      maxAttempts: numbers.OTP_MAX_ATTEMPTS,
      resendSeconds: numbers.OTP_PAUSE_SECONDS,
      leaseSeconds: numbers.OTP_LEASE_SECONDS,
    },
    send: {
      pauseSeconds: numbers.OTP_PAUSE_SECONDS,
      perTargetHour: numbers.OTP_PER_PHONE_HOUR,
      perTargetDay: numbers.OTP_PER_PHONE_DAY,
      ipv4: { perHour: numbers.OTP_PER_IPV4_HOUR, targets: numbers.OTP_PHONES_PER_IPV4_HOUR },
      ipv6: { perHour: numbers.OTP_PER_IPV6_HOUR, targets: numbers.OTP_PHONES_PER_IPV6_HOUR },
    },
    failures: {
      perClient: numbers.OTP_FAILURES_PER_CLIENT,
      perPhone: numbers.OTP_FAILURES_PER_PHONE,
      knownDeviceSeconds: numbers.KNOWN_DEVICE_DAYS * DAY_SECONDS,
    },
    phoneProofSeconds: numbers.PHONE_PROOF_SECONDS,
    session: {
      idleSeconds: numbers.SESSION_IDLE_DAYS * DAY_SECONDS,
      totalSeconds: numbers.SESSION_TOTAL_DAYS * DAY_SECONDS,
      replaySeconds: numbers.SESSION_REPLAY_SECONDS,
      maxPerCustomer: numbers.SESSIONS_PER_CUSTOMER,
      recentSignInSeconds: numbers.RECENT_SIGN_IN_SECONDS,
    },
    password: {
      minLength: numbers.PASSWORD_MIN_LENGTH,
      secondProof: text.PASSWORD_SECOND_PROOF,
      refusalMs: numbers.PASSWORD_REFUSAL_MS,
    },
    social: {
      audiences: { GOOGLE: text.GOOGLE_CLIENT_IDS ?? [], APPLE: text.APPLE_CLIENT_IDS ?? [] },
      keyUrls: { GOOGLE: text.GOOGLE_KEYS_URL, APPLE: text.APPLE_KEYS_URL },
      maxAgeSeconds: numbers.ID_TOKEN_SECONDS,
    },
  };
}
