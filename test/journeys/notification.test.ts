/** Notifications in pages, and what a customer does with them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DeleteNotificationsDocument,
  MarkNotificationsReadDocument,
  NotificationsDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { dataOf, rowOf, shopOf, signIn, writesOf } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' });
});
afterAll(() => service.close());

interface Page {
  first?: number;
  after?: string | null;
}

/** A page of the caller's notifications; fails the test where there is none. */
async function pageOf(token: string, page: Page = {}, language: 'en' | 'ar' = 'en') {
  const { customer } = dataOf(await service.ask(NotificationsDocument, page, { token, language }));
  if (!customer?.notifications) throw new Error('no notifications');
  return customer.notifications;
}
const idsOf = ({ edges }: Awaited<ReturnType<typeof pageOf>>) => edges.map(({ node }) => Number(node.id));
const heldOf = (email: string) => {
  const shop = shopOf(service);
  return shop.notifications.get(rowOf(shop, email).id) ?? [];
};
const requests = (resource = 'notifications') =>
  service.logged.filter((line) => line.includes(`V1/hmg/customers/{id}/${resource}"`)).length;

describe('the list', () => {
  it('is twenty to a page unless asked otherwise, newest first', async () => {
    const { token } = await signIn(service, '501234567');
    const page = await pageOf(token);
    expect(page.edges).toHaveLength(20);
    expect(page).toMatchObject({
      unreadCount: 3,
      pageInfo: {
        hasNextPage: true,
        hasPreviousPage: false,
        startCursor: page.edges[0]?.cursor,
        endCursor: page.edges[19]?.cursor,
      },
    });
    expect(page.edges[0]?.node).toMatchObject({
      title: 'Order delivered',
      body: 'Your order 1102 has been delivered. Get well soon!',
      isRead: false,
    });
    const times = page.edges.map(({ node }) => node.createdAt);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('is walked through by its cursors: each comes once, and the last page says so', async () => {
    const { token } = await signIn(service, '501234567');
    const seen: number[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const page = await pageOf(token, { first: 7, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      seen.push(...idsOf(page));
      ({ endCursor: after, hasNextPage: more } = page.pageInfo);
    }
    expect(seen).toEqual(
      heldOf('sara@example.com')
        .map(({ id }) => id)
        .reverse(),
    );
  });

  it('is in the language of the request', async () => {
    const { token } = await signIn(service, '551234567');
    const { edges, unreadCount } = await pageOf(token, { first: 1 }, 'ar');
    expect(edges[0]?.node.title).toBe('حان وقت إعادة الصرف');
    expect(unreadCount).toBe(2);
  });

  it('goes on at the right place when what the cursor points at is deleted, and new ones have come', async () => {
    const { token, id } = await signIn(service, '551234567');
    const [first] = (await pageOf(token, { first: 1 })).edges;
    const shop = shopOf(service);
    const held = heldOf('noura@example.com');
    const texts = { en: { title: 'New', body: 'New' }, ar: { title: 'جديد', body: 'جديد' } };
    const newest = {
      id: shop.nextId('notification'),
      created_at: '2026-11-20 12:00:00',
      is_read: false,
      texts,
    };
    const others = held.filter((row) => String(row.id) !== first?.node.id);
    shop.notifications.set(Number(id), [...others, newest]);
    const rest = await pageOf(token, { after: first?.cursor ?? '' });
    expect(idsOf(rest)).toEqual(others.map((row) => row.id).reverse());
    shop.notifications.set(Number(id), held);
  });

  it('is empty for who was never told anything', async () => {
    const { token } = await signIn(service, '502345678');
    expect(await pageOf(token)).toEqual({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      unreadCount: 0,
    });
  });

  it.each([0, 51, 1_000_000_000])('A7: has 50 at most and may have none (first: %i)', async (first) => {
    const { token, id } = await signIn(service, '502345678');
    const texts = { en: { title: 'T', body: 'B' }, ar: { title: 'T', body: 'B' } };
    const rows = Array.from({ length: 60 }, (_, at) => ({
      id: 1000 + at,
      created_at: '2026-11-20 12:00:00',
      is_read: true,
      texts,
    }));
    shopOf(service).notifications.set(Number(id), rows);
    const { edges, pageInfo } = await pageOf(token, { first });
    expect(edges).toHaveLength(Math.min(first, 50));
    expect(pageInfo.hasNextPage).toBe(true);
    shopOf(service).notifications.delete(Number(id));
  });

  it.each([
    ['a cursor that is none', { after: 'not a cursor' }, '`after` is not a cursor of this list.'],
    ['an empty cursor', { after: '' }, '`after` is not a cursor of this list.'],
    ['a number below zero', { first: -1 }, '`first` must not be below zero.'],
  ])('is the client’s fault with %s, in fixed words, and nobody is asked', async (_name, page, message) => {
    const { token } = await signIn(service, '501234567');
    const before = requests();
    const { status, data, errors } = await service.ask(NotificationsDocument, page, { token });
    expect(status).toBe(200);
    expect(data.customer?.notifications).toBeNull();
    expect(errors).toMatchObject([
      {
        message,
        path: ['customer', 'notifications'],
        extensions: { code: 'BAD_USER_INPUT', retryable: false },
      },
    ]);
    expect(requests()).toBe(before);
  });

  it('is asked for once in a request, however often it is selected', async () => {
    const { token } = await signIn(service, '501234567');
    const before = [requests(), requests('wallet')];
    const both = 'notifications { unreadCount } wallet { useInPayment }';
    const again = 'again: notifications { unreadCount } purse: wallet { balance { amount } }';
    dataOf(await service.ask(`{ customer { ${both} ${again} } other: customer { ${both} } }`, {}, { token }));
    expect([requests(), requests('wallet')]).toEqual(before.map((count) => count + 1));
  });
});

describe('what a customer does with them', () => {
  const mark = async (ids: string[], token: string) =>
    dataOf(await service.ask(MarkNotificationsReadDocument, { ids }, { token })).markNotificationsRead;
  const remove = async (ids: string[], token: string) =>
    dataOf(await service.ask(DeleteNotificationsDocument, { ids }, { token })).deleteNotifications;

  it('marks them as read, and again changes nothing', async () => {
    const { token } = await signIn(service, '551234567');
    const [newest = 0, second = 0] = idsOf(await pageOf(token));
    const changed = { __typename: 'NotificationsChanged', ids: [String(newest)], unreadCount: 1 };
    expect(await mark([String(newest)], token)).toEqual(changed);
    expect(await mark([String(newest)], token)).toEqual(changed);
    expect(heldOf('noura@example.com').map(({ is_read }) => is_read)).toEqual([true, false, true]);
    expect(await mark([String(second), 'unknown', '4711'], token)).toMatchObject({
      ids: [String(second)],
      unreadCount: 0,
    });
  });

  it('deletes one or many, and ignores what is gone', async () => {
    const { token } = await signIn(service, '501234567');
    const ids = idsOf(await pageOf(token)).map(String);
    expect(await remove(ids.slice(0, 1), token)).toMatchObject({ ids: ids.slice(0, 1), unreadCount: 2 });
    expect(await remove(ids.slice(0, 4), token)).toMatchObject({ ids: ids.slice(1, 4), unreadCount: 0 });
    expect(idsOf(await pageOf(token))[0]).toBe(Number(ids[4]));
    expect(heldOf('sara@example.com')).toHaveLength(20);
  });

  it("A1: touches nobody else's, and tells them from none in no way", async () => {
    const { token } = await signIn(service, '502345678');
    const [victim] = heldOf('sara@example.com');
    const before = writesOf(service);
    for (const change of [mark, remove]) {
      const theirs = await change([String(victim?.id)], token);
      expect(theirs).toEqual(await change(['987654'], token));
      expect(theirs).toMatchObject({ __typename: 'NotificationsChanged', ids: [], unreadCount: 0 });
    }
    expect(writesOf(service)).toEqual(before);
    expect(heldOf('sara@example.com')).toContainEqual(victim);
  });

  it('takes a hundred at once and no more', async () => {
    const { token } = await signIn(service, '502345678');
    const ids = Array.from({ length: 101 }, (_, at) => String(at + 1));
    expect(await remove(ids.slice(1), token)).toMatchObject({ ids: [] });
    expect(await mark(ids, token)).toMatchObject({ __typename: 'CustomerInputError' });
  });
});
