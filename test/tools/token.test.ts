import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokensOf } from '../../src/auth/access-token.ts';
import { serviceTokensOf } from '../../src/auth/service-token.ts';
import { readTokenConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { redisStore } from '../../src/stores/redis.ts';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../support/redis.ts';

const ROOT = new URL('../../', import.meta.url);
const HOUR = 3600;

/** Runs a command to its end; the environment holds `env` and nothing else that means something. */
async function run(command: string, args: string[], env: Record<string, string>) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

/** `npm run token -- …` without npm, which takes its time. */
const tool = (args: string[], env: Record<string, string> = {}) =>
  run(process.execPath, ['--import', 'tsx', 'src/tools/token.ts', ...args], env);

const SIGN = ['--subject', 'orders', '--scope', 'customer:read'];
let TOKEN_KEYS: string;
beforeAll(async () => {
  TOKEN_KEYS = (await tool(['--new-key'])).out.trim();
}, 60_000);

/** What the service itself makes of a token. */
async function verified(token: string, env: Record<string, string> = { TOKEN_KEYS }) {
  const { keys, ...settings } = readTokenConfig(env);
  return (await tokensOf(keys ?? [], { ...settings, accessSeconds: 0 })).verifyService(token.trim());
}

describe('signing', { timeout: 60_000 }, () => {
  it('S12: as a script of npm prints a token that the service takes, with nothing but TOKEN_KEYS set', async () => {
    const args = ['run', '--silent', 'token', '--', ...SIGN, '--ttl', '30m'];
    const { code, out } = await run('npm', args, { TOKEN_KEYS });
    expect(code).toBe(0);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await verified(out)).toMatchObject({ name: 'orders', scopes: new Set(['customer:read']) });
    const { exp = 0, iat = 0, sid, ...claims } = decodeJwt(out.trim());
    expect(exp - iat).toBe(HOUR / 2);
    expect(sid).toBeUndefined();
    expect(claims).toMatchObject({ sub: 'service:orders', scope: 'customer:read', jti: expect.any(String) });
  });

  it('S12: takes issuer and audience from the settings, several scopes, and an hour by itself', async () => {
    const env = { TOKEN_KEYS, TOKEN_ISSUER: 'an-issuer', TOKEN_AUDIENCE: 'an-audience', REDIS_URL: '' };
    const { out } = await tool([...SIGN, '--scope', 'introspect'], env);
    expect(await verified(out, env)).toMatchObject({ scopes: new Set(['customer:read', 'introspect']) });
    expect(await verified(out), 'with another issuer').toBeNull();
    const { exp = 0, iat = 0 } = decodeJwt(out.trim());
    expect(exp - iat).toBe(HOUR);
  });

  it.each<[string, string[], RegExp]>([
    ['S12: more than 24 hours', [...SIGN, '--ttl', '1441m'], /--ttl: is longer than 24h/],
    ['a time without unit', [...SIGN, '--ttl', '3600'], /--ttl: is no time/],
    ['no time at all', [...SIGN, '--ttl', '0h'], /--ttl: is no time/],
    ['S12: an unknown scope', [...SIGN, '--scope', 'customer:write'], /--scope: is unknown/],
    ['no scope', SIGN.slice(0, 2), /--scope: missing/],
    ['no subject', SIGN.slice(2), /--subject: missing/],
    ['what is no name', ['--subject', 'service:7', ...SIGN.slice(2)], /--subject: is no name/],
    ['nothing to do', [], /Say what to do/],
    ['two things to do', [...SIGN, '--new-key'], /do not go together/],
  ])('refuses %s', async (_, args, words) => {
    const { code, out, err } = await tool(args, { TOKEN_KEYS });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
  });

  it('says that TOKEN_KEYS is missing or not usable, and shows nothing of it', async () => {
    const missing = await tool(SIGN);
    expect(missing).toMatchObject({ code: 1, out: '' });
    expect(missing.err).toMatch(/^TOKEN_KEYS: missing/);
    const marred = await tool(SIGN, { TOKEN_KEYS: TOKEN_KEYS.slice(0, -3) });
    expect(marred).toMatchObject({ code: 1, out: '' });
    expect(marred.err).toMatch(/TOKEN_KEYS: is not a JWK set/);
    expect(marred.err).not.toContain(TOKEN_KEYS.slice(20, 40));
  });

  it('S10: repeats no token that was given in the wrong place', async () => {
    const token = (await tool(SIGN, { TOKEN_KEYS })).out.trim();
    const { code, err } = await tool([token], { TOKEN_KEYS });
    expect(code).toBe(1);
    expect(err).not.toContain(token.slice(0, 30));
  });
});

describeWithRedis('revoking', { timeout: 60_000 }, () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('S12: has the token refused by every replica on the same Redis', async () => {
    const { out: token } = await tool(SIGN, { TOKEN_KEYS });
    const store = redisStore({ url: redis.url, log: createLogger('silent') });
    try {
      const { keys, ...settings } = readTokenConfig({ TOKEN_KEYS });
      const replica = serviceTokensOf(store, await tokensOf(keys ?? [], { ...settings, accessSeconds: 0 }));
      expect(await replica.find(token.trim())).not.toBeNull();
      const revoked = await tool(['--revoke', token.trim()], { TOKEN_KEYS, REDIS_URL: redis.url });
      expect(revoked).toMatchObject({ code: 0, err: '' });
      expect(revoked.out).toMatch(/^The token of orders is refused from now on/);
      expect(await replica.find(token.trim())).toBeNull();
    } finally {
      await store.close();
    }
  });

  it('S12: never says so where it did not happen', async () => {
    const { out: token } = await tool(SIGN, { TOKEN_KEYS });
    const revoke = (env: Record<string, string>, what = token.trim()) => tool(['--revoke', what], env);

    const withoutRedis = await revoke({ TOKEN_KEYS });
    expect(withoutRedis).toMatchObject({ code: 1, out: '' });
    expect(withoutRedis.err).toMatch(/^REDIS_URL: missing/);

    const foreign = await revoke({ TOKEN_KEYS, REDIS_URL: redis.url }, 'no.token.ofours');
    expect(foreign).toMatchObject({ code: 1, out: '' });
    expect(foreign.err).toMatch(/^Nothing was revoked/);

    const away = await revoke({ TOKEN_KEYS, REDIS_URL: `redis://:hidden@127.0.0.1:${await freePort()}` });
    expect(away).toMatchObject({ code: 1, out: '' });
    expect(away.err).toMatch(/does not answer/);
    expect(away.err).not.toContain('hidden');
  });
});
