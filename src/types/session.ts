/** Sessions: what signing in opens, renewing keeps and signing out ends. */
import { GraphQLDateTime, GraphQLJWT } from 'graphql-scalars';
import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { Customer } from './customer.ts';
import { CustomerThrottledError, InvalidCredentialsError } from './customer-error.ts';

/** An opened or renewed session with its tokens. `customer` is filled by a field resolver. */
@ObjectType({
  simpleResolvers: true,
  description: 'A sign-in that has been opened or renewed, and its tokens.',
})
export class CustomerSession {
  @Field(() => GraphQLJWT, {
    description:
      'Send it as `Authorization: Bearer …`. Minutes; its payload is for services, not for clients.',
  })
  readonly accessToken!: string;

  @Field(() => String, { description: 'Always `Bearer`.' })
  readonly tokenType!: string;

  @Field(() => GraphQLDateTime, { description: "By the server's clock." })
  readonly accessTokenExpiresAt!: Date;

  @Field(() => Int, { description: 'The same as seconds from now, for clients whose clock is wrong.' })
  readonly accessTokenExpiresInSeconds!: number;

  @Field(() => String, {
    description:
      'Opaque; good for one `refreshSession`, which answers the next one. Keep it like a password.',
  })
  readonly refreshToken!: string;

  @Field(() => GraphQLDateTime, {
    description: 'When it ends unless renewed before; renewing moves this on, within 30 days of the sign-in.',
  })
  readonly refreshTokenExpiresAt!: Date;

  @Field(() => Boolean, { description: 'Whether this sign-in created the customer.' })
  readonly isNewCustomer!: boolean;

  @Field(() => Customer, {
    nullable: true,
    description: '`null` with an error while the shop does not answer; the session is open all the same.',
  })
  readonly customer?: Customer | null;

  /** Whose session it is; not in the schema, for the resolver of `customer`. */
  readonly customerId!: string;

  constructor(values: CustomerSession) {
    Object.assign(this, values);
  }
}

/** How many sessions a sign-out ended. */
@ObjectType({
  simpleResolvers: true,
  description: 'Sign-ins that have ended: their tokens are no longer accepted.',
})
export class SessionsEnded {
  @Field(() => GraphQLDateTime, { description: "When they ended, by the server's clock." })
  readonly endedAt!: Date;

  @Field(() => Int, {
    description: "How many; 0 when there was none to end, as for an id that is not one of the caller's own.",
  })
  readonly count!: number;

  constructor(values: SessionsEnded) {
    Object.assign(this, values);
  }
}

/** `InvalidCredentialsError`: the refresh token is unknown, spent, or its session has ended. */
export const RefreshSessionResult = createUnionType({
  name: 'RefreshSessionResult',
  description: '`InvalidCredentialsError` means that the session is over: sign in again.',
  types: () => [CustomerSession, InvalidCredentialsError] as const,
});

// An error member that does not occur yet: without one, `... on CustomerError` would be no valid selection here,
// which clients make in every result alike.
const SIGN_OUT = 'Signing out cannot fail in a way to act on today; match `CustomerError` as everywhere.';

export const LogoutResult = createUnionType({
  name: 'LogoutResult',
  description: `What came of \`logout\`. ${SIGN_OUT}`,
  types: () => [SessionsEnded, CustomerThrottledError] as const,
});

export const LogoutDeviceResult = createUnionType({
  name: 'LogoutDeviceResult',
  description: `What came of \`logoutDevice\`; somebody else's device is as good as none: \`count\` is 0. ${SIGN_OUT}`,
  types: () => [SessionsEnded, CustomerThrottledError] as const,
});

export const LogoutAllDevicesResult = createUnionType({
  name: 'LogoutAllDevicesResult',
  description: `What came of \`logoutAllDevices\`. ${SIGN_OUT}`,
  types: () => [SessionsEnded, CustomerThrottledError] as const,
});
