/** Push messages: which sign-in a device's registration belongs to, and telling the shop until it has heard. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failures.ts';
import type { Logger } from '../logger.ts';
import type { Lock } from '../stores/lock.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { AfterAnswer, PushDevices } from './ports.ts';
import { pushBacklogOf } from './push-backlog.ts';
import { hashOf } from './secrets.ts';
import type { Session, SessionsChange } from './session.ts';

const DAY_SECONDS = 24 * 60 * 60;
// How long a registration that could not be taken away is remembered: the shop drops it by itself before that.
const HELD_SECONDS = 32 * DAY_SECONDS;
const TRIES = 2;
const PAUSE_MS = 500;
// How many others are caught up with once the shop answers again.
const CATCH_UP = 10;

const Registration = z.object({
  customerId: z.string(),
  sessionId: z.string(),
  registrationId: z.string(),
  type: z.enum(['ANDROID', 'IOS', 'WEB']),
  name: z.string().nullable(),
  language: z.enum(['en', 'ar']).nullable(),
  /** Milliseconds. */
  endsAt: z.number(),
});

const PushDevice = z.object({
  /** What the shop should hold of the device; `null` for nothing. */
  wanted: Registration.nullable(),
  /** For whom the shop may hold a registration of it, the wanted one's customer included. */
  heldFor: z.array(z.string()),
  /** Another one with each change of what is wanted. */
  revision: z.string(),
  state: z.enum(['new', 'told', 'failed']),
});
type PushDevice = z.infer<typeof PushDevice>;

export type Push = ReturnType<typeof pushOf>;

/** The key of a device, in the store and for the shop: a client's own id may hold anything. */
export const deviceKeyOf = (deviceId: string): string => hashOf(deviceId);

/**
 * Push registrations follow the sessions: one comes with a session's device and goes with the session.
 *
 * What should be is one record for each device, so that a device that changes hands leaves its former
 * customer in the same atomic step. The shop is told in the background, one teller for each device at a
 * time: whatever the order in which requests end, the last word is the record's. What the shop did not
 * take is logged, and told again as soon as it takes anything, or when the session is renewed.
 */
export function pushOf(parts: {
  store: Store;
  lock: Lock;
  shop: PushDevices;
  inBackground: AfterAnswer;
  log: Logger;
}) {
  const { store, lock, shop, inBackground, log } = parts;
  const devices = records(store, 'push', PushDevice);
  const backlog = pushBacklogOf(store, log);

  function kept(device: PushDevice) {
    const { wanted } = device;
    if (wanted === null && device.heldFor.length === 0) return null;
    const left = wanted === null ? 0 : Math.ceil((wanted.endsAt - Date.now()) / 1000);
    return { value: device, ttlSeconds: Math.max(HELD_SECONDS, left + DAY_SECONDS) };
  }

  /** Whether anything is to be told. */
  async function want(deviceId: string, wanted: z.infer<typeof Registration> | null): Promise<boolean> {
    const revision = randomUUID();
    return devices.update<boolean>(deviceKeyOf(deviceId), (current) => {
      if (wanted === null && !current?.wanted) return { outcome: false };
      const heldFor = new Set(current?.heldFor);
      if (wanted) heldFor.add(wanted.customerId);
      return { outcome: true, next: kept({ wanted, heldFor: [...heldFor], revision, state: 'new' }) };
    });
  }

  /** Takes the registration back that came with this sign-in, unless another has taken its place. */
  async function drop(deviceId: string, sessionId: string): Promise<boolean> {
    const revision = randomUUID();
    return devices.update<boolean>(deviceKeyOf(deviceId), (current) =>
      current?.wanted?.sessionId === sessionId
        ? { outcome: true, next: kept({ ...current, wanted: null, revision, state: 'new' }) }
        : { outcome: false },
    );
  }

  /** Makes the shop hold what the record says. */
  async function tell(key: string): Promise<void> {
    const device = await devices.get(key);
    if (device === null || device.state === 'told') return;
    const { wanted, revision } = device;
    const others = device.heldFor.filter((customerId) => customerId !== wanted?.customerId);
    for (const customerId of others) await shop.remove(customerId, key);
    if (wanted) {
      const { customerId, registrationId, type, name, language, endsAt } = wanted;
      const expiresAt = new Date(endsAt);
      await shop.register(customerId, key, { registrationId, type, name, language, expiresAt });
    }
    await devices.update<void>(key, (current) => {
      if (current === null) return { outcome: undefined };
      const heldFor = current.heldFor.filter(
        (customerId) => !others.includes(customerId) || customerId === current.wanted?.customerId,
      );
      const state = current.revision === revision ? 'told' : current.state;
      return { outcome: undefined, next: kept({ ...current, heldFor, state }) };
    });
  }

  async function fail(key: string): Promise<void> {
    await devices.update<void>(key, (current) =>
      current === null || current.state === 'told'
        ? { outcome: undefined }
        : { outcome: undefined, next: kept({ ...current, state: 'failed' }) },
    );
  }

  async function settle(key: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await lock(`push:${key}`, () => tell(key));
      } catch (error) {
        await fail(key);
        // What the shop refuses today it will refuse tomorrow.
        if (error instanceof Failure && !error.retryable) throw error;
        if (attempt === TRIES) {
          await backlog.add(key);
          throw error;
        }
        await sleep(PAUSE_MS);
      }
    }
  }

  async function settleAndCatchUp(key: string): Promise<void> {
    await settle(key);
    for (let count = 0; count < CATCH_UP; count++) {
      const late = await backlog.take();
      if (late === null) return;
      await settle(late);
    }
  }

  /** What is wanted is noted before the answer; trouble with it keeps nobody from signing in or out. */
  async function noted(deviceId: string, noting: Promise<boolean>): Promise<void> {
    try {
      if (!(await noting)) return;
      const key = deviceKeyOf(deviceId);
      inBackground('tell the shop of a push registration', () => settleAndCatchUp(key));
    } catch (error) {
      log.error({ err: error }, 'a push registration could not be noted');
    }
  }

  /** The record of the session's device, where it is this session's; `null` where it is another's or none. */
  async function own({ id, device }: Session): Promise<PushDevice | null> {
    if (!device?.registrationId) return null;
    const known = await devices.get(deviceKeyOf(device.deviceId));
    return known?.wanted?.sessionId === id ? known : null;
  }

  return {
    /** Lets the registrations follow a change of a customer's sessions. Never rejects. */
    async follow(customerId: string, { ended, current, renewed }: SessionsChange): Promise<void> {
      await Promise.all(
        ended.map(async ({ id, device }) => {
          if (device?.registrationId) await noted(device.deviceId, drop(device.deviceId, id));
        }),
      );
      if (renewed?.device?.registrationId) {
        // Telling may have come to nothing, with a process that died over it too.
        const key = deviceKeyOf(renewed.device.deviceId);
        inBackground('tell the shop of a push registration again', async () => {
          const known = await own(renewed);
          if (known !== null && known.state !== 'told') await settleAndCatchUp(key);
        });
      }
      if (!current?.device) return;
      const { deviceId, registrationId, type, name, language = null } = current.device;
      const sign = { customerId, sessionId: current.id, type, name, language, endsAt: current.endsAt };
      await noted(deviceId, want(deviceId, registrationId === null ? null : { ...sign, registrationId }));
    },

    /** Whether push messages reach the device of this session, as far as the shop has not said otherwise. */
    async reaches(session: Session): Promise<boolean> {
      const known = await own(session);
      return known !== null && known.state !== 'failed';
    },
  };
}
