/** Stand-ins for what auth needs of the outside, with every call recorded and trouble to be had on demand. */

import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalJWKSet } from 'jose';
import type { Outside } from '../../src/auth/auth.ts';
import type {
  ChallengePurpose,
  LinkPurpose,
  Messenger,
  Notice,
  Patient,
  Patients,
  ProviderKeys,
  PushDevices,
} from '../../src/auth/ports.ts';
import { Failure } from '../../src/failures.ts';
import type { Language } from '../../src/texts/texts.ts';
import { type Phone, parseE164 } from '../../src/values/phone.ts';
import { type FakeShop, fakeShop } from './fake-shop.ts';

export interface Membership {
  memberOf: string;
}

export interface Call {
  /** Port and method, such as `customers.create`. */
  name: string;
  args: unknown[];
}

export type Message =
  | { kind: 'code'; to: string; code: string; purpose: ChallengePurpose; language: Language }
  | {
      kind: 'link';
      to: string;
      identifier: string;
      key: string;
      purpose: LinkPurpose;
      language: Language;
    }
  | { kind: 'taken'; to: string; purpose: LinkPurpose; language: Language }
  | { kind: 'notice'; channel: 'sms' | 'email'; notice: Notice; to: string; language: Language };

export type FakeOutside = ReturnType<typeof fakeOutside>;

/** The phone of a number with dial code; throws on what is none, which would be the test's mistake. */
export function phoneOf(e164: string): Phone {
  const phone = parseE164(e164);
  if (!phone) throw new Error(`${e164} is no phone number`);
  return phone;
}

/** An invented patient of whom the hospital knows no more than what is given. */
export function patientOf(facts: Partial<Patient>): Patient {
  return {
    fileNo: null,
    nationalId: null,
    idType: null,
    phone: null,
    email: null,
    dateOfBirth: null,
    dateOfBirthHijri: null,
    firstName: null,
    middleName: null,
    lastName: null,
    firstNameAr: null,
    middleNameAr: null,
    lastNameAr: null,
    gender: 'NOT_SPECIFIED',
    maritalStatus: null,
    nationality: null,
    nationalityIsoCode: null,
    occupation: null,
    billingAddress: null,
    shippingAddress: null,
    ...facts,
  };
}

const NO_KEYS = createLocalJWKSet({ keys: [] });

/** `shop` may be shared, as by two replicas whose ways to it fail apart. */
export function fakeOutside(
  shop: FakeShop = fakeShop(),
  providerKeys: ProviderKeys = { GOOGLE: NO_KEYS, APPLE: NO_KEYS },
) {
  const calls: Call[] = [];
  const before = new Map<string, () => Promise<void>>();
  const after = new Map<string, () => Promise<void>>();
  const hospital: { patient: Patient; phone: Phone }[] = [];
  const messages: Message[] = [];
  /** What the shop holds of each customer's devices, as `customer device` with the registration's id. */
  const registrations = new Map<string, string>();
  const background: Promise<void>[] = [];

  const devices: PushDevices = {
    async register(customerId, deviceKey, { registrationId }) {
      registrations.set(`${customerId} ${deviceKey}`, registrationId);
    },
    async remove(customerId, deviceKey) {
      registrations.delete(`${customerId} ${deviceKey}`);
    },
  };
  const patients: Patients = {
    exists: async (phone) => hospital.some((one) => one.phone.e164 === phone.e164),
    find: async (by, value, phone) =>
      hospital.find((one) => one.phone.e164 === phone.e164 && one.patient[by] === value)?.patient ?? null,
  };
  const messenger: Messenger = {
    async sendCode({ phone, code, purpose, language }) {
      messages.push({ kind: 'code', to: phone.e164, code, purpose, language });
    },
    async mailCode({ email, code, purpose, language }) {
      messages.push({ kind: 'code', to: email, code, purpose, language });
    },
    async mailLink({ email, identifier, key, purpose, language }) {
      messages.push({ kind: 'link', to: email, identifier, key, purpose, language });
    },
    async mailTaken({ email, purpose, language }) {
      messages.push({ kind: 'taken', to: email, purpose, language });
    },
    async notifyBySms(notice, to, language) {
      messages.push({ kind: 'notice', channel: 'sms', notice, to, language });
    },
    async notifyByEmail(notice, to, language) {
      messages.push({ kind: 'notice', channel: 'email', notice, to, language });
    },
  };

  function watched<Port extends object>(portName: string, port: Port): Port {
    return new Proxy(port, {
      get(target, key) {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== 'function' || typeof key !== 'string') return method;
        const names = [`${portName}.${key}`, portName];
        return async (...args: unknown[]) => {
          calls.push({ name: `${portName}.${key}`, args });
          for (const name of names) await before.get(name)?.();
          const answer: unknown = await Reflect.apply(method, target, args);
          for (const name of names) await after.get(name)?.();
          return answer;
        };
      },
    });
  }

  const outside: Outside<Membership> = {
    customers: watched('customers', shop.customers),
    passwords: watched('passwords', shop.passwords),
    patients: watched('patients', patients),
    messenger: watched('messenger', messenger),
    providerKeys,
    devices: watched('devices', devices),
    inBackground(_name, work) {
      const working = work();
      working.catch(() => undefined);
      background.push(working);
    },
    loyalty: watched('loyalty', { join: async (customerId: string) => ({ memberOf: customerId }) }),
  };

  return {
    ...outside,
    shop,
    messages,
    registrations,
    /** Everything in the background is done; what failed is answered, not thrown. */
    async settled(): Promise<PromiseSettledResult<void>[]> {
      const outcomes: PromiseSettledResult<void>[] = [];
      while (background.length > 0) outcomes.push(...(await Promise.allSettled(background.splice(0))));
      return outcomes;
    },
    calls,
    /** The calls of one method (`customers.create`) or of one port (`customers`). */
    named: (name: string) => calls.filter((call) => call.name === name || call.name.startsWith(`${name}.`)),
    notices: () => messages.filter((message) => message.kind === 'notice'),
    /** Gives the hospital a patient who is reached by that phone. */
    addPatient(phone: Phone, facts: Partial<Patient>): Patient {
      const patient = patientOf({ phone, ...facts });
      hospital.push({ patient, phone });
      return patient;
    },
    /** Lets a method or a whole port fail; with `afterwards` it does its work first and loses the answer. */
    fail(name: string, { afterwards = false } = {}): void {
      (afterwards ? after : before).set(name, async () => {
        throw new Failure('UPSTREAM_UNAVAILABLE', { detail: `${name} is away` });
      });
    },
    /** Lets a method wait, before or after its work, until the answered function is called. */
    stall(name: string, { afterwards = false } = {}): () => void {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      (afterwards ? after : before).set(name, () => released);
      return release;
    },
    /** Lets a method take its time. */
    slow(name: string, ms: number): void {
      before.set(name, () => sleep(ms));
    },
    /** Ends all trouble for the calls that are yet to come. */
    mend(): void {
      before.clear();
      after.clear();
    },
  };
}
