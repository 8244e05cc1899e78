/** What is done to a service while it is watched: round after round, each trouble for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../faults/misbehaviours.ts';
import type { Stage } from '../faults/stage.ts';
import type { Fate } from '../support/proxy.ts';

const DELAY_MS = 20;
const SLOW_MS = 1_500;
const reset: Fate = (response) => void response.socket?.resetAndDestroy();
const UNAVAILABLE: Fate = {
  status: 503,
  type: 'text/html',
  body: '<h1>Service Temporarily Unavailable</h1>',
};

interface Trouble {
  name: string;
  /** Seconds of calm before it, and how long it lasts. */
  after: number;
  lasts: number;
  /** What becomes of the share of M2's requests that it strikes. */
  share?: number;
  fates?: readonly Fate[];
  delayMs?: number;
  pausesRedis?: true;
}

const ROUND: readonly Trouble[] = [
  { name: 'resets', after: 5, lasts: 2, share: 0.5, fates: [reset] },
  { name: 'answers lost after the work was done', after: 4, lasts: 2, share: 0.2, fates: ['lose'] },
  { name: '503', after: 4, lasts: 2, share: 1, fates: [UNAVAILABLE] },
  { name: `answers ${SLOW_MS} ms late`, after: 4, lasts: 2, delayMs: SLOW_MS },
  { name: 'Redis stopped (SIGSTOP)', after: 4, lasts: 1, pausesRedis: true },
];
const CALM: Trouble = { name: 'calm', after: 0, lasts: 0, share: 0.003, fates: [reset] };

export interface Troubles {
  /** What goes on now, by name. */
  now(): string;
  /** How often each has come so far. */
  times: ReadonlyMap<string, number>;
  /** In words, for whoever reads the numbers. */
  words: readonly string[];
  /** Ends all trouble for good. */
  stop(): Promise<void>;
}

/** Starts the first round. */
export function makeTrouble({ m2, redis }: Pick<Stage, 'm2' | 'redis'>): Troubles {
  const random = seededRandom(7);
  const stopping = new AbortController();
  const times = new Map<string, number>();
  let current = CALM;

  m2.fate = async () => {
    await sleep(current.delayMs ?? DELAY_MS);
    const { share = 0, fates = [] } = current;
    return random() < share ? (fates[Math.floor(random() * fates.length)] ?? 'pass') : 'pass';
  };
  const wait = (seconds: number) => sleep(seconds * 1000, undefined, { signal: stopping.signal });

  async function rounds(): Promise<void> {
    for (;;) {
      for (const trouble of ROUND) {
        await wait(trouble.after);
        times.set(trouble.name, (times.get(trouble.name) ?? 0) + 1);
        current = trouble;
        try {
          if (trouble.pausesRedis) redis.freeze();
          await wait(trouble.lasts);
        } finally {
          if (trouble.pausesRedis) redis.thaw();
          current = CALM;
        }
      }
    }
  }
  const running = rounds().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });

  return {
    now: () => current.name,
    times,
    words: [
      `M2 answers ${DELAY_MS} ms late; 0.3 % of its connections are reset at all times`,
      ...ROUND.map(({ name, lasts, share }) => {
        const struck = share === undefined ? '' : `, ${share * 100} % of what M2 is asked`;
        return `${name}: ${lasts} s in each round${struck}`;
      }),
    ],
    async stop() {
      stopping.abort();
      await running;
      m2.fate = () => 'pass';
    },
  };
}
