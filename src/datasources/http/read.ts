/** GET requests by undici, which takes a fraction of the time that got takes: most of what upstreams are asked is read. */
import { Agent, type Dispatcher } from 'undici';
import type { Gone } from '../../operation.ts';

export const CONNECT_TIMEOUT_MS = 3_000;
const IDLE_MS = 10_000;
/** No answer of an upstream is larger; what is, is broken off. */
export const MOST_BYTES = 10 * 1024 * 1024;

/** The names by which got, and Node itself, call the same. */
const CODES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
};

/** Connections for reads, `sockets` of them to each host. */
export function readAgent(sockets: number): Agent {
  return new Agent({
    connections: sockets,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: IDLE_MS,
    // One timer for each request, set in `read`, takes the place of these two.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MOST_BYTES,
  });
}

/**
 * Reads a path; redirects are answers like others.
 *
 * Rejects with an `Error` whose `code` is `ETIMEDOUT` when the whole answer is not there within `leftMs`, `ERR_ABORTED`
 * when `gone` is aborted, and that of the broken connection else.
 */
export function read(options: {
  dispatcher: Dispatcher;
  origin: string;
  /** Encoded, with the query. */
  path: string;
  headers: Record<string, string>;
  leftMs: number;
  gone: Gone | null;
}): Promise<{ statusCode: number; body: string }> {
  const { dispatcher, origin, path, headers } = options;
  return new Promise((resolve, reject) => {
    const reading = new Reading(options, resolve, reject);
    dispatcher.dispatch({ origin, path, method: 'GET', headers }, reading);
  });
}

/** What undici tells of one request. */
class Reading implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: { statusCode: number; body: string }) => void;
  readonly #reject: (error: Error) => void;
  readonly #gone: Gone | null;
  readonly #timer: NodeJS.Timeout;
  readonly #leave = () => this.#fail('ERR_ABORTED');
  readonly #chunks: Buffer[] = [];
  #statusCode = 0;
  #isOver = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(
    { leftMs, gone }: { leftMs: number; gone: Gone | null },
    resolve: (answer: { statusCode: number; body: string }) => void,
    reject: (error: Error) => void,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#gone = gone;
    this.#timer = setTimeout(() => this.#fail('ETIMEDOUT'), leftMs);
    gone?.addEventListener('abort', this.#leave);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It was given up while it waited for a connection.
    if (this.#isOver) controller.abort(new Error('nobody waits any more'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#statusCode = statusCode;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#end();
    const [first] = this.#chunks;
    const whole = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#resolve({ statusCode: this.#statusCode, body: whole.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: NodeJS.ErrnoException): void {
    const { code = '' } = error;
    this.#fail(CODES[code] ?? code);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#gone?.removeEventListener('abort', this.#leave);
  }

  #fail(code: string): void {
    if (this.#isOver) return;
    this.#end();
    const error = Object.assign(new Error('the upstream did not answer'), { code });
    this.#reject(error);
    this.#controller?.abort(error);
  }
}
