/** `GET /metrics` on a port of its own, which is for Prometheus and nobody outside. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface MetricsServer {
  /** Where they are read, such as `http://localhost:9464/metrics`. */
  url: string;
  close(): Promise<void>;
}

/** Serves what is in `registry`; rejects when the port cannot be listened on. */
export async function serveMetrics(
  registry: Registry,
  { host, port }: { host: string; port: number },
): Promise<MetricsServer> {
  async function answer(method: string | undefined, path: string | undefined, response: ServerResponse) {
    if (path !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      return response.writeHead(404).end();
    }
    const text = await registry.metrics();
    return response
      .writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' })
      .end(method === 'HEAD' ? undefined : text);
  }
  const server = createServer(({ method, url }, response) => {
    answer(method, url?.split('?')[0], response).catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${given}/metrics`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
