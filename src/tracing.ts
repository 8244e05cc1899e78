/** OpenTelemetry: what it makes of spans, and how they get to a collector. Loaded only where one is configured. */
import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import * as otel from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from './logger.ts';
import type { Operation, Span, SpanStart, Trace } from './operation.ts';

// A collector that is away must not keep the process from ending.
const FLUSH_MS = 3_000;
const EXPORTED = 0;

const KINDS = {
  server: otel.SpanKind.SERVER,
  client: otel.SpanKind.CLIENT,
  internal: otel.SpanKind.INTERNAL,
} as const;

export interface TracingOptions {
  /** Base URL of a collector that takes OTLP over HTTP. */
  url: string;
  serviceName: string;
  /** Of the operations whose caller has not decided, 0 to 1. */
  share: number;
}

export interface Tracing {
  /** Begins an operation, as a part of its caller's trace if that has one. Not recorded, it has a trace and no span. */
  begin(start: SpanStart, caller: Trace | null): Pick<Operation, 'trace' | 'span'>;
  /** Sends what is recorded, as far as that goes within three seconds. */
  close(): Promise<void>;
}

/** Nothing waits for the collector: spans are sent in batches, and dropped where it does not take them. */
export function startTracing({ url, serviceName, share }: TracingOptions, log: Logger): Tracing {
  const exporter = new OTLPTraceExporter({ url: `${url.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: reporting(exporter, log) })],
  });
  const tracer = provider.getTracer('customer-subgraph');

  function begin({ name, kind, attributes }: SpanStart, parent: otel.Context, state: string | undefined) {
    const span = tracer.startSpan(name, { kind: KINDS[kind], ...(attributes && { attributes }) }, parent);
    const { traceId, spanId, traceFlags } = span.spanContext();
    const flags = traceFlags.toString(16).padStart(2, '0');
    const trace = {
      id: traceId,
      parent: `00-${traceId}-${spanId}-${flags}`,
      ...(state !== undefined && { state }),
    };
    return { trace, span };
  }

  function recorded({ trace, span }: ReturnType<typeof begin>): Span {
    const within = otel.trace.setSpan(otel.ROOT_CONTEXT, span);
    return {
      trace,
      begin: (start) => recorded(begin(start, within, trace.state)),
      rename: (name) => void span.updateName(name),
      add: (attributes) => void span.setAttributes(attributes),
      fail(type) {
        span.setAttribute('error.type', type);
        span.setStatus({ code: otel.SpanStatusCode.ERROR });
      },
      end: () => span.end(),
    };
  }

  return {
    begin(start, caller) {
      const begun = begin(start, caller ? contextOf(caller) : otel.ROOT_CONTEXT, caller?.state);
      return begun.span.isRecording()
        ? { trace: begun.trace, span: recorded(begun) }
        : { trace: begun.trace };
    },
    async close() {
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, sleep(FLUSH_MS, undefined, { ref: false })]);
    },
  };
}

function contextOf({ parent }: Trace): otel.Context {
  const [, traceId = '', spanId = '', flags = ''] = parent.split('-');
  const traceFlags = Number.parseInt(flags, 16) & otel.TraceFlags.SAMPLED;
  return otel.trace.setSpanContext(otel.ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** Says in the log when spans cease to get through, and when they get through again: once each. */
function reporting(exporter: SpanExporter, log: Logger): SpanExporter {
  let isAway = false;
  return {
    // Bound to this moment: whichever operation's span fills a batch, sending it is not done in its name.
    export: AsyncResource.bind((spans, done) => {
      exporter.export(spans, (result) => {
        if (isAway !== (result.code !== EXPORTED)) {
          isAway = !isAway;
          if (isAway) log.warn({ err: result.error }, 'the collector takes no traces');
          else log.info('the collector takes traces again');
        }
        done(result);
      });
    }),
    shutdown: () => exporter.shutdown(),
  };
}
