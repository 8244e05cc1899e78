/** What is asked about the service itself, by whoever checks tokens or watches over it: open to all. */
import type { FastifyInstance } from 'fastify';
import type { JSONWebKeySet } from 'jose';
import type { Store } from '../stores/store.ts';

const JWKS_MAX_AGE_SECONDS = 300;

export interface StatusSources {
  /** Public keys only. */
  jwks: JSONWebKeySet;
  store: Pick<Store, 'ping'>;
  /** Whether the process has been told to stop. */
  isStopping: () => boolean;
}

/**
 * `GET /.well-known/jwks.json`, the keys that access tokens are signed with; `GET /health`, 200 while the
 * process lives; `GET /ready`, 200 while the state store answers, else 503, and 503 as soon as the process is to stop.
 */
export function addStatusRoutes(app: FastifyInstance, { jwks, store, isStopping }: StatusSources): void {
  app.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`).send(jwks),
  );
  app.get('/health', async () => ({ status: 'up' }));
  app.get('/ready', async (_request, reply) => {
    if (isStopping()) return reply.status(503).send({ status: 'stopping' });
    try {
      await store.ping();
      return { status: 'ready' };
    } catch {
      return reply.status(503).send({ status: 'the state store does not answer' });
    }
  });
}
