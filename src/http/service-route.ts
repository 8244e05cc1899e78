/** What routes for other services share: who may ask, and errors as OAuth words them, whose clients call. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SERVICE_SCOPES } from '../auth/service-token.ts';
import { bearerTokenOf, type Parts } from '../context.ts';
import { Failure } from '../failures.ts';

const RETRY_AFTER_SECONDS = 1;

/** A hook for `onRequest`, before the body is read: nothing is parsed for somebody who may not ask. */
export function onlyWith(scope: (typeof SERVICE_SCOPES)[number], { auth }: Parts) {
  /** RFC 6750: a request without any token is told of no error, only of the scheme. */
  function refuse(reply: FastifyReply, status: number, error: string, challenge: Record<string, string>) {
    const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
    return reply
      .status(status)
      .header('www-authenticate', `Bearer ${parameters.join(', ')}`)
      .send(problem(error, `Send a service token with the scope ${scope} as bearer.`));
  }

  return async ({ headers }: FastifyRequest, reply: FastifyReply) => {
    const token = bearerTokenOf(headers);
    if (token === null) return refuse(reply, 401, 'invalid_token', { realm: scope });
    const service = await auth.serviceTokens.find(token);
    if (service === null) return refuse(reply, 401, 'invalid_token', { error: 'invalid_token' });
    if (!service.scopes.has(scope)) {
      return refuse(reply, 403, 'insufficient_scope', { error: 'insufficient_scope', scope });
    }
  };
}

/** The body of a refusal, in OAuth's form. */
export function problem(error: string, description: string) {
  return { error, error_description: description };
}

/** `usage` is what whoever sent something else is told to send. */
export function answerErrors(app: FastifyInstance, { log }: Parts, usage: string): void {
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
    return reply.status(statusCode).send(problem('invalid_request', usage));
  });
}
