/** The service as a process of its own, and an upstream that answers when a test lets it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = new URL('../..', import.meta.url).pathname;

export interface ServiceProcess {
  /** Everything written to standard output so far. */
  output(): string;
  /** Everything written to standard error so far. */
  errors(): string;
  /** Where GraphQL answers, once the ready line has said so. */
  ready(): Promise<string>;
  /** `undefined` when it could not be started. */
  pid: number | undefined;
  signal(name: NodeJS.Signals): void;
  /** The exit code, or the signal that ended the process. */
  ended(): Promise<number | NodeJS.Signals | null>;
  /** Ends it whatever it does. */
  kill(): Promise<void>;
}

export interface Program {
  /** The program and its arguments. */
  command: readonly string[];
  cwd: string;
  /** Whose rights it has; those of this process where left out. */
  uid?: number;
  gid?: number;
}

const FROM_SOURCE: Program = { command: [process.execPath, '--import', 'tsx', 'src/main.ts'], cwd: ROOT };

/** Starts the service with these settings alone: nothing of this process's environment but the path. */
export function startProcess(
  env: Record<string, string> = {},
  { command: [file = '', ...args], ...where }: Program = FROM_SOURCE,
): ServiceProcess {
  const child: ChildProcess = spawn(file, args, {
    ...where,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      written[name] += chunk;
    });
  }
  // Unlike 'exit' it comes after everything that was written.
  const closed = once(child, 'close').then(([code, signal]) => code ?? signal);

  return {
    output: () => written.stdout,
    errors: () => written.stderr,
    async ready() {
      const giveUpAt = performance.now() + 20_000;
      for (;;) {
        const url = written.stdout.match(/"url":"http:\/\/localhost:(\d+)\/graphql"/);
        if (url) return `http://127.0.0.1:${url[1]}/graphql`;
        if (performance.now() > giveUpAt) throw new Error(`not ready: ${written.stdout}${written.stderr}`);
        await sleep(20);
      }
    },
    pid: child.pid,
    signal: (name) => void child.kill(name),
    ended: () => closed,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

export interface Gate {
  url: string;
  /** The bodies of requests that wait. */
  waiting: string[];
  /** Requests wait from now on. */
  shut(): void;
  /** Answers those that wait, and all that come later. */
  open(): void;
  close(): Promise<void>;
}

/** A door in front of the server at `origin`: what comes is passed on to it unless the door is shut. */
export async function gateTo(origin: string): Promise<Gate> {
  const waiting: string[] = [];
  let opened = Promise.resolve();
  let open = () => {};

  async function pass({ method = 'GET', url, headers }: IncomingMessage, body: Buffer): Promise<Response> {
    const { 'content-type': type, authorization } = headers;
    return fetch(`${origin}${url === '/' ? '' : url}`, {
      method,
      headers: { ...(type && { 'content-type': type }), ...(authorization && { authorization }) },
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const text = body.toString();
    waiting.push(text);
    await opened;
    waiting.splice(waiting.indexOf(text), 1);
    const passed = await pass(request, body);
    response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/plain' });
    response.end(Buffer.from(await passed.arrayBuffer()));
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    waiting,
    shut() {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    async close() {
      open();
      server.closeAllConnections();
      server.close();
    },
  };
}
