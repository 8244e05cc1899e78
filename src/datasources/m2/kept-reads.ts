/** What is read of M2 to show one customer, kept in the process for some seconds. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Logger } from '../../logger.ts';
import { records } from '../../stores/record.ts';
import type { Store } from '../../stores/store.ts';
import type { SavedCard } from '../../types/card.ts';
import { Customer } from '../../types/customer.ts';
import type { Wanted } from './customer.ts';
import type { M2 } from './m2.ts';

const MAX_KEPT = 5_000;
// What M2 has been told may show a moment later only, and a read that went out before it may be joined that long.
const SETTLING_SECONDS = 5;

type Kind = 'customer' | 'cards';

/** Is told of each read that may be kept, whether what was kept answered it. */
export type KeptReadObserver = (kind: Kind, outcome: 'hit' | 'miss') => void;

export interface KeptReads {
  /** The same shop. What is kept of it is frozen. */
  m2: M2;
  /** Has these customers read anew from now on, on every replica. Rejects with `UPSTREAM_UNAVAILABLE` with the store. */
  changed(customerIds: readonly string[]): Promise<void>;
}

/**
 * Answers by what was read less than `seconds` ago: the customer of one id, as far as it is `wanted`, and a customer's cards.
 *
 * Whatever is read to be decided upon or written back is not said to be wanted or shown, and is asked of M2 each time; so
 * are lists of customers. A change by this service is seen by all that comes after it, on every replica; one by
 * others after `seconds` at most.
 *
 * A change leaves a mark in the store that outlives all that was read before it. Nothing is answered or kept
 * while it is there, so what is kept need not be found and dropped, here or on any other replica.
 */
export function keptReads(
  m2: M2,
  options: { seconds: number; store: Store; log: Logger; observe: KeptReadObserver },
): KeptReads {
  const { seconds, store, log, observe } = options;
  const marks = records(store, 'changed-customer', z.literal(true));
  const markSeconds = seconds + SETTLING_SECONDS;
  let unmarkedUntil = 0;

  const isUnchanged = (customerId: string): Promise<boolean> =>
    marks.get(customerId).then(
      (mark) => mark === null && performance.now() > unmarkedUntil,
      () => false,
    );

  async function changed(customerIds: readonly string[]): Promise<void> {
    const next = { value: true as const, ttlSeconds: markSeconds };
    try {
      await Promise.all(customerIds.map((id) => marks.update(id, () => ({ outcome: undefined, next }))));
    } catch (error) {
      // Nobody else can be told; here at least nothing from before is answered.
      unmarkedUntil = performance.now() + markSeconds * 1000;
      throw error;
    }
  }

  /** The outcome of a write, however it ended: one that failed may have happened. */
  async function changing<Outcome>(customerId: string, write: Promise<Outcome>): Promise<Outcome> {
    try {
      return await write;
    } finally {
      await changed([customerId]).catch((error) => {
        log.warn(
          { err: error },
          'other replicas may show a customer as before the last change for some seconds',
        );
      });
    }
  }

  function keeping<Value extends object>(kind: Kind) {
    const kept = new LRUCache<string, Value>({ max: MAX_KEPT, ttl: seconds * 1000 });
    return async <Read extends Value | null>(
      customerId: string,
      key: string,
      read: () => Promise<Read>,
    ): Promise<Value | Read> => {
      // What M2 answers may be as old as this, however long it takes: the mark of a change since then must outlive it.
      const start = performance.now();
      const mayKeep = await isUnchanged(customerId);
      const known = mayKeep ? kept.get(key) : undefined;
      observe(kind, known ? 'hit' : 'miss');
      if (known) return known;
      const value = await read();
      if (mayKeep && value !== null) kept.set(key, frozen(value), { start });
      return value;
    };
  }
  const keepCustomer = keeping<Customer>('customer');
  const keepCards = keeping<SavedCard[]>('cards');

  const { customers, addresses, cards } = m2;
  return {
    changed,
    m2: {
      ...m2,
      customers: {
        ...customers,
        async findMany(ids, wanted) {
          const [id] = ids;
          if (!wanted || id === undefined || ids.length > 1) return customers.findMany(ids, wanted);
          const customer = await keepCustomer(id, `${id} ${nameOf(wanted)}`, async () => {
            const [found = null] = await customers.findMany(ids, wanted);
            return found;
          });
          // One for each request: that it may be shown to its owner is a mark on the object itself.
          return [customer && new Customer(customer)];
        },
        update: (id, ...rest) => changing(id, customers.update(id, ...rest)),
        linkSubject: (id, ...rest) => changing(id, customers.linkSubject(id, ...rest)),
        remove: (id) => changing(id, customers.remove(id)),
      },
      addresses: {
        ...addresses,
        add: (customerId, ...rest) => changing(customerId, addresses.add(customerId, ...rest)),
        update: (customerId, ...rest) => changing(customerId, addresses.update(customerId, ...rest)),
        remove: (customerId, ...rest) => changing(customerId, addresses.remove(customerId, ...rest)),
      },
      cards: {
        list: (customerId, how) =>
          how?.isShown
            ? keepCards(customerId, customerId, () => cards.list(customerId))
            : cards.list(customerId),
        remove: (customerId, ...rest) => changing(customerId, cards.remove(customerId, ...rest)),
      },
    },
  };
}

const names = new WeakMap<Wanted, string>();

/** The same for whoever wants the same. */
function nameOf(wanted: Wanted): string {
  const known = names.get(wanted);
  if (known !== undefined) return known;
  const fields = [wanted.customerFields, wanted.addressFields].map((some) => [...some].sort());
  const name = createHash('sha256').update(JSON.stringify(fields)).digest('base64');
  names.set(wanted, name);
  return name;
}

/** The value, which several requests show at a time, unchangeable to its last part. */
function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
