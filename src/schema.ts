/** The subgraph: every resolver class there is, made into one executable schema and into its SDL. */
import 'reflect-metadata/lite';
import { buildSubgraphSchema, printSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph/dist/schema-helper/index.js';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from 'type-graphql';
import { guardFields, oneByOne, type References, resolveEntities } from './access.ts';
import { keepPublicMarks } from './cache-policy.ts';
import { AccountResolver } from './resolvers/account.ts';
import { AddressResolver, findAddressReference } from './resolvers/address.ts';
import { AppInfoResolver } from './resolvers/app-info.ts';
import { CardResolver, findCardReference } from './resolvers/card.ts';
import { CustomerResolver, findCustomerReferences } from './resolvers/customer.ts';
import { DeviceResolver } from './resolvers/device.ts';
import { EmailChangeResolver } from './resolvers/email-change.ts';
import { LocationResolver } from './resolvers/location.ts';
import { LoyaltyResolver } from './resolvers/loyalty.ts';
import { NotificationResolver } from './resolvers/notification.ts';
import { PasswordResolver } from './resolvers/password.ts';
import { PasswordLoginResolver } from './resolvers/password-login.ts';
import { PhoneChangeResolver } from './resolvers/phone-change.ts';
import { ProfileResolver } from './resolvers/profile.ts';
import { SessionResolver } from './resolvers/session.ts';
import { SignInResolver } from './resolvers/sign-in.ts';
import { SocialLoginResolver } from './resolvers/social-login.ts';
import { WalletResolver } from './resolvers/wallet.ts';
import { definitionsOf, federationLink } from './sdl.ts';

// The same map at run time; @apollo/subgraph only has no word for a union's `__resolveType`.
type ResolverMap = NonNullable<GraphQLSchemaModule['resolvers']>;

const RESOLVERS: NonEmptyArray<NewableFunction> = [
  CustomerResolver,
  AddressResolver,
  CardResolver,
  LoyaltyResolver,
  WalletResolver,
  NotificationResolver,
  DeviceResolver,
  SignInResolver,
  PasswordLoginResolver,
  SocialLoginResolver,
  SessionResolver,
  PasswordResolver,
  ProfileResolver,
  PhoneChangeResolver,
  LocationResolver,
  AppInfoResolver,
  AccountResolver,
  EmailChangeResolver,
];

const ENTITIES: ReadonlyMap<string, References<unknown>> = new Map<string, References<unknown>>([
  ['Customer', findCustomerReferences],
  ['CustomerAddress', oneByOne(findAddressReference)],
  ['SavedCard', oneByOne(findCardReference)],
]);

/**
 * The executable subgraph with its checks, `_service` and `_entities` included.
 *
 * `authDirectives` keeps `@authenticated` and `@requiresScopes` in the SDL for routers that know them;
 * the checks are the same with and without. Throws where a directive does not fit federation v2.9.
 */
export function buildSubgraph({ authDirectives }: { authDirectives: boolean }): GraphQLSchema {
  // `validate` would call class-validator, whose messages repeat what was typed; inputs/ does that work.
  // The check is made below, of the whole subgraph.
  const schema = buildSchemaSync({ resolvers: RESOLVERS, validate: false, skipCheck: true });
  guardFields(schema);
  const subgraph = buildSubgraphSchema([
    { typeDefs: definitionsOf(schema, authDirectives), resolvers: createResolversMap(schema) as ResolverMap },
    { typeDefs: federationLink(authDirectives) },
  ]);
  keepPublicMarks(schema, subgraph);
  resolveEntities(subgraph, ENTITIES);
  return subgraph;
}

/** The SDL for people and composition: descriptions included, federation's own definitions left out. */
export function printSubgraph(subgraph: GraphQLSchema): string {
  return `${printSubgraphSchema(subgraph).trim()}\n`;
}
