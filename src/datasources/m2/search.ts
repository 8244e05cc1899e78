/** Searches of customers, always within one website and never without a page size. */
import type { Connection } from './connection.ts';
import { failureOf } from './refusal.ts';
import { fieldsOfPage, type RecordPart, readCustomerPage, readPartsPage, type WireCustomer } from './wire.ts';

/** `in` takes a comma list, so its values must hold no comma. */
export interface Filter {
  field: string;
  condition: 'eq' | 'in';
  value: string;
}

const ROUTE = 'V1/customers/search';
const PAGE_SIZE = 100;
// A thousand customers with one phone or ID is broken data, not something to read on and on.
const MAX_PAGES = 10;

/**
 * All customers of the website for which every filter holds, in the order of their ids.
 *
 * M2 compares without case and accents, so that who asks has to look at what was found. With `parts` the other
 * parts of the records are left empty, which is to be shown and never to be written back.
 */
export async function searchCustomers(
  connection: Connection,
  filters: Filter[],
  parts?: readonly RecordPart[],
): Promise<WireCustomer[]> {
  const { websiteId } = await connection.storeView();
  const found: WireCustomer[] = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const query = searchQuery([...filters, { field: 'website_id', condition: 'eq', value: websiteId }], page);
    if (parts) query.push(['fields', fieldsOfPage(parts)]);
    const answer = await connection.call({
      method: 'GET',
      route: ROUTE,
      query,
      isShared: parts !== undefined,
    });
    if (answer.status !== 200) throw failureOf(ROUTE, answer);
    const { items, total_count } = (parts ? readPartsPage : readCustomerPage)(answer.body);
    found.push(...items);
    if (items.length === 0 || found.length >= total_count) return found.filter(isOf(websiteId));
  }
  connection.log.warn({ pages: MAX_PAGES }, 'a search of customers was cut off');
  return found.filter(isOf(websiteId));
}

function isOf(websiteId: string): (customer: WireCustomer) => boolean {
  return (customer) => customer.website_id === websiteId;
}

/** Each filter is a group of its own: groups are ANDed, filters inside one would be ORed. */
function searchQuery(filters: Filter[], page: number): [string, string][] {
  const query: [string, string][] = filters.flatMap(({ field, condition, value }, index) => {
    const filter = `searchCriteria[filterGroups][${index}][filters][0]`;
    return [
      [`${filter}[field]`, field],
      [`${filter}[value]`, value],
      [`${filter}[conditionType]`, condition],
    ] satisfies [string, string][];
  });
  query.push(['searchCriteria[sortOrders][0][field]', 'entity_id']);
  query.push(['searchCriteria[sortOrders][0][direction]', 'ASC']);
  query.push(['searchCriteria[pageSize]', String(PAGE_SIZE)]);
  query.push(['searchCriteria[currentPage]', String(page)]);
  return query;
}
