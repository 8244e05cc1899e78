/** How large an operation is, counted as often as each part is reached. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import { costOf } from './cost.ts';

// As in Apollo Router's demand control: a change is dearer than a look.
const MUTATION_WEIGHT = 10;
// One introspection walks the whole schema; three in one operation are an attack.
const INTROSPECTION_WEIGHT = 700;

/** The size of a selection set with all that is below it. */
export interface Measure {
  depth: number;
  aliases: number;
  /** Of this selection set itself, not those below. */
  fields: number;
  directives: number;
  cost: number;
  /** Mutation fields of the given names among `fields`. */
  sensitive: number;
}

const NOTHING: Measure = { depth: 0, aliases: 0, fields: 0, directives: 0, cost: 0, sensitive: 0 };

/**
 * A function that measures the operations of the document in `context`.
 *
 * Aliases, inline fragments and spreads are followed and every directive is ignored. Each fragment is
 * measured once. Takes any document that parses, valid or not.
 */
export function measureFor(
  context: ValidationContext,
  sensitiveFields: ReadonlySet<string>,
): (operation: OperationDefinitionNode) => Measure {
  const schema = context.getSchema();
  const fragments = new Map<FragmentDefinitionNode, Measure>();

  function ofSelections({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): Measure {
    const total = { ...NOTHING };
    for (const selection of selections) {
      const part = ofSelection(selection, parent);
      total.depth = Math.max(total.depth, part.depth);
      total.aliases += part.aliases;
      total.fields += part.fields;
      total.directives += part.directives + (selection.directives?.length ?? 0);
      total.cost += part.cost;
      total.sensitive += part.sensitive;
    }
    return total;
  }

  function ofSelection(selection: SelectionNode, parent: GraphQLNamedType | undefined): Measure {
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, parent);
      case Kind.INLINE_FRAGMENT: {
        const { typeCondition, selectionSet } = selection;
        return ofSelections(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : parent);
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = context.getFragment(selection.name.value);
        return fragment ? ofFragment(fragment) : NOTHING;
      }
    }
  }

  function ofFragment(fragment: FragmentDefinitionNode): Measure {
    const known = fragments.get(fragment);
    if (known) return known;
    // Stands in for the fragment within itself: one that spreads in a circle is invalid, not endless.
    fragments.set(fragment, NOTHING);
    const inner = ofSelections(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value));
    const measure = { ...inner, directives: inner.directives + (fragment.directives?.length ?? 0) };
    fragments.set(fragment, measure);
    return measure;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const inner = node.selectionSet
      ? ofSelections(node.selectionSet, field && getNamedType(field.type))
      : NOTHING;
    const { weight, size } = field ? costOf(node, field) : { weight: 0, size: 1 };
    const isMutation = parent !== undefined && parent === schema.getMutationType();
    // Introspection is deep by nature, and graphql-js itself keeps it from going in circles.
    const isIntrospection = name === '__schema' || name === '__type';
    return {
      depth: isIntrospection ? 1 : 1 + inner.depth,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      fields: 1,
      directives: inner.directives,
      cost: isIntrospection
        ? INTROSPECTION_WEIGHT
        : size * (weight + inner.cost) + (isMutation ? MUTATION_WEIGHT : 0),
      sensitive: isMutation && sensitiveFields.has(name) ? 1 : 0,
    };
  }

  return (operation) => {
    const root = ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
    const ownDirectives = [operation, ...(operation.variableDefinitions ?? [])].map(
      ({ directives }) => directives?.length ?? 0,
    );
    return { ...root, directives: ownDirectives.reduce((sum, count) => sum + count, root.directives) };
  };
}
