/** What Prometheus reads: every metric of the service, and the observers through which the parts fill them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CodeObserver } from './auth/observed-codes.ts';
import type { UpstreamObserver } from './datasources/http/lanes.ts';
import type { KeptReadObserver } from './datasources/m2/kept-reads.ts';
import type { AdmissionObserver } from './http/admission.ts';
import type { OperationObserver } from './http/observed-operations.ts';
import type { StoreObserver } from './stores/observed.ts';

const UPSTREAM_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const OPERATION_SECONDS = [0.005, ...UPSTREAM_SECONDS, 15];
const STORE_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3];
const CIRCUIT_VALUES = { closed: 0, halfOpen: 1, open: 2 } as const;

export interface Metrics {
  registry: Registry;
  upstream: UpstreamObserver;
  keptRead: KeptReadObserver;
  admission: AdmissionObserver;
  codes: CodeObserver;
  store: StoreObserver;
  operation: OperationObserver;
  /** Adds what Node says of itself: memory, processor, garbage, the event loop's lag. It is not free. */
  watchProcess(): void;
}

/**
 * A registry of its own with every metric in it.
 *
 * Each label takes a few values that are known beforehand (routes as templates, fields of the schema): a
 * client that could invent one could fill the memory of whoever keeps them.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];

  const operations = new Histogram({
    name: 'subgraph_operation_duration_seconds',
    help: 'GraphQL operations by their root field, kind and outcome (ok, or the code of the first error)',
    labelNames: ['operation', 'kind', 'outcome'],
    buckets: OPERATION_SECONDS,
    registers,
  });
  const inFlight = new Gauge({
    name: 'subgraph_operations_in_flight',
    help: 'GraphQL operations under way',
    registers,
  });
  const rejected = new Counter({
    name: 'subgraph_operations_rejected_total',
    help: 'Requests answered 503 because too many were under way',
    registers,
  });
  const requests = new Histogram({
    name: 'subgraph_upstream_request_duration_seconds',
    help: 'Requests sent to upstreams by route template and status class (none: no answer)',
    labelNames: ['upstream', 'method', 'route', 'status'],
    buckets: UPSTREAM_SECONDS,
    registers,
  });
  const refused = new Counter({
    name: 'subgraph_upstream_refused_total',
    help: 'Calls that were not sent: circuit open, queue full, time up, client gone',
    labelNames: ['upstream', 'reason'],
    registers,
  });
  const retries = new Counter({
    name: 'subgraph_upstream_retries_total',
    help: 'Reads that were sent a second time',
    labelNames: ['upstream'],
    registers,
  });
  const circuit = new Gauge({
    name: 'subgraph_upstream_circuit_state',
    help: '0 closed, 1 half open, 2 open',
    labelNames: ['upstream'],
    registers,
  });
  const keptReads = new Counter({
    name: 'subgraph_kept_reads_total',
    help: 'Reads of one customer or its cards to be shown, answered by what was kept (hit) or by M2 (miss)',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const codesSent = new Counter({
    name: 'subgraph_challenges_sent_total',
    help: 'One-time codes handed to whoever delivers them (taken), or not (failed)',
    labelNames: ['purpose', 'outcome'],
    registers,
  });
  const codesSpent = new Counter({
    name: 'subgraph_challenges_verified_total',
    help: 'One-time codes given by clients, by what came of them',
    labelNames: ['purpose', 'outcome'],
    registers,
  });
  const commands = new Histogram({
    name: 'subgraph_store_duration_seconds',
    help: 'Commands to the state store',
    labelNames: ['command', 'outcome'],
    buckets: STORE_SECONDS,
    registers,
  });

  return {
    registry,
    upstream: {
      sent: ({ upstream, method, route, status, seconds }) =>
        requests.observe({ upstream, method, route, status: statusClass(status) }, seconds),
      refused: (upstream, reason) => refused.inc({ upstream, reason }),
      retried: (upstream) => retries.inc({ upstream }),
      circuit: (upstream, position) => circuit.set({ upstream }, CIRCUIT_VALUES[position]),
    },
    keptRead: (kind, outcome) => keptReads.inc({ kind, outcome }),
    admission: { inFlight: (count) => inFlight.set(count), rejected: () => rejected.inc() },
    codes: {
      sent: (purpose, outcome) => codesSent.inc({ purpose, outcome }),
      spent: (purpose, outcome) => codesSpent.inc({ purpose, outcome }),
    },
    store: (command, outcome, seconds) => commands.observe({ command, outcome }, seconds),
    operation: ({ operation, kind, outcome, seconds }) =>
      operations.observe({ operation, kind, outcome }, seconds),
    watchProcess: () => collectDefaultMetrics({ register: registry }),
  };
}

function statusClass(status: number | null): string {
  return status === null ? 'none' : `${Math.floor(status / 100)}xx`;
}
