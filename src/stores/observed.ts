/** A store whose commands are timed. */
import type { Store } from './store.ts';

/** Is told of each command: its name, how long it took, and whether it was answered. */
export type StoreObserver = (
  command: 'get' | 'swap' | 'ping',
  outcome: 'answered' | 'failed',
  seconds: number,
) => void;

/** The same store; `observe` hears of every command. */
export function observed(store: Store, observe: StoreObserver): Store {
  async function timed<T>(command: 'get' | 'swap' | 'ping', run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const end = (outcome: 'answered' | 'failed') =>
      observe(command, outcome, (performance.now() - startedAt) / 1000);
    try {
      const answer = await run();
      end('answered');
      return answer;
    } catch (error) {
      end('failed');
      throw error;
    }
  }
  return {
    get: (key) => timed('get', () => store.get(key)),
    swap: (...args) => timed('swap', () => store.swap(...args)),
    ping: () => timed('ping', () => store.ping()),
    close: () => store.close(),
  };
}
