/** A collector of OpenTelemetry's traces, which takes what services send it over HTTP or does not. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';

/** The fields of OTLP's messages that tests read. @see https://github.com/open-telemetry/opentelemetry-proto */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; } }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; SpanKind kind = 6;
    fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9; Status status = 15;
  }
  enum SpanKind { UNSPECIFIED = 0; INTERNAL = 1; SERVER = 2; CLIENT = 3; }
  message Status { string message = 2; StatusCode code = 3; }
  enum StatusCode { UNSET = 0; OK = 1; ERROR = 2; }
`);
const ExportRequest = root.lookupType('ExportTraceServiceRequest');

type Attributes = Record<string, string | number | boolean>;

export interface ExportedSpan {
  service: unknown;
  traceId: string;
  spanId: string;
  /** Empty for the first of its trace. */
  parentId: string;
  name: string;
  kind: 'INTERNAL' | 'SERVER' | 'CLIENT';
  attributes: Attributes;
  status: 'UNSET' | 'ERROR';
  ms: number;
}

export interface Collector {
  /** Takes the place of `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string;
  /** What it does with what comes from now on. */
  mood: 'takes' | 'refuses' | 'is silent';
  /** The paths that were asked, those that were refused as well. */
  asked: string[];
  /** What it has taken, as it was sent. */
  taken: Buffer[];
  spans(): ExportedSpan[];
  close(): Promise<void>;
}

/** Listens on a free port. */
export async function startCollector(): Promise<Collector> {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    collector.asked.push(request.url ?? '');
    if (collector.mood === 'is silent') return;
    if (collector.mood === 'refuses') return void response.writeHead(400).end();
    collector.taken.push(body);
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const collector: Collector = {
    url: `http://127.0.0.1:${port}`,
    mood: 'takes',
    asked: [],
    taken: [],
    spans: () => collector.taken.flatMap(spansIn),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return collector;
}

/** A request as it is on the wire. */
interface Sent {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { spans: SentSpan[] }[];
  }[];
}
interface SentSpan extends Pick<ExportedSpan, 'name' | 'kind'> {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId?: Buffer;
  startTimeUnixNano: number;
  endTimeUnixNano: number;
  attributes: KeyValue[];
  status: { code?: 'ERROR' };
}
interface KeyValue {
  key: string;
  value: Attributes;
}

function spansIn(bytes: Buffer): ExportedSpan[] {
  const options = { longs: Number, enums: String, bytes: Buffer, arrays: true };
  const { resourceSpans } = ExportRequest.toObject(ExportRequest.decode(bytes), options) as Sent;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        service: attributesOf(resource.attributes)['service.name'],
        traceId: span.traceId.toString('hex'),
        spanId: span.spanId.toString('hex'),
        parentId: span.parentSpanId?.toString('hex') ?? '',
        name: span.name,
        kind: span.kind,
        attributes: attributesOf(span.attributes),
        status: span.status.code ?? 'UNSET',
        ms: (span.endTimeUnixNano - span.startTimeUnixNano) / 1e6,
      })),
    ),
  );
}

function attributesOf(list: KeyValue[]): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));
}
