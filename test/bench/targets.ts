/** What the service has to reach, against its peers in the same run. */
import type { Cell } from './cells.ts';
import { median, type Results, type Run, typical, typicalStart } from './results.ts';
import type { ServerName } from './servers.ts';

export interface Target {
  what: string;
  /** What has to be reached, in words. */
  bound: string;
  /** Not a number where it was not measured. */
  measured: number;
  isReached: boolean;
}

type Key = Pick<Cell, 'operation' | 'delayMs' | 'connections'>;
const SCREEN: Key = { operation: 'screen', delayMs: 0, connections: 50 };
const SCREEN_5_MS: Key = { ...SCREEN, delayMs: 5 };
const ALONE_40_MS: Key = { ...SCREEN, delayMs: 40, connections: 1 };
const MANY: Key = { ...SCREEN, connections: 200 };
const ENTITIES: Key = { operation: 'entities', delayMs: 0, connections: 50 };

export function targetsOf(results: Results): Target[] {
  const of = (key: Key, server: ServerName, measure: keyof Run) => typical(results, key, server, measure);
  const speed = (key: Key, than: ServerName) => of(key, 'service', 'perSecond') / of(key, than, 'perSecond');
  const tail = (server: ServerName) => of(SCREEN, server, 'p99') / of(SCREEN, server, 'p50');
  const least = (what: string, bound: number, measured: number): Target => ({
    what,
    bound: `at least ${bound.toFixed(2)}`,
    measured,
    isReached: measured >= bound,
  });
  const most = (what: string, bound: number, measured: number, unit = ''): Target => ({
    what,
    bound: `at most ${bound}${unit}`,
    measured,
    isReached: measured <= bound,
  });
  return [
    least('screen, upstream at once: req/s against REST verifying each token', 1.3, speed(SCREEN, 'rest')),
    least('the same against REST with an equal token cache', 0.65, speed(SCREEN, 'rest-cached')),
    least('screen, upstream 5 ms: req/s against REST verifying each token', 1, speed(SCREEN_5_MS, 'rest')),
    most(
      'screen, upstream 40 ms, 1 connection: p50 beyond one upstream round trip',
      1,
      of(ALONE_40_MS, 'service', 'p50') - median(results.roundTrips),
      ' ms',
    ),
    least("screen, upstream at once: req/s against Apollo's recipe", 3, speed(SCREEN, 'apollo')),
    least('the same against graphql-yoga', 5, speed(SCREEN, 'yoga')),
    least('the same against mercurius with JIT', 1, speed(SCREEN, 'mercurius')),
    least('100 entities: req/s against REST without projection', 4, speed(ENTITIES, 'rest')),
    most('screen, upstream at once: p99 / p50, against that of REST', 2, tail('service') / tail('rest')),
    most('memory after 200 connections', 200, of(MANY, 'service', 'memoryMb'), ' MB'),
    most(
      "start to first answer against Apollo's recipe",
      1.7,
      typicalStart(results, 'service') / typicalStart(results, 'apollo'),
    ),
  ];
}
