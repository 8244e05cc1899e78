/** Trying passwords with the shop: how often, and how fast. */
import type { Store } from '../stores/store.ts';
import { networkOf } from './network.ts';
import type { Client } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { throttleOf } from './throttle.ts';

export type PasswordAttempt<Value> =
  | { kind: 'right'; value: Value }
  /** Wrong, or not even tried: the shop locks a name at the sixth failure within half an hour. */
  | { kind: 'wrong' }
  | { kind: 'throttled'; retryAfterSeconds: number };

export type PasswordAttempts = ReturnType<typeof passwordAttemptsOf>;

/** Counts shared by everything that tries a password: five failures for a name, and pauses for each client. */
export function passwordAttemptsOf(store: Store, secrets: Secrets) {
  const nameThrottle = throttleOf(store, 'password-name', { windows: [{ seconds: 30 * 60, most: 5 }] });
  const clientThrottle = throttleOf(store, 'password-client', {
    windows: [{ seconds: 30 * 60, most: 10 }],
    pauseSeconds: (tries) => (tries < 3 ? 0 : 2 ** (tries - 2)),
  });

  /**
   * Runs `compare` unless too many tries for this e-mail address have failed; it answers `null` for wrong.
   *
   * Each try counts as a failure before it is made, so that parallel ones gain nothing. What `compare`
   * throws is the shop's trouble and takes the try back.
   */
  return async <Value>(
    email: string,
    { address }: Client,
    compare: () => Promise<Value | null>,
  ): Promise<PasswordAttempt<Value>> => {
    const name = secrets.mac('password', email.toLowerCase());
    const network = address === null ? 'unknown' : networkOf(address).name;
    const client = secrets.mac('password', `${name}\n${network}`);
    const paused = await clientThrottle.admit(client);
    if (paused.kind === 'refused') return { kind: 'throttled', retryAfterSeconds: paused.retryAfterSeconds };
    const locked = await nameThrottle.admit(name);
    if (locked.kind === 'refused') return { kind: 'wrong' };

    let value: Value | null;
    try {
      value = await compare();
    } catch (error) {
      // The shop's trouble is nobody's wrong password.
      await Promise.all([nameThrottle.withdraw(name), clientThrottle.withdraw(client)]);
      throw error;
    }
    if (value === null) return { kind: 'wrong' };
    await Promise.all([nameThrottle.clear(name), clientThrottle.clear(client)]);
    return { kind: 'right', value };
  };
}
