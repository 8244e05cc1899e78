/** What is measured: an operation, how slow the upstream is, how many ask at a time, and who answers. */
import type { OperationName } from './operations.ts';
import { SERVERS, type ServerName } from './servers.ts';

export interface Cell {
  operation: OperationName;
  delayMs: number;
  connections: number;
  servers: readonly ServerName[];
}

// For screens alone, for nothing else here is kept; and not where each customer comes again too late.
const KEPT: ServerName = 'service-kept';
const RESTS: readonly ServerName[] = ['service', 'rest', 'rest-cached'];
const GRAPHQL: readonly ServerName[] = ['service', 'apollo', 'yoga', 'mercurius'];

export const CELLS: readonly Cell[] = [
  { operation: 'screen', delayMs: 0, connections: 50, servers: [...SERVERS, KEPT] },
  { operation: 'screen', delayMs: 5, connections: 50, servers: [...SERVERS, KEPT] },
  { operation: 'screen', delayMs: 40, connections: 1, servers: RESTS },
  { operation: 'screen', delayMs: 40, connections: 200, servers: [...RESTS, KEPT] },
  { operation: 'entities', delayMs: 0, connections: 50, servers: SERVERS },
  { operation: 'addAddress', delayMs: 0, connections: 50, servers: SERVERS },
  { operation: 'signUp', delayMs: 0, connections: 50, servers: ['service', 'rest'] },
  { operation: 'typename', delayMs: 0, connections: 50, servers: GRAPHQL },
  // Last, for the memory after it.
  { operation: 'screen', delayMs: 0, connections: 200, servers: [...SERVERS, KEPT] },
];
