/** Notifications: the pages of them, and what a customer does with them. */
import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { Failure } from '../failures.ts';
import { checkNotificationIds } from '../inputs/notification.ts';
import { Customer } from '../types/customer.ts';
import {
  CustomerNotificationConnection,
  CustomerNotificationEdge,
  DeleteNotificationsResult,
  MarkNotificationsReadResult,
} from '../types/notification.ts';
import { PageInfo } from '../types/page-info.ts';
import { cursorOf, idOfCursor } from '../values/cursor.ts';
import { inputError } from './challenge.ts';

const MAX_PAGE = 50;
const IDS_DESCRIPTION = 'At most 100. Those of others and those that are gone are ignored.';

/** As Relay's specification has it: what cannot be read is the client's fault; more than there is to a page is cut. */
function pageOf({ first, after }: { first: number; after: string | null | undefined }) {
  if (first < 0) throw new Failure('BAD_USER_INPUT', { message: '`first` must not be below zero.' });
  const before = after == null ? null : idOfCursor(after);
  if (after != null && before === null) {
    throw new Failure('BAD_USER_INPUT', { message: '`after` is not a cursor of this list.' });
  }
  return { size: Math.min(first, MAX_PAGE), before };
}

@Resolver(() => Customer)
export class NotificationResolver {
  @FieldResolver(() => CustomerNotificationConnection)
  async notifications(
    @Root() { id: customerId }: Customer,
    @Arg('first', () => Int, {
      defaultValue: 20,
      description: 'How many, from 0 on; more than 50 are cut to 50.',
    })
    first: number,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'A cursor of this list: the page begins with what is older. Left out or `null`: the newest.',
    })
    after: string | null | undefined,
    @Ctx() context: Context,
  ): Promise<CustomerNotificationConnection> {
    const { size, before } = pageOf({ first, after });
    const { language } = context;
    const page = await context.load.notifications.load({ customerId, size, before, language });
    const edges = page.notifications.map(
      (node) => new CustomerNotificationEdge({ cursor: cursorOf(node.id), node }),
    );
    return new CustomerNotificationConnection({
      edges,
      pageInfo: new PageInfo({
        hasNextPage: page.hasMore,
        hasPreviousPage: before !== null,
        startCursor: edges.at(0)?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      }),
      unreadCount: page.unreadCount,
    });
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => MarkNotificationsReadResult, {
    description: 'Marks notifications as read, on all devices. Those that are read already stay so.',
  })
  async markNotificationsRead(
    @Arg('ids', () => [ID], { description: IDS_DESCRIPTION }) ids: string[],
    @Ctx() context: Context,
  ): Promise<typeof MarkNotificationsReadResult> {
    const { customerId } = signedIn(context);
    const checked = checkNotificationIds(ids, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    context.load.notifications.clearAll();
    return await context.parts.m2.notifications.markRead(customerId, checked.value);
  }

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => DeleteNotificationsResult, { description: 'Deletes notifications for good, one or many.' })
  async deleteNotifications(
    @Arg('ids', () => [ID], { description: IDS_DESCRIPTION }) ids: string[],
    @Ctx() context: Context,
  ): Promise<typeof DeleteNotificationsResult> {
    const { customerId } = signedIn(context);
    const checked = checkNotificationIds(ids, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    context.load.notifications.clearAll();
    return await context.parts.m2.notifications.remove(customerId, checked.value);
  }
}
