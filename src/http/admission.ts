/** How many operations are under way at a time: beyond that, to be told at once is better than to wait in line. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refusal } from '../masking.ts';

const RETRY_AFTER_SECONDS = 1;

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
  const underWay = new Set<object>();
  const changed = () => observe?.inFlight(underWay.size);

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
    if (request.route === '/graphql' && underWay.size >= most) reject(reply);
    else done();
  });
  app.addHook('preValidation', (request, reply, done) => {
    if (request.route !== '/graphql') return done();
    if (underWay.size >= most) return reject(reply);
    underWay.add(request);
    changed();
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    const leave = () => {
      if (underWay.delete(request)) changed();
    };
    if (reply.raw.closed) leave();
    else if (underWay.has(request)) reply.raw.on('close', leave);
    done();
  });
}
