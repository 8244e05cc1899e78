/** Work that goes on after its answer has left, and that a stopping process waits for. */
import type { Logger } from './logger.ts';
import { apart } from './operation.ts';

export interface Background {
  /** Starts the work, under the ids of the request at hand but in its own time; what it throws is logged under `name`. */
  run(name: string, work: () => Promise<void>): void;
  /** Resolves when nothing is under way any more. */
  finished(): Promise<void>;
}

export function backgroundOf(log: Logger): Background {
  const underWay = new Set<Promise<void>>();
  return {
    run(name, work) {
      const running = apart(work)
        .catch((error: unknown) => log.error({ err: error, work: name }, 'work after the answer failed'))
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    async finished() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
