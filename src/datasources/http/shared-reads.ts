/** Reads that several ask for at the same time, sent once. */
import { Failure } from '../../failures.ts';
import { type Gone, leaving } from '../../operation.ts';
import type { Patience } from './slots.ts';

// Less than a write takes, there and back: what another replica has just been told is not joined to what was asked before.
const JOIN_WITHIN_MS = 50;

interface Shared<Answer> {
  answer: Promise<Answer>;
  startedAt: number;
  endsAt: number;
  waiting: number;
  gone: Gone;
  leave(): void;
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
    const { gone, leave } = leaving();
    const answer = ask(gone);
    const started = { answer, startedAt: performance.now(), endsAt, waiting: 0, gone, leave };
    underWay.set(key, started);
    const end = () => {
      if (underWay.get(key) === started) underWay.delete(key);
    };
    answer.then(end, end);
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
      shared.waiting += 1;
      if (gone === null) return shared.answer;
      return new Promise((resolve, reject) => {
        const leave = () => {
          reject(new Failure('UPSTREAM_UNAVAILABLE', { detail: 'not waited for: the client has left' }));
          shared.waiting -= 1;
          if (shared.waiting === 0) shared.leave();
        };
        if (gone.aborted) return leave();
        gone.addEventListener('abort', leave);
        const stay = () => gone.removeEventListener('abort', leave);
        shared.answer.then(
          (answer) => {
            stay();
            resolve(answer);
          },
          (error) => {
            stay();
            reject(error);
          },
        );
      });
    },
    forget: () => underWay.clear(),
  };
}
