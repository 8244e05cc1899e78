/** A store whose commands are timed, each under a span of the operation that it is for. */
import { type Span, withinSpan } from '../operation.ts';
import type { Store } from './store.ts';

type Command = 'get' | 'swap' | 'ping';

/** Is told of each command: its name, how long it took, and whether it was answered. */
export type StoreObserver = (command: Command, outcome: 'answered' | 'failed', seconds: number) => void;

/** The same store; `observe` hears of every command. */
export function observed(store: Store, observe: StoreObserver): Store {
  function timed<T>(command: Command, run: () => Promise<T>): Promise<T> {
    return withinSpan(
      () => ({ name: `store ${command}`, kind: 'internal' }),
      (span) => timedUnder(span, command, run),
    );
  }
  function timedUnder<T>(span: Span | undefined, command: Command, run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const end = (outcome: 'answered' | 'failed') => {
      observe(command, outcome, (performance.now() - startedAt) / 1000);
      span?.end();
    };
    return run().then(
      (answer) => {
        end('answered');
        return answer;
      },
      (error: unknown) => {
        span?.fail('UPSTREAM_UNAVAILABLE');
        end('failed');
        throw error;
      },
    );
  }
  return {
    get: (key) => timed('get', () => store.get(key)),
    swap: (...args) => timed('swap', () => store.swap(...args)),
    ping: () => timed('ping', () => store.ping()),
    close: () => store.close(),
  };
}
