/** A wire between the service and an upstream that can be cut, be slow, or answer for itself. */
import { once } from 'node:events';
import {
  createServer,
  request as forward,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What becomes of a request: it passes, meets a cut wire, or gets through and loses its answer on the way back. */
export type Fate = 'pass' | 'cut' | 'lose' | { status: number; type: string; body: string } | Misbehaviour;

/** An answer of one's own making, however broken. */
export type Misbehaviour = (response: ServerResponse) => void;

/** What a fate is decided by; `query` without its question mark, `body` as it was sent. */
export interface ProxiedRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface UpstreamProxy {
  /** Takes the place of the upstream's origin. */
  url: string;
  /** Decides over each request, which waits for it; everything passes until it is set. */
  fate: (request: ProxiedRequest) => Fate | Promise<Fate>;
  /** Is told of each request that the upstream has answered; the answer waits for it. */
  answered: (request: ProxiedRequest) => void | Promise<void>;
  /** The requests that reached the upstream, as `POST /rest/default/V1/customers`. */
  passed: string[];
  close(): Promise<void>;
}

/** Stands in front of the upstream at `target`, an origin without a path. */
export async function startProxy(target: string): Promise<UpstreamProxy> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const body = await buffer(request);
    const [path = url, query = ''] = url.split('?');
    const proxied = { method, path, query, headers, body: body.toString() };
    const fate = await proxy.fate(proxied);
    if (fate === 'cut') return void response.destroy();
    if (typeof fate === 'function') return fate(response);
    if (typeof fate === 'object') {
      return void response.writeHead(fate.status, { 'content-type': fate.type }).end(fate.body);
    }
    proxy.passed.push(`${method} ${path}`);
    const passing = forward(`${target}${url}`, { method, headers });
    passing.end(body);
    const [answer] = await once(passing, 'response');
    const text = await buffer(answer);
    await proxy.answered(proxied);
    if (fate === 'lose') return void response.destroy();
    response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] }).end(text);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: UpstreamProxy = {
    url: `http://127.0.0.1:${port}`,
    fate: () => 'pass',
    answered: () => {},
    passed: [],
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}
