/** Reads that several ask for at the same time, sent once. */
import { type Gone, Leaving } from '../../operation.ts';
import type { Patience } from './slots.ts';

// Less than a write takes, there and back: what another replica has just been told is not joined to what was asked before.
const JOIN_WITHIN_MS = 50;

export interface SharedReads<Answer> {
  /**
   * The answer to `key`: of a read that is under way, if that began a moment ago and no write since, else of `ask`.
   *
   * When all who asked have left, the read's own `gone` is aborted; whoever leaves alone is answered with the others.
   */
  read(key: string, patience: Patience, ask: (gone: Gone) => Promise<Answer>): Promise<Answer>;
  /** From now on nobody joins what is under way: it may not know what has just been written. */
  forget(): void;
}

/** One read, which is left when everybody has left it. */
class Shared<Answer> extends Leaving {
  readonly startedAt = performance.now();
  /** `null` before and after: whatever V8 keeps of the read for a while is not to keep what came of it. */
  answer: Promise<Answer> | null = null;
  readonly #clients: Gone[] = [];
  #waiting = 0;
  readonly #goOne = () => {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.leave();
  };

  constructor(readonly endsAt: number) {
    super();
  }

  join(client: Gone | null): void {
    this.#waiting += 1;
    if (client?.aborted) this.#goOne();
    else if (client) {
      this.#clients.push(client);
      client.addEventListener('abort', this.#goOne);
    }
  }

  end(): void {
    this.answer = null;
    for (const client of this.#clients) client.removeEventListener('abort', this.#goOne);
  }
}

/** `Patience.endsAt` is when the read that is asked for ends at the latest. */
export function sharedReads<Answer>(): SharedReads<Answer> {
  // Those that began in this moment and in the one before: from a map that lives on while entries come and go, V8 keeps
  // many until it collects the oldest objects.
  let latest = new Map<string, Shared<Answer>>();
  let earlier = latest;
  let turnedAt = performance.now();

  /** One that ends when the caller's own read would have to, or before. */
  function joinable(key: string, endsAt: number): Shared<Answer> | undefined {
    const known = latest.get(key) ?? earlier.get(key);
    const isFresh = known && performance.now() - known.startedAt < JOIN_WITHIN_MS;
    return isFresh && known.endsAt <= endsAt && !known.aborted ? known : undefined;
  }

  function add(key: string, shared: Shared<Answer>): void {
    if (shared.startedAt - turnedAt >= JOIN_WITHIN_MS) {
      earlier = latest;
      latest = new Map();
      turnedAt = shared.startedAt;
    }
    latest.set(key, shared);
  }

  function remove(key: string, shared: Shared<Answer>): void {
    for (const reads of [latest, earlier]) if (reads.get(key) === shared) reads.delete(key);
  }

  function start(key: string, { endsAt, gone }: Patience, ask: (gone: Gone) => Promise<Answer>) {
    const shared = new Shared<Answer>(endsAt);
    add(key, shared);
    shared.join(gone);
    const answer = ask(shared);
    shared.answer = answer;
    const end = () => {
      remove(key, shared);
      shared.end();
    };
    answer.then(end, end);
    return answer;
  }

  return {
    read(key, patience, ask) {
      const shared = joinable(key, patience.endsAt);
      if (!shared?.answer) return start(key, patience, ask);
      shared.join(patience.gone);
      return shared.answer;
    },
    forget() {
      latest = new Map();
      earlier = latest;
    },
  };
}
