/** Customer groups: what prices a customer gets. */
import { apart } from '../../operation.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { readGroup } from './wire.ts';

export interface M2Groups {
  /** The group's name, `null` when M2 has no such group. Kept for ten minutes. */
  name(groupId: string): Promise<string | null>;
}

const ROUTE = 'V1/customerGroups/{id}';
const KEPT_MS = 10 * 60 * 1000;

/** The customer groups of M2. */
export function groupsOf(connection: Connection): M2Groups {
  const kept = new Map<string, { name: Promise<string | null>; until: number }>();

  async function ask(id: string): Promise<string | null> {
    const answer = await connection.call({ method: 'GET', route: ROUTE, params: { id } });
    if (isNoSuchEntity(answer)) return null;
    if (answer.status !== 200) throw failureOf(ROUTE, answer);
    return readGroup(answer.body).code;
  }

  return {
    async name(groupId) {
      // Group 0 are those who are not logged in.
      if (groupId !== '0' && !isM2Id(groupId)) return null;
      const known = kept.get(groupId);
      if (known && known.until > Date.now()) return known.name;
      const name = apart(() => ask(groupId));
      kept.set(groupId, { name, until: Date.now() + KEPT_MS });
      name.catch(() => kept.delete(groupId));
      return name;
    },
  };
}
