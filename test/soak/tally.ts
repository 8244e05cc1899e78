/** What became of every request of a soak, and how it is shown. */

/** `failed`: told by its code that it did not work, which is so. */
export type Verdict = 'answered' | 'partial' | 'failed' | 'wrong' | 'lost';

export interface Outcome {
  verdict: Verdict;
  /** Codes of errors and refusals, each as often as it came. */
  codes?: readonly string[];
  /** Of what was wrong or lost, in words. */
  remark?: string;
}

export interface Tally {
  note(kind: string, ms: number, outcome: Outcome): void;
  /** What is found only afterwards: a write that was confirmed and is not there, and the like. */
  noteAfterwards(verdict: 'wrong' | 'lost', remark: string): void;
  totals(): Record<Verdict | 'requests', number>;
  /** Lines of Markdown: one row for each kind of request, then codes and remarks. */
  table(): string[];
}

interface Row {
  counts: Record<Verdict, number>;
  times: number[];
}

const REMARKS = 20;
const newCounts = () => ({ answered: 0, partial: 0, failed: 0, wrong: 0, lost: 0 });

function quantile(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return value === undefined ? '–' : `${Math.round(value)} ms`;
}

export function newTally(): Tally {
  const rows = new Map<string, Row>();
  const codes = new Map<string, number>();
  const remarks: string[] = [];
  const afterwards = { wrong: 0, lost: 0 };

  function totals() {
    const sum = { requests: 0, ...newCounts() };
    for (const { counts, times } of rows.values()) {
      sum.requests += times.length;
      for (const name of Object.keys(counts) as Verdict[]) sum[name] += counts[name];
    }
    sum.wrong += afterwards.wrong;
    sum.lost += afterwards.lost;
    return sum;
  }
  function remember(remark: string | undefined): void {
    if (remark !== undefined && remarks.length < REMARKS) remarks.push(remark);
  }
  function line(name: string, counts: Record<Verdict, number>, times: number[]): string {
    const sorted = times.toSorted((a, b) => a - b);
    const { answered, partial, failed, wrong, lost } = counts;
    const cells = [name, times.length, answered, partial, failed, wrong, lost];
    return `| ${[...cells, quantile(sorted, 0.5), quantile(sorted, 0.99)].join(' | ')} |`;
  }

  return {
    note(kind, ms, outcome) {
      const row = rows.get(kind) ?? { counts: newCounts(), times: [] };
      rows.set(kind, row);
      row.counts[outcome.verdict] += 1;
      row.times.push(ms);
      for (const code of outcome.codes ?? []) codes.set(code, (codes.get(code) ?? 0) + 1);
      remember(outcome.remark && `${kind}: ${outcome.remark}`);
    },
    noteAfterwards(verdict, remark) {
      afterwards[verdict] += 1;
      remember(remark);
    },
    totals,
    table() {
      const every = [...rows.values()].flatMap(({ times }) => times);
      return [
        '| | requests | answered | in part | failed | wrong | lost | p50 | p99 |',
        '|---|---|---|---|---|---|---|---|---|',
        ...[...rows].sort().map(([kind, { counts, times }]) => line(kind, counts, times)),
        line('**all**', totals(), every),
        '',
        '| error code | times |',
        '|---|---|',
        ...[...codes].sort().map(([code, times]) => `| ${code} | ${times} |`),
        ...(remarks.length > 0 ? ['', ...remarks.map((remark) => `- ${remark}`)] : []),
      ];
    },
  };
}
