/** A subgraph as another team would write it: it knows customers and addresses by their keys alone. */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

/**
 * Orders that hold a `Customer { id }` and a `CustomerAddress { id }`, and add fields to `Customer`; one of them
 * needs the national ID, which routers then fetch here with whatever token the client has.
 */
export const NEIGHBOUR_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@key", "@requires", "@shareable"])

  type Query {
    order(id: ID!): Order
  }

  type Order @key(fields: "id") {
    id: ID!
    customer: Customer
    shippingAddress: CustomerAddress
    total: Money!
  }

  type Customer @key(fields: "id") {
    id: ID!
    nationalId: String @external
    orders: [Order!]!
    insuranceNo: String @requires(fields: "nationalId")
  }

  type CustomerAddress @key(fields: "id", resolvable: false) {
    id: ID!
  }

  type Money @shareable {
    amount: String!
    currency: String!
  }
`;

const TOTAL = { amount: '12.50', currency: 'SAR' };

interface CustomerReference {
  id: string;
  nationalId?: unknown;
}

export interface Neighbour {
  url: string;
  close(): Promise<void>;
}

/** Starts the neighbour on a free port. An order's id reads `<customer id>-<address id>`. */
export async function startNeighbour(): Promise<Neighbour> {
  const order = (id: string) => {
    const [customerId = '', addressId = ''] = id.split('-');
    return {
      id,
      customer: { id: customerId },
      shippingAddress: addressId ? { id: addressId } : null,
      total: TOTAL,
    };
  };
  const server = new ApolloServer({
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    schema: buildSubgraphSchema({
      typeDefs: parse(NEIGHBOUR_SDL),
      resolvers: {
        Query: { order: (_source: unknown, { id }: { id: string }) => order(id) },
        Customer: {
          orders: ({ id }: CustomerReference) => [order(id)],
          // Hive Gateway sends an error in the place of a field that failed, Apollo's sends null.
          insuranceNo: ({ nationalId }: CustomerReference) =>
            typeof nationalId === 'string' ? `INSURED-${nationalId}` : null,
        },
      },
    }),
  });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return { url, close: () => server.stop() };
}
