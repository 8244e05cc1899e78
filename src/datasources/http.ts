/** One upstream over HTTP: timeouts, retries, and what counts as its trouble; `http/` bounds and guards it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { got, RequestError } from 'got';
import type { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import { currentOperation, remainingMs } from '../operation.ts';
import { type Lane, type Lanes, lanesOf } from './http/lanes.ts';
import type { Patience } from './http/slots.ts';
import { fill, type Query, queryString } from './http/url.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a signature covers. */
export interface Outgoing {
  method: Method;
  /** Absolute and encoded, without the query. */
  url: string;
  query: Query;
}

/** How a service proves itself to an upstream. */
export interface Authorization {
  headers(request: Outgoing): Promise<Record<string, string>>;
  /** Called with the headers that got a 401; resolves to `true` when another try may go through. */
  renew?(refused: Record<string, string>): Promise<boolean>;
}

export interface Call {
  method: Method;
  /** The path below the base URL with `{name}` for what `params` fills in. Only this template is logged. */
  route: string;
  params?: Readonly<Record<string, string>>;
  query?: Query;
  json?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Leaves the upstream's own `authorize` out. */
  anonymous?: boolean;
  /** A 4xx with a body that is no JSON is answered with `body: undefined` instead of being a failure. */
  textRefusals?: boolean;
  /** Every answer has `body: undefined`, whatever it says: its status is all that counts. */
  ignoresBody?: boolean;
}

export interface Answer {
  /** 200 to 499, without 3xx, 408 and 429; the others never come this far. */
  status: number;
  /** Parsed but unchecked JSON; `undefined` for an empty body. */
  body: unknown;
}

export interface Upstream {
  /**
   * Sends one request, in its turn and within the time of the upstream and of the operation at hand.
   *
   * A GET is tried once more when the connection breaks or a proxy answers 502 to 504, as long as few calls
   * are; nothing else is, for it may have happened. A GET ends with the client that it is for, unless the
   * operation goes on without one.
   *
   * Rejects with `UPSTREAM_UNAVAILABLE` for a 5xx, a broken or slow connection, a body that is not JSON
   * (maintenance pages are HTML whatever their label says), a 408 or 429, and without having asked when the
   * upstream is in trouble already; with `UPSTREAM_INVALID` for a redirect.
   */
  call(call: Call): Promise<Answer>;
  /** Closes the idle connections. */
  close(): void;
}

export interface UpstreamOptions {
  /** Names the upstream in the log. */
  name: string;
  baseUrl: string;
  /** For one call: its turn in the queue, its second try and its whole answer included. */
  timeoutMs: number;
  log: Logger;
  authorize?: Authorization;
  /** To be shared by all clients of one upstream; without them the client has its own. */
  lanes?: Lanes;
}

/** What came of one request. */
type Exchange =
  | { kind: 'answered'; answer: Answer; isTrouble: false }
  | { kind: 'failed'; failure: Failure; isTrouble: boolean; mayRepeat: boolean };

const CONNECT_TIMEOUT_MS = 3_000;
const MOST_BYTES = 10 * 1024 * 1024;
// A write that cannot be waited for is better not sent: nobody would know whether it happened.
const LEAST_MS_TO_WRITE = 500;
const LONGEST_PAUSE_MS = 100;
// A timeout is not among them: waiting twice helps nobody.
const REPEATABLE_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN']);
const REPEATABLE_STATUSES = new Set([502, 503, 504]);
// They speak of load, not of what was asked: a patient is not unknown because too many ask.
const NOT_NOW = new Set([408, 429]);

const client = got.extend({
  throwHttpErrors: false,
  // A redirect would carry our credentials to wherever it points.
  followRedirect: false,
  retry: { limit: 0 },
});

/** A client of the upstream at `baseUrl`, without cookies. */
export function upstream(options: UpstreamOptions): Upstream {
  const { name, baseUrl, timeoutMs, log, authorize } = options;
  const lanes = options.lanes ?? lanesOf(name, { log });
  const base = baseUrl.replace(/\/+$/, '');

  /** `isProbe`: an open circuit hangs on it, so that whatever proves nothing counts as trouble. */
  async function exchange(
    sending: Sending,
    headers: Record<string, string>,
    isProbe: boolean,
  ): Promise<Exchange> {
    const { call, lane, endsAt, gone } = sending;
    const startedAt = performance.now();
    const line = { upstream: name, method: call.method, route: call.route };
    const ms = () => Math.round(performance.now() - startedAt);
    const sent = (status: number | null) =>
      lanes.observe?.sent({
        ...line,
        upstream: lane.name,
        status,
        seconds: (performance.now() - startedAt) / 1000,
      });
    const leftMs = Math.max(1, Math.ceil(endsAt - startedAt));
    try {
      const { statusCode, body } = await send(sending, headers, leftMs);
      sent(statusCode);
      log.debug({ ...line, status: statusCode, ms: ms() }, 'upstream answered');
      return judge(sending, statusCode, body);
    } catch (error) {
      const code = error instanceof RequestError ? error.code : undefined;
      sent(null);
      const hasLeft = gone?.aborted === true;
      log[hasLeft ? 'debug' : 'warn']({ ...line, code, ms: ms() }, 'upstream did not answer');
      // Who left, or had little time to begin with, has proven nothing.
      const isUnproven = hasLeft || (code === 'ETIMEDOUT' && leftMs < timeoutMs / 2);
      // Got's own error carries the request with its headers, so it is not passed on.
      const failure = new Failure('UPSTREAM_UNAVAILABLE', {
        detail: `${name} ${call.method} ${call.route}: ${code ?? 'no answer'}`,
        cause: Object.assign(new Error('the upstream did not answer'), { code, status: null }),
      });
      const mayRepeat = !hasLeft && code !== undefined && REPEATABLE_CODES.has(code);
      return { kind: 'failed', failure, isTrouble: isProbe || !isUnproven, mayRepeat };
    }
  }

  function judge({ call }: Sending, status: number, text: string): Exchange {
    const failed = (
      code: 'UPSTREAM_UNAVAILABLE' | 'UPSTREAM_INVALID',
      what: string,
      { isTrouble }: { isTrouble: boolean },
    ): Exchange => {
      log.warn({ upstream: name, method: call.method, route: call.route, status }, `upstream ${what}`);
      const failure = new Failure(code, {
        detail: `${name} ${call.method} ${call.route} ${what} (${status})`,
        cause: Object.assign(new Error('the upstream answered unusably'), { status }),
      });
      return { kind: 'failed', failure, isTrouble, mayRepeat: REPEATABLE_STATUSES.has(status) };
    };
    const answered = (body?: unknown): Exchange => ({
      kind: 'answered',
      answer: { status, body },
      isTrouble: false,
    });

    if (status >= 500) return failed('UPSTREAM_UNAVAILABLE', 'is in trouble', { isTrouble: true });
    if (NOT_NOW.has(status)) return failed('UPSTREAM_UNAVAILABLE', 'is asked too much', { isTrouble: false });
    if (status >= 300 && status < 400) return failed('UPSTREAM_INVALID', 'redirected', { isTrouble: false });
    if (call.ignoresBody || text.trim() === '') return answered();
    try {
      return answered(JSON.parse(text));
    } catch {
      if (call.textRefusals && status >= 400) return answered();
      return failed('UPSTREAM_UNAVAILABLE', 'did not answer JSON', { isTrouble: true });
    }
  }

  /** With our credentials, and once more with new ones where those are refused. */
  async function tryOnce(sending: Sending): Promise<Exchange> {
    const { call, url, lane } = sending;
    const run = (headers: Record<string, string>) =>
      lane.run((isProbe) => exchange(sending, headers, isProbe), sending);
    if (authorize === undefined || call.anonymous) return run({});
    const outgoing = { method: call.method, url, query: call.query ?? [] };
    const headers = await authorize.headers(outgoing);
    const first = await run(headers);
    const isRefused = first.kind === 'answered' && first.answer.status === 401;
    if (!isRefused || !(await authorize.renew?.(headers))) return first;
    return run(await authorize.headers(outgoing));
  }

  return {
    async call(call) {
      const url = `${base}/${fill(call.route, call.params ?? {})}`;
      const lane = lanes.of(call.route);
      const isRead = call.method === 'GET';
      const inTimeMs = remainingMs();
      if (!isRead && inTimeMs < LEAST_MS_TO_WRITE) return lane.refuse('deadline');
      const endsAt = performance.now() + Math.min(timeoutMs, inTimeMs);
      const sending: Sending = {
        call,
        url,
        lane,
        endsAt,
        gone: (isRead && currentOperation()?.gone) || null,
      };

      lane.retries.called();
      let last = await tryOnce(sending);
      if (isRead && last.kind === 'failed' && last.mayRepeat) {
        const pauseMs = LONGEST_PAUSE_MS * (0.5 + Math.random() / 2);
        if (performance.now() + pauseMs < endsAt && lane.retries.take()) {
          await sleep(pauseMs);
          lanes.observe?.retried(lane.name);
          last = await tryOnce(sending);
        }
      }
      if (last.kind === 'failed') throw last.failure;
      return last.answer;
    },
    close: lanes.close,
  };
}

/** One call on its way. */
interface Sending extends Patience {
  call: Call;
  url: string;
  lane: Lane;
}

async function send({ call, url, lane, gone }: Sending, headers: Record<string, string>, leftMs: number) {
  const search = queryString(call.query ?? []);
  const trace = currentOperation()?.trace;
  const sending = client(search === '' ? url : `${url}?${search}`, {
    method: call.method,
    agent: lane.agents,
    timeout: { connect: Math.min(CONNECT_TIMEOUT_MS, leftMs), response: leftMs, request: leftMs },
    ...(call.json !== undefined && { json: call.json }),
    ...(gone && { signal: gone }),
    headers: {
      accept: 'application/json',
      ...(trace && { traceparent: trace.parent }),
      ...call.headers,
      ...headers,
    },
  });
  sending.on('downloadProgress', ({ transferred }) => {
    if (transferred > MOST_BYTES) sending.cancel();
  });
  return sending;
}

/**
 * A function that checks an upstream's JSON against `schema`.
 *
 * It throws `UPSTREAM_INVALID` naming the places that do not fit, never the values there.
 */
export function reader<Wire>(what: string, schema: z.ZodType<Wire>): (body: unknown) => Wire {
  return (body) => {
    const read = schema.safeParse(body);
    if (read.success) return read.data;
    const places = read.error.issues.map((issue) => issue.path.map(String).join('.') || '(root)');
    throw new Failure('UPSTREAM_INVALID', {
      detail: `${what}: ${[...new Set(places)].slice(0, 20).join(', ')}`,
    });
  };
}
