/** What a check is, what it finds, and how all of them are run: side by side, each within its time. */
import { ConfigProblems } from '../../config.ts';
import { Failure } from '../../failures.ts';
import { masked } from '../../logger.ts';

/** What one check found, in plain words that hold no secret and nothing that an upstream said. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail';
  what: string;
  /** What to do about it; left out where all is well. */
  mend?: string;
}

export interface Check {
  /** Names the check where it cannot speak for itself. */
  name: string;
  /** Longest time; 15 s where left out. What it has begun to tidy up goes on beyond. */
  timeoutMs?: number;
  run(): Promise<Finding | readonly Finding[]>;
}

const TIMEOUT_MS = 15_000;

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string, mend: string): Finding => ({ level: 'warn', what, mend });
export const fail = (what: string, mend: string): Finding => ({ level: 'fail', what, mend });

/** Runs all checks, whatever comes of any of them; the findings come in the order of the checks. */
export async function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  const found = await Promise.all(checks.map(withinTime));
  return found.flat();
}

async function withinTime(check: Check): Promise<readonly Finding[]> {
  const { name, timeoutMs = TIMEOUT_MS } = check;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    const finding = fail(`${name}: no result within ${timeoutMs / 1000} s`, 'see why it is so slow');
    timer = setTimeout(resolve, timeoutMs, finding);
  });
  try {
    return [await Promise.race([check.run(), late])].flat();
  } catch (error) {
    return [
      fail(`${name}: ${reasonOf(error)}`, 'see that it is reachable from here and answers as documented'),
    ];
  } finally {
    clearTimeout(timer);
  }
}

/** Why something went wrong, without what it was sent: our own words, or nothing but a code. */
export function reasonOf(error: unknown): string {
  if (error instanceof Failure) return masked(error.detail ?? error.message);
  if (error instanceof ConfigProblems) return error.message;
  const { code } = error instanceof Error ? (error as { code?: unknown }) : {};
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : 'it did not work';
}

/** The line for a finding: `fail  what — how to mend`. */
export function lineOf({ level, what, mend }: Finding): string {
  return `${level.padEnd(4)}  ${what}${mend === undefined ? '' : ` — ${mend}`}`;
}

/** Warnings are for people to weigh; whatever failed keeps the service from going live. */
export function mayGoLive(findings: readonly Finding[]): boolean {
  return findings.every(({ level }) => level !== 'fail');
}
