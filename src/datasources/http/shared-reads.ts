/** Reads that several ask for at the same time, sent once. */
import { Failure } from '../../failures.ts';
import type { Patience } from './slots.ts';

// Less than a write takes, there and back: what another replica has just been told is not joined to what was asked before.
const JOIN_WITHIN_MS = 50;

interface Shared<Answer> {
  answer: Promise<Answer>;
  startedAt: number;
  endsAt: number;
  waiting: number;
  isAnswered: boolean;
  stop: AbortController;
}

export interface SharedReads<Answer> {
  /**
   * The answer to `key`: of a read that is under way, if that began a moment ago and no write since, else of `ask`.
   *
   * Whoever leaves rejects alone with `UPSTREAM_UNAVAILABLE`; when all have left, the read's own signal is aborted.
   */
  read(key: string, patience: Patience, ask: (gone: AbortSignal) => Promise<Answer>): Promise<Answer>;
  /** From now on nobody joins what is under way: it may not know what has just been written. */
  forget(): void;
}

/** `Patience.endsAt` is when the read that is asked for ends at the latest. */
export function sharedReads<Answer>(): SharedReads<Answer> {
  const underWay = new Map<string, Shared<Answer>>();

  function start(key: string, endsAt: number, ask: (gone: AbortSignal) => Promise<Answer>): Shared<Answer> {
    const stop = new AbortController();
    const started: Shared<Answer> = {
      answer: ask(stop.signal).finally(() => {
        started.isAnswered = true;
        if (underWay.get(key) === started) underWay.delete(key);
      }),
      startedAt: performance.now(),
      endsAt,
      waiting: 0,
      isAnswered: false,
      stop,
    };
    underWay.set(key, started);
    return started;
  }

  /** One that ends when the caller's own read would have to, or before. */
  function joinable(key: string, endsAt: number): Shared<Answer> | undefined {
    const known = underWay.get(key);
    const isFresh = known && performance.now() - known.startedAt < JOIN_WITHIN_MS;
    return isFresh && known.endsAt <= endsAt && !known.stop.signal.aborted ? known : undefined;
  }

  return {
    async read(key, { endsAt, gone }, ask) {
      const shared = joinable(key, endsAt) ?? start(key, endsAt, ask);
      shared.waiting += 1;
      let leave: (() => void) | undefined;
      try {
        if (gone === null) return await shared.answer;
        const left = new Promise<never>((_, reject) => {
          leave = () =>
            reject(new Failure('UPSTREAM_UNAVAILABLE', { detail: 'not waited for: the client has left' }));
          if (gone.aborted) leave();
          else gone.addEventListener('abort', leave);
        });
        return await Promise.race([shared.answer, left]);
      } finally {
        if (leave) gone?.removeEventListener('abort', leave);
        shared.waiting -= 1;
        if (shared.waiting === 0 && !shared.isAnswered) shared.stop.abort();
      }
    },
    forget: () => underWay.clear(),
  };
}
