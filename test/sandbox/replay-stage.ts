/** The stage of the replay: one stand-in, a clock, and what happened between the recordings unrecorded. */
import { createLogger } from '../../src/logger.ts';
import { ADDRESS_ATTRIBUTES, type Attribute, CUSTOMER_ATTRIBUTES } from '../../src/sandbox/m2/attributes.ts';
import { type M2StandIn, startM2 } from '../../src/sandbox/m2/server.ts';
import type { CustomerRow } from '../../src/sandbox/m2/shop.ts';
import { createOutbox } from '../../src/sandbox/outbox.ts';
import { type Answer, exchange } from './wire.ts';

export const ADMIN_PASSWORD = 'Admin-Passw0rd';
export const PASSWORD = 'Passw0rd-123';

/** Attributes of the recorded box: the ones that it had of ours, and its samples of other kinds. */
const RECORDED: Attribute[] = [
  ...CUSTOMER_ATTRIBUTES.slice(0, CUSTOMER_ATTRIBUTES.findIndex(({ code }) => code === 'phone_verified') + 1),
  { code: 'x_select', input: 'select', options: { 4: 'Single', 5: 'Married', 6: 'Widowed' } },
  { code: 'x_multiselect', input: 'multiselect', options: { 7: 'Red', 8: 'Green', 9: 'Blue' } },
  { code: 'x_date', input: 'date' },
  { code: 'x_decimal', input: 'decimal' },
  { code: 'x_text', input: 'textarea' },
  { code: 'x_image', input: 'image' },
  { code: 'x_unique', input: 'text' },
];

export interface Stage {
  m2: M2StandIn;
  /** Moves the clock of the stand-in. */
  wait(seconds: number): void;
  /** Sends JSON as an admin, and fails on anything but 200. */
  admin(method: string, path: string, body?: object): Promise<unknown>;
  /** Sends JSON as a customer; resolves with the status. */
  as(customerId: number, method: string, path: string, body?: object): Promise<number>;
  /** A token of the customer, issued now. */
  token(customerId: number): Promise<string>;
  adminToken(): Promise<string>;
  row(customerId: number): CustomerRow;
  /** Creates a customer whose password is `PASSWORD`. */
  customer(email: string, values?: object, addresses?: object[]): Promise<void>;
}

const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

/** An empty shop whose clock starts when the recordings did. */
export async function openStage(): Promise<Stage> {
  let now = Date.parse('2026-11-20T12:29:43Z');
  const m2 = await startM2({
    log: createLogger('silent'),
    outbox: createOutbox(),
    now: () => new Date(now),
    admins: { admin: ADMIN_PASSWORD, admin2: ADMIN_PASSWORD },
    attributes: { customer: RECORDED, address: ADDRESS_ATTRIBUTES },
  });

  function send(method: string, path: string, body?: object, token?: string): Promise<Answer> {
    const headers = { ...JSON_HEADERS, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    return exchange(`${m2.url}/rest/V1${path}`, method, headers, body && JSON.stringify(body));
  }

  const stage: Stage = {
    m2,
    wait(seconds) {
      now += seconds * 1000;
    },
    async admin(method, path, body) {
      const answer = await send(method, path, body, await stage.adminToken());
      if (answer.status !== 200)
        throw new Error(`${method} ${path} answered ${answer.status} ${answer.text}`);
      return JSON.parse(answer.text);
    },
    async as(customerId, method, path, body) {
      return (await send(method, path, body, await stage.token(customerId))).status;
    },
    token: async (customerId) => m2.tokens.issue(stage.row(customerId)),
    async adminToken() {
      const answer = await send('POST', '/integration/admin/token', {
        username: 'admin',
        password: ADMIN_PASSWORD,
      });
      return String(JSON.parse(answer.text));
    },
    row(customerId) {
      const row = m2.shop.customers.get(customerId);
      if (!row) throw new Error(`no customer ${customerId} on the stage`);
      return row;
    },
    async customer(email, values = {}, addresses = []) {
      const customer = { email, firstname: 'Test', lastname: 'User', ...values, addresses };
      await stage.admin('POST', '/customers', { customer, password: PASSWORD });
    },
  };
  return stage;
}
