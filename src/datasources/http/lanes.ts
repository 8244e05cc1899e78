/** What keeps one upstream's trouble from becoming ours: bounded sockets and queue, a circuit, a retry budget. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Dispatcher } from 'undici';
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import { type CircuitPosition, circuitOf } from './circuit.ts';
import type { Answer } from './exchange.ts';
import { readAgent } from './read.ts';
import { type RetryBudget, retryBudget } from './retry-budget.ts';
import { type SharedReads, sharedReads } from './shared-reads.ts';
import { type Patience, type Refusal, slotsOf } from './slots.ts';

/** Is told what becomes of calls. `upstream` names the lane, `route` is the template. */
export interface UpstreamObserver {
  /** One request that was sent; `status` is `null` when no answer came. */
  sent(request: {
    upstream: string;
    method: string;
    route: string;
    status: number | null;
    seconds: number;
  }): void;
  /** A call that was not sent. */
  refused(upstream: string, reason: Refusal): void;
  retried(upstream: string): void;
  circuit(upstream: string, position: CircuitPosition): void;
}

export interface UpstreamPolicy {
  /** Requests under way at a time. A part of the upstream has a fifth of them for itself. */
  sockets: number;
  /** Calls that wait for one of them; what comes beyond is refused at once. */
  queue: number;
  /** How long a circuit stays open before one call may try again; 0: circuits never open. */
  circuitOpenMs: number;
  observe?: UpstreamObserver;
}

const DEFAULTS: UpstreamPolicy = { sockets: 50, queue: 100, circuitOpenMs: 5_000 };

export interface Lane {
  /** The upstream's name, with that of the part if it is one: `M2 cards`. */
  name: string;
  agents: { http: HttpAgent; https: HttpsAgent };
  /** For GET, with connections of its own. */
  reads: Dispatcher;
  retries: RetryBudget;
  /** Runs `work` in its turn; rejects with `UPSTREAM_UNAVAILABLE` when it is not run. */
  run<Result extends { isTrouble: boolean }>(
    work: (isProbe: boolean) => Promise<Result>,
    patience: Patience,
  ): Promise<Result>;
}

export interface Lanes {
  observe: UpstreamObserver | undefined;
  /** The lane of a route, by its template. */
  of(route: string): Lane;
  /** The reads that are under way, whichever lane they are in. */
  shared: SharedReads<Answer>;
  /** Closes the idle connections. */
  close(): void;
}

export interface LanesOptions {
  policy?: UpstreamPolicy | undefined;
  /** The part that a route belongs to, one of a few; `null` for the upstream as a whole. A part fails alone. */
  partOf?: (route: string) => string | null;
  log: Logger;
}

/** The lanes of the upstream `name`. Clients that share them share their bounds and circuits. */
export function lanesOf(name: string, { policy = DEFAULTS, partOf = () => null, log }: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>();
  const byRoute = new Map<string, Lane>();
  const partSockets = Math.max(1, Math.ceil(policy.sockets / 5));

  function laneOf(part: string | null): Lane {
    const laneName = part === null ? name : `${name} ${part}`;
    const known = lanes.get(laneName);
    if (known) return known;
    const lane = openLane(laneName, part === null ? policy.sockets : partSockets, policy, log);
    lanes.set(laneName, lane);
    return lane;
  }

  return {
    observe: policy.observe,
    of(route) {
      const lane = byRoute.get(route) ?? laneOf(partOf(route));
      byRoute.set(route, lane);
      return lane;
    },
    shared: sharedReads(),
    close() {
      for (const { agents, reads } of lanes.values()) {
        agents.http.destroy();
        agents.https.destroy();
        void reads.close();
      }
    },
  };
}

function openLane(name: string, sockets: number, policy: UpstreamPolicy, log: Logger): Lane {
  const { observe } = policy;
  const slots = slotsOf({ most: sockets, queue: policy.queue });
  const agentOptions = { keepAlive: true, maxSockets: sockets, maxFreeSockets: sockets };
  const circuit = circuitOf({
    openMs: policy.circuitOpenMs,
    onChange(position) {
      log[position === 'open' ? 'error' : 'info']({ upstream: name, circuit: position }, 'a circuit changed');
      observe?.circuit(name, position);
      if (position === 'open') slots.refuseWaiting('circuit');
    },
  });
  observe?.circuit(name, 'closed');

  function refuse(reason: Refusal): never {
    observe?.refused(name, reason);
    log.debug({ upstream: name, reason }, 'upstream not asked');
    const detail = `${name} was not asked: ${REASONS[reason]}`;
    throw new Failure('UPSTREAM_UNAVAILABLE', { detail });
  }

  return {
    name,
    agents: { http: new HttpAgent(agentOptions), https: new HttpsAgent(agentOptions) },
    reads: readAgent(sockets),
    retries: retryBudget(),
    async run(work, patience) {
      if (circuit.isOpen()) refuse('circuit');
      // Hardly anybody has to wait: who need not is not sent through the queue of promises either.
      const taken = slots.take(patience);
      const slot = taken instanceof Promise ? await taken : taken;
      if (slot.kind === 'refused') refuse(slot.reason);
      // It may have opened while this one waited for its turn.
      if (circuit.isOpen()) {
        slot.release();
        refuse('circuit');
      }
      const isProbe = circuit.begin();
      let isTrouble = true;
      try {
        const result = await work(isProbe);
        isTrouble = result.isTrouble;
        return result;
      } finally {
        circuit.end({ isProbe, isTrouble });
        slot.release();
      }
    },
  };
}

const REASONS: Record<Refusal, string> = {
  queue: 'too many calls wait for it',
  deadline: 'the time was up',
  circuit: 'its circuit is open',
  gone: 'the client has left',
};
