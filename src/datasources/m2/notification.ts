/** Notifications, from the shop's own module; docs/shop-module.md is its contract. */
import { z } from 'zod';
import type { Language } from '../../texts/texts.ts';
import { CustomerNotification, NotificationsChanged } from '../../types/notification.ts';
import type { Query } from '../http/url.ts';
import { reader } from '../http.ts';

import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { wire } from './wire.ts';

/** Which notifications are asked for. */
export interface PageAsked {
  customerId: string;
  /** How many, 0 to 50. */
  size: number;
  /** Only those older than the notification of this id, which need not be there any more; `null` for the newest. */
  before: string | null;
  language: Language;
}

/** A page, newest first. */
export interface NotificationPage {
  notifications: CustomerNotification[];
  hasMore: boolean;
  /** Of all that the customer has. */
  unreadCount: number;
}

export interface M2Notifications {
  /** Empty for a customer whom M2 does not have. */
  page(asked: PageAsked): Promise<NotificationPage>;
  /** Ids that are not the customer's own are ignored, and nothing is written for them. At most 100. */
  markRead(customerId: string, ids: readonly string[]): Promise<NotificationsChanged>;
  /** Likewise. */
  remove(customerId: string, ids: readonly string[]): Promise<NotificationsChanged>;
}

const LIST = 'V1/hmg/customers/{id}/notifications';
const READ = 'V1/hmg/customers/{id}/notifications/read';

const unreadCount = wire.count.transform((count) => Math.max(0, count));
const readPage = reader(
  'a page of notifications',
  z.object({
    items: z
      .array(
        z.object({
          id: wire.id,
          title: wire.text,
          body: wire.text,
          created_at: z.string().transform(utcTime),
          is_read: wire.flag,
        }),
      )
      .nullable()
      .transform((items) => items ?? []),
    unread_count: unreadCount,
  }),
);
const readChange = reader(
  'changed notifications',
  z.object({ ids: z.array(wire.id), unread_count: unreadCount }),
);

/** The notifications of M2's customers. */
export function notificationsOf(connection: Connection): M2Notifications {
  async function list(customerId: string, query: Query) {
    const nothing = { items: [], unread_count: 0 };
    if (!isM2Id(customerId)) return nothing;
    const answer = await connection.call({ method: 'GET', route: LIST, params: { id: customerId }, query });
    if (isNoSuchEntity(answer)) return nothing;
    if (answer.status !== 200) throw failureOf(LIST, answer);
    return readPage(answer.body);
  }

  /** Looks first which are the customer's own: nothing is written for another's, whatever the module would do. */
  async function change(
    how: { method: 'PUT' | 'DELETE'; route: string },
    customerId: string,
    ids: readonly string[],
  ): Promise<NotificationsChanged> {
    const asked = [...new Set(ids)].filter(isM2Id);
    const query: Query =
      asked.length === 0
        ? [['pageSize', '1']]
        : [
            ['pageSize', String(asked.length)],
            ['ids', asked.join(',')],
          ];
    const { items, unread_count } = await list(customerId, query);
    const found = new Set(items.map(({ id }) => id));
    const own = asked.filter((id) => found.has(id));
    if (own.length === 0) return new NotificationsChanged({ ids: [], unreadCount: unread_count });

    const { method, route } = how;
    const answer = await connection.call({
      method,
      route,
      params: { id: customerId },
      // Magento reads no body of a DELETE.
      ...(method === 'PUT' ? { json: { ids: own.map(Number) } } : { query: [['ids', own.join(',')]] }),
    });
    if (answer.status !== 200) throw failureOf(route, answer);
    const changed = readChange(answer.body);
    const done = new Set(changed.ids);
    return new NotificationsChanged({
      ids: own.filter((id) => done.has(id)),
      unreadCount: changed.unread_count,
    });
  }

  return {
    async page({ customerId, size, before, language }) {
      const { items, unread_count } = await list(customerId, [
        // One more than is shown tells whether there is another page.
        ['pageSize', String(size + 1)],
        ...(before === null ? [] : [['before', before] as const]),
        ['language', language],
      ]);
      return {
        notifications: items
          .slice(0, size)
          .map(
            ({ id, title, body, created_at, is_read }) =>
              new CustomerNotification({ id, title, body, createdAt: created_at, isRead: is_read }),
          ),
        hasMore: items.length > size,
        unreadCount: unread_count,
      };
    },
    markRead: (customerId, ids) => change({ method: 'PUT', route: READ }, customerId, ids),
    remove: (customerId, ids) => change({ method: 'DELETE', route: LIST }, customerId, ids),
  };
}

/** M2's UTC time without a zone. */
function utcTime(value: string, issues: z.RefinementCtx): Date {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(value);
  const time = new Date(match ? `${match[1]}T${match[2]}Z` : Number.NaN);
  if (Number.isNaN(time.getTime())) issues.addIssue('not a time');
  return time;
}
