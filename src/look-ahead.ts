/** What an operation will show, found out before anything of it runs, so that no more is asked of M2. */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Wanted } from './datasources/m2/customer.ts';

const known = new WeakMap<OperationDefinitionNode, Wanted>();

/** The fields of customers and of addresses that stand anywhere in the operation, skipped ones included. */
export function wantedOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  document: DocumentNode,
): Wanted {
  const before = known.get(operation);
  if (before) return before;
  const customerFields = new Set<string>();
  const addressFields = new Set<string>();
  const spread = new Set<string>();
  const types = new TypeInfo(schema);
  const collect = visitWithTypeInfo(types, {
    Field({ name }) {
      const parent = types.getParentType()?.name;
      if (parent === 'Customer') customerFields.add(name.value);
      if (parent === 'CustomerAddress') addressFields.add(name.value);
    },
    FragmentSpread({ name }) {
      spread.add(name.value);
    },
  });
  visit(operation, collect);
  // A set is walked to its end while it grows, and holds no name twice.
  for (const name of spread) {
    for (const one of document.definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name) visit(one, collect);
    }
  }
  // Addresses are found through their customer, whichever way they are asked for.
  if (addressFields.size > 0) customerFields.add('addresses');
  if (customerFields.has('groupName')) customerFields.add('groupId');
  const wanted = { customerFields, addressFields };
  known.set(operation, wanted);
  return wanted;
}
