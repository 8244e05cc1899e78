/** Load on one server: so many connections, each with one operation under way at a time. */
import { Client, type Dispatcher } from 'undici';

export interface Ask {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: Buffer;
}

/** Sends one request and resolves with the body; rejects for every other status than 200. */
export type Send = (ask: Ask) => Promise<Buffer>;

/** The `n`th operation of this load, in one or more requests; rejects when the answer is not the right one. */
export type Operate = (send: Send, n: number) => Promise<void>;

export interface Load {
  origin: string;
  connections: number;
  warmSeconds: number;
  seconds: number;
  operate: Operate;
  /** Called when the measured time begins and when it ends. */
  mark(): void;
}

export interface LoadResult {
  /** Those that were answered rightly. */
  operations: number;
  failed: number;
  seconds: number;
  /** Of each operation, ascending. */
  ms: Float64Array;
}

const TIMEOUT_MS = 20_000;

/** The lowest level that undici has: a load generator has to be cheaper than what it measures. */
function senderOf(client: Client): Send {
  return (ask) =>
    new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      const options: Dispatcher.DispatchOptions = { ...ask, body: ask.body ?? null };
      client.dispatch(options, {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const [first] = chunks;
          const body = chunks.length === 1 && first ? first : Buffer.concat(chunks);
          if (status === 200) resolve(body);
          else reject(new Error(`${ask.path} answered ${status}: ${body.subarray(0, 500)}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      });
    });
}

/** One client with one connection, for what is asked outside of a load. */
export function connect(origin: string): { send: Send; close(): Promise<void> } {
  const client = new Client(origin, { headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  return { send: senderOf(client), close: () => client.destroy() };
}

/** Rejects with the last failure where nothing but failures came. */
export async function load(options: Load): Promise<LoadResult> {
  const { origin, connections, warmSeconds, seconds, operate, mark } = options;
  const startsAt = performance.now() + warmSeconds * 1000;
  const endsAt = startsAt + seconds * 1000;
  const times: number[] = [];
  let failed = 0;
  let failure: unknown;
  let next = 0;
  let isOver = false;

  async function visit(): Promise<void> {
    const { send, close } = connect(origin);
    while (!isOver) {
      const sentAt = performance.now();
      const isRight = await operate(send, next++).then(
        () => true,
        (error: unknown) => {
          failure = error;
          return false;
        },
      );
      const now = performance.now();
      if (now < startsAt || now >= endsAt) continue;
      if (isRight) times.push(now - sentAt);
      else failed += 1;
    }
    await close();
  }
  setTimeout(mark, warmSeconds * 1000);
  setTimeout(
    () => {
      mark();
      isOver = true;
    },
    (warmSeconds + seconds) * 1000,
  );
  await Promise.all(Array.from({ length: connections }, visit));
  if (failed > 0 && times.length === 0) throw failure;
  return { operations: times.length, failed, seconds, ms: Float64Array.from(times).sort() };
}
