/** The service as a process of its own, which its parent can ask how it fares. Needs `--expose-gc`. */
import 'reflect-metadata/lite';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { startService } from '../../src/server.ts';
import { MARKER } from './texts.ts';
import { watchUpstreams } from './upstreams.ts';

/** What the parent is told, at the start and whenever it asks. */
export interface Report {
  url: string;
  /** After a garbage collection, if one was asked for. */
  heapBytes: number;
  /** So far. */
  upstreamRequests: number;
  /** Lines of the log that repeat what was typed, or say that something is broken; requests that should not be. */
  problems: string[];
}

const problems: string[] = [];

function note(line: string): void {
  if (line.includes(MARKER) || /"level":"(error|fatal)"/.test(line)) problems.push(line);
}

const service = await startService(readConfig(process.env), createLogger('debug', { write: note }));
if (!service.sandbox) throw new Error('the service does not run on the sandbox');
const watch = watchUpstreams(service.sandbox);

function report(request: unknown): void {
  if (request === 'collect') {
    // Twice: the first run may only have found what the second can free.
    globalThis.gc?.();
    globalThis.gc?.();
  }
  const made: Report = {
    url: service.url.replace('localhost', '127.0.0.1'),
    heapBytes: process.memoryUsage().heapUsed,
    upstreamRequests: watch.count(),
    problems: [...problems.splice(0), ...watch.takeProblems()],
  };
  process.send?.(made);
}
process.on('message', report);
process.once('disconnect', () => process.exit());
report('start');
