/** The request that work is done for: its ids, its time, and whether anybody still waits for it. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** @see https://www.w3.org/TR/trace-context/ */
export interface Trace {
  /** 32 hexadecimal digits. */
  id: string;
  /** The `traceparent` header as it came. */
  parent: string;
}

export interface Operation {
  readonly requestId: string;
  /** `null` where the caller traces nothing. */
  readonly trace: Trace | null;
  /** By `performance.now()`: no call to an upstream begins or lasts beyond it. `Infinity` where nobody waits. */
  readonly deadlineAt: number;
  /** Aborted when the client leaves; reads end with it. `null`: the work goes on to its end all the same. */
  gone: AbortSignal | null;
}

const operations = new AsyncLocalStorage<Operation>();

/** Runs `work`, and all that it starts, as part of `operation`. */
export function withinOperation<T>(operation: Operation, work: () => T): T {
  return operations.run(operation, work);
}

/** The operation at hand, for code that is not told which it is; `undefined` outside of requests. */
export function currentOperation(): Operation | undefined {
  return operations.getStore();
}

/** Milliseconds until the deadline of the operation at hand, 0 when it is over, `Infinity` for none. */
export function remainingMs(): number {
  const deadlineAt = operations.getStore()?.deadlineAt ?? Number.POSITIVE_INFINITY;
  return Math.max(0, deadlineAt - performance.now());
}

/** Lets the operation at hand go on to its end when its client leaves: it changes something. */
export function goOnWithoutClient(): void {
  const operation = operations.getStore();
  if (operation) operation.gone = null;
}

/**
 * Runs `work` under the ids of the operation at hand, but neither in its time nor ended with its client.
 *
 * For what goes on after the answer, and for what others wait for as well: a cache must not lose its
 * answer because the one who happened to ask first has left.
 */
export function apart<T>(work: () => T): T {
  const operation = operations.getStore();
  if (!operation) return work();
  return operations.run({ ...operation, deadlineAt: Number.POSITIVE_INFINITY, gone: null }, work);
}

/** What every log line says of the operation at hand. */
export function operationFields(): { requestId?: string; traceId?: string } {
  const operation = operations.getStore();
  if (!operation) return {};
  const { requestId, trace } = operation;
  return { requestId, ...(trace && { traceId: trace.id }) };
}
