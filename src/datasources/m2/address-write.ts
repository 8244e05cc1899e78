/**
 * Changes of addresses: read the customer, merge, write the whole list, compare the answer.
 *
 * M2 has no route for one address. It deletes every address that a written list leaves out.
 */
import { Failure } from '../../failures.ts';
import type { CustomerAddress } from '../../types/address.ts';
import type { Answer } from '../http.ts';
import { type AddressChanges, type M2Addresses, toAddress, versionOf } from './address.ts';
import { type AddressBody, lostParts, refusedField, toBody } from './address-body.ts';
import type { Connection } from './connection.ts';
import type { M2Directory } from './directory.ts';
import { isM2Id } from './id.ts';
import { findRecord, putRecord, RECORD } from './record.ts';
import { failureOf, isAbout, isNoSuchEntity } from './refusal.ts';
import { readAddressOwner, readCustomer, readTrue, type WireAddress, type WireCustomer } from './wire.ts';

/** The name of the lock under which a customer's list is read and written. */
export function addressLock(customerId: string): string {
  return `addresses:${customerId}`;
}

type Written =
  | { kind: 'written'; address: WireAddress; customer: WireCustomer }
  | { kind: 'refused'; field: string | null }
  /** The customer or a listed address is there no more, or the default has moved. */
  | { kind: 'stale' };

const READ_ONE = 'V1/customers/addresses/{id}';
const DELETE_ONE = 'V1/addresses/{id}';
const ROUNDS = 2;

/** The addresses of M2's customers. */
export function addressesOf(connection: Connection, directory: M2Directory): M2Addresses {
  const locked = <T>(customerId: string, work: () => Promise<T>) =>
    connection.lock(addressLock(customerId), work);

  function shown(address: WireAddress, customer: WireCustomer): CustomerAddress {
    const toShow = toAddress(connection, address, customer);
    if (toShow) return toShow;
    throw new Failure('UPSTREAM_INVALID', { detail: 'an address: country_id' });
  }

  /** Writes the customer's list with one entry new or changed, and makes sure that M2 did all of it. */
  async function write(before: WireCustomer, sent: AddressBody): Promise<Written> {
    const others = before.addresses.map(({ id }) => Number(id)).filter((id) => id !== sent.id);
    // Unflagged entries keep the default they are; of two candidates M2 takes the last, so the changed one is last.
    const addresses = [...others.map((id) => ({ id })), sent];
    let answer: Answer;
    let after: WireCustomer | null = null;
    try {
      answer = await putRecord(connection, before.id, { ...withoutLostDefaults(before), addresses });
      if (answer.status === 200) after = readCustomer(answer.body);
    } catch (failure) {
      return happened(before, sent, failure);
    }
    if (isNoSuchEntity(answer)) return { kind: 'stale' };
    if (isAbout(answer, 'default_billing') || isAbout(answer, 'default_shipping')) return { kind: 'stale' };
    if (answer.status === 400) return { kind: 'refused', field: refusedField(answer.body) };
    if (after === null) throw failureOf(RECORD, answer);
    const { address, lost, dropped } = compare(before, sent, after);
    if (dropped.length > 0)
      connection.log.error({ attributes: dropped }, 'M2 lacks these address attributes');
    if (address && lost.length === 0) return { kind: 'written', address, customer: after };
    const detail = `M2 answered an address without ${lost.join(', ')}`;
    return happened(before, sent, new Failure('UPSTREAM_INVALID', { detail }));
  }

  /** Reads again to see whether the write happened; rejects with `failure` when it did not. */
  async function happened(before: WireCustomer, sent: AddressBody, failure: unknown): Promise<Written> {
    const after = await findRecord(connection, before.id).catch(() => null);
    if (after) {
      const { address, lost } = compare(before, sent, after);
      if (address && lost.length === 0) return { kind: 'written', address, customer: after };
    }
    throw failure;
  }

  return {
    async owner(id) {
      if (!isM2Id(id)) return null;
      const answer = await connection.call({ method: 'GET', route: READ_ONE, params: { id } });
      if (isNoSuchEntity(answer)) return null;
      if (answer.status !== 200) throw failureOf(READ_ONE, answer);
      return readAddressOwner(answer.body).customer_id;
    },

    add: (customerId, address, { isRepeat } = { isRepeat: false }) =>
      locked(customerId, async () => {
        for (let round = 1; round <= ROUNDS; round++) {
          const before = await findRecord(connection, customerId);
          if (!before) return { kind: 'gone' };
          const sent = await toBody(directory, address, null);
          if (!sent) return { kind: 'refused', field: 'regionCode' };
          const same = (one: WireAddress) => lostParts(sent, one, before).length === 0;
          const added = isRepeat ? before.addresses.findLast(same) : undefined;
          if (added) return { kind: 'added', address: shown(added, before) };
          const written = await write(before, sent);
          if (written.kind === 'refused') return written;
          if (written.kind === 'written') {
            return { kind: 'added', address: shown(written.address, written.customer) };
          }
        }
        throw changingTooFast();
      }),

    update: (customerId, id, changes, version) =>
      locked(customerId, async () => {
        for (let round = 1; round <= ROUNDS; round++) {
          const before = await findRecord(connection, customerId);
          const current = before?.addresses.find((address) => address.id === id);
          if (!before || !current) return { kind: 'notFound' };
          if (version != null && version !== versionOf(current)) {
            return { kind: 'conflict', current: shown(current, before) };
          }
          const sent = await toBody(directory, withoutIdleFlags(changes, current, before), current);
          if (!sent) return { kind: 'refused', field: 'regionCode' };
          // Nothing of it is new. Half a metre is, so places are compared to the last digit.
          if (lostParts(sent, current, before, 0).length === 0) {
            return { kind: 'updated', address: shown(current, before) };
          }
          const written = await write(before, sent);
          if (written.kind === 'refused') return written;
          if (written.kind === 'written') {
            return { kind: 'updated', address: shown(written.address, written.customer) };
          }
        }
        throw changingTooFast();
      }),

    remove: (customerId, id, version) =>
      locked(customerId, async () => {
        const before = await findRecord(connection, customerId);
        const current = before?.addresses.find((address) => address.id === id);
        if (!before || !current) return { kind: 'notFound' };
        if (version != null && version !== versionOf(current)) {
          return { kind: 'conflict', current: shown(current, before) };
        }
        try {
          const answer = await connection.call({ method: 'DELETE', route: DELETE_ONE, params: { id } });
          if (isNoSuchEntity(answer)) return { kind: 'notFound' };
          if (answer.status !== 200) throw failureOf(DELETE_ONE, answer);
          readTrue(answer.body);
        } catch (failure) {
          const after = await findRecord(connection, customerId).catch(() => null);
          if (!after || after.addresses.some((address) => address.id === id)) throw failure;
        }
        return { kind: 'removed' };
      }),
  };
}

/**
 * The address that `sent` became in `after`, and what is missing there; other addresses count as well.
 *
 * `dropped` are attributes that are not there at all. M2 drops those that it does not have, which the shop has
 * to mend; the address itself is saved, and a failure would only make the client save it twice.
 */
function compare(before: WireCustomer, sent: AddressBody, after: WireCustomer) {
  const known = new Set(before.addresses.map(({ id }) => id));
  const kept = before.addresses.every(({ id }) => after.addresses.some((address) => address.id === id));
  const attributes = new Set(sent.custom_attributes?.map(({ attribute_code }) => attribute_code));
  const [best] = after.addresses
    .filter(({ id }) => (sent.id === undefined ? !known.has(id) : id === String(sent.id)))
    .map((address) => ({ address, lost: lostParts(sent, address, after) }))
    .sort((a, b) => a.lost.length - b.lost.length);
  if (!best) return { address: null, lost: ['itself'], dropped: [] };
  const isDropped = (name: string) => attributes.has(name) && !best.address.custom_attributes.has(name);
  return {
    address: best.address,
    lost: [...best.lost.filter((name) => !isDropped(name)), ...(kept ? [] : ['the other addresses'])],
    dropped: best.lost.filter(isDropped),
  };
}

/**
 * A default that points at no listed address is taken away along with the write.
 *
 * M2 refuses every list without the default address, so the customer could never add another one.
 */
function withoutLostDefaults({ addresses, default_billing, default_shipping }: WireCustomer): object {
  const isLost = (id: string | null) => id !== null && !addresses.some((address) => address.id === id);
  return {
    ...(isLost(default_billing) && { default_billing: null }),
    ...(isLost(default_shipping) && { default_shipping: null }),
  };
}

/** `false` for what is not the default, and `true` for what is, are nothing to write. */
function withoutIdleFlags(
  changes: AddressChanges,
  { id }: WireAddress,
  customer: WireCustomer,
): AddressChanges {
  const { isDefaultBilling, isDefaultShipping, ...rest } = changes;
  return {
    ...rest,
    ...(isDefaultBilling !== (customer.default_billing === id) && { isDefaultBilling }),
    ...(isDefaultShipping !== (customer.default_shipping === id) && { isDefaultShipping }),
  };
}

function changingTooFast(): Failure {
  const detail = 'the customer was changed by others at each try to write an address';
  return new Failure('UPSTREAM_UNAVAILABLE', { detail });
}
