/** The subgraph's SDL as a document: type-graphql's print with the directives put back. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InterfaceTypeDefinitionNode,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type ObjectTypeDefinitionNode,
  parse,
  printSchema,
  visit,
} from 'graphql';

const DIRECTIVES = ['@key', '@shareable', '@cost', '@listSize', '@tag'];
const AUTH_DIRECTIVES = ['@authenticated', '@requiresScopes'];

/** Whatever holds the directives that a decorator was given. */
interface Decorated {
  astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

/**
 * The schema extension that names the federation version and the directives in use.
 *
 * 2.9 is the newest version that the composition of Apollo, Hive and Cosmo all take.
 */
export function federationLink(authDirectives: boolean): DocumentNode {
  const names = authDirectives ? [...DIRECTIVES, ...AUTH_DIRECTIVES] : DIRECTIVES;
  const imports = names.map((name) => JSON.stringify(name)).join(', ');
  return parse(`extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`);
}

/**
 * The type definitions of a schema built from classes, with the directives of its decorators.
 *
 * `@authenticated` and `@requiresScopes` are left out unless `authDirectives` is set: Apollo's own
 * gateway refuses any supergraph that holds one of them.
 */
export function definitionsOf(schema: GraphQLSchema, authDirectives: boolean): DocumentNode {
  /** With the directives of its class beside those that `printSchema` prints: @deprecated and @specifiedBy. */
  function decorated<Node extends { readonly directives?: readonly ConstDirectiveNode[] | undefined }>(
    node: Node,
    by: Decorated | undefined,
  ): Node {
    const all = by?.astNode?.directives ?? [];
    const kept = authDirectives ? all : all.filter(({ name }) => !AUTH_DIRECTIVES.includes(`@${name.value}`));
    return { ...node, directives: [...(node.directives ?? []), ...kept] };
  }

  function decoratedOutput(
    node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode,
    type: GraphQLObjectType | GraphQLInterfaceType,
  ) {
    const byName = type.getFields();
    const fields = node.fields?.map((field) => {
      const by = byName[field.name.value];
      const args = field.arguments?.map((argument) =>
        decorated(
          argument,
          by?.args.find(({ name }) => name === argument.name.value),
        ),
      );
      // Decorators on parameters run last to first, so type-graphql has them the wrong way round.
      return { ...decorated(field, by), arguments: args?.reverse() };
    });
    return { ...decorated(node, type), fields };
  }

  // `printSubgraphSchema` would do all this, but cannot read type-graphql's own nodes: they have no fields.
  return visit(parse(printSchema(schema)), {
    ObjectTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      return isObjectType(type) ? decoratedOutput(node, type) : undefined;
    },
    InterfaceTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      return isInterfaceType(type) ? decoratedOutput(node, type) : undefined;
    },
    InputObjectTypeDefinition(node) {
      const type = schema.getType(node.name.value);
      if (!isInputObjectType(type)) return undefined;
      const byName = type.getFields();
      const fields = node.fields?.map((field) => decorated(field, byName[field.name.value]));
      return { ...decorated(node, type), fields };
    },
  });
}
