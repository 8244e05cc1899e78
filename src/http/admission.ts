/** How many operations are under way at a time: beyond that, to be told at once is better than to wait in line. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from '../masking.ts';

const RETRY_AFTER_SECONDS = 1;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it is counted as under way. A flag and a number: see `http/drain.ts`. */
    isAdmitted: boolean;
  }
}

export interface AdmissionObserver {
  /** How many are under way, told at each change. */
  inFlight(count: number): void;
  rejected(): void;
}

/**
 * Answers 503 with `Retry-After` at `/graphql` while `most` operations are under way.
 *
 * An operation counts from when its body has been read until its work is done, even when its client has
 * left. Who merely sends slowly takes nobody's place.
 */
export function addAdmission(
  app: FastifyInstance,
  { most, observe }: { most: number; observe?: AdmissionObserver | undefined },
): void {
  let underWay = 0;
  app.decorateRequest('isAdmitted', false);

  function count(request: FastifyRequest, isAdmitted: boolean): void {
    if (request.isAdmitted === isAdmitted) return;
    request.isAdmitted = isAdmitted;
    underWay += isAdmitted ? 1 : -1;
    observe?.inFlight(underWay);
  }

  function reject(reply: FastifyReply): void {
    observe?.rejected();
    reply
      .status(503)
      .header('retry-after', RETRY_AFTER_SECONDS)
      .send(
        refusal('LIMIT_EXCEEDED', 'Too much is asked of this service right now. Ask again soon.', {
          retryable: true,
        }),
      );
  }

  // Before the body is read: what will be refused is not even parsed.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.route === '/graphql' && underWay >= most) reject(reply);
    else done();
  });
  app.addHook('preValidation', (request, reply, done) => {
    if (request.route !== '/graphql') return done();
    if (underWay >= most) return reject(reply);
    count(request, true);
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (reply.raw.closed) count(request, false);
    else if (request.isAdmitted) reply.raw.on('close', () => count(request, false));
    done();
  });
}
