/** Codes sent and spent, counted for whoever watches over the service. */
import type { CodeSpender } from './code-spending.ts';
import type { ChallengePurpose, Messenger } from './ports.ts';

/** Is told what becomes of codes, never whose they are. */
export interface CodeObserver {
  sent(purpose: ChallengePurpose, outcome: 'taken' | 'failed'): void;
  /** `purpose` is `signIn` for all those that open a session; `failed`: right, and good for another try. */
  spent(
    purpose: 'signIn' | ChallengePurpose,
    outcome: 'right' | 'rejected' | 'expired' | 'throttled' | 'locked' | 'failed',
  ): void;
}

/** The same messenger; `observe` hears of every code that it was given to send. */
export function observedMessenger(messenger: Messenger, observe: CodeObserver): Messenger {
  const observed =
    <Code extends { purpose: ChallengePurpose }>(send: (code: Code) => Promise<void>) =>
    async (code: Code) => {
      try {
        await send(code);
        observe.sent(code.purpose, 'taken');
      } catch (error) {
        observe.sent(code.purpose, 'failed');
        throw error;
      }
    };
  return { ...messenger, sendCode: observed(messenger.sendCode), mailCode: observed(messenger.mailCode) };
}

/** The same spender; `observe` hears what came of every code that was given. */
export function observedSpender(spend: CodeSpender, observe: CodeObserver | undefined): CodeSpender {
  if (observe === undefined) return spend;
  return async (given, circumstances, work) => {
    const [first, ...more] = given.purposes;
    const purpose = first === undefined || more.length > 0 ? 'signIn' : first;
    let isRight = false;
    try {
      const outcome = await spend(given, circumstances, (entry, phone) => {
        isRight = true;
        return work(entry, phone);
      });
      observe.spent(purpose, isRight ? 'right' : refusalOf(outcome));
      return outcome;
    } catch (error) {
      observe.spent(purpose, 'failed');
      throw error;
    }
  };
}

/** What was never acted upon was refused. */
function refusalOf(outcome: unknown): 'rejected' | 'expired' | 'throttled' | 'locked' {
  const kind = typeof outcome === 'object' && outcome !== null && 'kind' in outcome ? outcome.kind : null;
  return kind === 'rejected' || kind === 'throttled' || kind === 'locked' ? kind : 'expired';
}
