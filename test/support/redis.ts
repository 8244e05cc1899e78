/** A real `redis-server` of the test's own, on a free port of the loopback interface. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from 'vitest';

export interface TestRedis {
  url: string;
  /** Stops the process where it stands: it keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Ends the process at once and with it all its data. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  /** Ends the process and removes what it left. */
  stop(): Promise<void>;
}

/** `describe`, skipped where no redis-server is installed; in CI its absence fails the suite instead. */
export const describeWithRedis = describe.skipIf(!process.env.CI && !isInstalled());

function isInstalled(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a server that keeps nothing on disk, and resolves once it answers. */
export async function startRedis(options: { password?: string } = {}): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess;
  const killChild = () => child.kill('SIGKILL');
  process.on('exit', killChild);

  async function start(): Promise<void> {
    const settings = ['--bind', '127.0.0.1', '--port', `${port}`, '--dir', directory];
    settings.push('--save', '', '--appendonly', 'no');
    if (options.password !== undefined) settings.push('--requirepass', options.password);
    child = spawn('redis-server', settings, { stdio: 'ignore' });
    const ended = new AbortController();
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`redis-server ended with ${code}`);
    });
    failed.catch(() => ended.abort());
    await Promise.race([answers(port, ended.signal), failed]);
  }

  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    killChild();
    await ended;
  }

  async function leaveNothing(): Promise<void> {
    process.off('exit', killChild);
    await rm(directory, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await leaveNothing();
    throw error;
  }
  return {
    url: `redis://${options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`}127.0.0.1:${port}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    restart: start,
    async stop() {
      await kill();
      await leaveNothing();
    },
  };
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function answers(port: number, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const socket = createConnection(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      // PING is answered with +PONG, -NOAUTH or, while loading, -LOADING: the process listens.
      socket.write('PING\r\n');
      await once(socket, 'data');
      return;
    } catch {
      await sleep(20);
    } finally {
      socket.destroy();
    }
  }
}
