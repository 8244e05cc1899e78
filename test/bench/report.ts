/** The results as Markdown, and their place in BENCHMARKS.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Cell } from './cells.ts';
import type { OperationName } from './operations.ts';
import { type Results, type Run, runsOf, spread, typical, typicalStart } from './results.ts';
import { SERVERS, type ServerName } from './servers.ts';
import { targetsOf } from './targets.ts';

export const SERVER_TITLES: Record<ServerName, string> = {
  service: 'this service',
  'service-kept': 'this service, M2 reads kept 5 s',
  rest: 'REST, each token verified',
  'rest-cached': 'REST, verified tokens cached',
  apollo: "Apollo's recipe",
  yoga: 'graphql-yoga',
  mercurius: 'mercurius with JIT',
};
export const OPERATION_TITLES: Record<OperationName, string> = {
  screen: 'Customer screen',
  entities: '100 customers by `_entities`',
  addAddress: '`addAddress`',
  signUp: '`register` and `verifyOtp`',
  typename: '`{ __typename }`',
};

const BEGIN = '<!-- written by npm run bench -->';
const END = '<!-- end of what npm run bench writes -->';
const FILE = 'BENCHMARKS.md';
const CHART = 'docs/benchmarks.svg';
/** A server that had its core for less was kept waiting by something else on the machine. */
const UNDISTURBED_SHARE = 0.9;

const fixed = (value: number, digits: number) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const percent = (share: number) => (Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–');
const named = (server: ServerName) =>
  server === 'service' ? `**${SERVER_TITLES[server]}**` : SERVER_TITLES[server];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

function targets(results: Results): string[] {
  const rows = targetsOf(results).map(({ what, bound, measured, isReached }) => {
    const verdict = isReached ? 'reached' : '**not reached**';
    return [what, bound, fixed(measured, 2), Number.isNaN(measured) ? 'not measured' : verdict];
  });
  return table(['what it must reach', '', 'measured', ''], rows);
}

function starts(results: Results): string[] {
  const many = { operation: 'screen', delayMs: 0, connections: 200 } as const;
  const rows = SERVERS.map((server) => [
    named(server),
    `${fixed(typicalStart(results, server), 0)} ms`,
    `${fixed(typical(results, many, server, 'memoryMb'), 0)} MB`,
  ]);
  return table(['', 'start to first screen', 'memory after 200 connections'], rows);
}

function cellTable(results: Results, cell: Cell): string[] {
  const of = (server: ServerName, measure: keyof Run) => typical(results, cell, server, measure);
  const rows = cell.servers.map((server) => {
    const speeds = runsOf(results, cell, server).map(({ perSecond }) => perSecond);
    return [
      named(server),
      fixed(of(server, 'perSecond'), 0),
      fixed(of(server, 'perSecond') / of('rest', 'perSecond'), 2),
      `${fixed(of(server, 'cpuUs'), 0)} µs`,
      fixed(of(server, 'cpuUs') / of('rest', 'cpuUs'), 2),
      `${fixed(of(server, 'p50'), 2)} ms`,
      `${fixed(of(server, 'p99'), 2)} ms`,
      `${fixed(of(server, 'upstreamRequests'), 1)}, ${fixed(of(server, 'upstreamBytes') / 1000, 1)} kB`,
      percent(spread(speeds)),
      `${percent(of(server, 'serverShare'))}, ${percent(of(server, 'loadShare'))}`,
    ];
  });
  const { operation, delayMs, connections } = cell;
  const upstream = delayMs === 0 ? 'upstream at once' : `upstream ${delayMs} ms`;
  const head = ['', 'req/s', 'to REST', 'CPU', 'to REST', 'p50', 'p99', 'upstream', 'spread', 'cores'];
  return [
    `### ${OPERATION_TITLES[operation]}, ${upstream}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    '',
    ...table(head, rows),
  ];
}

/** The cells in which the servers were busy all the time, but did not have their core for it. */
function disturbed(results: Results, cells: readonly Cell[]): string[] {
  const busy = cells.filter(({ delayMs, connections }) => delayMs === 0 && connections > 1);
  const shares = busy.flatMap((cell) =>
    cell.servers.map((server) => typical(results, cell, server, 'serverShare')),
  );
  const least = Math.min(...shares);
  if (!(least < UNDISTURBED_SHARE)) return [];
  return [
    '',
    `Something else was running: at times a server that had work all the time had its core for ${percent(least)} of it only.`,
    'Processor time tells more than req/s then.',
  ];
}

/** Which servers answered something else than what was asked for, and how often. */
function failures({ runs }: Results): string[] {
  const failed = runs.filter(({ run }) => run.failed > 0);
  const lines = failed.map(({ cell: { operation, delayMs, connections }, server, run }) => {
    const where = `${OPERATION_TITLES[operation]}, upstream ${delayMs} ms, ${connections} connections`;
    return `- ${SERVER_TITLES[server]}: ${run.failed} failed in one round of ${where}`;
  });
  return lines.length > 0 ? ['', ...lines] : [];
}

/** Everything that was measured; `cells` in the order in which they are shown. */
export function report(results: Results, cells: readonly Cell[]): string {
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  const options = process.argv.slice(2);
  const command = ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
  return [
    `${day}; ${machine}; \`${command}\`.`,
    ...disturbed(results, cells),
    '',
    ...targets(results),
    '',
    ...starts(results),
    ...failures(results),
    ...cells.flatMap((cell) => ['', ...cellTable(results, cell)]),
  ].join('\n');
}

/** Puts the report and the picture in place of those of the run before. */
export function keep(text: string, picture: string): void {
  const before = readFileSync(FILE, 'utf8');
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${FILE} has lost its marks`);
  const after = `${before.slice(0, begin)}${BEGIN}\n\n${text}\n\n${before.slice(end)}`;
  writeFileSync(FILE, after);
  writeFileSync(CHART, picture);
}
