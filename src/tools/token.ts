/** `npm run token`: signs and revokes the tokens with which other services come, and makes signing keys. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { generateSigningKey, SERVICE_MAX_SECONDS, tokensOf } from '../auth/access-token.ts';
import { SERVICE_SCOPES, serviceTokensOf } from '../auth/service-token.ts';
import { ConfigProblems, readTokenConfig } from '../config.ts';
import { Failure } from '../failures.ts';
import { createLogger, masked } from '../logger.ts';
import { redisStore } from '../stores/redis.ts';
import type { Store } from '../stores/store.ts';

const USAGE = `npm run --silent token -- <options>

  --subject <name>   sign a token for this service, such as orders
  --scope <scope>    what it may do, once for each: ${SERVICE_SCOPES.join(', ')}
  --ttl <time>       how long: 90s, 30m, 12h; at most 24h, and 1h unless given
  --revoke <token>   have a token refused from now on (needs REDIS_URL)
  --new-key          print a new TOKEN_KEYS
  --help             print this

Signing and revoking need the service's own TOKEN_KEYS, and its TOKEN_ISSUER and TOKEN_AUDIENCE where those are set.
`;

const OPTIONS = {
  subject: { type: 'string' },
  scope: { type: 'string', multiple: true },
  ttl: { type: 'string' },
  revoke: { type: 'string' },
  'new-key': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const SUBJECT = /^[a-z][a-z0-9-]{0,62}$/;
const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 60 * 60 };
const CONNECT_MS = 3000;

/** What the person who called can mend; the message says how. */
class Mistake extends Error {}

type Given = ReturnType<typeof readArguments>;

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, strict: true }).values;
  } catch (error) {
    // It quotes what it did not expect, and that may be a token.
    throw new Mistake(masked(error instanceof Error ? error.message : String(error)));
  }
}

/** The one thing that was asked for. */
function taskOf(given: Given): () => Promise<string> {
  const { subject, scope = [], ttl, revoke } = given;
  const tasks = [
    given.help && (async () => USAGE),
    given['new-key'] && newKey,
    revoke !== undefined && (() => revokeToken(revoke)),
    (subject !== undefined || scope.length > 0 || ttl !== undefined) &&
      (() => signToken(subject, scope, ttl ?? '1h')),
  ].filter((task) => typeof task === 'function');
  const [task, ...more] = tasks;
  if (!task) throw new Mistake('Say what to do.');
  if (more.length > 0) throw new Mistake('Signing, --revoke, --new-key and --help do not go together.');
  return task;
}

async function newKey(): Promise<string> {
  return `${JSON.stringify({ keys: [await generateSigningKey()] })}\n`;
}

async function ownTokens() {
  const { keys, redisUrl, ...settings } = readTokenConfig(process.env);
  if (keys === null) {
    throw new Mistake(
      "TOKEN_KEYS: missing. It must be the service's own; to try it out, make one with --new-key and start " +
        'the service with it too.',
    );
  }
  return { tokens: await tokensOf(keys, { ...settings, accessSeconds: 0 }), redisUrl };
}

async function signToken(subject: string | undefined, asked: string[], ttl: string): Promise<string> {
  if (subject === undefined) throw new Mistake('--subject: missing. Name the service that the token is for.');
  if (!SUBJECT.test(subject)) {
    throw new Mistake(
      '--subject: is no name of a service: small letters, digits and hyphens, such as orders.',
    );
  }
  const scopes = [...new Set(asked)];
  const known: readonly string[] = SERVICE_SCOPES;
  if (scopes.length === 0) throw new Mistake(`--scope: missing. Give one or more of ${known.join(', ')}.`);
  if (!scopes.every((scope) => known.includes(scope))) {
    throw new Mistake(`--scope: is unknown. There are ${known.join(', ')}; repeat --scope for several.`);
  }
  const seconds = secondsOf(ttl);
  const { tokens } = await ownTokens();
  return `${await tokens.signService({ name: subject, scopes, seconds })}\n`;
}

function secondsOf(ttl: string): number {
  const [, digits, unit = ''] = ttl.match(/^(\d+)([smh])$/) ?? [];
  const seconds = Number(digits) * (UNIT_SECONDS[unit] ?? 0);
  if (!(seconds > 0)) throw new Mistake('--ttl: is no time, such as 90s, 30m or 12h.');
  if (seconds > SERVICE_MAX_SECONDS) throw new Mistake('--ttl: is longer than 24h, the most for a service.');
  return seconds;
}

async function revokeToken(token: string): Promise<string> {
  const { tokens, redisUrl } = await ownTokens();
  if (redisUrl === null) {
    throw new Mistake('REDIS_URL: missing. Revocations are kept in the Redis that all replicas share.');
  }
  const store = redisStore({ url: redisUrl, log: createLogger('silent') });
  try {
    await answered(store);
    const revoked = await serviceTokensOf(store, tokens).revoke(token);
    if (revoked === null) {
      throw new Mistake('Nothing was revoked: this is no service token that these TOKEN_KEYS make good now.');
    }
    return `The token of ${revoked.name} is refused from now on; it would have been good until ${revoked.expiresAt.toISOString()}.\n`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Mistake(
      'The Redis at REDIS_URL does not answer: count the token as still good, and try again.',
    );
  } finally {
    await store.close();
  }
}

/** Waits for the first connection longer than a service under load would. */
async function answered(store: Store): Promise<void> {
  const giveUpAt = performance.now() + CONNECT_MS;
  for (;;) {
    try {
      return await store.ping();
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await sleep(100);
    }
  }
}

try {
  process.stdout.write(await taskOf(readArguments(process.argv.slice(2)))());
} catch (error) {
  const isOurs = error instanceof Mistake || error instanceof ConfigProblems;
  process.stderr.write(isOurs ? `${error.message}\n\n--help tells more.\n` : `${String(error)}\n`);
  process.exitCode = 1;
}
