/** An M2 for datasource tests: a declared upstream, a connection to it, and records in M2's own shape. */
import { connectM2, type M2, type M2Config } from '../../src/datasources/m2/m2.ts';
import { createLogger, type Logger } from '../../src/logger.ts';
import type { Lock } from '../../src/stores/lock.ts';
import { type ExpectedRequest, type TestUpstream, testUpstream } from './upstream.ts';

export interface M2Test {
  upstream: TestUpstream;
  m2: M2;
  log: CapturedLog;
  /** Declares a request below the store view, such as `GET V1/customers/7`. */
  expect(...requests: ExpectedRequest[]): void;
  close(): Promise<void>;
}

export interface CapturedLog {
  logger: Logger;
  /** Everything logged so far, one JSON text a line. */
  lines: string[];
}

/** A log that is kept instead of printed. */
export function capturedLog(): CapturedLog {
  const lines: string[] = [];
  return { lines, logger: createLogger('debug', { write: (line) => void lines.push(line) }) };
}

/** A lock for one process: those who want the same name queue up. */
export function processLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
    tails.set(name, turn);
    return turn;
  };
}

export const STORE_VIEWS = [
  { id: 1, code: 'default', name: 'Default', website_id: 1, store_group_id: 1, is_active: 1 },
  { id: 0, code: 'admin', name: 'Admin', website_id: 0, store_group_id: 0, is_active: 1 },
  { id: 2, code: 'ar', name: 'Arabic', website_id: 1, store_group_id: 1, is_active: 1 },
  { id: 3, code: 'second_en', name: 'Second', website_id: 2, store_group_id: 2, is_active: 1 },
];

/** An M2 whose store views are known already, so that tests declare only what they are about. */
export async function m2Test(changes: Partial<M2Config> = {}): Promise<M2Test> {
  const upstream = await testUpstream();
  const log = capturedLog();
  const config: M2Config = {
    url: `${upstream.origin}/rest/default`,
    mediaUrl: 'https://shop.example.com/media/customer',
    credentials: { kind: 'bearer', token: 'integration-token' },
    placeholderDomain: 'customers.invalid',
    storeViews: {},
    timeoutMs: 2_000,
    ...changes,
  };
  const m2 = connectM2({ config, log: log.logger, lock: processLock() });
  upstream.expect({ request: 'GET /rest/default/V1/store/storeViews', answer: { body: STORE_VIEWS } });
  await m2.start().catch(async (error: unknown) => {
    await upstream.close();
    throw error;
  });
  return {
    upstream,
    m2,
    log,
    expect(...requests) {
      upstream.expect(
        ...requests.map((expected) => ({
          ...expected,
          request: expected.request.replace(' V1/', ' /rest/default/V1/'),
        })),
      );
    },
    close: () => upstream.close(),
  };
}

/** A customer as M2 answers it. */
export function wireCustomer(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 7,
    group_id: 1,
    created_at: '2026-11-20 12:29:43',
    updated_at: '2026-11-20 12:30:12',
    created_in: 'Default Store View',
    email: 'sara@example.com',
    firstname: 'Sara',
    lastname: 'Ali',
    store_id: 1,
    website_id: 1,
    addresses: [],
    disable_auto_group_change: 0,
    extension_attributes: { is_subscribed: false },
    ...changes,
  };
}

/** A Saudi address as M2 answers it. */
export function wireAddress(id: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    customer_id: 7,
    region: { region_code: null, region: null, region_id: 0 },
    country_id: 'SA',
    street: ['King Fahd Rd', 'Olaya'],
    telephone: '0501234567',
    postcode: '12211',
    city: 'Riyadh',
    firstname: 'Sara',
    lastname: 'Ali',
    ...changes,
  };
}

/** Custom attributes as M2 answers them. */
export function attributes(values: Record<string, unknown>): { attribute_code: string; value: unknown }[] {
  return Object.entries(values).map(([attribute_code, value]) => ({ attribute_code, value }));
}

/** M2's 404 for a thing that it does not have. */
export function noSuchEntity(fieldName: string, fieldValue: unknown): { status: number; body: unknown } {
  const message = 'No such entity with %fieldName = %fieldValue';
  return { status: 404, body: { message, parameters: { fieldName, fieldValue } } };
}

/** The whole decoded query of a search of customers by one filter. */
export function searchOf(
  filter: Record<'field' | 'value' | 'condition', string>,
  page = '1',
): Record<string, string> {
  return {
    'searchCriteria[filterGroups][0][filters][0][field]': filter.field,
    'searchCriteria[filterGroups][0][filters][0][value]': filter.value,
    'searchCriteria[filterGroups][0][filters][0][conditionType]': filter.condition,
    'searchCriteria[filterGroups][1][filters][0][field]': 'website_id',
    'searchCriteria[filterGroups][1][filters][0][value]': '1',
    'searchCriteria[filterGroups][1][filters][0][conditionType]': 'eq',
    'searchCriteria[sortOrders][0][field]': 'entity_id',
    'searchCriteria[sortOrders][0][direction]': 'ASC',
    'searchCriteria[pageSize]': '100',
    'searchCriteria[currentPage]': page,
  };
}
