/** What a right code leaves behind when it led to something that the person can still mend. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { records } from '../stores/record.ts';
import type { Store } from '../stores/store.ts';
import { hashOf, type Secrets } from './secrets.ts';

/** `endsAt` in milliseconds; the phone is kept only as a keyed hash. */
const Stored = z.object({ phoneMac: z.string(), endsAt: z.number() });
type Stored = z.infer<typeof Stored>;

export type PhoneProofs = ReturnType<typeof phoneProofsOf>;

/** Proofs are random, good for one phone, one use and `ttlSeconds`; only their hashes are kept. */
export function phoneProofsOf(store: Store, secrets: Secrets, settings: { ttlSeconds: number }) {
  const proofs = records(store, 'phone-proof', Stored);

  const macOf = (phone: string) => secrets.mac('phone-proof', phone);

  async function put(proof: string, value: Stored): Promise<string> {
    const ttlSeconds = Math.max(1, Math.ceil((value.endsAt - Date.now()) / 1000));
    await proofs.update<void>(hashOf(proof), () => ({ outcome: undefined, next: { value, ttlSeconds } }));
    return proof;
  }

  const newProof = () => randomBytes(32).toString('base64url');

  return {
    /** A proof that this phone (E.164) was proven just now. */
    async issue(phone: string): Promise<string> {
      return put(newProof(), { phoneMac: macOf(phone), endsAt: Date.now() + settings.ttlSeconds * 1000 });
    },

    /**
     * Spends a proof on `work`; `null`, without working, when it is not good for this phone.
     *
     * What `work` throws leaves the proof good. `again` gives a proof in its place that ends when this
     * one would have: no chain of them outlives the code behind it.
     */
    async spend<T>(
      proof: string,
      phone: string,
      work: (again: () => Promise<string>) => Promise<T>,
    ): Promise<T | null> {
      const taken = await proofs.update<Stored | null>(hashOf(proof), (stored) =>
        stored !== null && stored.phoneMac === macOf(phone) && stored.endsAt > Date.now()
          ? { outcome: stored, next: null }
          : { outcome: null },
      );
      if (taken === null) return null;
      try {
        return await work(() => put(newProof(), taken));
      } catch (error) {
        await put(proof, taken);
        throw error;
      }
    },
  };
}
