/** The shop module's notifications. */
import { customerById } from './customers.ts';
import { invalidValue, required } from './errors.ts';
import { toInt } from './input.ts';
import type { Route } from './router.ts';
import type { NotificationRow, Shop } from './shop.ts';

const ACCESS = 'Hmg_Customer::manage';
const MAX_PAGE = 100;

function numberOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = toInt(text);
  if (value === null || value < 1) throw invalidValue(name, text);
  return value;
}

/** `12,13` as a set of numbers; `null` when not asked. */
function idsOf(query: URLSearchParams): Set<number> | null {
  const text = query.get('ids');
  if (text === null) return null;
  const ids = text.split(',').map(toInt);
  if (ids.some((id) => id === null)) throw invalidValue('ids', text);
  return new Set(ids.filter((id) => id !== null));
}

/** `GET` and `DELETE V1/hmg/customers/{id}/notifications`, and `PUT …/notifications/read` */
export function notificationRoutes(shop: Shop): Route[] {
  const path = '/V1/hmg/customers/{customerId}/notifications';
  const rowsOf = (id: number) => shop.notifications.get(id) ?? [];
  const unread = (rows: readonly NotificationRow[]) => rows.filter((row) => !row.is_read).length;

  return [
    {
      method: 'GET',
      path,
      access: ACCESS,
      answer({ id, query }) {
        const rows = rowsOf(customerById(shop, id('customerId')).id);
        const pageSize = Math.min(numberOf(query, 'pageSize') ?? 20, MAX_PAGE);
        const before = numberOf(query, 'before') ?? Number.POSITIVE_INFINITY;
        const ids = idsOf(query);
        const language = query.get('language') === 'ar' ? 'ar' : 'en';
        const items = rows
          .filter((row) => row.id < before && (ids === null || ids.has(row.id)))
          .toSorted((a, b) => b.id - a.id)
          .slice(0, pageSize)
          .map(({ texts, ...row }) => ({ ...row, ...texts[language] }));
        return { items, unread_count: unread(rows) };
      },
    },
    {
      method: 'PUT',
      path: `${path}/read`,
      access: ACCESS,
      answer({ id, body }) {
        const customer = customerById(shop, id('customerId'));
        const ids = body.raw('ids');
        if (!Array.isArray(ids)) throw required(['ids']);
        const rows = rowsOf(customer.id).map((row) =>
          ids.includes(row.id) ? { ...row, is_read: true } : row,
        );
        shop.notifications.set(customer.id, rows);
        const changed = rows.filter((row) => ids.includes(row.id)).map((row) => row.id);
        return { ids: changed, unread_count: unread(rows) };
      },
    },
    {
      method: 'DELETE',
      path,
      access: ACCESS,
      answer({ id, query }) {
        const customer = customerById(shop, id('customerId'));
        const ids = idsOf(query);
        if (ids === null) throw required(['ids']);
        const rows = rowsOf(customer.id);
        const left = rows.filter((row) => !ids.has(row.id));
        shop.notifications.set(customer.id, left);
        const gone = rows.filter((row) => ids.has(row.id)).map((row) => row.id);
        return { ids: gone, unread_count: unread(left) };
      },
    },
  ];
}
