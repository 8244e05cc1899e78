/** `GET V1/customers/search`: filters over stored columns and custom attributes, as SQL would compare them. */
import { backendOf } from './attributes.ts';
import { type Criteria, echoCriteria, type Filter, pageOf, readCriteria } from './criteria.ts';
import { customerView } from './customers.ts';
import { badRequest } from './errors.ts';
import type { Route } from './router.ts';
import type { CustomerRow, Shop } from './shop.ts';

const NUMBERS = new Set(['entity_id', 'group_id', 'store_id', 'website_id', 'gender']);
const COLUMNS = new Set([
  ...['confirmation', 'created_at', 'created_in', 'default_billing', 'default_shipping', 'dob', 'email'],
  ...['firstname', 'lastname', 'middlename', 'prefix', 'suffix', 'taxvat', 'updated_at'],
  ...NUMBERS,
]);
const BILLING =
  /^billing_(city|company|country_id|fax|firstname|lastname|middlename|postcode|region|street|telephone|vat_id)$/;

/** How one field of a search is read from a row; `null` is SQL's NULL. */
interface Field {
  isNumber: boolean;
  read(row: CustomerRow): string | null;
}

function billingField(name: string): Field {
  return {
    isNumber: false,
    read(row) {
      const address = row.addresses.find(({ id }) => String(id) === row.default_billing);
      const value = Object.entries(address ?? {}).find(([key]) => key === name)?.[1];
      return typeof value === 'string' ? value : null;
    },
  };
}

/** `undefined` for a field that the shop does not know. */
function fieldOf(shop: Shop, name: string): Field | undefined {
  if (COLUMNS.has(name)) {
    const column = name === 'entity_id' ? 'id' : name;
    return {
      isNumber: NUMBERS.has(name),
      read(row) {
        const value = Object.entries(row).find(([key]) => key === column)?.[1];
        return value === null || value === undefined || value === '' ? null : String(value);
      },
    };
  }
  const attribute = shop.attributes.customer.find(({ code }) => code === name);
  if (attribute) {
    return { isNumber: backendOf(attribute) === 'int', read: (row) => row.custom.get(name) ?? null };
  }
  const billing = BILLING.exec(name)?.[1];
  return billing === undefined ? undefined : billingField(billing);
}

function compare(a: string, b: string, isNumber: boolean): number {
  // MySQL reads what is no number as 0.
  if (isNumber) return (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
  const [x, y] = [a.toLowerCase(), b.toLowerCase()];
  return x < y ? -1 : Number(x > y);
}

function like(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'isu').test(text);
}

function matches(field: Field, row: CustomerRow, { condition, value: wanted }: Filter): boolean {
  const stored = field.read(row);
  if (condition === 'null') return stored === null;
  // Nothing compares with NULL, not even "is not".
  if (stored === null) return false;
  const order = (other: string) => compare(stored, other, field.isNumber);
  const value = wanted ?? '';
  const list = () => value.split(',');
  switch (condition) {
    case 'notnull':
      return true;
    case 'neq':
      return order(value) !== 0;
    case 'like':
      return like(stored, value);
    case 'nlike':
      return !like(stored, value);
    case 'in':
      return value !== '' && list().some((item) => order(item) === 0);
    case 'nin':
      return !list().some((item) => order(item) === 0);
    case 'gt':
      return order(value) > 0;
    case 'lt':
      return order(value) < 0;
    case 'gteq':
    case 'moreq':
    case 'from':
      return order(value) >= 0;
    case 'lteq':
    case 'to':
      return order(value) <= 0;
    case 'finset':
      return stored.split(',').includes(value);
    default:
      return order(value) === 0;
  }
}

/** The customers that match, in the asked order, else by id. */
function select(shop: Shop, { groups, sortOrders }: Criteria): CustomerRow[] {
  const tests = groups.map((filters) =>
    filters.map((filter) => {
      const field = filter.field === null ? undefined : fieldOf(shop, filter.field);
      if (!field) {
        throw badRequest('The "%1" attribute name is invalid. Reset the name and try again.', [filter.field]);
      }
      return (row: CustomerRow) => matches(field, row, filter);
    }),
  );
  const rows = [...shop.customers.values()]
    .filter((row) => tests.every((group) => group.some((test) => test(row))))
    .toSorted((a, b) => a.id - b.id);
  for (const { field: name, direction } of sortOrders.toReversed()) {
    const field = fieldOf(shop, name);
    const sign = direction === 'ASC' ? 1 : -1;
    // An unknown field to sort by is passed over without a word.
    if (field) rows.sort((a, b) => sign * compare(field.read(a) ?? '', field.read(b) ?? '', field.isNumber));
  }
  return rows;
}

/** The route of the search; it goes over all websites. */
export function searchRoutes(shop: Shop): Route[] {
  return [
    {
      method: 'GET',
      path: '/V1/customers/search',
      access: 'Magento_Customer::customer',
      answer({ query }) {
        const criteria = readCriteria(query, shop.settings);
        const rows = select(shop, criteria);
        return {
          items: pageOf(rows, criteria).map((row) => customerView(shop, row)),
          search_criteria: echoCriteria(criteria),
          total_count: rows.length,
        };
      },
    },
  ];
}
