/** `POST /introspect` (RFC 7662): tells other services whether a token is good at this moment. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify';
import type { Bearer } from '../auth/bearer.ts';
import { bearerTokenOf, type Parts } from '../context.ts';
import { Failure } from '../failures.ts';

const FORM = 'application/x-www-form-urlencoded';
// A token has less than one; whoever asks sends little besides.
const BODY_LIMIT_BYTES = 8 * 1024;
const RETRY_AFTER_SECONDS = 1;
const SCOPE = 'introspect';

const INACTIVE = { active: false };

/** The route. It answers errors as OAuth does, whose clients call it, and not in GraphQL's shape. */
export function introspection(parts: Parts): FastifyPluginAsync {
  const { auth } = parts;

  return async (app) => {
    takeOnlyForms(app);
    answerErrors(app, parts);
    app.post('/introspect', {
      // Before the body is read: nothing is parsed for somebody who may not ask.
      onRequest: async ({ headers }, reply) => {
        const token = bearerTokenOf(headers);
        if (token === null) return refuse(reply, 401, 'invalid_token', { realm: 'introspect' });
        const service = await auth.serviceTokens.find(token);
        if (service === null) return refuse(reply, 401, 'invalid_token', { error: 'invalid_token' });
        if (!service.scopes.has(SCOPE)) {
          return refuse(reply, 403, 'insufficient_scope', { error: 'insufficient_scope', scope: SCOPE });
        }
      },
      handler: async ({ body }, reply) => {
        const [token, ...more] = body instanceof URLSearchParams ? body.getAll('token') : [];
        if (!token || more.length > 0) {
          return reply.status(400).send(problem('invalid_request', 'Send one parameter `token`, and once.'));
        }
        const bearer = await auth.findBearer(token);
        // Elsewhere a minute of clock skew is allowed; who asks here is told by the clock that signed it.
        const isGood = bearer !== null && bearer.claims.expiresAt.getTime() > Date.now();
        return isGood ? describe(bearer, parts) : INACTIVE;
      },
    });
  };
}

function describe({ kind, claims }: Bearer, { config: { tokens } }: Parts) {
  const common = {
    active: true,
    token_type: 'Bearer',
    iss: tokens.issuer,
    aud: tokens.audience,
    exp: secondsOf(claims.expiresAt),
  };
  return kind === 'customer'
    ? {
        ...common,
        sub: claims.customerId,
        sid: claims.sessionId,
        auth_time: secondsOf(claims.authTime),
        amr: claims.amr,
      }
    : { ...common, sub: `service:${claims.name}`, scope: [...claims.scopes].join(' ') };
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function problem(error: string, description: string) {
  return { error, error_description: description };
}

/** RFC 6750: a request without any token is told of no error, only of the scheme. */
function refuse(reply: FastifyReply, status: number, error: string, challenge: Record<string, string>) {
  const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
  return reply
    .status(status)
    .header('www-authenticate', `Bearer ${parameters.join(', ')}`)
    .send(problem(error, `Send a service token with the scope ${SCOPE} as bearer.`));
}

function takeOnlyForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body: string, done) => done(null, new URLSearchParams(body)),
  );
}

function answerErrors(app: FastifyInstance, { log }: Parts): void {
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error instanceof Failure) {
      log.warn({ requestId: request.id, err: error }, 'a failure');
      return reply
        .status(503)
        .header('retry-after', RETRY_AFTER_SECONDS)
        .send({ ...problem('temporarily_unavailable', error.message), retryable: error.retryable });
    }
    const { statusCode = 500 } = error;
    // The server's own handler masks and logs what is no fault of the request.
    if (statusCode >= 500) throw error;
    return reply.status(statusCode).send(problem('invalid_request', `POST ${FORM} with \`token\`.`));
  });
}
