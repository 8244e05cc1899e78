import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMetrics } from '../src/metrics.ts';
import { askToLogIn, enter, giveCode, saudi, signIn, wrongFor } from './journeys/steps.ts';
import { CustomerDocument } from './support/operations.ts';
import { freePort } from './support/redis.ts';
import { type RunningService, startTestService } from './support/service.ts';

/** Every sample that is served, by its name and labels as they are written there. */
async function samplesOf(service: RunningService): Promise<Map<string, number>> {
  const response = await fetch((service.metricsUrl ?? '').replace('localhost', '127.0.0.1'));
  expect(response.status).toBe(200);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

/** What the samples of this name sum up to for these labels. */
function total(samples: Map<string, number>, name: string, labels: Record<string, string> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return [...samples]
    .filter(([key]) => key.split('{')[0] === name && wanted.every((label) => key.includes(label)))
    .reduce((sum, [, value]) => sum + value, 0);
}

describe('/metrics', () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startTestService({ METRICS_PORT: '0', OTP_PAUSE_SECONDS: '0' });
  });
  afterAll(() => service.close());

  it('counts operations by root field and outcome, upstream requests by route, codes, and the store', async () => {
    const phone = saudi('501234567');
    const challenge = await askToLogIn(service, { phone });
    await giveCode(service, { ...challenge, otpCode: wrongFor(challenge.otpCode) });
    const { token } = await enter(service, challenge);
    await service.ask('query MyOwnName { mine: customer { id } }', {}, { token });
    await service.ask('{ customer { id } }');
    await service.ask('{ ...A } fragment A on Query { customer { id } cards { id } }', {}, { token });
    await service.ask('{ nonsense }');
    await service.ask('{');
    await service.ask('{ __typename }');

    await vi.waitFor(async () =>
      expect(total(await samplesOf(service), 'subgraph_challenges_sent_total')).toBe(1),
    );
    const samples = await samplesOf(service);
    const operations = (operation: string, kind: string, outcome: string) =>
      total(samples, 'subgraph_operation_duration_seconds_count', { operation, kind, outcome });
    expect(operations('login', 'mutation', 'ok')).toBe(1);
    expect(operations('verifyOtp', 'mutation', 'ok')).toBe(2);
    expect(operations('customer', 'query', 'ok')).toBe(1);
    expect(operations('customer', 'query', 'UNAUTHENTICATED')).toBe(1);
    expect(operations('several', 'query', 'ok')).toBe(1);
    expect(operations('invalid', 'none', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
    expect(operations('invalid', 'none', 'GRAPHQL_PARSE_FAILED')).toBe(1);
    expect(operations('introspection', 'query', 'ok')).toBe(1);

    const sent = { upstream: 'M2', method: 'GET', route: 'V1/customers/search', status: '2xx' };
    expect(total(samples, 'subgraph_upstream_request_duration_seconds_count', sent)).toBeGreaterThan(0);
    const cards = { upstream: 'M2 cards', route: 'V1/hmg/customers/{id}/cards' };
    expect(total(samples, 'subgraph_upstream_request_duration_seconds_count', cards)).toBe(1);
    expect(total(samples, 'subgraph_upstream_circuit_state', { upstream: 'M2' })).toBe(0);

    const codes = (purpose: string, outcome: string) => ({ purpose, outcome });
    expect(total(samples, 'subgraph_challenges_sent_total', codes('login', 'taken'))).toBe(1);
    expect(total(samples, 'subgraph_challenges_verified_total', codes('signIn', 'rejected'))).toBe(1);
    expect(total(samples, 'subgraph_challenges_verified_total', codes('signIn', 'right'))).toBe(1);
    const swaps = { command: 'swap', outcome: 'answered' };
    expect(total(samples, 'subgraph_store_duration_seconds_count', swaps)).toBeGreaterThan(3);
    expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
  });

  it('takes no label from a client and says nothing about anybody', async () => {
    const { token, id } = await signIn(service, '502345678');
    const before = (await samplesOf(service)).size;
    for (let index = 0; index < 20; index++) {
      await service.ask(`query Name${index} { alias${index}: customer { id } }`, {}, { token });
      await service.ask(`{ field${index} }`);
      await service.ask('{ address(id: "1") { id } }', { [`v${index}`]: index }, { token });
    }
    const samples = await samplesOf(service);
    expect(samples.size - before).toBeLessThan(60);
    const labels = [...samples.keys()].join('\n');
    expect(labels).not.toMatch(/Name\d|alias|field\d|50(1|2)\d{6}/);
    expect(labels).not.toContain(`/${id}`);
  });

  it('A4: metrics are on their own port alone, and nothing else is there', async () => {
    expect((await fetch(`${service.base}/metrics`)).status).toBe(404);
    const url = (service.metricsUrl ?? '').replace('localhost', '127.0.0.1');
    expect((await fetch(url.replace('/metrics', '/graphql'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  it('is off unless a port is set, and says which setting it is whose port is taken', async () => {
    const other = await startTestService();
    expect(other.metricsUrl).toBeNull();
    await service.ask(CustomerDocument);
    await other.close();
    const port = await freePort();
    const taken = createServer().listen(port, '127.0.0.1');
    await expect(startTestService({ METRICS_PORT: String(port) })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
    });
    taken.close();
  });
});

describe('the Grafana dashboard', () => {
  const dashboard = readFileSync(new URL('../docs/grafana-dashboard.json', import.meta.url), 'utf8');
  const metrics = createMetrics();
  metrics.watchProcess();
  const known = new Map(metrics.registry.getMetricsAsArray().map((metric) => [metric.name, metric]));

  function expressions(): string[] {
    const found: string[] = [];
    JSON.parse(dashboard, (key, value) => {
      if ((key === 'expr' || key === 'query') && typeof value === 'string') found.push(value);
      return value;
    });
    return found;
  }
  const named = expressions().flatMap((text) => text.match(/\b(subgraph|nodejs|process)_\w+/g) ?? []);

  it('names no metric that is not served, and no label that it does not have', () => {
    expect(named.length).toBeGreaterThan(20);
    for (const name of named) {
      expect(known.has(name) || known.has(name.replace(/_(bucket|count|sum)$/, '')), name).toBe(true);
    }
    for (const text of expressions()) {
      const [name = ''] = text.match(/\b(subgraph)_\w+/) ?? [];
      const metric = known.get(name) ?? known.get(name.replace(/_(bucket|count|sum)$/, ''));
      if (!metric) continue;
      const grouped = text.match(/\bby \(([^)]*)\)/)?.[1]?.split(/, */) ?? [];
      const filtered = [...text.matchAll(/[{,]\s*(\w+)(?:=|!=|=~)/g)].map(([, label]) => label ?? '');
      const labels = [
        ...('labelNames' in metric ? (metric.labelNames as string[]) : []),
        'le',
        'job',
        'instance',
      ];
      for (const label of [...grouped, ...filtered]) expect(labels, text).toContain(label);
    }
  });

  it('shows every metric of our own', () => {
    for (const name of known.keys()) {
      if (name.startsWith('subgraph_')) expect(named.join(' ')).toContain(name);
    }
  });
});
