/** What was measured, and what is made of it: medians over the rounds. */
import type { Cell } from './cells.ts';
import type { ServerName } from './servers.ts';

/** One server under one load. */
export interface Run {
  /** Operations answered rightly. */
  perSecond: number;
  /** Operations answered otherwise. */
  failed: number;
  /** Microseconds of processor time that one operation takes. */
  cpuUs: number;
  p50: number;
  p99: number;
  /** For one operation. */
  upstreamRequests: number;
  upstreamBytes: number;
  /** How much of the time the server, and the load with the upstream, had their core; 1 is all of it. */
  serverShare: number;
  loadShare: number;
  memoryMb: number;
}

export interface Results {
  runs: { cell: Cell; server: ServerName; run: Run }[];
  /** Milliseconds from the start of a process to its first screen. */
  starts: { server: ServerName; ms: number }[];
  /** What one answer of the upstream takes where it takes 40 ms, milliseconds. */
  roundTrips: number[];
}

/** Not a number for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** `sorted` ascending; not a number for none. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export type CellKey = Pick<Cell, 'operation' | 'delayMs' | 'connections'>;

/** The runs of one server under one kind of load. */
export function runsOf({ runs }: Results, key: CellKey, server: ServerName): Run[] {
  return runs
    .filter(
      ({ cell, server: name }) =>
        name === server &&
        cell.operation === key.operation &&
        cell.delayMs === key.delayMs &&
        cell.connections === key.connections,
    )
    .map(({ run }) => run);
}

/** The median of one measure; not a number where nothing was measured. */
export function typical(results: Results, key: CellKey, server: ServerName, measure: keyof Run): number {
  return median(runsOf(results, key, server).map((run) => run[measure]));
}

export const typicalStart = ({ starts }: Results, name: ServerName): number =>
  median(starts.filter(({ server }) => server === name).map(({ ms }) => ms));

/** How far the runs of a measure lie apart, as a share of their median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
