import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cutOffAtWill } from './journeys/cut-off.ts';
import { dataOf, saudi, signIn } from './journeys/steps.ts';
import { startProcess } from './server/process.ts';
import { type Collector, type ExportedSpan, startCollector } from './support/collector.ts';
import { CustomerDocument, LoginDocument } from './support/operations.ts';
import type { RunningService } from './support/service.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const GATEWAYS_SPAN = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${GATEWAYS_SPAN}-01`;
const UNSAMPLED = `00-${TRACE_ID}-${GATEWAYS_SPAN}-00`;

const wires = cutOffAtWill();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.close());

/** What a service sends until it has stopped, and the headers that M2 was asked with while `work` went on. */
async function traced(
  work: (service: RunningService, token: string) => Promise<unknown>,
  settings: Record<string, string> = {},
) {
  const before = collector.spans().length;
  const service = await wires.start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...settings });
  try {
    const { token } = await signIn(service, '501234567');
    const asked: (IncomingHttpHeaders & { path: string })[] = [];
    wires.proxies.m2.fate = ({ path, headers }) => {
      asked.push({ ...headers, path });
      return 'pass';
    };
    await work(service, token);
    await service.close();
    return { spans: collector.spans().slice(before), asked, logged: service.logged };
  } finally {
    await service.close();
  }
}

const ofTrace = (spans: ExportedSpan[], traceId = TRACE_ID) =>
  spans.filter((span) => span.traceId === traceId);

/** The requests for the customer among those that M2 was asked. */
const searchesAmong = (asked: { path: string; traceparent?: string }[]) =>
  asked.filter(({ path }) => path.endsWith('/search'));

/** The one span of this name. */
function named(spans: ExportedSpan[], name: string): ExportedSpan {
  const found = spans.filter((span) => span.name === name);
  expect(found, `${name} among ${spans.map((span) => span.name)}`).toHaveLength(1);
  return found[0] as ExportedSpan;
}

describe('an operation whose caller is traced', () => {
  it('joins the trace, from the gateway through its root fields to the upstreams', async () => {
    const { spans, asked } = await traced((service, token) =>
      service.ask(
        CustomerDocument,
        {},
        { token, headers: { traceparent: TRACEPARENT, tracestate: 'a=1,b=2' } },
      ),
    );
    const trace = ofTrace(spans);
    expect(new Set(trace.map(({ service }) => service))).toEqual(new Set(['customer-subgraph']));

    const operation = named(trace, 'query customer');
    expect(operation).toMatchObject({ kind: 'SERVER', parentId: GATEWAYS_SPAN, status: 'UNSET' });
    expect(operation.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Customer',
      'subgraph.outcome': 'ok',
    });
    const field = named(trace, 'Query.customer');
    expect(field).toMatchObject({ kind: 'INTERNAL', parentId: operation.spanId, status: 'UNSET' });
    const requests = trace.filter(({ kind }) => kind === 'CLIENT');
    const search = named(requests, 'GET V1/customers/search');
    expect(search).toMatchObject({ parentId: field.spanId, status: 'UNSET' });
    expect(search.attributes).toEqual({
      'peer.service': 'M2',
      'http.request.method': 'GET',
      'url.template': 'V1/customers/search',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(wires.proxies.m2.url).port),
      'http.response.status_code': 200,
    });
    // The session is looked up before any field is run.
    const [lookup] = trace.filter(({ name }) => name === 'store get');
    expect(lookup?.parentId).toBe(operation.spanId);

    const ids = new Set([operation.spanId, field.spanId]);
    for (const request of requests) expect(ids).toContain(request.parentId);
    const sent = asked.filter(({ traceparent }) => traceparent?.includes(TRACE_ID));
    expect(sent.map(({ traceparent }) => traceparent).sort()).toEqual(
      requests.map(({ spanId }) => `00-${TRACE_ID}-${spanId}-01`).sort(),
    );
    for (const { tracestate } of sent) expect(tracestate).toBe('a=1,b=2');
  });

  it('is not recorded where the gateway decided so, which the upstreams hear', async () => {
    const { spans, asked } = await traced((service, token) =>
      service.ask(CustomerDocument, {}, { token, headers: { traceparent: UNSAMPLED } }),
    );
    expect(ofTrace(spans)).toEqual([]);
    const [search] = searchesAmong(asked);
    expect(search?.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
  });
});

describe('an operation without a trace', () => {
  it('begins one, under whose id its log lines and its upstreams’ are found', async () => {
    const { spans, asked, logged } = await traced((service, token) =>
      service.ask(CustomerDocument, {}, { token }),
    );
    const { traceId, parentId } = named(spans, 'query customer');
    expect(parentId).toBe('');
    expect(searchesAmong(asked)[0]?.traceparent).toContain(`00-${traceId}-`);
    const lines = logged.map((line) => JSON.parse(line)).filter((line) => line.traceId === traceId);
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['upstream answered', 'answered']));
  });

  it('is recorded as often as OTEL_TRACES_SAMPLER_ARG says', async () => {
    const { spans, asked } = await traced((service, token) => service.ask(CustomerDocument, {}, { token }), {
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    expect(spans).toEqual([]);
    expect(searchesAmong(asked)[0]?.traceparent).toMatch(/-00$/);
  });
});

describe('trouble', () => {
  it('of an upstream is the error of its request, its field and the operation, by code', async () => {
    const { spans } = await traced(async (service, token) => {
      wires.proxies.m2.fate = ({ path }) =>
        path.endsWith('/search') ? { status: 503, type: 'text/plain', body: 'Sara' } : 'pass';
      await service.ask(CustomerDocument, {}, { token, headers: { traceparent: TRACEPARENT } });
    });
    const trace = ofTrace(spans);
    const searches = trace.filter(({ name }) => name === 'GET V1/customers/search');
    expect(searches.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1]);
    const failed = [...searches, named(trace, 'Query.customer'), named(trace, 'query customer')];
    for (const span of failed) {
      expect(span).toMatchObject({ status: 'ERROR', attributes: { 'error.type': 'UPSTREAM_UNAVAILABLE' } });
    }
    expect(searches[0]?.attributes['http.response.status_code']).toBe(503);
  });

  it('of the caller’s own making is told and is no error', async () => {
    const { spans } = await traced((service) =>
      service.ask(CustomerDocument, {}, { headers: { traceparent: TRACEPARENT } }),
    );
    const operation = named(ofTrace(spans), 'query customer');
    expect(operation).toMatchObject({
      attributes: { 'subgraph.outcome': 'UNAUTHENTICATED' },
      status: 'UNSET',
    });
    expect(named(ofTrace(spans), 'Query.customer').status).toBe('UNSET');
  });

  it('of a document leaves the operation without a name', async () => {
    const { spans } = await traced((service) =>
      service.ask('query Sara { sara }', {}, { headers: { traceparent: TRACEPARENT } }),
    );
    expect(named(ofTrace(spans), 'POST /graphql').attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 400,
      'subgraph.outcome': 'GRAPHQL_VALIDATION_FAILED',
    });
  });
});

it('what goes on after the answer is a part of its trace: a code’s way to the phone', async () => {
  const headers = { traceparent: TRACEPARENT };
  const { spans } = await traced(async (service) => {
    dataOf(await service.ask(LoginDocument, { input: { phone: saudi('503456789') } }, { headers }));
  });
  expect(named(ofTrace(spans), 'mutation login').kind).toBe('SERVER');
  expect(ofTrace(spans).filter(({ attributes }) => attributes['peer.service'] === 'sms')).toHaveLength(1);
});

it('names of operations with a number in them are left out: it may be somebody’s', async () => {
  const { spans } = await traced((service) =>
    service.ask('query Sara0501234567 { __typename }', {}, { headers: { traceparent: TRACEPARENT } }),
  );
  expect(named(ofTrace(spans), 'query introspection').attributes).not.toHaveProperty(
    'graphql.operation.name',
  );
});

describe('a collector that is in trouble', () => {
  const TEN_SPANS = `{ ${[...'abcdefghi'].map((alias) => `${alias}: _service { __typename }`).join(' ')} }`;

  async function timeOf(service: RunningService): Promise<number> {
    const startedAt = performance.now();
    dataOf(await service.ask(TEN_SPANS));
    return performance.now() - startedAt;
  }

  /** The address of a port where nobody listens. */
  async function deadUrl(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    return `http://127.0.0.1:${typeof address === 'object' && address?.port}`;
  }

  it.each(['is dead', 'is silent'] as const)(
    'slows no answer, and the end of the process by three seconds at most, when it %s',
    async (how) => {
      const own = await startCollector();
      own.mood = 'is silent';
      const url = how === 'is dead' ? await deadUrl() : own.url;
      const service = await wires.start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
      await timeOf(service);
      // More spans than one batch and the queue behind it hold.
      for (let round = 0; round < 5; round++) {
        const times = await Promise.all(Array.from({ length: 60 }, () => timeOf(service)));
        expect(Math.max(...times)).toBeLessThan(2_000);
      }
      const stoppingAt = performance.now();
      await service.close();
      expect(performance.now() - stoppingAt).toBeLessThan(4_000);
      await own.close();
      const lines = service.logged.map((line) => JSON.parse(line)).filter(({ level }) => level !== 'debug');
      expect(lines.filter(({ msg }) => msg !== 'answered').length).toBeLessThanOrEqual(1);
    },
    30_000,
  );

  it('is told of once, and once more when it takes traces again', async () => {
    const own = await startCollector();
    own.mood = 'refuses';
    const service = await wires.start({ OTEL_EXPORTER_OTLP_ENDPOINT: own.url });
    const burst = () => Promise.all(Array.from({ length: 600 }, () => service.ask('{ __typename }')));
    const said = () =>
      service.logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg.includes('collector'));
    for (let round = 1; round <= 2; round++) {
      await burst();
      await vi.waitFor(() => expect(own.asked.length).toBeGreaterThanOrEqual(round), 6_000);
    }
    expect(said()).toMatchObject([{ level: 'warn', msg: 'the collector takes no traces' }]);
    expect(said()[0], 'it is nobody’s request').not.toHaveProperty('requestId');
    own.mood = 'takes';
    await service.close();
    expect(said()).toMatchObject([{}, { level: 'info', msg: 'the collector takes traces again' }]);
    expect(own.spans().length).toBeGreaterThan(0);
    await own.close();
  }, 20_000);
});

describe('a process', () => {
  it('that is told to stop sends what it has recorded, and ends with 0', async () => {
    const process = startProcess({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_SERVICE_NAME: 'stopped-one',
    });
    try {
      const url = await process.ready();
      await fetch(`${url}?query={__typename}`, { headers: { 'apollo-require-preflight': 'true' } });
      process.signal('SIGTERM');
      expect(await process.ended()).toBe(0);
      const spans = collector.spans().filter(({ service }) => service === 'stopped-one');
      expect(spans.map(({ name }) => name)).toContain('query introspection');
      expect(process.errors()).toBe('');
    } finally {
      await process.kill();
    }
  }, 30_000);

  it('without a collector loads nothing of OpenTelemetry’s SDK', async () => {
    const script = `
      import { createRequire } from 'node:module';
      import { readConfig } from './src/config.ts';
      import { createLogger } from './src/logger.ts';
      import { startService } from './src/server.ts';
      const loaded = () =>
        Object.keys(createRequire(import.meta.url).cache).filter((path) => /opentelemetry.(sdk|exporter)/.test(path));
      await startService({ ...readConfig({ HOST: '127.0.0.1' }), port: 0 }, createLogger('silent'));
      const without = loaded();
      await import('./src/tracing.ts');
      console.log(JSON.stringify({ without, isSeen: loaded().length > 0 }));
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: new URL('..', import.meta.url), env: { PATH: process.env.PATH } },
    );
    expect(JSON.parse(stdout)).toEqual({ without: [], isSeen: true });
  }, 30_000);
});

it('without a collector the trace is passed on as it came, and nothing where none came', async () => {
  const asked: unknown[] = [];
  const { token } = await signIn(wires.service, '501234567');
  wires.proxies.m2.fate = ({ headers }) => {
    asked.push([headers.traceparent, headers.tracestate]);
    return 'pass';
  };
  const headers = { traceparent: TRACEPARENT, tracestate: 'a=1' };
  await wires.service.ask(CustomerDocument, {}, { token, headers });
  const count = asked.length;
  await wires.service.ask(CustomerDocument, {}, { token });
  await wires.service.ask(CustomerDocument, {}, { token, headers: { tracestate: 'a=1' } });
  expect(count).toBeGreaterThan(0);
  expect(asked.slice(0, count)).toEqual(asked.slice(0, count).map(() => [TRACEPARENT, 'a=1']));
  expect(asked.slice(count)).toEqual(asked.slice(count).map(() => [undefined, undefined]));
});
