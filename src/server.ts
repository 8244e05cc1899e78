/** The service: joins all the parts, and takes them apart again. */
import 'reflect-metadata/lite';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateSigningKey } from './auth/access-token.ts';
import { createAuth } from './auth/auth.ts';
import { observedMessenger } from './auth/observed-codes.ts';
import { backgroundOf } from './background.ts';
import type { Config } from './config.ts';
import type { Parts } from './context.ts';
import { connectEServices } from './datasources/eservices/patient.ts';
import { keptReads } from './datasources/m2/kept-reads.ts';
import { connectM2 } from './datasources/m2/m2.ts';
import { connectEmail } from './datasources/messages/email.ts';
import { messengerOf } from './datasources/messages/messenger.ts';
import { connectSms } from './datasources/messages/sms.ts';
import { keySetOf } from './datasources/social/key-set.ts';
import type { Explorer } from './explorer/explorer.ts';
import { addFieldSpans } from './field-spans.ts';
import { createApp } from './http/app.ts';
import { customerChanges } from './http/customer-changes.ts';
import { drainOf } from './http/drain.ts';
import { serveGraphQL } from './http/graphql.ts';
import { introspection } from './http/introspection.ts';
import { serveMetrics } from './http/metrics.ts';
import { addStatusRoutes } from './http/status.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { buildSubgraph } from './schema.ts';
import { lockOf } from './stores/lock.ts';
import { memoryStore } from './stores/memory.ts';
import { observed } from './stores/observed.ts';
import { redisStore } from './stores/redis.ts';
import type { Store } from './stores/store.ts';
import type { Tracing } from './tracing.ts';

/** A running service. */
export interface Service {
  /** Where GraphQL answers, such as `http://localhost:4000/graphql`. */
  url: string;
  /** Where Prometheus reads; `null` where no port is set for it. */
  metricsUrl: string | null;
  /** The stand-ins that are in use; `null` where every upstream is real. */
  sandbox: Sandbox | null;
  /** Is not ready any more, and after the time set for that answers what is under way, waits for what goes on after answers, and closes every connection. */
  close(): Promise<void>;
}

/** The stand-ins, loaded only where a real upstream is missing. */
async function sandboxFor(config: Config, log: Logger): Promise<Sandbox | null> {
  if (config.m2 && config.eservices && config.sms && config.smtp) return null;
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  return startSandbox({ log });
}

/** What records spans, loaded only where there is a collector to send them to. */
async function tracingFor({ tracing }: Config, log: Logger): Promise<Tracing | null> {
  if (!tracing) return null;
  const { startTracing } = await import('./tracing.ts');
  return startTracing(tracing, log);
}

/** The pages to try operations out on, loaded only for developers. */
async function explorerFor({ isProduction }: Config, sandbox: Sandbox | null): Promise<Explorer | null> {
  if (isProduction) return null;
  const { createExplorer } = await import('./explorer/explorer.ts');
  return createExplorer({ steps: sandbox?.firstSteps ?? [], hasOutbox: sandbox !== null });
}

async function joinParts(
  config: Config,
  { sandbox, store, metrics, log }: { sandbox: Sandbox | null; store: Store; metrics: Metrics; log: Logger },
) {
  const { placeholderDomain, storeViews, upstreamTimeoutMs: timeoutMs } = config;
  const policy = { ...config.upstreamPolicy, observe: metrics.upstream };
  const background = backgroundOf(log);
  const m2Settings = config.m2
    ? { ...config.m2, storeViews }
    : sandbox && {
        url: sandbox.m2Url,
        mediaUrl: null,
        storeViews: { ...sandbox.m2StoreViews, ...storeViews },
        credentials: { kind: 'bearer' as const, token: sandbox.m2AccessToken },
      };
  const eservicesUrl = config.eservices?.url ?? sandbox?.eservicesUrl;
  const smsUrl = config.sms?.url ?? sandbox?.smsUrl;
  const smtpUrl = config.smtp?.url ?? sandbox?.smtpUrl;
  if (!m2Settings || !eservicesUrl || !smsUrl || !smtpUrl) throw new Error('an upstream has no address');

  const m2Config = { ...m2Settings, placeholderDomain, timeoutMs, policy };
  const shop = connectM2({ config: m2Config, log, lock: lockOf(store) });
  const seconds = config.m2CacheSeconds;
  const kept = seconds > 0 ? keptReads(shop, { seconds, store, log, observe: metrics.keptRead }) : null;
  const m2 = kept?.m2 ?? shop;
  const patients = connectEServices({
    url: eservicesUrl,
    token: config.eservices?.token ?? null,
    timeoutMs,
    policy,
    log,
  });
  const sms = connectSms({ url: smsUrl, timeoutMs, policy, log });
  const email = connectEmail({ url: smtpUrl, from: config.emailFrom, log, observe: metrics.upstream });
  const messenger = messengerOf(sms, email, {
    webDomain: config.smsWebDomain,
    androidHash: config.smsAndroidHash,
    supportPhone: config.supportPhone,
    codeSeconds: config.challenge.ttlSeconds,
    linkUrl: config.accountLinkUrl,
    linkSeconds: config.linkSeconds,
    placeholderDomain,
  });
  const { keyUrls } = config.social;
  const providerKeys = {
    GOOGLE: keySetOf({ name: 'Google', url: keyUrls.GOOGLE, timeoutMs, log }),
    APPLE: keySetOf({ name: 'Apple', url: keyUrls.APPLE, timeoutMs, log }),
  };
  const auth = await createAuth(
    store,
    {
      ...config,
      secret: config.secret ?? randomUUID() + randomUUID(),
      signingKeys: config.tokenKeys ?? [await generateSigningKey()],
    },
    {
      ...m2,
      patients,
      providerKeys,
      inBackground: background.run,
      messenger: observedMessenger(messenger, metrics.codes),
      observeCodes: metrics.codes,
    },
    log,
  );
  const parts: Parts = { config, log, m2, auth, background };
  const disconnect = async () => {
    sms.close();
    await email.close();
  };
  return { parts, changed: kept?.changed, disconnect };
}

async function metricsServerFor({ host, metricsPort: port }: Config, metrics: Metrics) {
  if (port === null) return null;
  metrics.watchProcess();
  return serveMetrics(metrics.registry, { host, port });
}

/** Last opened, first closed: each part may use those that were there before it. */
async function closeAll(open: readonly (() => unknown)[]): Promise<void> {
  for (const close of open.toReversed()) await close();
}

/** Starts everything that `config` asks for. Rejects when it cannot; nothing is left running then. */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const open: (() => unknown)[] = [];
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    // `/ready` says so first: whoever balances load must hear of it before the door closes.
    await sleep(config.shutdownDelayMs);
    await closeAll(open);
  }
  try {
    const sandbox = await sandboxFor(config, log);
    if (sandbox) open.push(sandbox.close);
    const tracing = await tracingFor(config, log);
    if (tracing) open.push(tracing.close);
    const metrics = createMetrics();
    const metricsServer = await metricsServerFor(config, metrics);
    if (metricsServer) open.push(metricsServer.close);
    const kept = config.redisUrl === null ? memoryStore() : redisStore({ url: config.redisUrl, log });
    const store = observed(kept, metrics.store);
    open.push(store.close);
    const { parts, changed, disconnect } = await joinParts(config, { sandbox, store, metrics, log });
    open.push(disconnect, parts.background.finished);

    const app = await createApp(config, log, { observe: metrics.admission, beginTrace: tracing?.begin });
    const drain = drainOf(app);
    const schema = buildSubgraph({ authDirectives: config.authDirectives });
    if (tracing) addFieldSpans(schema);
    const explorer = await explorerFor(config, sandbox);
    const { landingPage } = explorer ?? {};
    open.push(await serveGraphQL(app, { schema, parts, landingPage, observe: metrics.operation }));
    addStatusRoutes(app, {
      jwks: parts.auth.tokens.jwks,
      store,
      isStopping: () => stopped !== undefined,
    });
    await app.register(introspection(parts));
    if (changed) await app.register(customerChanges(parts, changed));
    if (explorer) await app.register(explorer.routes);
    if (sandbox) await app.register(sandbox.routes);
    open.push(drain);
    await app.listen({ host: config.host, port: config.port });

    // M2 may be away for now; it is asked again when it is needed.
    parts.background.run('read the store views', () => parts.m2.start());
    const { port } = app.server.address() as AddressInfo;
    return {
      url: `http://localhost:${port}/graphql`,
      metricsUrl: metricsServer?.url ?? null,
      sandbox,
      close() {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await closeAll(open);
    throw error;
  }
}
