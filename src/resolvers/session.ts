/** Sessions: renewing them, ending them, and the customer behind one. */
import { Arg, Ctx, Directive, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { OpenedSession } from '../auth/open-session.ts';
import { type Context, signedIn } from '../context.ts';
import { text } from '../texts/texts.ts';
import { Customer } from '../types/customer.ts';
import { InvalidCredentialsError } from '../types/customer-error.ts';
import {
  CustomerSession,
  LogoutAllDevicesResult,
  LogoutDeviceResult,
  LogoutResult,
  RefreshSessionResult,
  SessionsEnded,
} from '../types/session.ts';
import { ownCustomer } from './customer.ts';

/** A session just opened or renewed; its customer is read when a client asks for it. */
export function toSession(session: OpenedSession, isNewCustomer: boolean): CustomerSession {
  const { accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt, customerId } = session;
  return new CustomerSession({
    accessToken,
    tokenType: 'Bearer',
    accessTokenExpiresAt,
    accessTokenExpiresInSeconds: Math.floor((accessTokenExpiresAt.getTime() - Date.now()) / 1000),
    refreshToken,
    refreshTokenExpiresAt,
    isNewCustomer,
    customerId,
  });
}

const ended = (count: number) => new SessionsEnded({ endedAt: new Date(), count });

@Resolver(() => CustomerSession)
export class SessionResolver {
  @FieldResolver(() => Customer)
  async customer(@Root() { customerId }: CustomerSession, @Ctx() context: Context): Promise<Customer> {
    return await ownCustomer(context, customerId);
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => RefreshSessionResult, {
    description:
      'Renews a session. The refresh token is replaced; the old one answers the same new one again for a short ' +
      'while, so that a lost answer loses nobody, and ends the session when it comes back later.',
  })
  async refreshSession(
    @Arg('refreshToken', () => String, { description: 'The last one that was answered.' })
    refreshToken: string,
    @Ctx() context: Context,
  ): Promise<typeof RefreshSessionResult> {
    const session = await context.parts.auth.refreshSession(refreshToken);
    return session === null
      ? new InvalidCredentialsError(text(context.language, 'error.sessionEnded'))
      : toSession(session, false);
  }

  @Directive('@authenticated')
  @Mutation(() => LogoutResult, { description: 'Ends the session of this device.' })
  async logout(@Ctx() context: Context): Promise<typeof LogoutResult> {
    const { customerId, sessionId } = signedIn(context);
    return ended((await context.parts.auth.sessions.end(customerId, sessionId)) ? 1 : 0);
  }

  @Directive('@authenticated')
  @Mutation(() => LogoutDeviceResult, {
    description: "Ends the session of another of the customer's devices; `count` is 0 when there is no such.",
  })
  async logoutDevice(
    @Arg('id', () => ID, { description: 'Of a `SignedInDevice`.' }) id: string,
    @Ctx() context: Context,
  ): Promise<typeof LogoutDeviceResult> {
    const { customerId } = signedIn(context);
    return ended((await context.parts.auth.sessions.end(customerId, id)) ? 1 : 0);
  }

  @Directive('@authenticated')
  @Mutation(() => LogoutAllDevicesResult, {
    description:
      'Ends every session of the customer, this one included, and voids a change that waits to be confirmed.',
  })
  async logoutAllDevices(@Ctx() context: Context): Promise<typeof LogoutAllDevicesResult> {
    return ended(await context.parts.auth.signOutEverywhere(signedIn(context).customerId));
  }
}
