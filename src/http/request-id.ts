/** The one id by which an answer, what is said of its errors, and the log lines belong together. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { provesRouter } from '../context.ts';

const SANE = /^[\w.-]{1,128}$/;

const ids = new AsyncLocalStorage<string>();

/** Runs `work` as part of the request `id`. */
export function withinRequest(id: string, work: () => void): void {
  ids.run(id, work);
}

/** The id of the request at hand, for code that is not told which it is; `undefined` outside of requests. */
export function currentRequestId(): string | undefined {
  return ids.getStore();
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
