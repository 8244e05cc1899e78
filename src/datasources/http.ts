/** One upstream over HTTP: timeouts, retries, and what counts as its trouble; `http/` bounds and guards it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import { currentOperation, remainingMs } from '../operation.ts';
import {
  type Answer,
  type Call,
  type Exchange,
  exchangerOf,
  type Method,
  type Sending,
} from './http/exchange.ts';
import { type Lanes, lanesOf } from './http/lanes.ts';
import type { Patience } from './http/slots.ts';
import { fill, type Query, queryString } from './http/url.ts';

export type { Answer, Call } from './http/exchange.ts';

/** What a signature covers. */
export interface Outgoing {
  method: Method;
  /** Absolute and encoded, without the query. */
  url: string;
  query: Query;
}

/** How a service proves itself to an upstream. */
export interface Authorization {
  headers(request: Outgoing): Headers | Promise<Headers>;
  /** Called with the headers, promised ones, that got a 401; resolves to `true` when another try may go through. */
  renew?(refused: Headers): Promise<boolean>;
}

type Headers = Record<string, string>;

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

// A write that cannot be waited for is better not sent: nobody would know whether it happened.
const LEAST_MS_TO_WRITE = 500;
const LONGEST_PAUSE_MS = 100;

/** A client of the upstream at `baseUrl`, without cookies. */
export function upstream(options: UpstreamOptions): Upstream {
  const { name, baseUrl, timeoutMs, log, authorize } = options;
  const lanes = options.lanes ?? lanesOf(name, { log });
  const { origin, pathname } = new URL(baseUrl);
  const base = origin + pathname.replace(/\/+$/, '');
  const leastMsToWrite = Math.min(LEAST_MS_TO_WRITE, timeoutMs / 2);
  const exchange = exchangerOf({ name, timeoutMs, log, observe: lanes.observe });

  function run(sending: Sending, headers: Headers): Promise<Exchange> {
    return sending.lane.run((isProbe) => exchange(sending, headers, isProbe), sending.patience);
  }

  /** With our credentials, and once more with new ones where those are refused. */
  function tryOnce(sending: Sending): Promise<Exchange> {
    const { call, url } = sending;
    if (authorize === undefined || call.anonymous) return run(sending, {});
    const outgoing = { method: call.method, url, query: call.query ?? [] };
    const headers = authorize.headers(outgoing);
    return headers instanceof Promise
      ? tryRenewing(sending, headers, authorize, outgoing)
      : run(sending, headers);
  }
  async function tryRenewing(
    sending: Sending,
    promised: Promise<Headers>,
    authorize: Authorization,
    outgoing: Outgoing,
  ): Promise<Exchange> {
    const headers = await promised;
    const first = await run(sending, headers);
    const isRefused = first.kind === 'answered' && first.answer.status === 401;
    if (!isRefused || !(await authorize.renew?.(headers))) return first;
    return run(sending, await authorize.headers(outgoing));
  }

  async function answerTo(sending: Sending): Promise<Answer> {
    const { call, lane, endsAt } = sending;
    const isRead = call.method === 'GET';
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
  }

  /** Throws for what cannot be asked at all. */
  function begin(call: Call): Promise<Answer> {
    const url = `${base}/${fill(call.route, call.params ?? {})}`;
    const search = queryString(call.query ?? []);
    const target = search === '' ? url : `${url}?${search}`;
    const lane = lanes.of(call.route);
    const endsAt = performance.now() + Math.min(timeoutMs, remainingMs());
    const send = (patience: Patience) =>
      answerTo({ call, origin, url, target, lane, patience, endsAt, requests: 0 });
    if (call.method !== 'GET') {
      lanes.shared.forget();
      return send({ endsAt: endsAt - leastMsToWrite, gone: null }).finally(lanes.shared.forget);
    }
    const patience = { endsAt, gone: currentOperation()?.gone ?? null };
    if (!call.isShared) return send(patience);
    return lanes.shared.read(target, patience, (gone) => send({ endsAt, gone }));
  }

  return {
    call(call) {
      try {
        return begin(call);
      } catch (error) {
        return Promise.reject(error);
      }
    },
    close: lanes.close,
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
