/** Customers that a probe invents in M2, and takes away again whatever became of the requests. */
import { randomBytes } from 'node:crypto';
import { viewOf } from '../../datasources/m2/connection.ts';
import { readCustomer, readCustomerPage, readStoreViews } from '../../datasources/m2/wire.ts';
import type { Reply } from './ask.ts';
import { type Finding, fail, reasonOf } from './check.ts';
import type { Shop } from './shop.ts';

export interface AttributeValue {
  attribute_code: string;
  value: string | number;
}

export interface Visitor {
  reply: Reply;
  email: string;
  password: string;
  /** `null` where M2 has not made one. */
  id: string | null;
}

export interface Visitors {
  create(by: 'nobody' | 'us', given?: { attributes?: AttributeValue[]; password?: string }): Promise<Visitor>;
  /** What M2 keeps of a customer's attributes, read with our own credentials. */
  attributesOf(id: string): Promise<ReadonlyMap<string, string>>;
}

const NAMES = { firstname: 'Doctor', lastname: 'Probe' };

/** The body of an update that changes nothing but `attributes`. */
export function updateBody(email: string, attributes: AttributeValue[]): object {
  return { customer: { email, ...NAMES, custom_attributes: attributes } };
}

/** Runs `probe` with invented customers at `domain`, deletes them, and says so where that did not work. */
export async function withVisitors(
  shop: Shop,
  domain: string,
  probe: (visitors: Visitors) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const emails: string[] = [];
  const views = await shop.ask({ method: 'GET', path: 'V1/store/storeViews' });
  const read = readStoreViews(views.body).map(({ id, code, website_id }) => ({
    id,
    code,
    websiteId: website_id,
  }));
  const view = viewOf(shop.settings.url, read);

  const visitors: Visitors = {
    async create(by, { attributes = [], password = `Aa1-${randomBytes(12).toString('hex')}` } = {}) {
      const email = `doctor-${randomBytes(8).toString('hex')}@${domain}`;
      // Noted before it is sent: an answer that is lost may still have made one.
      emails.push(email);
      const customer = {
        email,
        ...NAMES,
        website_id: Number(view.websiteId),
        store_id: Number(view.id),
        ...(attributes.length > 0 && { custom_attributes: attributes }),
      };
      const request = { method: 'POST', path: 'V1/customers', json: { customer, password } } as const;
      const reply = await (by === 'us' ? shop.ask(request) : shop.askAs(null, request));
      return { reply, email, password, id: reply.status === 200 ? readCustomer(reply.body).id : null };
    },
    async attributesOf(id) {
      const { body } = await shop.ask({ method: 'GET', path: `V1/customers/${id}` });
      return new Map(readCustomer(body).custom_attributes);
    },
  };

  let findings: readonly Finding[];
  try {
    findings = await probe(visitors);
  } catch (error) {
    findings = [fail(`probe: ${reasonOf(error)}`, 'see that M2 answers, and run it again')];
  }
  const left = await removed(shop, emails);
  if (left.length === 0) return findings;
  const mend = 'delete them in M2: their e-mails begin with doctor- and end with the placeholder domain';
  return [...findings, fail(`probe: invented customers could not be deleted (${left.length})`, mend)];
}

/** Which of the customers are still there. */
async function removed(shop: Shop, emails: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const email of emails) {
    try {
      for (const id of await idsOf(shop, email))
        await shop.ask({ method: 'DELETE', path: `V1/customers/${id}` });
      if ((await idsOf(shop, email)).length > 0) left.push(email);
    } catch {
      left.push(email);
    }
  }
  return left;
}

async function idsOf(shop: Shop, email: string): Promise<string[]> {
  const filter = 'searchCriteria[filterGroups][0][filters][0]';
  const { body } = await shop.ask({
    method: 'GET',
    path: 'V1/customers/search',
    query: [
      [`${filter}[field]`, 'email'],
      [`${filter}[value]`, email],
      [`${filter}[conditionType]`, 'eq'],
      ['searchCriteria[pageSize]', '5'],
    ],
  });
  // Looked at once more: nobody but the invented ones may ever be deleted.
  return readCustomerPage(body).items.flatMap((row) => (row.email === email ? [row.id] : []));
}
