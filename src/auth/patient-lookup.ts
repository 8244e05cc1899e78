/** Asking the hospital while the person still waits for the code. */
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import type { Phone } from '../values/phone.ts';
import { Patient, type PatientIdentifier, type Patients } from './ports.ts';
import type { Secrets } from './secrets.ts';

export type PatientLookups = ReturnType<typeof patientLookupsOf>;

export interface PatientQuestion {
  by: PatientIdentifier;
  value: string;
}

/**
 * The hospital's answers, each kept encrypted for as long as its challenge may live.
 *
 * An answer that is still under way is waited for; one that failed is asked for again.
 */
export function patientLookupsOf(parts: {
  store: Store;
  patients: Patients;
  secrets: Secrets;
  ttlSeconds: number;
  log: Logger;
}) {
  const { patients, secrets, log } = parts;
  const answers = records(parts.store, 'patient', z.object({ sealed: z.string() }));
  const underWay = new Map<string, Promise<Patient | null>>();

  async function askAndKeep(id: string, question: PatientQuestion, phone: Phone): Promise<Patient | null> {
    const patient = await patients.find(question.by, question.value, phone);
    const sealed = await secrets.seal('patient', patient);
    const kept = { value: { sealed }, ttlSeconds: parts.ttlSeconds };
    await answers.update<void>(id, () => ({ outcome: undefined, next: kept }));
    return patient;
  }

  return {
    /** Starts asking; trouble is logged and left to `answer`. */
    async prepare(challengeId: string, question: PatientQuestion, phone: Phone): Promise<void> {
      const asking = askAndKeep(challengeId, question, phone);
      underWay.set(challengeId, asking);
      try {
        await asking;
      } catch (error) {
        log.warn({ err: error }, 'EServices did not answer while the code was awaited');
      } finally {
        underWay.delete(challengeId);
      }
    },

    /** The patient, or `null` when the hospital knows none; throws on EServices' trouble. */
    async answer(challengeId: string, question: PatientQuestion, phone: Phone): Promise<Patient | null> {
      const asking = underWay.get(challengeId);
      if (asking) return asking.catch(() => askAndKeep(challengeId, question, phone));
      const kept = await answers.get(challengeId);
      if (kept === null) return askAndKeep(challengeId, question, phone);
      return Patient.nullable().parse(await secrets.open('patient', kept.sealed));
    },

    async forget(challengeId: string): Promise<void> {
      await answers.update<void>(challengeId, () => ({ outcome: undefined, next: null }));
    },
  };
}
