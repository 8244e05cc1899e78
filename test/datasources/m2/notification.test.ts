import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, noSuchEntity } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const ROUTE = 'V1/hmg/customers/7/notifications';
const LIST = `GET ${ROUTE}`;
const item = (id: number, changes: object = {}) => ({
  id,
  title: 'Order packed',
  body: 'Your order 1041 is packed.',
  created_at: '2026-11-20 12:29:43',
  is_read: false,
  ...changes,
});
const pageOf = (ids: number[], unread_count = 0) => ({
  body: { items: ids.map((id) => item(id)), unread_count },
});
const asked = { customerId: '7', size: 2, before: null, language: 'en' } as const;

describe('a page of notifications', () => {
  it('asks for one more than it shows, which tells whether there is another page', async () => {
    const query = { pageSize: '3', language: 'en' };
    test.expect({ request: LIST, query, body: null, answer: pageOf([9, 8, 5], 12) });
    const page = await test.m2.notifications.page(asked);
    expect(page).toMatchObject({ hasMore: true, unreadCount: 12 });
    expect(page.notifications).toEqual([
      {
        id: '9',
        title: 'Order packed',
        body: 'Your order 1041 is packed.',
        createdAt: new Date('2026-11-20T12:29:43Z'),
        isRead: false,
      },
      expect.objectContaining({ id: '8' }),
    ]);
  });

  it('goes on below a number, in the language asked for', async () => {
    const query = { pageSize: '3', before: '8', language: 'ar' };
    test.expect({ request: LIST, query, answer: pageOf([5]) });
    const page = await test.m2.notifications.page({ ...asked, before: '8', language: 'ar' });
    expect(page).toMatchObject({ hasMore: false, notifications: [{ id: '5' }] });
  });

  it('of none still tells how many are unread, and whether there are any', async () => {
    test.expect({ request: LIST, query: { pageSize: '1', language: 'en' }, answer: pageOf([9], 4) });
    expect(await test.m2.notifications.page({ ...asked, size: 0 })).toEqual({
      notifications: [],
      hasMore: true,
      unreadCount: 4,
    });
  });

  it.each([
    ['no list', { body: { items: null, unread_count: '0' } }],
    ['a customer whom M2 does not have', noSuchEntity('customerId', 7)],
  ])('is empty for %s', async (_, answer) => {
    test.expect({ request: LIST, answer });
    const empty = { notifications: [], hasMore: false, unreadCount: 0 };
    expect(await test.m2.notifications.page(asked)).toEqual(empty);
    expect(await test.m2.notifications.page({ ...asked, customerId: '../8' })).toEqual(empty);
  });

  it('fails where the shop has no such module', async () => {
    const body = { message: 'Request does not match any route.' };
    test.expect({ request: LIST, answer: { status: 404, body } });
    await expect(test.m2.notifications.page(asked)).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    ['items.0.created_at', { items: [item(1, { created_at: 'yesterday' })], unread_count: 0 }],
    ['items.0.id', { items: [item(1, { id: 'one' })], unread_count: 0 }],
    ['items.0.title', { items: [item(1, { title: null })], unread_count: 0 }],
    ['unread_count', { items: [] }],
    ['(root)', []],
  ])('with a wrong %s is UPSTREAM_INVALID without its values', async (place, body) => {
    test.expect({ request: LIST, answer: { body } });
    await expect(test.m2.notifications.page(asked)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      detail: expect.stringContaining(`a page of notifications: ${place}`),
    });
  });
});

describe.each([
  ['marking as read', 'markRead', `PUT ${ROUTE}/read`, { body: { ids: [9, 8] } }],
  ['deleting', 'remove', `DELETE ${ROUTE}`, { body: null, query: { ids: '9,8' } }],
] as const)('%s', (_name, change, request, sent) => {
  const look = (ids: string, found: number[], unread = 3) =>
    test.expect({
      request: LIST,
      query: { pageSize: `${ids.split(',').length}`, ids },
      answer: pageOf(found, unread),
    });

  it('changes the customer’s own, each once, and answers how many are unread then', async () => {
    look('9,8', [9, 8]);
    test.expect({ request, ...sent, answer: { body: { ids: [9, 8], unread_count: 1 } } });
    expect(await test.m2.notifications[change]('7', ['9', '8', '9'])).toEqual({
      ids: ['9', '8'],
      unreadCount: 1,
    });
  });

  it('A1: writes nothing for those of others, and ignores what is no number', async () => {
    look('4', []);
    const ids = ['4', '../../8', '9,8', '0', '-1', '1e3', ''];
    expect(await test.m2.notifications[change]('7', ids)).toEqual({ ids: [], unreadCount: 3 });
  });

  it('A1: does not believe a module that answers more than was asked', async () => {
    look('9,8', [9, 8, 4]);
    test.expect({ request, ...sent, answer: { body: { ids: [9, 8, 4], unread_count: 1 } } });
    expect((await test.m2.notifications[change]('7', ['9', '8'])).ids).toEqual(['9', '8']);
  });

  it('leaves out what somebody else was faster with', async () => {
    look('9,8', [9, 8]);
    test.expect({ request, ...sent, answer: { body: { ids: ['8'], unread_count: '1' } } });
    expect((await test.m2.notifications[change]('7', ['9', '8'])).ids).toEqual(['8']);
  });

  it('of nothing changes nothing', async () => {
    test.expect({ request: LIST, query: { pageSize: '1' }, answer: pageOf([9], 2) });
    expect(await test.m2.notifications[change]('7', [])).toEqual({ ids: [], unreadCount: 2 });
  });

  it('is not tried twice while M2 is away', async () => {
    look('9,8', [9, 8]);
    test.expect({ request, answer: { status: 503, text: 'down' } });
    await expect(test.m2.notifications[change]('7', ['9', '8'])).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });
});
