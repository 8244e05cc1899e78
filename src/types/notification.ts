/** What the shop has told a customer, as a list in pages. */
import { GraphQLDateTime } from 'graphql-scalars';
import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import { CustomerInputError } from './customer-error.ts';
import { PageInfo } from './page-info.ts';

/** One message of the shop; it stays until the customer deletes it. */
@ObjectType({
  simpleResolvers: true,
  description: 'Something that the shop has told the customer, by push message or without.',
})
export class CustomerNotification {
  @Field(() => ID, { description: 'Opaque; only good for its owner.' })
  readonly id!: string;

  @Field(() => String, { description: "In the request's language where it exists in that one." })
  readonly title!: string;

  @Field(() => String, { description: 'Plain text, in the same language as the title.' })
  readonly body!: string;

  @Field(() => GraphQLDateTime, { description: 'When the shop told it.' })
  readonly createdAt!: Date;

  @Field(() => Boolean, { description: 'Whether the customer has seen it, on any device.' })
  readonly isRead!: boolean;

  constructor(values: CustomerNotification) {
    Object.assign(this, values);
  }
}

/** A notification in its place. */
@ObjectType({
  simpleResolvers: true,
  description: 'A notification and its place in the list.',
})
export class CustomerNotificationEdge {
  @Field(() => String, { description: 'Opaque; stays good after the notification has been deleted.' })
  readonly cursor!: string;

  @Field(() => CustomerNotification, { description: 'The notification itself.' })
  readonly node!: CustomerNotification;

  constructor(values: CustomerNotificationEdge) {
    Object.assign(this, values);
  }
}

/** A page of notifications. */
@ObjectType({
  simpleResolvers: true,
  description: 'A page of notifications, newest first.',
})
export class CustomerNotificationConnection {
  @Field(() => [CustomerNotificationEdge], { description: 'Newest first; at most 50.' })
  readonly edges!: CustomerNotificationEdge[];

  @Field(() => PageInfo, { description: 'Whether and where it goes on.' })
  readonly pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Of all that the customer has, not only of this page.' })
  readonly unreadCount!: number;

  constructor(values: CustomerNotificationConnection) {
    Object.assign(this, values);
  }
}

/** What a change to several notifications came to. */
@ObjectType({
  simpleResolvers: true,
  description: 'Notifications that have been marked as read, or deleted.',
})
export class NotificationsChanged {
  @Field(() => [ID], {
    description: "Those among the given ids that were the caller's own; all others were ignored.",
  })
  readonly ids!: string[];

  @Field(() => Int, { description: 'Of all that the customer has now.' })
  readonly unreadCount!: number;

  constructor(values: NotificationsChanged) {
    Object.assign(this, values);
  }
}

const TOO_MANY = '`CustomerInputError` where more ids are given than one change takes.';

export const MarkNotificationsReadResult = createUnionType({
  name: 'MarkNotificationsReadResult',
  description: `What came of \`markNotificationsRead\`. ${TOO_MANY}`,
  types: () => [NotificationsChanged, CustomerInputError] as const,
});

export const DeleteNotificationsResult = createUnionType({
  name: 'DeleteNotificationsResult',
  description: `What came of \`deleteNotifications\`. ${TOO_MANY}`,
  types: () => [NotificationsChanged, CustomerInputError] as const,
});
