/** Devices of which the shop could not be told. */
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';

const MOST = 1000;
// The shop drops registrations by itself within thirty days.
const TTL_SECONDS = 32 * 24 * 60 * 60;

/** One list for all replicas: whoever finds the shop well again works it off. */
export function pushBacklogOf(store: Store, log: Logger) {
  const backlog = records(store, 'push-backlog', z.object({ devices: z.array(z.string()) }));
  const kept = (devices: string[]) =>
    devices.length === 0 ? null : { value: { devices }, ttlSeconds: TTL_SECONDS };

  return {
    /** Adds a device, once. When the list is full the oldest one is given up, which the log tells. */
    async add(device: string): Promise<void> {
      const isFull = await backlog.update<boolean>('all', (current) => {
        const others = (current?.devices ?? []).filter((one) => one !== device);
        return { outcome: others.length >= MOST, next: kept([...others, device].slice(-MOST)) };
      });
      if (isFull) log.error('too many push registrations wait for the shop; the oldest was given up');
    },

    /** Takes the oldest one off the list; `null` when it is empty. */
    async take(): Promise<string | null> {
      return backlog.update<string | null>('all', (current) => {
        const [first, ...others] = current?.devices ?? [];
        return first === undefined ? { outcome: null } : { outcome: first, next: kept(others) };
      });
    },
  };
}
