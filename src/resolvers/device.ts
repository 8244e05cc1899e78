/** Where a customer is signed in. */
import { Arg, Ctx, Directive, Mutation, Query, Resolver } from 'type-graphql';
import type { Session } from '../auth/session.ts';
import { type Context, signedIn } from '../context.ts';
import { Failure } from '../failures.ts';
import { checkDeviceChange } from '../inputs/device.ts';
import { DeviceInput, SignedInDevice, UpdateDeviceResult } from '../types/device.ts';
import { inputError } from './challenge.ts';

async function toDevice(session: Session, { caller, parts }: Context): Promise<SignedInDevice> {
  const { id, device, createdAt, lastSeenAt } = session;
  return new SignedInDevice({
    id,
    deviceId: device?.deviceId ?? null,
    type: device?.type ?? null,
    name: device?.name ?? null,
    hasPush: await parts.auth.push.reaches(session),
    createdAt: new Date(createdAt),
    lastSeenAt: new Date(lastSeenAt),
    isCurrent: caller.kind === 'customer' && caller.sessionId === id,
  });
}

/** The customer's open sessions as devices, latest seen first. */
export async function devicesOf(customerId: string, context: Context): Promise<SignedInDevice[]> {
  const sessions = await context.parts.auth.sessions.list(customerId);
  return await Promise.all(sessions.map((session) => toDevice(session, context)));
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

  @Directive('@authenticated')
  @Directive('@cost(weight: 10)')
  @Mutation(() => UpdateDeviceResult, {
    description:
      'Tells anew of the device that this sign-in is on, such as when its push token has changed. `registrationId: ' +
      'null` ends push messages to it.',
  })
  async updateDevice(
    @Arg('input', () => DeviceInput, { description: 'The device as it is now.' }) input: DeviceInput,
    @Ctx() context: Context,
  ): Promise<typeof UpdateDeviceResult> {
    const { customerId, sessionId } = signedIn(context);
    const checked = checkDeviceChange(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const session = await context.parts.auth.sessions.changeDevice(customerId, sessionId, checked.value);
    if (session === null) throw new Failure('UNAUTHENTICATED');
    return await toDevice(session, context);
  }
}
