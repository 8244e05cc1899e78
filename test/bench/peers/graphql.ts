/** What the GraphQL peers share: the service's own SDL, resolvers for what is measured, and a context. */
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import DataLoader from 'dataloader';
import { GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Redis } from 'ioredis';
import type { Caller, FindCaller } from './caller.ts';
import type { M2 } from './m2.ts';
import {
  addAddress,
  type Customer,
  findCards,
  findCustomer,
  findCustomers,
  type NewAddress,
} from './shop.ts';

export interface PeerContext {
  caller: Caller | null;
  m2: M2;
  redis: Redis;
  customers: DataLoader<string, Customer | null>;
}

export async function contextOf(
  headers: IncomingHttpHeaders,
  { find, m2, redis }: { find: FindCaller; m2: M2; redis: Redis },
): Promise<PeerContext> {
  const customers = new DataLoader<string, Customer | null>((ids) => findCustomers(m2, ids));
  return { caller: await find(headers), m2, redis, customers };
}

function ownId({ caller }: PeerContext): string {
  if (caller?.customerId == null)
    throw new GraphQLError('Sign in.', { extensions: { code: 'UNAUTHENTICATED' } });
  return caller.customerId;
}

const resolvers = {
  Query: {
    customer: (_: unknown, _args: unknown, context: PeerContext) => findCustomer(context.m2, ownId(context)),
  },
  Mutation: {
    addAddress: (_: unknown, { input }: { input: NewAddress }, context: PeerContext) =>
      addAddress(context.m2, context.redis, ownId(context), input),
  },
  Customer: {
    cards: ({ id }: Customer, _args: unknown, { m2 }: PeerContext) => findCards(m2, id),
    __resolveReference({ id }: { id: string }, { caller, customers }: PeerContext) {
      if (caller && (caller.customerId ?? id) === id) return customers.load(id);
      throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN' } });
    },
  },
};

/** Run where the repository's root is the working directory. */
export function buildSchema(): GraphQLSchema {
  const typeDefs = parse(readFileSync('schema/customer.graphql', 'utf8'));
  return buildSubgraphSchema([{ typeDefs, resolvers }]);
}
