/** One connection to a server, byte by byte, for what no HTTP client would send. */
import { connect } from 'node:net';
import type { Wire } from './requests.ts';

export interface Reply {
  /** 0 where the connection was closed without an answer. */
  status: number;
  headers: ReadonlyMap<string, string>;
  body: string;
}

// A server that still waits for more by then has not been told where the request ends.
const PATIENCE_MS = 30;

/** The first answer to what is sent; rejects where there is none, and no end of the connection, in time. */
export function exchange(port: number, { bytes, ends }: Wire, timeoutMs: number): Promise<Reply> {
  const isHead = bytes.toString('latin1', 0, 5) === 'HEAD ';
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    // Not at once: Node's server drops the answer for a client that has said its last word.
    const ending = setTimeout(() => ends && socket.end(), PATIENCE_MS);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${timeoutMs} ms to ${bytes.toString('latin1').slice(0, 1000)}`));
    }, timeoutMs);
    function done(reply: Reply | null): void {
      clearTimeout(timer);
      clearTimeout(ending);
      socket.destroy();
      resolve(reply ?? { status: 0, headers: new Map(), body: '' });
    }
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const reply = replyOf(received, isHead);
      if (reply !== null) done(reply);
    });
    // A reset may follow an answer that says no before everything was read.
    socket.on('error', () => {});
    socket.on('close', () => done(replyOf(received, isHead)));
  });
}

/** `null` while more of it is to come. */
function replyOf(bytes: Buffer, isHead: boolean): Reply | null {
  const at = bytes.indexOf('\r\n\r\n');
  if (at < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, at).split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.replace(/^[^:]*: */, '')]),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  const rest = bytes.subarray(at + 4);
  // What is announced only: after `100 Continue` and the like comes the real one.
  if (status < 200) return replyOf(rest, isHead);
  const body = isHead || status === 204 ? Buffer.alloc(0) : bodyOf(headers, rest);
  return body && { status, headers, body: body.toString() };
}

/** The body, or `null` while more of it is to come. */
function bodyOf(headers: ReadonlyMap<string, string>, bytes: Buffer): Buffer | null {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const length = Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY);
    return bytes.length < length ? null : bytes.subarray(0, length);
  }
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || lineEnd + 2 + size > bytes.length) return null;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
