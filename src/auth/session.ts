/** Open sign-ins: one record for each customer, so that capping, rotating and ending are single atomic steps. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Change, records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { Device } from './ports.ts';
import { hashOf, type Secrets, sameText } from './secrets.ts';

export interface SessionSettings {
  idleSeconds: number;
  totalSeconds: number;
  replaySeconds: number;
  maxPerCustomer: number;
}

const Session = z.object({
  id: z.string(),
  /** Milliseconds. */
  createdAt: z.number(),
  lastSeenAt: z.number(),
  authTime: z.number(),
  amr: z.array(z.string()),
  device: z
    .object({
      deviceId: z.string(),
      type: z.enum(['ANDROID', 'IOS', 'WEB']),
      name: z.string().nullable(),
      registrationId: z.string().nullable(),
      language: z.enum(['en', 'ar']).nullish(),
    })
    .nullable(),
  tokenHash: z.string(),
  /** The token that the current one replaced, while a client may still be waiting for the answer. */
  spentHash: z.string().nullable(),
  spentAt: z.number(),
  idleEndsAt: z.number(),
  endsAt: z.number(),
});
const Stored = z.object({ sessions: z.array(Session) });

/** An open session; times in milliseconds. */
export type Session = z.infer<typeof Session>;

const isSameSignIn = (a: Session, b: Session) => a.id === b.id && a.device?.deviceId === b.device?.deviceId;

/** A session just opened or refreshed, with the refresh token in clear: the only time that it is. */
export interface OpenSession {
  customerId: string;
  session: Session;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

/** What became of a customer's sessions in one step. */
export interface SessionsChange {
  /** Sessions that are over, whyever, and those whose device is another now, as they were before. */
  ended: readonly Session[];
  /** The one that was opened, or whose device was told anew. */
  current: Session | null;
  /** The one whose refresh token was replaced. */
  renewed: Session | null;
}

/** A device told anew: what is left out stays as it is, as long as it is the same device. */
export interface DeviceChange extends Pick<Device, 'deviceId' | 'type' | 'language'> {
  name?: string | null | undefined;
  registrationId?: string | null | undefined;
}

export type Sessions = ReturnType<typeof sessionsOf>;

/**
 * Sessions in a store.
 *
 * A refresh token reads `customer.session.secret.tag`, to be taken as opaque by clients. The tag proves
 * that it was made here, so that nobody can end a session with an invented token (RFC 9700, 4.14).
 * `follow` is told of every session that comes or goes, after the step that made it so.
 */
export function sessionsOf(
  store: Store,
  secrets: Secrets,
  settings: SessionSettings,
  follow: (customerId: string, change: SessionsChange) => Promise<void> = async () => undefined,
) {
  const sessions = records(store, 'sessions', Stored);

  function tokenOf(customerId: string, sessionId: string, secret: string): string {
    const body = `${customerId}.${sessionId}.${secret}`;
    return `${body}.${secrets.mac('refresh-tag', body).slice(0, 22)}`;
  }

  /** Derived, so that a lost answer can be given again although no token is kept in clear. */
  const successorOf = (secret: string) => secrets.mac('refresh-next', secret);

  function readToken(token: string) {
    const [customerId, sessionId, secret, tag, ...more] = token.split('.');
    if (!customerId || !sessionId || !secret || !tag || more.length > 0) return null;
    return sameText(token, tokenOf(customerId, sessionId, secret)) ? { customerId, sessionId, secret } : null;
  }

  const isOpen = (session: Session) => Math.min(session.idleEndsAt, session.endsAt) > Date.now();

  function keep(open: Session[]) {
    if (open.length === 0) return null;
    const last = Math.max(...open.map((session) => Math.min(session.idleEndsAt, session.endsAt)));
    return { value: { sessions: open }, ttlSeconds: Math.max(1, Math.ceil((last - Date.now()) / 1000)) };
  }

  /** Changes a customer's open sessions; the change gets a list of its own. The one place where sessions end. */
  async function change<Outcome>(
    customerId: string,
    decide: (
      open: Session[],
    ) => { outcome: Outcome; open?: Session[] } & Partial<Omit<SessionsChange, 'ended'>>,
  ): Promise<Outcome> {
    type Changed = SessionsChange & { outcome: Outcome };
    const { outcome, ...changed } = await sessions.update<Changed>(
      customerId,
      (stored): Change<z.infer<typeof Stored>, Changed> => {
        const before = stored?.sessions ?? [];
        const { outcome, open, current = null, renewed = null } = decide(before.filter(isOpen));
        if (open === undefined) return { outcome: { outcome, ended: [], current, renewed } };
        const ended = before.filter((one) => !open.some((other) => isSameSignIn(one, other)));
        return { outcome: { outcome, ended, current, renewed }, next: keep(open) };
      },
    );
    if (changed.ended.length > 0 || changed.current || changed.renewed) await follow(customerId, changed);
    return outcome;
  }

  /** The sessions without those on this device, for there is one sign-in for each. */
  const without = (open: Session[], device: Device | null) =>
    open.filter((one) => device === null || one.device?.deviceId !== device.deviceId);

  function opened(customerId: string, session: Session, secret: string): OpenSession {
    return {
      customerId,
      session,
      refreshToken: tokenOf(customerId, session.id, secret),
      refreshTokenExpiresAt: new Date(Math.min(session.idleEndsAt, session.endsAt)),
    };
  }

  return {
    /**
     * Opens a session. The same id again replaces it, and a device's earlier session goes: one sign-in
     * for each device. Beyond the most that a customer may have, the one unused for longest goes.
     */
    async open(
      customerId: string,
      how: { sessionId: string; amr: string[]; device: Device | null },
    ): Promise<OpenSession> {
      const secret = randomBytes(32).toString('base64url');
      const now = Date.now();
      const session: Session = {
        id: how.sessionId,
        createdAt: now,
        lastSeenAt: now,
        authTime: now,
        amr: how.amr,
        device: how.device,
        tokenHash: hashOf(secret),
        spentHash: null,
        spentAt: 0,
        idleEndsAt: now + settings.idleSeconds * 1000,
        endsAt: now + settings.totalSeconds * 1000,
      };
      await change<void>(customerId, (open) => {
        const others = without(open, session.device).filter((other) => other.id !== session.id);
        const latest = others.sort((a, b) => b.lastSeenAt - a.lastSeenAt);
        const kept = latest.slice(0, settings.maxPerCustomer - 1);
        return { outcome: undefined, open: [session, ...kept], current: session };
      });
      return opened(customerId, session, secret);
    },

    /**
     * Replaces the refresh token; `null` for one that opens nothing.
     *
     * Within the replay time a spent token gives the same successor again, unless that has been used.
     * Any later use of a spent token ends its session, for one of two holders must be a thief.
     */
    async refresh(token: string): Promise<OpenSession | null> {
      const read = readToken(token);
      if (read === null) return null;
      const { customerId, sessionId, secret } = read;
      const hash = hashOf(secret);
      const next = successorOf(secret);

      const session = await change<Session | null>(customerId, (open) => {
        const now = Date.now();
        const current = open.find((one) => one.id === sessionId);
        if (!current) return { outcome: null };
        if (current.tokenHash === hash) {
          const rotated: Session = {
            ...current,
            tokenHash: hashOf(next),
            spentHash: hash,
            spentAt: now,
            lastSeenAt: now,
            idleEndsAt: now + settings.idleSeconds * 1000,
          };
          const others = open.map((one) => (one === current ? rotated : one));
          return { outcome: rotated, open: others, renewed: rotated };
        }
        if (current.spentHash === hash && current.spentAt > now - settings.replaySeconds * 1000) {
          return { outcome: current };
        }
        return { outcome: null, open: open.filter((one) => one !== current) };
      });
      return session && opened(customerId, session, next);
    },

    /** Tells a session's device anew; an earlier session on that device ends. `null` when there is no such session. */
    async changeDevice(
      customerId: string,
      sessionId: string,
      { name, registrationId, ...told }: DeviceChange,
    ): Promise<Session | null> {
      return change<Session | null>(customerId, (open) => {
        const before = open.find((one) => one.id === sessionId);
        if (!before) return { outcome: null };
        const known = before.device?.deviceId === told.deviceId ? before.device : null;
        const device = {
          ...told,
          name: name === undefined ? (known?.name ?? null) : name,
          registrationId: registrationId === undefined ? (known?.registrationId ?? null) : registrationId,
        };
        const current = { ...before, device };
        const others = without(
          open.filter((one) => one !== before),
          device,
        );
        return { outcome: current, open: [current, ...others], current };
      });
    },

    /** The open session of that id, or `null`. */
    find(customerId: string, sessionId: string): Promise<Session | null> {
      return sessions
        .get(customerId)
        .then((stored) => stored?.sessions.find((one) => one.id === sessionId && isOpen(one)) ?? null);
    },

    /** All open sessions, the last used first. */
    async list(customerId: string): Promise<Session[]> {
      const stored = await sessions.get(customerId);
      return (stored?.sessions ?? []).filter(isOpen).sort((a, b) => b.lastSeenAt - a.lastSeenAt);
    },

    /** Whether there was such a session among the customer's own. */
    async end(customerId: string, sessionId: string): Promise<boolean> {
      return change<boolean>(customerId, (open) => {
        const others = open.filter((one) => one.id !== sessionId);
        return others.length === open.length ? { outcome: false } : { outcome: true, open: others };
      });
    },

    /** Ends all, or all but one; the number of those ended. */
    async endAll(customerId: string, except?: string): Promise<number> {
      return change<number>(customerId, (open) => {
        const kept = open.filter((one) => one.id === except);
        return { outcome: open.length - kept.length, open: kept };
      });
    },
  };
}
