/** The servers that are compared, each a process of its own on the first core. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JWK } from 'jose';
import { freePort } from '../support/redis.ts';
import type { PeerSettings, TokenCheck } from './peers/settings.ts';
import { type BenchUpstream, M2_TOKEN } from './upstream.ts';

export type ServerName =
  | 'service'
  | 'service-kept'
  | 'rest'
  | 'rest-cached'
  | 'apollo'
  | 'yoga'
  | 'mercurius';

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

interface Peer {
  module: string;
  tokenCheck: TokenCheck;
}

const PEERS: Record<Exclude<ServerName, 'service' | 'service-kept'>, Peer> = {
  rest: { module: 'rest', tokenCheck: 'each time' },
  'rest-cached': { module: 'rest', tokenCheck: 'cached' },
  apollo: { module: 'apollo', tokenCheck: 'cached' },
  yoga: { module: 'yoga', tokenCheck: 'cached' },
  mercurius: { module: 'mercurius', tokenCheck: 'cached' },
};
export const SERVERS: readonly ServerName[] = [
  'service',
  'rest',
  'rest-cached',
  'apollo',
  'yoga',
  'mercurius',
];

/** What all servers of one run share. */
export interface Surroundings {
  upstream: BenchUpstream;
  redisUrl: string;
  /** P-256. */
  key: JWK;
}

/** As the image starts it. */
const SERVICE = ['--max-semi-space-size=32', 'dist/main.js'];

export const ROUTER_SECRET = 'a router secret of invented words and 32 letters';
export const ISSUER = 'customer-subgraph';
export const AUDIENCE = 'customer-api';

/** The settings of this service as in production; bounds are those of a machine that is meant to be busy. */
export function serviceSettings({ upstream, redisUrl, key }: Surroundings): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    M2_URL: upstream.m2Url,
    M2_ACCESS_TOKEN: M2_TOKEN,
    ESERVICES_URL: upstream.eservicesUrl,
    SMS_URL: upstream.smsUrl,
    SMTP_URL: 'smtp://127.0.0.1:1025',
    REDIS_URL: redisUrl,
    TOKEN_KEYS: JSON.stringify({ keys: [key] }),
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    ACCESS_TOKEN_SECONDS: '900',
    OTP_SECRET: 'an invented secret of enough characters',
    ROUTER_SECRETS: ROUTER_SECRET,
    TRUSTED_PROXIES: '127.0.0.1',
    UPSTREAM_SOCKETS: '1000',
    UPSTREAM_QUEUE: '1000',
    MAX_IN_FLIGHT: '1000',
    SHUTDOWN_DELAY_MS: '0',
  };
}

/** With which reads of M2 are kept. */
export const KEPT = { M2_CACHE_SECONDS: '5' };

export function peerSettings(
  { upstream, redisUrl, key }: Surroundings,
  port: number,
  tokenCheck: TokenCheck,
): PeerSettings {
  const { m2Url, eservicesUrl, smsUrl } = upstream;
  const tokens = { key, issuer: ISSUER, audience: AUDIENCE, routerSecret: ROUTER_SECRET, tokenCheck };
  return { port, m2Url, m2Token: M2_TOKEN, eservicesUrl, smsUrl, redisUrl, logLevel: 'info', ...tokens };
}

export interface Server {
  name: ServerName;
  origin: string;
  /** Milliseconds of the processor that it has used so far. */
  cpuMs(): number;
  /** Resident memory in MB. */
  memoryMb(): number;
  stop(): Promise<void>;
}

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is. */
const TICK_MS = 10;

/** Processor time of a process and all its threads. */
export function cpuMsOf(pid: number | 'self'): number {
  // The name before it may hold spaces and brackets.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function memoryMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/**
 * Starts a server, and resolves once `answers` has; with the milliseconds from its start to then.
 *
 * Its log goes to `/dev/null`.
 */
export async function startServer(
  name: ServerName,
  surroundings: Surroundings,
  answers: (origin: string) => Promise<unknown>,
): Promise<Server & { startMs: number }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const peer = name === 'service' || name === 'service-kept' ? null : PEERS[name];
  const command = peer ? ['test/bench/dist/main.js', peer.module] : SERVICE;
  const env: Record<string, string> = peer
    ? { NODE_ENV: 'production', PEER: JSON.stringify(peerSettings(surroundings, port, peer.tokenCheck)) }
    : {
        ...serviceSettings(surroundings),
        ...(name === 'service-kept' && KEPT),
        PORT: String(port),
        METRICS_PORT: '0',
      };
  const startedAt = performance.now();
  const child: ChildProcess = spawn('taskset', ['-c', `${SERVER_CORE}`, process.execPath, ...command], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    try {
      await answers(origin);
      break;
    } catch (error) {
      if (performance.now() - startedAt > 20_000) throw error;
      await sleep(5);
    }
  }
  const { pid = 0 } = child;
  return {
    name,
    origin,
    startMs: performance.now() - startedAt,
    cpuMs: () => cpuMsOf(pid),
    memoryMb: () => memoryMbOf(pid),
    async stop() {
      kill();
      process.off('exit', kill);
      await ended;
    },
  };
}
