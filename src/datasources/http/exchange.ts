/** One request to an upstream and what its answer means. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import { currentOperation, type Span, type SpanStart, withinSpan } from '../../operation.ts';
import type { Lane, UpstreamObserver } from './lanes.ts';
import { read } from './read.ts';
import type { Patience } from './slots.ts';
import type { Query } from './url.ts';
import { write } from './write.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

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
  /** A GET whose answer others may share who ask the same at this moment: it is for showing, not for writing back. */
  isShared?: boolean;
  /** Every answer has `body: undefined`, whatever it says: its status is all that counts. */
  ignoresBody?: boolean;
}

export interface Answer {
  /** 200 to 499, without 3xx, 408 and 429; the others never come this far. */
  status: number;
  /** Parsed but unchecked JSON; `undefined` for an empty body. */
  body: unknown;
}

/** One call on its way. */
export interface Sending {
  call: Call;
  /** What `url` and `target` begin with. */
  origin: string;
  /** Without the query. */
  url: string;
  /** With the query. */
  target: string;
  lane: Lane;
  /** Until when it waits for its turn. */
  patience: Patience;
  /** By `performance.now()`: when the whole answer has to be there. */
  endsAt: number;
  /** How many requests it has taken so far. */
  requests: number;
}

/** What came of one request. */
export type Exchange =
  | { kind: 'answered'; answer: Answer; isTrouble: false }
  | { kind: 'failed'; failure: Failure; isTrouble: boolean; mayRepeat: boolean };

// A timeout is not among them: waiting twice helps nobody.
const REPEATABLE_CODES = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN']);
const REPEATABLE_STATUSES = new Set([502, 503, 504]);
// They speak of load, not of what was asked: a patient is not unknown because too many ask.
const NOT_NOW = new Set([408, 429]);

/**
 * A function that sends one request and never rejects for what comes of it.
 *
 * `isProbe`: an open circuit hangs on it, so that whatever proves nothing counts as trouble.
 */
export function exchangerOf(options: {
  name: string;
  timeoutMs: number;
  log: Logger;
  observe: UpstreamObserver | undefined;
}): (sending: Sending, headers: Record<string, string>, isProbe: boolean) => Promise<Exchange> {
  const { name, timeoutMs, log, observe } = options;

  async function exchange(
    sending: Sending,
    headers: Record<string, string>,
    isProbe: boolean,
    span: Span | undefined,
  ): Promise<Exchange> {
    const {
      call,
      lane,
      endsAt,
      patience: { gone },
    } = sending;
    sending.requests += 1;
    const startedAt = performance.now();
    const { method, route } = call;
    const sent = (status: number | null) =>
      observe?.sent({
        upstream: lane.name,
        method,
        route,
        status,
        seconds: (performance.now() - startedAt) / 1000,
      });
    const line = () => ({ upstream: name, method, route, ms: Math.round(performance.now() - startedAt) });
    const leftMs = Math.max(1, Math.ceil(endsAt - startedAt));
    try {
      const { statusCode, body } = await send(sending, headers, leftMs);
      sent(statusCode);
      if (log.isLevelEnabled('debug')) log.debug({ ...line(), status: statusCode }, 'upstream answered');
      span?.add({ 'http.response.status_code': statusCode });
      const judged = judge(statusCode, body, { name, call, log });
      if (judged.kind === 'failed') span?.fail(judged.failure.code);
      return judged;
    } catch (error) {
      const code = codeOf(error);
      sent(null);
      const hasLeft = gone?.aborted === true;
      if (!hasLeft) span?.fail(code ?? 'UPSTREAM_UNAVAILABLE');
      log[hasLeft ? 'debug' : 'warn']({ ...line(), code }, 'upstream did not answer');
      // Who left, or had little time to begin with, has proven nothing.
      const isUnproven = hasLeft || (code === 'ETIMEDOUT' && leftMs < timeoutMs / 2);
      // Got's own error carries the request with its headers, so it is not passed on.
      const failure = new Failure('UPSTREAM_UNAVAILABLE', {
        detail: `${name} ${method} ${route}: ${code ?? 'no answer'}`,
        cause: Object.assign(new Error('the upstream did not answer'), { code, status: null }),
      });
      const mayRepeat = !hasLeft && code !== undefined && REPEATABLE_CODES.has(code);
      return { kind: 'failed', failure, isTrouble: isProbe || !isUnproven, mayRepeat };
    } finally {
      span?.end();
    }
  }

  return (sending, headers, isProbe) =>
    withinSpan(
      () => spanOf(name, sending),
      (span) => exchange(sending, headers, isProbe, span),
    );
}

/** By the route's template alone: what fills it and the query say whom it is about. */
function spanOf(name: string, { call: { method, route }, url, requests }: Sending): SpanStart {
  const { hostname, port, protocol } = new URL(url);
  const template = route || '/';
  return {
    name: `${method} ${template}`,
    kind: 'client',
    attributes: {
      'peer.service': name,
      'http.request.method': method,
      'url.template': template,
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      ...(requests > 0 && { 'http.request.resend_count': requests }),
    },
  };
}

/** What an upstream answered, as far as it is of use. */
function judge(
  status: number,
  text: string,
  { name, call, log }: { name: string; call: Call; log: Logger },
): Exchange {
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

  if (status >= 500) return failed('UPSTREAM_UNAVAILABLE', 'is in trouble', { isTrouble: true });
  if (NOT_NOW.has(status)) return failed('UPSTREAM_UNAVAILABLE', 'is asked too much', { isTrouble: false });
  if (status >= 300 && status < 400) return failed('UPSTREAM_INVALID', 'redirected', { isTrouble: false });
  let body: unknown;
  try {
    if (!call.ignoresBody && text.trim() !== '') body = JSON.parse(text);
  } catch {
    const isRefusal = call.textRefusals && status >= 400;
    if (!isRefusal) return failed('UPSTREAM_UNAVAILABLE', 'did not answer JSON', { isTrouble: true });
  }
  return { kind: 'answered', answer: { status, body }, isTrouble: false };
}

function send(
  { call, origin, target, lane, patience: { gone } }: Sending,
  headers: Record<string, string>,
  leftMs: number,
): Promise<{ statusCode: number; body: string }> {
  const trace = currentOperation()?.trace;
  const all = {
    accept: 'application/json',
    ...(trace && { traceparent: trace.parent }),
    ...(trace?.state !== undefined && { tracestate: trace.state }),
    ...call.headers,
    ...headers,
  };
  if (call.method === 'GET') {
    const path = target.slice(origin.length);
    return read({ dispatcher: lane.reads, origin, path, headers: all, leftMs, gone });
  }
  const { method, json } = call;
  return write({ method, url: target, json, headers: all, agents: lane.agents, leftMs });
}

/** Got's and Node's name for what went wrong; `undefined` where it has none. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
