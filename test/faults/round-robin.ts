/** A load balancer of the simplest kind: each request goes to the next instance, and none is sent twice. */
import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface RoundRobin {
  /** Where GraphQL answers. */
  url: string;
  /** How many requests were sent to each so far, by origin. */
  sent: ReadonlyMap<string, number>;
  /** Requests that were sent to this origin and are not answered. */
  underWay(origin: string): number;
  /** Sends it nothing from now on, as a failed probe would have it. */
  leaveOut(origin: string): void;
  close(): Promise<void>;
}

/** Goes round `origins`; a connection that breaks breaks the client's. */
export async function roundRobin(origins: readonly string[]): Promise<RoundRobin> {
  const members = [...origins];
  const sent = new Map<string, number>(origins.map((origin) => [origin, 0]));
  const underWay = new Map<string, number>();
  let turn = 0;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const origin = members[turn++ % members.length] ?? '';
    sent.set(origin, (sent.get(origin) ?? 0) + 1);
    underWay.set(origin, (underWay.get(origin) ?? 0) + 1);
    try {
      const { method, headers, url } = request;
      const passing = forward(`${origin}${url}`, { method, headers, agent: false });
      passing.end(body);
      const [answer] = await once(passing, 'response');
      const text = await buffer(answer);
      response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] }).end(text);
    } finally {
      underWay.set(origin, (underWay.get(origin) ?? 1) - 1);
    }
  }
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    sent,
    underWay: (origin) => underWay.get(origin) ?? 0,
    leaveOut: (origin) => void members.splice(members.indexOf(origin), 1),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
