/** Services as processes of their own before a Redis and stand-ins that outlive them. */
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type ServiceProcess, startProcess } from '../server/process.ts';
import { askAt } from '../support/client.ts';
import { startProxy, type UpstreamProxy } from '../support/proxy.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import type { RunningService } from '../support/service.ts';

export interface Instance extends Pick<RunningService, 'ask'> {
  /** Where GraphQL answers. */
  url: string;
  process: ServiceProcess;
}

export interface Stage {
  redis: TestRedis;
  upstreams: Sandbox;
  /** In front of M2, the only way to it that the settings know. */
  m2: UpstreamProxy;
  /** What makes a service one of this stage's: all share the keys, the Redis and the upstreams. */
  settings: Record<string, string>;
  /** One more service, once it is ready. */
  start(env?: Record<string, string>): Promise<Instance>;
  /** Ends everything, the instances first. */
  close(): Promise<void>;
}

/** Starts Redis and the stand-ins; `env` are settings of all instances. */
export async function startStage(env: Record<string, string> = {}): Promise<Stage> {
  const [redis, upstreams, key] = await Promise.all([
    startRedis(),
    startSandbox({ log: createLogger('silent') }),
    generateSigningKey(),
  ]);
  const m2 = await startProxy(upstreams.m2.url);
  const processes: ServiceProcess[] = [];
  const settings = {
    NODE_ENV: 'test',
    REDIS_URL: redis.url,
    OTP_SECRET: 'an invented secret of enough characters',
    TOKEN_KEYS: JSON.stringify({ keys: [key] }),
    M2_URL: `${m2.url}/rest/default`,
    M2_ACCESS_TOKEN: upstreams.m2AccessToken,
    ESERVICES_URL: upstreams.eservicesUrl,
    SMS_URL: upstreams.smsUrl,
    SMTP_URL: upstreams.smtpUrl,
    ...env,
  };
  return {
    redis,
    upstreams,
    m2,
    settings,
    async start(own = {}) {
      const process = startProcess({ ...settings, ...own });
      processes.push(process);
      const url = await process.ready();
      return { url, process, ask: askAt(url) };
    },
    async close() {
      await Promise.all(processes.map((process) => process.kill()));
      await Promise.all([m2.close(), upstreams.close(), redis.stop()]);
    },
  };
}
