/** One upstream over HTTP: connections, timeouts, retries, and what counts as its trouble. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Got, got, RequestError } from 'got';
import type { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Names and values as they are, not encoded; a name may come more than once. */
export type Query = readonly (readonly [name: string, value: string])[];

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
  signal?: AbortSignal;
}

export interface Answer {
  /** 200 to 499; 3xx and 5xx never come this far. */
  status: number;
  /** Parsed but unchecked JSON; `undefined` for an empty body. */
  body: unknown;
}

export interface Upstream {
  /**
   * Sends one request. A GET is tried again once when the connection breaks or a proxy answers 502 to 504;
   * nothing else is, for it may have happened.
   *
   * Rejects with `UPSTREAM_UNAVAILABLE` for a 5xx, a broken or slow connection, or a body that is not
   * JSON (maintenance pages are HTML whatever their label says), and with `UPSTREAM_INVALID` for a redirect.
   */
  call(call: Call): Promise<Answer>;
  /** Closes the idle connections. */
  close(): void;
}

export interface UpstreamOptions {
  /** Names the upstream in the log. */
  name: string;
  baseUrl: string;
  timeoutMs: number;
  log: Logger;
  authorize?: Authorization;
}

const CONNECT_TIMEOUT_MS = 3_000;

/** A client of the upstream at `baseUrl`, with connections of its own and no cookies. */
export function upstream({ name, baseUrl, timeoutMs, log, authorize }: UpstreamOptions): Upstream {
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const client = clientOf(agents, timeoutMs);
  const base = baseUrl.replace(/\/+$/, '');

  async function send(call: Call, url: string, authorization: Record<string, string>) {
    const startedAt = performance.now();
    const search = queryString(call.query ?? []);
    const line = { upstream: name, method: call.method, route: call.route };
    try {
      const { statusCode, body } = await client(search === '' ? url : `${url}?${search}`, {
        method: call.method,
        ...(call.json !== undefined && { json: call.json }),
        ...(call.signal && { signal: call.signal }),
        headers: { accept: 'application/json', ...call.headers, ...authorization },
      });
      log.debug({ ...line, status: statusCode, ms: msSince(startedAt) }, 'upstream answered');
      return { status: statusCode, text: body };
    } catch (error) {
      const code = error instanceof RequestError ? error.code : undefined;
      log.warn({ ...line, code, ms: msSince(startedAt) }, 'upstream did not answer');
      // Got's own error carries the request with its headers, so it is not passed on.
      throw new Failure('UPSTREAM_UNAVAILABLE', {
        detail: `${name} ${call.method} ${call.route}: ${code ?? 'no answer'}`,
        cause: Object.assign(new Error('the upstream did not answer'), { code, status: null }),
      });
    }
  }

  async function authorized(call: Call, url: string) {
    if (authorize === undefined || call.anonymous) return send(call, url, {});
    const outgoing = { method: call.method, url, query: call.query ?? [] };
    const headers = await authorize.headers(outgoing);
    const answer = await send(call, url, headers);
    if (answer.status !== 401 || !(await authorize.renew?.(headers))) return answer;
    return send(call, url, await authorize.headers(outgoing));
  }

  return {
    async call(call) {
      const url = `${base}/${fill(call.route, call.params ?? {})}`;
      const { status, text } = await authorized(call, url);
      const trouble = (code: 'UPSTREAM_UNAVAILABLE' | 'UPSTREAM_INVALID', what: string) => {
        log.warn({ upstream: name, method: call.method, route: call.route, status }, `upstream ${what}`);
        return new Failure(code, {
          detail: `${name} ${call.method} ${call.route} ${what} (${status})`,
          cause: Object.assign(new Error('the upstream answered unusably'), { status }),
        });
      };
      if (status >= 500) throw trouble('UPSTREAM_UNAVAILABLE', 'is in trouble');
      if (status >= 300 && status < 400) throw trouble('UPSTREAM_INVALID', 'redirected');
      if (text.trim() === '') return { status, body: undefined };
      try {
        return { status, body: JSON.parse(text) };
      } catch {
        if (call.textRefusals && status >= 400) return { status, body: undefined };
        throw trouble('UPSTREAM_UNAVAILABLE', 'did not answer JSON');
      }
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
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

function clientOf(agent: { http: HttpAgent; https: HttpsAgent }, timeoutMs: number): Got {
  return got.extend({
    agent,
    timeout: { connect: Math.min(CONNECT_TIMEOUT_MS, timeoutMs), response: timeoutMs, request: timeoutMs },
    throwHttpErrors: false,
    // A redirect would carry our credentials to wherever it points.
    followRedirect: false,
    retry: {
      limit: 1,
      methods: ['GET'],
      statusCodes: [502, 503, 504],
      // A timeout is not among them: waiting twice helps nobody.
      errorCodes: ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'EAI_AGAIN'],
      maxRetryAfter: 0,
      calculateDelay: ({ computedValue }) => (computedValue === 0 ? 0 : 50),
    },
  });
}

/** Fills a route's `{names}`; a value stays one path segment whatever it holds. */
function fill(route: string, params: Readonly<Record<string, string>>): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    // "." and ".." climb even when percent-encoded, and nothing at all would be another route.
    if (value === undefined || /^\.*$/.test(value)) {
      throw new Failure('UPSTREAM_INVALID', { detail: `${route} cannot be asked for such a ${name}` });
    }
    return encodeURIComponent(value);
  });
}

/** Spaces as %20 and plus signs as %2B: M2 verifies signatures with `rawurldecode`, which leaves a + alone. */
function queryString(query: Query): string {
  return query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}

function msSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
