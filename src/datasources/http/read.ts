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
  const { dispatcher, origin, path, headers, leftMs, gone } = options;

  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isOver = false;
    let statusCode = 0;
    const chunks: Buffer[] = [];

    function end(): void {
      isOver = true;
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    }
    function fail(code: string | undefined): void {
      if (isOver) return;
      end();
      const error = Object.assign(new Error('the upstream did not answer'), { code });
      reject(error);
      controller?.abort(error);
    }
    const leave = () => fail('ERR_ABORTED');
    const timer = setTimeout(fail, leftMs, 'ETIMEDOUT');
    gone?.addEventListener('abort', leave);

    dispatcher.dispatch(
      { origin, path, method: 'GET', headers },
      {
        onRequestStart(started) {
          controller = started;
          // It was given up while it waited for a connection.
          if (isOver) started.abort(new Error('nobody waits any more'));
        },
        onResponseStart(_controller, status) {
          statusCode = status;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          end();
          resolve({ statusCode, body: Buffer.concat(chunks).toString('utf8') });
        },
        onResponseError(_controller, error) {
          const { code = '' } = error as NodeJS.ErrnoException;
          fail(CODES[code] ?? code);
        },
      },
    );
  });
}
