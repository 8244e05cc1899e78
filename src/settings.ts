/** Every setting by name, with its form, its default and its bounds. */
import { z } from 'zod';
import {
  briefly,
  country,
  domain,
  flag,
  http,
  listOf,
  network,
  origin,
  page,
  port,
  secret,
  share,
  signingKeys,
  storeViews,
  url,
} from './setting-forms.ts';

/**
 * A number with its default and the bounds that it must keep in production, where a weaker setting than
 * the standards behind `SECURITY.md` allow is refused; `everywhere`: outside production as well.
 */
function number(byDefault: number, bounds: { least?: number; most?: number; everywhere?: boolean } = {}) {
  const { least = 0, most = Number.MAX_SAFE_INTEGER, everywhere = false } = bounds;
  return { byDefault, least, most, everywhere };
}

export const NUMBERS = {
  OTP_TTL_SECONDS: number(300, { least: 30, most: 600 }),
  OTP_TOTAL_SECONDS: number(900, { least: 30, most: 1800 }),
  OTP_MAX_ATTEMPTS: number(5, { least: 1, most: 10 }),
  OTP_LEASE_SECONDS: number(30, { least: 5, most: 120 }),
  OTP_PAUSE_SECONDS: number(60, { least: 30 }),
  OTP_PER_PHONE_HOUR: number(5, { least: 1, most: 10 }),
  OTP_PER_PHONE_DAY: number(10, { least: 1, most: 20 }),
  OTP_PER_IPV4_HOUR: number(200, { least: 1, most: 1000 }),
  OTP_PHONES_PER_IPV4_HOUR: number(100, { least: 1, most: 500 }),
  OTP_PER_IPV6_HOUR: number(20, { least: 1, most: 100 }),
  OTP_PHONES_PER_IPV6_HOUR: number(10, { least: 1, most: 50 }),
  OTP_FAILURES_PER_CLIENT: number(10, { least: 5, most: 20 }),
  OTP_FAILURES_PER_PHONE: number(100, { least: 20, most: 100 }),
  KNOWN_DEVICE_DAYS: number(90, { least: 1, most: 90 }),
  EMAIL_LINK_SECONDS: number(86_400, { least: 900, most: 86_400 }),
  PHONE_PROOF_SECONDS: number(600, { least: 60, most: 900 }),
  ACCESS_TOKEN_SECONDS: number(600, { least: 60, most: 900 }),
  SESSION_IDLE_DAYS: number(14, { least: 1, most: 30 }),
  SESSION_TOTAL_DAYS: number(30, { least: 1, most: 30 }),
  SESSION_REPLAY_SECONDS: number(30, { least: 0, most: 60 }),
  SESSIONS_PER_CUSTOMER: number(10, { least: 1, most: 50 }),
  RECENT_SIGN_IN_SECONDS: number(300, { least: 30, most: 900 }),
  PASSWORD_MIN_LENGTH: number(15, { least: 15, most: 64 }),
  PASSWORD_REFUSAL_MS: number(500, { least: 200, most: 5_000 }),
  ID_TOKEN_SECONDS: number(300, { least: 60, most: 3_600 }),
  M2_CACHE_SECONDS: number(0, { most: 30 }),
  UPSTREAM_TIMEOUT_MS: number(10_000, { least: 100, most: 60_000 }),
  UPSTREAM_SOCKETS: number(50, { least: 1, most: 1000 }),
  UPSTREAM_QUEUE: number(100, { least: 0, most: 10_000 }),
  CIRCUIT_OPEN_MS: number(5_000, { least: 500, most: 60_000 }),
  OPERATION_TIMEOUT_MS: number(15_000, { least: 1_000, most: 60_000 }),
  MAX_IN_FLIGHT: number(200, { least: 1, most: 10_000, everywhere: true }),
  PORT: number(4000, { most: 65_535, everywhere: true }),
} as const;
export type NumberName = keyof typeof NUMBERS;

export const Text = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    error: 'is not a log level',
  }),
  M2_URL: http.optional(),
  M2_ACCESS_TOKEN: z.string().optional(),
  M2_OAUTH_CONSUMER_KEY: z.string().optional(),
  M2_OAUTH_CONSUMER_SECRET: z.string().optional(),
  M2_OAUTH_TOKEN: z.string().optional(),
  M2_OAUTH_TOKEN_SECRET: z.string().optional(),
  M2_ADMIN_USERNAME: z.string().optional(),
  M2_ADMIN_PASSWORD: z.string().optional(),
  M2_MEDIA_URL: http.optional(),
  M2_STORE_VIEWS: storeViews.optional(),
  PLACEHOLDER_DOMAIN: domain,
  ESERVICES_URL: http.optional(),
  ESERVICES_TOKEN: z.string().optional(),
  SMS_URL: http.optional(),
  SMS_WEB_DOMAIN: domain.optional(),
  SMS_ANDROID_HASH: z.string().optional(),
  SMTP_URL: url('smtp:', 'smtps:').optional(),
  EMAIL_FROM: z.string().optional(),
  ACCOUNT_LINK_URL: page.optional(),
  SUPPORT_PHONE: z.string().optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  ROUTER_SECRETS: listOf(secret)
    .refine(({ length }) => length <= 2, 'holds more than two secrets')
    .optional(),
  TRUSTED_PROXIES: listOf(network).optional(),
  CORS_ORIGINS: listOf(origin).optional(),
  TOKEN_KEYS: signingKeys.optional(),
  TOKEN_ISSUER: z.string(),
  TOKEN_AUDIENCE: z.string(),
  OTP_SECRET: secret.optional(),
  EMAIL_SIGN_IN: flag.optional(),
  PHONE_COUNTRIES: listOf(country),
  RESET_REDIRECTS: listOf(http).optional(),
  PASSWORD_SECOND_PROOF: z.enum(['short', 'always'], { error: 'is neither short nor always' }),
  GOOGLE_CLIENT_IDS: listOf(z.string()).optional(),
  GOOGLE_KEYS_URL: http,
  APPLE_CLIENT_IDS: listOf(z.string()).optional(),
  APPLE_KEYS_URL: http,
  AUTH_DIRECTIVES: flag,
  METRICS_PORT: port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: http.optional(),
  OTEL_SERVICE_NAME: z.string(),
  OTEL_TRACES_SAMPLER_ARG: share,
  SHUTDOWN_DELAY_MS: briefly.optional(),
});

/**
 * Every setting by name, with its default as one would write it; empty where it has none or where the
 * default depends on other settings.
 */
export const SETTINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.keys(Text.shape).map((name) => [name, ''])),
  LOG_LEVEL: 'info',
  PLACEHOLDER_DOMAIN: 'customers.invalid',
  TOKEN_ISSUER: 'customer-subgraph',
  TOKEN_AUDIENCE: 'customer-api',
  PHONE_COUNTRIES: 'SA,AE,KW,BH,OM,QA',
  PASSWORD_SECOND_PROOF: 'short',
  GOOGLE_KEYS_URL: 'https://www.googleapis.com/oauth2/v3/certs',
  APPLE_KEYS_URL: 'https://appleid.apple.com/auth/keys',
  AUTH_DIRECTIVES: 'off',
  OTEL_SERVICE_NAME: 'customer-subgraph',
  OTEL_TRACES_SAMPLER_ARG: '1',
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, { byDefault }]) => [name, String(byDefault)])),
};
