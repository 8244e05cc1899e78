/** Auth over stand-ins, with the numbers of production. */
import { vi } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { type AuthSettings, createAuth } from '../../src/auth/auth.ts';
import type { Circumstances } from '../../src/auth/code-request.ts';
import type { Device } from '../../src/auth/ports.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import type { Store } from '../../src/stores/store.ts';
import type { Language } from '../../src/texts/texts.ts';
import { fakeOutside, type Membership, phoneOf } from '../support/outside.ts';

/** The defaults of every setting. */
export const CONFIG = readConfig({ NODE_ENV: 'test' });
export const SECRET = 'an invented secret of enough characters';
const signingKey = await generateSigningKey();

export const SARA = phoneOf('+966501234567');
export const OMAR = phoneOf('+966551234568');

/** Holds the time still from now on; `pass` moves it. To be undone with `vi.useRealTimers()`. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
}
export function pass(seconds: number): void {
  vi.setSystemTime(Date.now() + seconds * 1000);
}
export const MINUTES = 60;
export const HOURS = 60 * MINUTES;
export const DAYS = 24 * HOURS;

export function deviceOf(deviceId: string): Device {
  return { deviceId, type: 'IOS', name: 'A phone', registrationId: null };
}

/** One request, whose work after the answer waits for `answered`. */
export function request({
  address = '192.0.2.1',
  language = 'en',
  idempotencyKey = null,
}: {
  address?: string | null;
  language?: Language;
  idempotencyKey?: string | null;
} = {}) {
  const works: (() => Promise<void>)[] = [];
  const circumstances: Circumstances = {
    client: { address },
    language,
    afterAnswer: (_name, work) => void works.push(work),
    idempotencyKey,
  };
  return {
    circumstances,
    /** The answer has left: everything that waited for it is done. What fails is answered, not thrown. */
    answered: () => Promise.allSettled(works.splice(0).map((work) => work())),
  };
}

export interface Given {
  otpId: string;
  code: string;
  device?: Device | null;
  address?: string | null;
}

export type TestAuth = Awaited<ReturnType<typeof authOn>>;

/** One replica over `store`; `outside` may be shared with another. */
export async function authOn(
  store: Store = memoryStore(),
  outside = fakeOutside(),
  settings: Partial<AuthSettings> = {},
  log = createLogger('silent'),
) {
  const auth = await createAuth<Membership>(
    store,
    { ...CONFIG, secret: SECRET, signingKeys: [signingKey], ...settings },
    outside,
    log,
  );
  const { signIn } = auth;
  type Asked = Awaited<ReturnType<typeof signIn.login>>;

  /** The code, taken from the answer and checked against the message. */
  function sent(asked: Asked | { kind: string }): { otpId: string; code: string } {
    if (!('challenge' in asked) || asked.code === null) throw new Error(`no code was sent: ${asked.kind}`);
    return { otpId: asked.challenge.id, code: asked.code };
  }

  return {
    ...auth,
    store,
    outside,
    sent,

    async askLogin(
      phone = SARA,
      { createIfMissing = false, address }: { createIfMissing?: boolean; address?: string | null } = {},
    ) {
      const asking = request(address === undefined ? {} : { address });
      const asked = { phone, createIfMissing, acceptedTermsVersion: null };
      const answer = sent(await signIn.login(asked, asking.circumstances));
      await asking.answered();
      return answer;
    },

    async askLoginByEmail(email: string, { address }: { address?: string | null } = {}) {
      const asking = request(address === undefined ? {} : { address });
      const asked = { email, acceptedTermsVersion: null };
      const answer = sent(await signIn.loginByEmail(asked, asking.circumstances));
      await asking.answered();
      return answer;
    },

    async askRegister(phone = SARA, email = 'sara@example.com') {
      const asking = request();
      const asked = { phone, registration: registrationOf(email), phoneProof: null, device: null };
      const answer = sent(await signIn.register(asked, asking.circumstances));
      await asking.answered();
      return answer;
    },

    async askHmgLogin(phone = SARA, by: 'nationalId' | 'fileNo' = 'fileNo', value = 'F-1') {
      const asking = request();
      const asked = { phone, by, value, acceptedTermsVersion: null, phoneProof: null, device: null };
      const answer = sent(await signIn.hmgLogin(asked, asking.circumstances));
      await asking.answered();
      return answer;
    },

    async verify({ otpId, code, device = null, address }: Given) {
      const verifying = request(address === undefined ? {} : { address });
      const outcome = await signIn.verify({ otpId, code, device, language: null }, verifying.circumstances);
      await verifying.answered();
      return outcome;
    },
  };
}

export function registrationOf(email: string) {
  return {
    firstName: 'Sara',
    lastName: 'Example',
    email,
    gender: null,
    country: 'SA',
    city: 'Riyadh',
    language: null,
    acceptedTermsVersion: '2026-01',
    isSubscribed: true,
  };
}

/** A code that is not the given one. */
export function wrong(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

/** Narrows an outcome to the expected kind and fails on any other. */
export function as<Outcome extends { kind: string }, Kind extends Outcome['kind']>(
  kind: Kind,
  outcome: Outcome,
): Extract<Outcome, { kind: Kind }> {
  if (!isKind(kind, outcome)) throw new Error(`expected ${kind}, got ${JSON.stringify(outcome)}`);
  return outcome;
}

function isKind<Outcome extends { kind: string }, Kind extends string>(
  kind: Kind,
  outcome: Outcome,
): outcome is Extract<Outcome, { kind: Kind }> {
  return outcome.kind === kind;
}

/** How many of the outcomes are of each kind. */
export function tally(outcomes: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

export function times<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}
