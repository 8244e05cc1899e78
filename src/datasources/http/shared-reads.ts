/** Reads that several ask for at the same time, sent once. */
import { Failure } from '../../failures.ts';
import { type Gone, Leaving } from '../../operation.ts';
import type { Patience } from './slots.ts';

// Less than a write takes, there and back: what another replica has just been told is not joined to what was asked before.
const JOIN_WITHIN_MS = 50;

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
  /** Listens no more for whether it leaves. */
  stay(): void;
}

interface Shared<Answer> {
  startedAt: number;
  endsAt: number;
  waiting: Waiting<Answer>[];
  gone: Leaving;
}

export interface SharedReads<Answer> {
  /**
   * The answer to `key`: of a read that is under way, if that began a moment ago and no write since, else of `ask`.
   *
   * Whoever leaves rejects alone with `UPSTREAM_UNAVAILABLE`; when all have left, the read's own `gone` is aborted.
   */
  read(key: string, patience: Patience, ask: (gone: Gone) => Promise<Answer>): Promise<Answer>;
  /** From now on nobody joins what is under way: it may not know what has just been written. */
  forget(): void;
}

/** `Patience.endsAt` is when the read that is asked for ends at the latest. */
export function sharedReads<Answer>(): SharedReads<Answer> {
  const underWay = new Map<string, Shared<Answer>>();

  function start(key: string, endsAt: number, ask: (gone: Gone) => Promise<Answer>): Shared<Answer> {
    const gone = new Leaving();
    const waiting: Waiting<Answer>[] = [];
    const started = { startedAt: performance.now(), endsAt, waiting, gone };
    underWay.set(key, started);
    const end = (settle: (one: Waiting<Answer>) => void) => {
      if (underWay.get(key) === started) underWay.delete(key);
      // Let go of: V8 keeps what was in a map until it collects the oldest objects.
      for (const one of waiting.splice(0)) {
        one.stay();
        settle(one);
      }
    };
    ask(gone).then(
      (answer) => end(({ resolve }) => resolve(answer)),
      (error: unknown) => end(({ reject }) => reject(error)),
    );
    return started;
  }

  /** One that ends when the caller's own read would have to, or before. */
  function joinable(key: string, endsAt: number): Shared<Answer> | undefined {
    const known = underWay.get(key);
    const isFresh = known && performance.now() - known.startedAt < JOIN_WITHIN_MS;
    return isFresh && known.endsAt <= endsAt && !known.gone.aborted ? known : undefined;
  }

  return {
    read(key, { endsAt, gone }, ask) {
      const shared = joinable(key, endsAt) ?? start(key, endsAt, ask);
      return new Promise((resolve, reject) => {
        const stay = () => gone?.removeEventListener('abort', leave);
        const one = { resolve, reject, stay };
        const leave = () => {
          shared.waiting.splice(shared.waiting.indexOf(one), 1);
          reject(new Failure('UPSTREAM_UNAVAILABLE', { detail: 'not waited for: the client has left' }));
          if (shared.waiting.length === 0) shared.gone.leave();
        };
        shared.waiting.push(one);
        if (gone?.aborted) leave();
        else gone?.addEventListener('abort', leave);
      });
    },
    forget: () => underWay.clear(),
  };
}
