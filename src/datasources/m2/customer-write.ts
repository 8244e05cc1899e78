/** Customers: looked up, created and changed in M2. */
import { Failure } from '../../failures.ts';
import type { SocialProvider } from '../../types/social-login.ts';
import type { Phone } from '../../values/phone.ts';
import type { AddressWrite } from './address.ts';
import { type AddressBody, toBody } from './address-body.ts';
import { addressLock } from './address-write.ts';
import type { Connection } from './connection.ts';
import {
  type CustomerChanges,
  type M2Customers,
  type NewCustomer,
  partsFor,
  phoneOf,
  toCustomer,
} from './customer.ts';
import { type AttributeBody, toCustomerBody } from './customer-body.ts';
import type { M2Directory } from './directory.ts';
import { isM2Id } from './id.ts';
import { findRecord, putRecord, RECORD } from './record.ts';
import { failureOf, isNoSuchEntity, saysEmailTaken, saysPasswordRefused } from './refusal.ts';
import { searchCustomers } from './search.ts';
import { type RecordPart, readCustomer, readTrue, type WireCustomer } from './wire.ts';

const CREATE = 'V1/customers';
const CONFIRMATION = 'V1/customers/{id}/confirm';
const CHUNK = 100;
const SUBJECT: Readonly<Record<SocialProvider, string>> = { GOOGLE: 'google_sub', APPLE: 'apple_sub' };

/** The customers of M2. */
export function customersOf(connection: Connection, directory: M2Directory): M2Customers {
  const shown = (wire: WireCustomer) => toCustomer(connection, wire);

  async function recordByEmail(email: string): Promise<WireCustomer | null> {
    // M2 finds without case and accents: the row has to be the very address.
    const rows = await searchCustomers(connection, [{ field: 'email', condition: 'eq', value: email }]);
    return rows.find((row) => row.email.toLowerCase() === email.toLowerCase()) ?? null;
  }

  async function recordsByAttribute(code: string, value: string): Promise<WireCustomer[]> {
    if (value === '') return [];
    const rows = await searchCustomers(connection, [{ field: code, condition: 'eq', value }]);
    const same = (text: string | undefined) => text?.trim().toLowerCase() === value.toLowerCase();
    return rows.filter((row) => same(row.custom_attributes.get(code)));
  }

  function chunk(ids: readonly string[], parts?: readonly RecordPart[]): Promise<WireCustomer[]> {
    const filter = { field: 'entity_id', condition: 'in', value: ids.join(',') } as const;
    return searchCustomers(connection, [filter], parts);
  }

  /** A region that M2's directory lacks is left out: such an address came from another system, not from a form. */
  async function bodiesOf(addresses: readonly AddressWrite[]): Promise<AddressBody[]> {
    const bodies: AddressBody[] = [];
    for (const address of addresses) {
      const body =
        (await toBody(directory, address, null)) ??
        (await toBody(directory, { ...address, regionCode: null, region: null }, null));
      if (body) bodies.push(body);
    }
    return bodies;
  }

  /** M2's rules may refuse another system's address; the customer is worth more than that. */
  function withoutAddresses<Values extends CustomerChanges>(values: Values): Values {
    connection.log.warn('M2 refused a customer with addresses; it is written without them');
    return { ...values, addresses: [] };
  }

  /** M2 drops attributes that it does not have without a word; whoever installs the shop has to hear of it. */
  function reportDropped(sent: readonly AttributeBody[] | undefined, after: WireCustomer): void {
    const dropped = (sent ?? [])
      .filter(({ attribute_code, value }) => value !== null && !after.custom_attributes.has(attribute_code))
      .map(({ attribute_code }) => attribute_code);
    if (dropped.length > 0)
      connection.log.error({ attributes: dropped }, 'M2 lacks these customer attributes');
  }

  /** What every new record has. */
  async function newRecord({ language }: NewCustomer) {
    const { id, websiteId } = await connection.storeViewFor(language ?? null);
    // The store in the path does not count: without these every customer lands in the first website.
    return { website_id: Number(websiteId), store_id: Number(id), firstname: '-', lastname: '-' };
  }

  /** Confirms an account that the shop, by a setting of its own, holds back until it is confirmed. */
  async function confirm(id: string): Promise<void> {
    try {
      const asked = await connection.call({ method: 'GET', route: CONFIRMATION, params: { id } });
      if (asked.status !== 200) throw failureOf(CONFIRMATION, asked);
      if (asked.body !== 'account_confirmation_required') return;
      const answer = await putRecord(connection, id, { confirmation: null });
      if (answer.status !== 200) throw failureOf(RECORD, answer);
    } catch (error) {
      // The customer is made, and saying otherwise would be wrong; M2 has mailed a link of its own.
      connection.log.error({ err: error }, 'an account may still wait for confirmation in M2');
    }
  }

  async function createWithPassword(
    customer: NewCustomer,
    password: string,
  ): ReturnType<M2Customers['createWithPassword']> {
    const body = toCustomerBody(customer);
    const json = { customer: { ...(await newRecord(customer)), ...body }, password };
    const answer = await connection.call({ method: 'POST', route: CREATE, json });
    if (answer.status === 200) {
      const created = readCustomer(answer.body);
      reportDropped(body.custom_attributes, created);
      await confirm(created.id);
      return { kind: 'created', customer: shown(created) };
    }
    if (saysEmailTaken(answer)) return { kind: 'emailTaken' };
    if (saysPasswordRefused(answer)) return { kind: 'passwordRefused' };
    // The same in another language looks like any other 400.
    if (answer.status === 400 && (await recordByEmail(customer.email))) return { kind: 'emailTaken' };
    throw failureOf(CREATE, answer);
  }

  async function create(customer: NewCustomer): ReturnType<M2Customers['create']> {
    const body = toCustomerBody(customer);
    const addresses = await bodiesOf(customer.addresses ?? []);
    const json = {
      customer: { ...(await newRecord(customer)), ...body, ...(addresses.length > 0 && { addresses }) },
    };
    try {
      const answer = await connection.call({ method: 'POST', route: CREATE, json });
      if (answer.status === 200) {
        const created = readCustomer(answer.body);
        reportDropped(body.custom_attributes, created);
        return { kind: 'created', customer: shown(created) };
      }
      if (saysEmailTaken(answer)) return { kind: 'emailTaken' };
      if (answer.status === 400 && addresses.length > 0) return await create(withoutAddresses(customer));
      // The same in another language looks like any other 400.
      if (answer.status === 400 && (await recordByEmail(customer.email))) return { kind: 'emailTaken' };
      throw failureOf(CREATE, answer);
    } catch (failure) {
      if (!(failure instanceof Failure) || failure.code !== 'UPSTREAM_UNAVAILABLE') throw failure;
      // Of two simultaneous creations one gets a 500; and a lost answer may have been a success.
      const existing = await recordByEmail(customer.email).catch(() => null);
      if (!existing) throw failure;
      const isSamePhone = customer.phone != null && phoneOf(existing)?.e164 === customer.phone.e164;
      // A row in which somebody merely typed that phone is not the one that was just proven.
      const isOurs = isSamePhone && (!customer.phoneVerified || shown(existing).phoneVerified);
      return isOurs ? { kind: 'created', customer: shown(existing) } : { kind: 'emailTaken' };
    }
  }

  /** A customer who changes the language goes on in its store view, where the shop says which that is. */
  async function storeOf({ language }: CustomerChanges): Promise<{ store_id?: number }> {
    const isSet = Object.keys(connection.settings.storeViews).length > 0;
    if (language === undefined || !isSet) return {};
    return { store_id: Number((await connection.storeViewFor(language)).id) };
  }

  async function put(
    id: string,
    changes: CustomerChanges,
    stored: WireCustomer,
  ): ReturnType<M2Customers['update']> {
    const body = toCustomerBody(changes);
    const addresses = stored.addresses.length === 0 ? await bodiesOf(changes.addresses ?? []) : [];
    const json = { ...body, ...(await storeOf(changes)), ...(addresses.length > 0 && { addresses }) };
    if (Object.keys(json).length === 0) return { kind: 'updated', customer: shown(stored) };
    const answer = await putRecord(connection, id, json);
    if (isNoSuchEntity(answer)) return { kind: 'gone' };
    if (saysEmailTaken(answer)) return { kind: 'emailTaken' };
    if (answer.status === 400 && addresses.length > 0) return put(id, withoutAddresses(changes), stored);
    if (answer.status === 400 && changes.email !== undefined) {
      const holder = await recordByEmail(changes.email);
      if (holder && holder.id !== id) return { kind: 'emailTaken' };
    }
    if (answer.status !== 200) throw failureOf(RECORD, answer);
    const after = readCustomer(answer.body);
    reportDropped(body.custom_attributes, after);
    return { kind: 'updated', customer: shown(after) };
  }

  return {
    async find(id) {
      const record = await findRecord(connection, id);
      return record && shown(record);
    },

    async findMany(ids, wanted) {
      const asked = [...new Set(ids.filter(isM2Id))];
      const chunks: string[][] = [];
      for (let at = 0; at < asked.length; at += CHUNK) chunks.push(asked.slice(at, at + CHUNK));
      const parts = wanted && partsFor(wanted.customerFields);
      const records = new Map<string, WireCustomer>();
      for (const rows of await Promise.all(chunks.map((some) => chunk(some, parts)))) {
        for (const row of rows) records.set(row.id, row);
      }
      return ids.map((id) => {
        const record = records.get(id);
        return record ? toCustomer(connection, record, wanted) : null;
      });
    },

    async findByPhone(phone) {
      const value = spellings(phone).join(',');
      const rows = await searchCustomers(connection, [{ field: 'phone_number', condition: 'in', value }]);
      // The dial code is compared here: it is spelled in ways of its own, or not there at all.
      return rows.filter((row) => phoneOf(row)?.e164 === phone.e164).map(shown);
    },

    async findByEmail(email) {
      const record = await recordByEmail(email);
      return record && shown(record);
    },

    async findByNationalId(nationalId) {
      return (await recordsByAttribute('national_id', nationalId)).map(shown);
    },

    async findByFileNo(fileNo) {
      return (await recordsByAttribute('file_no', fileNo)).map(shown);
    },

    async findBySubject(provider, subject) {
      const code = SUBJECT[provider];
      const rows = await recordsByAttribute(code, subject);
      return rows.filter((row) => row.custom_attributes.get(code) === subject).map(shown);
    },

    create,
    createWithPassword,

    async linkSubject(id, { provider, subject }, changes) {
      const stored = await findRecord(connection, id);
      if (!stored) return { kind: 'gone' };
      const held = stored.custom_attributes.get(SUBJECT[provider]);
      if (held && held !== subject) return { kind: 'otherSubject' };
      const link = provider === 'GOOGLE' ? { googleSub: subject } : { appleSub: subject };
      const written = await put(id, { ...changes, ...link }, stored);
      return written.kind === 'gone' ? written : { kind: 'linked' };
    },

    async update(id, changes) {
      const work = async () => {
        // Read first: a PUT would change a customer of another website as readily.
        const stored = await findRecord(connection, id);
        return stored ? put(id, changes, stored) : ({ kind: 'gone' } as const);
      };
      return changes.addresses?.length ? connection.lock(addressLock(id), work) : work();
    },

    async remove(id) {
      // Read first: a DELETE would take a customer of another website as readily.
      if (!(await findRecord(connection, id))) return false;
      try {
        const answer = await connection.call({ method: 'DELETE', route: RECORD, params: { id } });
        if (isNoSuchEntity(answer)) return false;
        if (answer.status !== 200) throw failureOf(RECORD, answer);
        return readTrue(answer.body);
      } catch (failure) {
        if (!(failure instanceof Failure) || failure.code !== 'UPSTREAM_UNAVAILABLE') throw failure;
        // The answer may have been lost on its way back.
        const isThere = await findRecord(connection, id).then(Boolean, () => true);
        if (isThere) throw failure;
        return true;
      }
    },
  };
}

/** How rows hold the number: bare, with its 0, and whole in three ways, with or without that 0. */
function spellings({ dialCode, nationalNumber }: Phone): string[] {
  const code = dialCode.slice(1);
  return [
    nationalNumber,
    `0${nationalNumber}`,
    ...[`+${code}`, code, `00${code}`].flatMap((prefix) => [
      `${prefix}${nationalNumber}`,
      `${prefix}0${nationalNumber}`,
    ]),
  ];
}
