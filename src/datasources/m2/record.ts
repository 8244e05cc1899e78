/** A customer's record in M2: reading the one of an id, and writing into it. */
import type { Answer } from '../http.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { readCustomer, type WireCustomer } from './wire.ts';

export const RECORD = 'V1/customers/{id}';

/** The customer of that id in our website; `null` where there is none, or only in another website. */
export async function findRecord(connection: Connection, id: string): Promise<WireCustomer | null> {
  if (!isM2Id(id)) return null;
  const { websiteId } = await connection.storeView();
  const answer = await connection.call({ method: 'GET', route: RECORD, params: { id } });
  if (isNoSuchEntity(answer)) return null;
  if (answer.status !== 200) throw failureOf(RECORD, answer);
  const customer = readCustomer(answer.body);
  return customer.website_id === websiteId ? customer : null;
}

/**
 * Merges `changes` over the customer's record.
 *
 * The id in the body is that of the path: M2 overwrites the body's customer with the path's otherwise.
 */
export function putRecord(connection: Connection, id: string, changes: object): Promise<Answer> {
  const json = { customer: { id: Number(id), ...changes } };
  return connection.call({ method: 'PUT', route: RECORD, params: { id }, json });
}
