/** What an operation asks for first. */
import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

const known = new WeakMap<OperationDefinitionNode, ReadonlySet<string>>();

/** The schema's names of every root field that stands in the operation, those that are skipped included; without `__typename`. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  { definitions }: DocumentNode,
): ReadonlySet<string> {
  const before = known.get(operation);
  if (before) return before;
  const names = new Set<string>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else spread.add(selection.name.value);
    }
  };
  collect(operation.selectionSet);
  // A set is walked to its end while it grows, and holds no name twice.
  for (const name of spread) {
    for (const one of definitions) {
      if (one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name) collect(one.selectionSet);
    }
  }
  names.delete('__typename');
  known.set(operation, names);
  return names;
}
