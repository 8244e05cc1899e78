/** The request that work is done for: its ids, its trace, its time, and whether anybody still waits for it. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** @see https://www.w3.org/TR/trace-context/ */
export interface Trace {
  /** 32 hexadecimal digits. */
  id: string;
  /** The `traceparent` header of what is asked of others: as it came, or with the id of the span at hand. */
  parent: string;
  /** The `tracestate` header as it came, which goes wherever the trace goes. */
  state?: string;
}

/** What a span says from its beginning. Nothing of a document, of variables or of a person may be in it. */
export interface SpanStart {
  /** One of a few that are known beforehand: a field, a route's template. */
  name: string;
  kind: 'server' | 'client' | 'internal';
  attributes?: SpanAttributes;
}

/** By OpenTelemetry's names. @see https://opentelemetry.io/docs/specs/semconv/ */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A part of an operation that is recorded. */
export interface Span {
  /** For what is asked of others within it. */
  readonly trace: Trace;
  /** Begins a part of this one. */
  begin(start: SpanStart): Span;
  rename(name: string): void;
  add(attributes: SpanAttributes): void;
  /** Marks it as failed; `type` is a code, never a message. */
  fail(type: string): void;
  end(): void;
}

export interface Operation {
  readonly requestId: string;
  /** `null` where the caller traces nothing. */
  readonly trace: Trace | null;
  /** The part of the operation that is at hand; absent where nothing is recorded. */
  readonly span?: Span | undefined;
  /** By `performance.now()`: no call to an upstream begins or lasts beyond it. `Infinity` where nobody waits. */
  readonly deadlineAt: number;
  /** Aborted when the client leaves; reads end with it. `null`: the work goes on to its end all the same. */
  gone: Gone | null;
}

/** The part of an `AbortSignal` that work on requests needs. */
export interface Gone {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** An `AbortController` for every request and read, hardly any of which is ever aborted: Node's own takes many times as long. */
export class Leaving implements Gone {
  aborted = false;
  readonly #listeners: (() => void)[] = [];

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  leave(): void {
    if (this.aborted) return;
    this.aborted = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
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

/**
 * Runs `work` as a part of the operation at hand, under a span that `work` has to end.
 *
 * Where nothing is recorded there is no span, and `start` is not called.
 */
export function withinSpan<T>(start: () => SpanStart, work: (span: Span | undefined) => T): T {
  const operation = operations.getStore();
  if (!operation?.span) return work(undefined);
  const span = operation.span.begin(start());
  return operations.run({ ...operation, trace: span.trace, span }, () => work(span));
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
