/** Consecutive wrong codes, counted across challenges for one phone or e-mail address. */
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import { networkOf } from './network.ts';
import type { Secrets } from './secrets.ts';

export interface FailureSettings {
  /** Failures in a row of one client after which it waits 15 minutes; at twice as many, an hour. */
  perClient: number;
  /** Failures in a row from anywhere after which signing in by this phone or e-mail is closed for a day. */
  perPhone: number;
  /** For how long a device that signed in has a count of its own. */
  knownDeviceSeconds: number;
}

/** Whose try it is, as far as the client tells. */
export interface Trier {
  address: string | null;
  deviceId: string | null;
}

/** A try that was counted in advance. */
export interface CountedTry {
  kind: 'allowed';
  /** Should this one fail too, the phone or e-mail is closed. */
  isLast: boolean;
  /** Where it was counted. */
  counts: readonly string[];
}

export type Try = CountedTry | { kind: 'wait'; retryAfterSeconds: number } | { kind: 'closed' };

const DAY_SECONDS = 24 * 60 * 60;
const Count = z.object({ failures: z.number().int(), waitUntil: z.number() });
const Known = z.object({ devices: z.record(z.string(), z.number()) });

export type FailureCounts = ReturnType<typeof failureCountsOf>;

/**
 * Counts that a new code does not reset.
 *
 * Each try counts as a failure before it is made, so that a stranger who tries in parallel gains nothing;
 * a right code sets zero, and a try that compared nothing is taken back. A day without failure forgets. A device that signed in with the
 * phone or e-mail lately counts for itself, so that strangers cannot lock the owner out.
 */
export function failureCountsOf(store: Store, secrets: Secrets, settings: FailureSettings) {
  const counts = records(store, 'failures', Count);
  const known = records(store, 'known-devices', Known);

  const totalId = (to: string) => secrets.mac('failures', to);
  const clientId = (to: string, who: string) => secrets.mac('failures', `${to}\n${who}`);

  function waitAfter(failures: number): number {
    if (failures % settings.perClient !== 0) return 0;
    return failures === settings.perClient ? 15 * 60 : 60 * 60;
  }

  async function isKnown(to: string, deviceId: string | null): Promise<boolean> {
    if (deviceId === null) return false;
    const seenAt = (await known.get(totalId(to)))?.devices[secrets.mac('device', deviceId)];
    return seenAt !== undefined && seenAt > Date.now() - settings.knownDeviceSeconds * 1000;
  }

  function countOne(id: string, most: number | null) {
    return counts.update<{ failures: number; waitUntil: number; refused: boolean }>(id, (stored) => {
      const now = Date.now();
      const current = stored ?? { failures: 0, waitUntil: 0 };
      const isClosed = most !== null && current.failures >= most;
      if (current.waitUntil > now || isClosed) return { outcome: { ...current, refused: true } };
      const failures = current.failures + 1;
      const waitUntil = most === null ? now + waitAfter(failures) * 1000 : 0;
      const next = { failures, waitUntil };
      return { outcome: { ...next, refused: false }, next: { value: next, ttlSeconds: DAY_SECONDS } };
    });
  }

  function takeOneBack(id: string) {
    return counts.update<void>(id, (stored) => {
      if (stored === null) return { outcome: undefined };
      const value = { failures: stored.failures - 1, waitUntil: 0 };
      return { outcome: undefined, next: value.failures < 1 ? null : { value, ttlSeconds: DAY_SECONDS } };
    });
  }

  return {
    /** Whether this device signed in with the phone (E.164) or e-mail (in lower case) lately. */
    isKnown,

    /** To be asked before a code for `to` (E.164, or an e-mail address in lower case) is compared. */
    async begin(to: string, { address, deviceId }: Trier): Promise<Try> {
      const isOwnDevice = await isKnown(to, deviceId);
      const network = address === null ? 'unknown' : networkOf(address).name;
      const ownId = clientId(to, isOwnDevice ? `device ${deviceId}` : `network ${network}`);
      const own = await countOne(ownId, null);
      if (own.refused) {
        return {
          kind: 'wait',
          retryAfterSeconds: Math.max(1, Math.ceil((own.waitUntil - Date.now()) / 1000)),
        };
      }
      if (isOwnDevice) return { kind: 'allowed', isLast: false, counts: [ownId] };
      const all = await countOne(totalId(to), settings.perPhone);
      if (all.refused) {
        await takeOneBack(ownId);
        return { kind: 'closed' };
      }
      return {
        kind: 'allowed',
        isLast: all.failures >= settings.perPhone,
        counts: [ownId, totalId(to)],
      };
    },

    /** The code was right: the counts start anew. */
    async succeeded(tried: CountedTry): Promise<void> {
      for (const id of tried.counts)
        await counts.update<void>(id, () => ({ outcome: undefined, next: null }));
    },

    /** There was nothing to compare the code with, so it was no failure. */
    async takeBack(tried: CountedTry): Promise<void> {
      for (const id of tried.counts) await takeOneBack(id);
    },

    /** Remembers that the device signed in with this phone or e-mail. */
    async remember(to: string, deviceId: string): Promise<void> {
      await known.update<void>(totalId(to), (stored) => {
        const now = Date.now();
        const oldest = now - settings.knownDeviceSeconds * 1000;
        const devices = Object.fromEntries(
          Object.entries(stored?.devices ?? {})
            .filter(([, seenAt]) => seenAt > oldest)
            .slice(-19),
        );
        devices[secrets.mac('device', deviceId)] = now;
        return { outcome: undefined, next: { value: { devices }, ttlSeconds: settings.knownDeviceSeconds } };
      });
    },

    /** Forgets every device that signed in with this phone. */
    async forgetDevices(phone: string): Promise<void> {
      await known.update<void>(totalId(phone), () => ({ outcome: undefined, next: null }));
    },
  };
}
