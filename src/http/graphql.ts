/** GraphQL over HTTP: Apollo Server behind `/graphql`. */
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { cachePolicy, PUBLIC_VARY } from '../cache-policy.ts';
import { type Context, contextOf, type Parts } from '../context.ts';
import { documentStore } from '../document-store.ts';
import { limitOptions, representationLimit } from '../limits.ts';
import { type Logger, masked } from '../logger.ts';
import { wantedOf } from '../look-ahead.ts';
import { formatErrorFor, refusal } from '../masking.ts';
import { goOnWithoutClient } from '../operation.ts';
import type { SentPage } from '../web-page.ts';
import { httpError } from './app.ts';
import { idempotentMutations } from './idempotency.ts';
import { inlineTrace } from './inline-trace.ts';
import { type OperationObserver, observedOperations } from './observed-operations.ts';
import { type RepeatedQueries, repeatedQueries } from './repeated-queries.ts';
import { currentRequestId } from './request-id.ts';

const METHODS = ['GET', 'POST'];

export interface GraphQLOptions {
  schema: GraphQLSchema;
  parts: Parts;
  /** What a browser gets that asks for a page; none where left out. */
  landingPage?: SentPage | undefined;
  observe?: OperationObserver;
}

/** Adds the route, and returns a function that stops Apollo Server once no request is under way. */
export async function serveGraphQL(
  app: FastifyInstance,
  { schema, parts, landingPage, observe }: GraphQLOptions,
): Promise<() => Promise<void>> {
  const { config, log } = parts;
  const context = contextOf(parts);
  const formatError = formatErrorFor({ log, requestId: currentRequestId });
  const repeated = repeatedQueries({ schema, contextOf: context, formatError, observe });
  const apollo = new ApolloServer<Context>({
    schema,
    introspection: !config.isProduction,
    hideSchemaDetailsFromClientErrors: config.isProduction,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
    logger: apolloLogger(log),
    ...limitOptions(),
    documentStore: documentStore(),
    plugins: [
      representationLimit(),
      plainJsonStatus(),
      // Timing may tell what answers do not, so it is for routers that have proven themselves.
      ...(config.routerSecrets.length > 0 ? [inlineTrace()] : []),
      cachePolicy(),
      ApolloServerPluginCacheControlDisabled(),
      readsAndWrites(repeated),
      idempotentMutations(),
      ...(observe ? [observedOperations(observe)] : []),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      landingPage === undefined ? ApolloServerPluginLandingPageDisabled() : landingPageOf(landingPage.html),
    ],
  });
  await apollo.start();
  const answer = fastifyApolloHandler(apollo, { context });

  app.route({
    url: '/graphql',
    method: METHODS,
    exposeHeadRoute: false,
    onRequest: ({ url, protocol, hostname }, _reply, done) => {
      // The integration makes a URL of these and throws where they are none.
      if (URL.canParse(url, `${protocol}://${hostname}/`)) done();
      else done(httpError(400));
    },
    onSend: (_request, reply, _payload, done) => {
      // Added, not set: what the answer to a page of another origin depends on stands there already.
      if (/\bpublic\b/.test(String(reply.getHeader('cache-control')))) {
        reply.header('vary', [reply.getHeader('vary') ?? [], PUBLIC_VARY].flat().join(', '));
      }
      if (landingPage && /^text\/html\b/.test(String(reply.getHeader('content-type')))) {
        reply.headers(landingPage.headers);
      }
      done();
    },
    handler(request, reply) {
      return repeated.answer(request, reply).then((body) => body ?? answer.call(this, request, reply));
    },
  });
  const others = app.supportedMethods.filter((method) => !METHODS.includes(method));
  app.route({
    url: '/graphql',
    method: others,
    onRequest: async (_request, reply) =>
      reply
        .status(405)
        .header('allow', METHODS.join(', '))
        .send(refusal('BAD_REQUEST', 'GraphQL takes GET and POST.')),
    handler: () => undefined,
  });
  return () => apollo.stop();
}

/** Apollo's own lines, masked: they quote errors, and those may quote a person. */
export function apolloLogger(log: Logger) {
  return {
    debug() {},
    info() {},
    warn: (line: unknown) => log.warn(masked(String(line))),
    error: (line: unknown) => log.error(masked(String(line))),
  };
}

function landingPageOf(html: string): ApolloServerPlugin {
  return { serverWillStart: async () => ({ renderLandingPage: async () => ({ html }) }) };
}

/**
 * Gives clients that take nothing but `application/json` the status 200 also when the document or its
 * variables are refused: by its type alone they cannot tell that answer from some proxy's.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
function plainJsonStatus(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ request, response, source }) {
        // Without a source there was no GraphQL to refuse: the request itself is at fault.
        const isRefusal = response.http.status === 400 && source !== undefined;
        if (isRefusal && takesOnlyJson(request.http?.headers.get('accept'))) response.http.status = 200;
      },
    }),
  };
}

/**
 * A query reads what it shows, and ends when its client leaves; what changes something is not left half done.
 */
function readsAndWrites({ note }: RepeatedQueries): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation(given) {
        const { schema, operation, document, contextValue } = given;
        if (operation?.operation === 'mutation') goOnWithoutClient();
        else if (operation) contextValue.projection.wanted = wantedOf(schema, operation, document);
        note(given);
      },
    }),
  };
}

function takesOnlyJson(accept: string | undefined): boolean {
  const types = accept?.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase()) ?? [];
  return types.length > 0 && types.every((type) => type === 'application/json');
}
