/** `searchCriteria[…]` of a query string: read as PHP reads it, echoed as Magento echoes it. */
import { badRequest, required, wrongType } from './errors.ts';
import { toInt } from './input.ts';
import type { ShopSettings } from './shop.ts';

/** One condition on one field. */
export interface Filter {
  /** `null` when the query left it out. */
  field: string | null;
  value: string | null;
  /** Lower case; `eq` when left out. */
  condition: string;
}

/** What a search asks for. */
export interface Criteria {
  /** Groups are ANDed, the filters in a group ORed. */
  groups: Filter[][];
  sortOrders: { field: string; direction: string }[];
  pageSize: number | undefined;
  currentPage: number | undefined;
}

const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 5;

const KEY = /^searchCriteria((?:\[\w*\])*)$/;

/** The values by their path of keys, with camelCase keys in snake_case: `filter_groups.0.filters.0.field`. */
function flatten(query: URLSearchParams): Map<string, string> | null {
  const values = new Map<string, string>();
  let isThere = false;
  for (const [key, value] of query) {
    const brackets = KEY.exec(key)?.[1];
    if (brackets === undefined) continue;
    isThere = true;
    const keys = [...brackets.matchAll(/\[(\w*)\]/g)].map(([, name = '']) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    values.set(keys.join('.'), value);
  }
  return isThere ? values : null;
}

/** The numbers that follow `prefix` in the keys, in their order. */
function indexes(values: ReadonlyMap<string, string>, prefix: string): string[] {
  const found = [...values.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length).split('.')[0] ?? '');
  return [...new Set(found)];
}

function whole(values: ReadonlyMap<string, string>, key: string, name: string): number | undefined {
  const text = values.get(key);
  if (text === undefined) return undefined;
  const value = toInt(text);
  if (value === null) throw wrongType(text, 'int', name);
  return value;
}

function readSortOrder(values: ReadonlyMap<string, string>, prefix: string): Criteria['sortOrders'][number] {
  const direction = (values.get(`${prefix}.direction`) ?? 'ASC').toUpperCase();
  if (direction !== 'ASC' && direction !== 'DESC') {
    throw badRequest(
      'The sort order has to be specified as %1 for ascending order or %2 for descending order.',
      ['ASC', 'DESC'],
    );
  }
  return { field: values.get(`${prefix}.field`) ?? '', direction };
}

/** Reads the criteria of a search; refused with 400 when there are none at all. */
export function readCriteria(query: URLSearchParams, settings: ShopSettings): Criteria {
  const values = flatten(query);
  if (!values) throw required(['searchCriteria']);
  const groups = indexes(values, 'filter_groups.').map((group) =>
    indexes(values, `filter_groups.${group}.filters.`).map((index): Filter => {
      const prefix = `filter_groups.${group}.filters.${index}`;
      return {
        field: values.get(`${prefix}.field`) ?? null,
        value: values.get(`${prefix}.value`) ?? null,
        condition: (values.get(`${prefix}.condition_type`) ?? 'eq').toLowerCase(),
      };
    }),
  );
  const asked = whole(values, 'page_size', 'pageSize');
  if (settings.inputLimits && asked !== undefined && asked > MAX_PAGE_SIZE) {
    throw badRequest('Maximum SearchCriteria pageSize is %max', { max: MAX_PAGE_SIZE });
  }
  return {
    groups,
    sortOrders: indexes(values, 'sort_orders.').map((index) => readSortOrder(values, `sort_orders.${index}`)),
    pageSize: asked ?? (settings.inputLimits ? DEFAULT_PAGE_SIZE : undefined),
    currentPage: whole(values, 'current_page', 'currentPage'),
  };
}

/** `search_criteria` of the answer: what was sent, and no more. */
export function echoCriteria({ groups, sortOrders, pageSize, currentPage }: Criteria): object {
  return {
    filter_groups: groups.map((filters) => ({
      filters: filters.map(({ field, value, condition }) => ({ field, value, condition_type: condition })),
    })),
    ...(sortOrders.length > 0 && { sort_orders: sortOrders }),
    ...(pageSize !== undefined && { page_size: pageSize }),
    ...(currentPage !== undefined && { current_page: currentPage }),
  };
}

/** The rows of the page: everything without a size or with 0, one row for a negative one. */
export function pageOf<Row>(rows: readonly Row[], { pageSize, currentPage }: Criteria): Row[] {
  if (!pageSize) return [...rows];
  const size = Math.max(pageSize, 1);
  const start = (Math.max(currentPage ?? 1, 1) - 1) * size;
  return rows.slice(start, start + size);
}
