/** Where a customer is signed in. */
import { Ctx, Directive, Query, Resolver } from 'type-graphql';
import { type Context, signedIn } from '../context.ts';
import { SignedInDevice } from '../types/device.ts';

/** The customer's open sessions as devices, latest seen first. */
export async function devicesOf(customerId: string, context: Context): Promise<SignedInDevice[]> {
  const { caller } = context;
  const sessions = await context.parts.auth.sessions.list(customerId);
  return sessions.map(
    ({ id, device, createdAt, lastSeenAt }) =>
      new SignedInDevice({
        id,
        deviceId: device?.deviceId ?? null,
        type: device?.type ?? null,
        name: device?.name ?? null,
        hasPush: Boolean(device?.registrationId),
        createdAt: new Date(createdAt),
        lastSeenAt: new Date(lastSeenAt),
        isCurrent: caller.kind === 'customer' && caller.sessionId === id,
      }),
  );
}

@Resolver()
export class DeviceResolver {
  @Directive('@authenticated')
  @Directive('@cost(weight: 2)')
  @Directive('@listSize(assumedSize: 10)')
  @Query(() => [SignedInDevice], {
    nullable: true,
    description: 'Where the customer is signed in, latest first; at most ten.',
  })
  async devices(@Ctx() context: Context): Promise<SignedInDevice[]> {
    return await devicesOf(signedIn(context).customerId, context);
  }
}
