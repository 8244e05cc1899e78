/** The plain JSON servers of the sandbox. */
import Fastify, { type FastifyInstance } from 'fastify';

/** A stand-in that listens. */
export interface StandIn {
  /** Without a path: `http://127.0.0.1:<port>`. */
  url: string;
  close(): Promise<void>;
}

/** Starts a server with the routes of `add` on a free port of the loopback interface. */
export async function listen(add: (app: FastifyInstance) => void): Promise<StandIn> {
  const app = Fastify({ forceCloseConnections: true });
  add(app);
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}
