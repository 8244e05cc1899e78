/** The service over HTTP: joins all the parts, and takes them apart again. */
import 'reflect-metadata/lite';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyInstance, fastify } from 'fastify';
import { generateSigningKey } from './auth/access-token.ts';
import { createAuth } from './auth/auth.ts';
import { backgroundOf } from './background.ts';
import type { Config } from './config.ts';
import { type Context, contextOf, type Parts, provesRouter } from './context.ts';
import { connectEServices } from './datasources/eservices/patient.ts';
import { connectM2 } from './datasources/m2/m2.ts';
import { connectEmail } from './datasources/messages/email.ts';
import { messengerOf } from './datasources/messages/messenger.ts';
import { connectSms } from './datasources/messages/sms.ts';
import { limitOptions, representationLimit } from './limits.ts';
import type { Logger } from './logger.ts';
import { formatErrorFor, maskedReply } from './masking.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { buildSubgraph } from './schema.ts';
import { lockOf } from './stores/lock.ts';
import { memoryStore } from './stores/memory.ts';
import { redisStore } from './stores/redis.ts';
import type { Store } from './stores/store.ts';

const BODY_LIMIT_BYTES = 256 * 1024;
const STUDIO_ORIGINS = ['https://studio.apollographql.com', /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/];
const PRODUCTION_ORIGINS: string[] = [];
const JWKS_MAX_AGE_SECONDS = 300;

/** A running service. */
export interface Service {
  /** Where GraphQL answers, such as `http://localhost:4000/graphql`. */
  url: string;
  /** The stand-ins that are in use; `null` where every upstream is real. */
  sandbox: Sandbox | null;
  /** Answers what is under way, waits for what goes on after answers, and closes every connection. */
  close(): Promise<void>;
}

/** The stand-ins, loaded only where a real upstream is missing. */
async function sandboxFor(config: Config, log: Logger): Promise<Sandbox | null> {
  if (config.m2 && config.eservices && config.sms && config.smtp) return null;
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  return startSandbox({ log });
}

async function joinParts(config: Config, sandbox: Sandbox | null, store: Store, log: Logger) {
  const { placeholderDomain, upstreamTimeoutMs: timeoutMs } = config;
  const background = backgroundOf(log);
  const m2Settings =
    config.m2 ??
    (sandbox && {
      url: sandbox.m2Url,
      mediaUrl: null,
      credentials: { kind: 'bearer' as const, token: sandbox.m2AccessToken },
    });
  const eservicesUrl = config.eservices?.url ?? sandbox?.eservicesUrl;
  const smsUrl = config.sms?.url ?? sandbox?.smsUrl;
  const smtpUrl = config.smtp?.url ?? sandbox?.smtpUrl;
  if (!m2Settings || !eservicesUrl || !smsUrl || !smtpUrl) throw new Error('an upstream has no address');

  const m2 = connectM2({ config: { ...m2Settings, placeholderDomain, timeoutMs }, log, lock: lockOf(store) });
  const patients = connectEServices({
    url: eservicesUrl,
    token: config.eservices?.token ?? null,
    timeoutMs,
    log,
  });
  const sms = connectSms({ url: smsUrl, timeoutMs, log });
  const email = connectEmail({ url: smtpUrl, from: config.emailFrom, log });
  const messenger = messengerOf(sms, email, {
    webDomain: config.smsWebDomain,
    androidHash: config.smsAndroidHash,
    supportPhone: config.supportPhone,
    codeSeconds: config.challenge.ttlSeconds,
  });
  const auth = await createAuth(
    store,
    {
      ...config,
      secret: config.secret ?? randomUUID() + randomUUID(),
      signingKeys: config.tokenKeys ?? [await generateSigningKey()],
    },
    { ...m2, patients, messenger },
    log,
  );
  const parts: Parts = { config, log, m2, auth, background };
  return { parts, email };
}

function addChecks(app: FastifyInstance, config: Config): void {
  const { routerSecrets } = config;
  if (routerSecrets.length === 0) return;
  // Before the body is read: who is not the router gets nothing parsed.
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql' || provesRouter(request, routerSecrets)) return;
    return reply.status(401).send({
      errors: [{ message: 'Only the router may ask here.', extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
}

/** Starts everything that `config` asks for. Rejects when it cannot; nothing is left running then. */
export async function startService(config: Config, log: Logger): Promise<Service> {
  const sandbox = await sandboxFor(config, log);
  const store = config.redisUrl === null ? memoryStore() : redisStore({ url: config.redisUrl, log });
  const { parts, email } = await joinParts(config, sandbox, store, log);

  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: () => randomUUID(),
    return503OnClosing: true,
  });
  // Errors are formatted where Apollo does not say for which request.
  const requestIds = new AsyncLocalStorage<string>();
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    requestIds.run(request.id, done);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    log.info(
      { requestId: request.id, method, route: routeOptions.url, status: reply.statusCode, ms },
      'answered',
    );
    done();
  });
  app.setErrorHandler(maskedReply(log));
  app.setNotFoundHandler((_request, reply) => {
    reply
      .status(404)
      .send({ errors: [{ message: 'There is nothing here.', extensions: { code: 'BAD_REQUEST' } }] });
  });
  await app.register(cors, {
    origin: config.corsOrigins ?? (config.isProduction ? PRODUCTION_ORIGINS : STUDIO_ORIGINS),
    credentials: true,
    exposedHeaders: ['x-request-id'],
    maxAge: 600,
  });
  addChecks(app, config);

  const apollo = new ApolloServer<Context>({
    schema: buildSubgraph({ authDirectives: config.authDirectives }),
    introspection: !config.isProduction,
    hideSchemaDetailsFromClientErrors: config.isProduction,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: formatErrorFor({ log, requestId: () => requestIds.getStore() }),
    logger: { debug() {}, info() {}, warn: (line) => log.warn(line), error: (line) => log.error(line) },
    ...limitOptions(),
    plugins: [
      fastifyApolloDrainPlugin(app),
      representationLimit(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      config.isProduction
        ? ApolloServerPluginLandingPageDisabled()
        : ApolloServerPluginLandingPageLocalDefault({ embed: true, footer: false }),
    ],
  });
  await apollo.start();
  app.route({
    url: '/graphql',
    method: ['GET', 'POST'],
    handler: fastifyApolloHandler(apollo, { context: contextOf(parts) }),
  });
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`).send(parts.auth.tokens.jwks),
  );
  app.get('/health', async () => ({ status: 'up' }));
  app.get('/ready', async (_request, reply) => {
    try {
      await store.ping();
      return { status: 'ready' };
    } catch {
      return reply.status(503).send({ status: 'the state store does not answer' });
    }
  });
  if (sandbox) await app.register(sandbox.routes);

  async function close() {
    await apollo.stop();
    await app.close();
    await parts.background.finished();
    email.close();
    await sandbox?.close();
    await store.close();
  }
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await close();
    throw error;
  }
  // M2 may be away for now; it is asked again when it is needed.
  parts.background.run('read the store views', () => parts.m2.start());
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://localhost:${port}/graphql`, sandbox, close };
}
