/** The ids by which an answer, what is said of its errors, the log lines and other services' traces belong together. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { provesRouter } from '../context.ts';
import { currentOperation, type Trace } from '../operation.ts';

const SANE = /^[\w.-]{1,128}$/;
const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}$/;
const TRACESTATE = /^[ -~]{1,512}$/;

/** The id of the request at hand, for code that is not told which it is; `undefined` outside of requests. */
export function currentRequestId(): string | undefined {
  return currentOperation()?.requestId;
}

/**
 * The gateway's own `x-request-id`, so that one id goes through the whole graph, else a new one.
 *
 * Nobody else's: what a client makes up could be another request's id, or something that has no place in a log.
 */
export function requestIdOf(headers: IncomingHttpHeaders, routerSecrets: readonly string[]): string {
  const given = headers['x-request-id'];
  const isGood = typeof given === 'string' && SANE.test(given) && provesRouter({ headers }, routerSecrets);
  return isGood ? given : randomUUID();
}

/** The caller's trace; `null` where there is none, or none of the form of version 00. */
export function traceOf({ traceparent, tracestate }: IncomingHttpHeaders): Trace | null {
  if (typeof traceparent !== 'string') return null;
  const [, id = '', span = ''] = TRACEPARENT.exec(traceparent) ?? [];
  // Ids of nothing but zeros stand for none.
  if (!/[^0]/.test(id) || !/[^0]/.test(span)) return null;
  const hasState = typeof tracestate === 'string' && TRACESTATE.test(tracestate);
  return { id, parent: traceparent, ...(hasState && { state: tracestate }) };
}
