/**
 * `npm run bench [-- --quick] [--only screen,entities] [--rounds 9]`: this service beside its peers.
 *
 * Each server has the first core to itself in its turn; load, upstream and Redis share the second one. Prints tables;
 * a whole run writes them into BENCHMARKS.md, and docs/benchmarks.svg. Linux only, with two cores or more.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { agree } from './agreement.ts';
import { CELLS, type Cell } from './cells.ts';
import { chart } from './chart.ts';
import { connect, load } from './load.ts';
import { type OperationName, operateOf } from './operations.ts';
import { keep, report } from './report.ts';
import { quantile, type Results, type Run } from './results.ts';
import { cpuMsOf, LOAD_CORE, SERVERS, type Server, type ServerName, startServer } from './servers.ts';
import { type Stage, setStage } from './stage.ts';
import { M2_TOKEN } from './upstream.ts';

interface Plan {
  cells: readonly Cell[];
  rounds: number;
  /** How often each server is started. */
  starts: number;
  seconds: { warm: number; measured: number };
  /** Operations of each kind that a server answers before it is measured: cold code tells nothing. */
  warmUp: number;
  isWhole: boolean;
}

function planOf(args: string[]): Plan {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
    },
  });
  const { quick, only, rounds } = values;
  const known = new Set(CELLS.map(({ operation }) => operation));
  const wanted = new Set((only?.split(',') ?? [...known]) as OperationName[]);
  const unknown = [...wanted].filter((operation) => !known.has(operation));
  const count = Number(rounds ?? (quick ? 1 : 4));
  if (unknown.length > 0) throw new Error(`--only takes ${[...known].join(', ')}, not ${unknown.join(', ')}`);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error('--rounds takes a whole number from 1 on');
  return {
    cells: CELLS.filter(({ operation }) => wanted.has(operation)),
    rounds: count,
    starts: quick ? 1 : 3,
    seconds: quick ? { warm: 0.2, measured: 0.8 } : { warm: 0.3, measured: 1.5 },
    warmUp: quick ? 500 : 3000,
    isWhole: !quick && only === undefined,
  };
}

const LONGEST_WARM_UP_MS = 6_000;

function say(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

/** Starts every server so many times, and leaves the last of each running. */
async function startAll(
  stage: Stage,
  names: readonly ServerName[],
  { starts }: Plan,
): Promise<{ servers: Server[]; starts: Results['starts'] }> {
  const answersAtAll = async (origin: string) => {
    const { send, close } = connect(origin);
    await send({ method: 'GET', path: '/health', headers: {} }).finally(close);
  };
  const first = await startServer('service', stage, answersAtAll);
  const callers = await stage.callers(first.origin);
  await first.stop();

  const times: Results['starts'] = [];
  const servers: Server[] = [];
  for (const name of names) {
    const operate = operateOf('screen', name, callers, stage.upstream);
    for (let left = starts; left > 0; left--) {
      say(`starting ${name}`);
      const server = await startServer(name, stage, async (origin) => {
        const { send, close } = connect(origin);
        await operate(send, 0).finally(close);
      });
      times.push({ server: name, ms: server.startMs });
      if (left === 1) servers.push(server);
      else await server.stop();
    }
  }
  return { servers, starts: times };
}

async function measure(
  { upstream, callers }: Stage,
  { operation, delayMs, connections }: Cell,
  server: Server,
  service: Server,
  seconds: { warm: number; measured: number },
): Promise<Run> {
  const operate = operateOf(operation, server.name, await callers(service.origin), upstream);
  const marks: { server: number; load: number; requests: number; bytes: number; at: number }[] = [];
  upstream.delayMs = delayMs;
  const {
    operations,
    failed,
    ms,
    seconds: measured,
  } = await load({
    origin: server.origin,
    connections,
    warmSeconds: seconds.warm,
    seconds: seconds.measured,
    operate,
    mark: () =>
      marks.push({
        server: server.cpuMs(),
        load: cpuMsOf('self'),
        at: performance.now(),
        ...upstream.counts(),
      }),
  });
  upstream.delayMs = 0;
  const [before, after] = marks;
  if (!before || !after) throw new Error(`${server.name} was not measured`);
  const wallMs = after.at - before.at;
  const cpuMs = after.server - before.server;
  return {
    perSecond: operations / measured,
    failed,
    cpuUs: (cpuMs * 1000) / operations,
    p50: quantile(ms, 0.5),
    p99: quantile(ms, 0.99),
    upstreamRequests: (after.requests - before.requests) / operations,
    upstreamBytes: (after.bytes - before.bytes) / operations,
    serverShare: cpuMs / wallMs,
    loadShare: (after.load - before.load) / wallMs,
    memoryMb: server.memoryMb(),
  };
}

/** What one answer of the upstream itself takes. */
async function roundTrip({ upstream }: Stage, delayMs: number, seconds: number): Promise<number> {
  const { origin, pathname } = new URL(upstream.m2Url);
  const headers = { authorization: `Bearer ${M2_TOKEN}` };
  upstream.delayMs = delayMs;
  const { ms } = await load({
    origin,
    connections: 1,
    warmSeconds: 0.1,
    seconds,
    operate: async (send) => {
      await send({ method: 'GET', path: `${pathname}/V1/customers/1`, headers });
    },
    mark: () => {},
  });
  upstream.delayMs = 0;
  return quantile(ms, 0.5);
}

/** Lets each server answer every operation that it will be measured with, one server after the other. */
async function warmUp(
  stage: Stage,
  { cells, warmUp }: Plan,
  servers: ReadonlyMap<ServerName, Server>,
): Promise<void> {
  const service = servers.get('service') as Server;
  const pairs = cells.flatMap(({ operation, servers: names }) => names.map((name) => `${operation} ${name}`));
  for (const pair of new Set(pairs)) {
    const [operation, name] = pair.split(' ') as [OperationName, ServerName];
    const { origin } = servers.get(name) as Server;
    const operate = operateOf(operation, name, await stage.callers(service.origin), stage.upstream);
    say(`warming up: ${operation}: ${name}`);
    const endsAt = performance.now() + LONGEST_WARM_UP_MS;
    for (let done = 0; done < warmUp && performance.now() < endsAt; ) {
      const { operations } = await load({
        origin,
        connections: 20,
        warmSeconds: 0,
        seconds: 0.5,
        operate,
        mark: () => {},
      });
      done += operations;
    }
  }
}

async function bench(plan: Plan): Promise<Results> {
  const stage = await setStage();
  const running: Server[] = [];
  try {
    const { servers, starts } = await startAll(stage, [...SERVERS, 'service-kept'], plan);
    running.push(...servers);
    const byName = new Map(servers.map((server) => [server.name, server]));
    const service = byName.get('service') as Server;
    await agree(servers, await stage.callers(service.origin), stage.upstream);

    const results: Results = { runs: [], starts, roundTrips: [] };
    await warmUp(stage, plan, byName);
    for (let round = 1; round <= plan.rounds; round++) {
      for (const cell of plan.cells) {
        const { operation, delayMs, connections } = cell;
        if (connections === 1)
          results.roundTrips.push(await roundTrip(stage, delayMs, plan.seconds.measured));
        for (const name of cell.servers) {
          const load = `${operation}, upstream ${delayMs} ms, ${connections} connections`;
          say(`round ${round} of ${plan.rounds}: ${load}: ${name}`);
          const server = byName.get(name) as Server;
          const run = await measure(stage, cell, server, service, plan.seconds);
          results.runs.push({ cell, server: name, run });
        }
      }
    }
    say('');
    return results;
  } finally {
    for (const server of running) await server.stop();
    await stage.close();
  }
}

const plan = planOf(process.argv.slice(2));
if (
  availableParallelism() < 2 ||
  spawnSync('taskset', ['-acp', `${LOAD_CORE}`, `${process.pid}`]).status !== 0
) {
  throw new Error('the bench needs Linux, two cores and `taskset`');
}
const startedAt = performance.now();
const results = await bench(plan);
const text = report(results, plan.cells);
process.stdout.write(`${text}\n`);
if (plan.isWhole) keep(text, chart(results));
say(`${Math.round((performance.now() - startedAt) / 1000)} s`);
