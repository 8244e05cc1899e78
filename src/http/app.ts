/** The HTTP server around the routes: ids, log lines, time, origins, the router's secret, bodies and refusals. */
import { isUtf8 } from 'node:buffer';
import cors from '@fastify/cors';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Config } from '../config.ts';
import { provesRouter } from '../context.ts';
import type { Logger } from '../logger.ts';
import { maskedReply, refusal } from '../masking.ts';
import { Leaving, type Operation, type SpanStart, type Trace, withinOperation } from '../operation.ts';
import { type AdmissionObserver, addAdmission } from './admission.ts';
import { requestIdOf, traceOf } from './request-id.ts';

const BODY_LIMIT_BYTES = 256 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const PREFLIGHT_MAX_AGE_SECONDS = 600;
const LOCAL_ORIGINS = [
  'https://studio.apollographql.com',
  /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/,
];

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace | null;
    /** The template of its route, `undefined` where it has none: fastify's own `routeOptions` is made anew at each look. */
    route: string | undefined;
  }
}

/** Begins the span of an operation, as a part of its caller's trace where it has one. */
export type BeginTrace = (start: SpanStart, caller: Trace | null) => Pick<Operation, 'trace' | 'span'>;

export interface AppOptions {
  observe?: AdmissionObserver;
  /** Without it no span is recorded, and the caller's trace is passed on as it came. */
  beginTrace?: BeginTrace | undefined;
}

/** The server with everything but routes. Anything it refuses, it refuses as JSON in GraphQL's shape. */
export async function createApp(
  config: Config,
  log: Logger,
  { observe, beginTrace }: AppOptions = {},
): Promise<FastifyInstance> {
  const refuse = maskedReply(log);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    genReqId: ({ headers }) => requestIdOf(headers, config.routerSecrets),
    // A path that cannot be decoded; fastify's own answer would repeat it.
    frameworkErrors: (error, request, reply: FastifyReply) => refuse(error, request, reply),
    // What still comes over an open connection while the service stops is answered like the rest.
    return503OnClosing: false,
  });
  app.setErrorHandler(refuse);
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send(refusal('BAD_REQUEST', 'There is nothing here.')),
  );
  addTraces(app, log);
  addCachePolicy(app);
  await addOrigins(app, config);
  addRouterCheck(app, config);
  addAdmission(app, { most: config.maxInFlight, observe });
  addOperations(app, config, beginTrace);
  takeOnlyJson(app);
  return app;
}

function addTraces(app: FastifyInstance, log: Logger): void {
  app.decorateRequest('trace', null);
  app.decorateRequest('route', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const { id: requestId, method, headers } = request;
    const route = request.routeOptions.url;
    request.route = route;
    request.trace = traceOf(headers);
    const startedAt = performance.now();
    reply.header('x-request-id', requestId);
    // Not fastify's `onResponse`: that says nothing of requests whose client left.
    reply.raw.on('close', () => {
      const line = {
        requestId,
        traceId: request.trace?.id,
        method,
        route,
        ms: Math.round(performance.now() - startedAt),
      };
      if (reply.raw.writableFinished) log.info({ ...line, status: reply.statusCode }, 'answered');
      else log.info(line, 'the client left before its answer');
    });
    done();
  });
}

/** After the body is read: its last part arrives in nobody's name. */
function addOperations(
  app: FastifyInstance,
  { operationTimeoutMs }: Config,
  beginTrace: BeginTrace | undefined,
): void {
  app.addHook('preValidation', (request, reply, done) => {
    const gone = new Leaving();
    // Not `request.signal`: that one is aborted as soon as the body is read.
    reply.raw.on('close', () => {
      if (!reply.raw.writableFinished) gone.leave();
    });
    const { trace, span } = traceFor(request, reply);
    request.trace = trace;
    const operation = {
      requestId: request.id,
      trace,
      span,
      deadlineAt: performance.now() + operationTimeoutMs,
      gone,
    };
    withinOperation(operation, done);
  });

  function traceFor(request: FastifyRequest, reply: FastifyReply): Pick<Operation, 'trace' | 'span'> {
    const { method, route, trace: caller } = request;
    if (!beginTrace || route !== '/graphql') return { trace: caller };
    const attributes = { 'http.request.method': method, 'http.route': route };
    const begun = beginTrace({ name: `${method} ${route}`, kind: 'server', attributes }, caller);
    reply.raw.on('close', () => {
      if (reply.raw.writableFinished) begun.span?.add({ 'http.response.status_code': reply.statusCode });
      if (reply.statusCode >= 500) begun.span?.fail(String(reply.statusCode));
      begun.span?.end();
    });
    return begun;
  }
}

/** Whatever is not marked as public is about somebody: no cache keeps it. */
function addCachePolicy(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    const policy = String(reply.getHeader('cache-control') ?? '');
    if (!/\bpublic\b/.test(policy)) reply.header('cache-control', 'no-store');
    done();
  });
}

async function addOrigins(app: FastifyInstance, config: Config): Promise<void> {
  const origin = config.corsOrigins ?? (config.isProduction ? null : LOCAL_ORIGINS);
  if (origin === null) return;
  if (!config.isProduction) {
    // Without it a browser lets no page of the Internet, such as Studio, speak to this machine.
    app.addHook('onRequest', (request, reply, done) => {
      if (request.headers['access-control-request-private-network'] === 'true') {
        reply.header('access-control-allow-private-network', 'true');
      }
      done();
    });
  }
  await app.register(cors, {
    origin,
    // It would refuse an incomplete preflight in plain text.
    strictPreflight: false,
    credentials: true,
    exposedHeaders: ['x-request-id', 'retry-after', 'idempotency-replayed'],
    maxAge: PREFLIGHT_MAX_AGE_SECONDS,
  });
}

/** Before the body is read: who is not the router gets nothing parsed. */
function addRouterCheck(app: FastifyInstance, { routerSecrets }: Config): void {
  if (routerSecrets.length === 0) return;
  app.addHook('onRequest', (request, reply, done) => {
    if (request.route !== '/graphql' || provesRouter(request, routerSecrets)) return done();
    reply.status(401).send(refusal('UNAUTHENTICATED', 'Only the router may ask here.'));
  });
}

/** JSON is UTF-8 (RFC 8259); bytes that are not would otherwise be replaced without a word. */
function takeOnlyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') return done(httpError(415));
    if (!isUtf8(body)) return done(httpError(400));
    parse(request, body.toString('utf8'), done);
  });
}

/** An error that `maskedReply` answers with this status. */
export function httpError(statusCode: number): Error {
  return Object.assign(new Error(`answered with ${statusCode}`), { statusCode });
}
