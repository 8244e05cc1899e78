/** The settings themselves, and what production had better have. */
import { tokensOf } from '../../auth/access-token.ts';
import { type Config, ConfigProblems, readConfig } from '../../config.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

/** `config`: what can be read of the settings, whatever else is wrong with them; `null` where nothing can. */
export interface ReadSettings {
  config: Config | null;
  findings: readonly Finding[];
}

/** Reads the settings as production would, and for the other checks without those that are wrong. */
export function readSettings(env: NodeJS.ProcessEnv): ReadSettings {
  const findings: Finding[] = [];
  if (env.NODE_ENV === 'development' || env.NODE_ENV === 'test') {
    findings.push(
      fail(`NODE_ENV is ${env.NODE_ENV}: codes are shown to whoever asks`, 'set NODE_ENV=production'),
    );
  }
  try {
    const config = readConfig({ ...env, NODE_ENV: 'production' });
    return { config, findings: [...findings, ok('settings: complete and well-formed')] };
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    findings.push(
      ...error.problems.map((problem) => fail(`setting ${problem}`, '.env.example says what it takes')),
    );
    return { config: readableOf(env, error.problems), findings };
  }
}

function readableOf(env: NodeJS.ProcessEnv, problems: readonly string[]): Config | null {
  const wrong = new Set(problems.map((problem) => problem.split(':')[0] ?? ''));
  const isM2Wrong = [...wrong].some((name) => /^M2_(URL|ACCESS|OAUTH|ADMIN)/.test(name));
  const kept = Object.entries(env).filter(
    ([name]) => !wrong.has(name) && !(isM2Wrong && /^M2_(URL|ACCESS|OAUTH|ADMIN)/.test(name)),
  );
  try {
    return readConfig({ ...Object.fromEntries(kept), NODE_ENV: 'development' });
  } catch {
    return null;
  }
}

/** Whether tokens can be signed and verified with the keys. */
export function keysCheck({ tokenKeys, tokens: settings }: Config): Check {
  return {
    name: 'signing keys',
    async run() {
      if (tokenKeys === null) {
        return fail(
          'signing keys: none',
          'set TOKEN_KEYS to what `npm run --silent token -- --new-key` prints',
        );
      }
      const tokens = await tokensOf(tokenKeys, settings);
      const token = await tokens.signService({ name: 'doctor', scopes: [], seconds: 60 });
      if ((await tokens.verifyService(token)) === null) {
        return fail(
          'signing keys: a token signed with them is refused',
          'make new TOKEN_KEYS with --new-key',
        );
      }
      const { length } = tokenKeys;
      return ok(`signing keys: sign and verify (${length}; the last one signs)`);
    },
  };
}

/** What may be meant so, and mostly is not. */
export function productionChecks(config: Config): Check[] {
  const advice = (name: string, finding: () => Finding): Check => ({ name, run: async () => finding() });
  return [
    advice('METRICS_PORT', () =>
      config.metricsPort === null
        ? warn('METRICS_PORT: no metrics are served', 'set it to a port that only Prometheus reaches')
        : ok('METRICS_PORT: metrics are served'),
    ),
    advice('ROUTER_SECRETS', () =>
      config.routerSecrets.length === 0
        ? warn(
            'ROUTER_SECRETS: /graphql answers whoever reaches it',
            'set a secret that only the router knows',
          )
        : ok('ROUTER_SECRETS: only the router is answered'),
    ),
    advice('TRUSTED_PROXIES', () =>
      config.trustedProxies.length === 0
        ? warn(
            'TRUSTED_PROXIES: behind a proxy or router everybody counts as one address and shares its limits',
            'name the router and every proxy before it',
          )
        : ok('TRUSTED_PROXIES: callers are told apart by X-Forwarded-For'),
    ),
    advice('CORS_ORIGINS', () => corsOf(config.corsOrigins)),
    advice('https', () => transportOf(config)),
  ];
}

function corsOf(origins: readonly string[] | null): Finding {
  const weak = (origins ?? []).filter((origin) => !origin.startsWith('https://'));
  if (weak.length > 0) {
    return warn(
      `CORS_ORIGINS: takes pages that are not https: ${weak.join(', ')}`,
      'name https origins only; local ones belong to development',
    );
  }
  return ok(`CORS_ORIGINS: ${origins === null ? 'no page calls this service itself' : 'https pages only'}`);
}

function transportOf({ m2, eservices, sms, redisUrl }: Config): Finding {
  const urls = { M2_URL: m2?.url, ESERVICES_URL: eservices?.url, SMS_URL: sms?.url, REDIS_URL: redisUrl };
  const plain = Object.entries(urls).flatMap(([name, url]) => (url && isPlain(url) ? [name] : []));
  if (plain.length === 0) return ok('transport: everything beyond this machine is encrypted');
  return warn(
    `transport: not encrypted on its way: ${plain.join(', ')}`,
    'use https:// and rediss://, unless the network between is trusted',
  );
}

function isPlain(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  const isHere = /^(localhost|127\..*|\[::1\])$/.test(hostname);
  return !isHere && (protocol === 'http:' || protocol === 'redis:');
}
