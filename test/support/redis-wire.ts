/** A wire between a service and its Redis that can be cut at a command. */
import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';

export interface RedisWire {
  /** Takes the place of Redis' own URL. */
  url: string;
  /** Whether the wire is cut at what is sent, as it is on the wire; nothing is until this is set. */
  cutAt: (sent: string) => 'before' | 'after' | null;
  /** Called when it was cut: before Redis heard of the command, or after it has done it and could not say so. */
  cut: () => void;
  close(): Promise<void>;
}

/** Stands in front of the Redis at `target`. */
export async function startRedisWire(target: string): Promise<RedisWire> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = createConnection(Number(new URL(target).port), '127.0.0.1');
    let end: 'before' | 'after' | null = null;
    for (const socket of [client, redis]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        redis.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (end !== null) return;
      end = wire.cutAt(chunk.toString('latin1'));
      if (end === 'before') wire.cut();
      else redis.write(chunk);
    });
    redis.on('data', (chunk) => {
      if (end === 'after') wire.cut();
      else client.write(chunk);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const wire: RedisWire = {
    url: `redis://127.0.0.1:${port}`,
    cutAt: () => null,
    cut: () => {},
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return wire;
}
