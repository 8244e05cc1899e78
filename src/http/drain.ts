/** How a server stops: what has begun is answered, nothing new is let in, no connection is left open. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const PATIENCE_MS = 10_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether its work is done. */
    isOver: boolean;
  }
}

/**
 * A function that closes the server once every request is answered, or after ten seconds. Call this
 * before the routes are there.
 *
 * A request counts until its work is done, even when its client has left, for that may be a sign-in half
 * way through. Connections are closed at the end whether or not they carried a request: browsers and load
 * balancers keep some in reserve, for which `close` alone would wait.
 */
export function drainOf(app: FastifyInstance): () => Promise<void> {
  // A set that is filled and emptied all the time would keep alive what was in it until V8 collects the oldest objects.
  let underWay = 0;
  app.decorateRequest('isOver', false);
  let isStopping = false;
  let allAnswered: (() => void) | undefined;

  function ended(request: FastifyRequest): void {
    if (request.isOver) return;
    request.isOver = true;
    underWay -= 1;
    if (underWay === 0) allAnswered?.();
  }
  app.addHook('onRequest', (_request, _reply, done) => {
    underWay += 1;
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (isStopping) reply.header('connection', 'close');
    if (reply.raw.closed) ended(request);
    else reply.raw.on('close', () => ended(request));
    done();
  });

  return async () => {
    isStopping = true;
    const closed = app.close();
    if (underWay > 0) {
      const answered = new Promise<void>((resolve) => {
        allAnswered = resolve;
      });
      await Promise.race([answered, sleep(PATIENCE_MS, undefined, { ref: false })]);
    }
    app.server.closeAllConnections();
    await closed;
  };
}
