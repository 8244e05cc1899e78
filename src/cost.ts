/** What a field costs by the schema's `@cost` and `@listSize`, before any variable is known. */
import {
  type ConstDirectiveNode,
  type FieldNode,
  type GraphQLField,
  getNamedType,
  type IntValueNode,
  isLeafType,
  Kind,
  valueFromASTUntyped,
} from 'graphql';

/** What one field adds: `weight` for itself, and how many times its own selections are to be counted. */
export interface FieldCost {
  weight: number;
  /** At least 1. */
  size: number;
}

/**
 * The cost of `node`, which selects `field`.
 *
 * The weight is the field's `@cost`, else that of its type, else 1 for what has selections of its own
 * and 0 for a leaf. The size is the slicing argument that the document writes out, else
 * `assumedSize`, else the slicing argument's default, else 1.
 *
 * @see https://ibm.github.io/graphql-specs/cost-spec.html
 */
export function costOf(node: FieldNode, field: GraphQLField<unknown, unknown>): FieldCost {
  const type = getNamedType(field.type);
  const weight =
    numberAt(directiveOf(field.astNode?.directives, 'cost'), 'weight') ??
    numberAt(directiveOf(type.astNode?.directives, 'cost'), 'weight') ??
    (isLeafType(type) ? 0 : 1);
  return { weight, size: Math.max(1, sizeOf(node, field)) };
}

function sizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
  const listSize = directiveOf(field.astNode?.directives, 'listSize');
  if (listSize === undefined) return 1;

  const names: unknown = argumentAt(listSize, 'slicingArguments') ?? [];
  const slicing = Array.isArray(names) ? field.args.filter(({ name }) => names.includes(name)) : [];
  const written = (node.arguments ?? [])
    .filter(({ name }) => slicing.some((argument) => argument.name === name.value))
    .map(({ value }) => value)
    .filter((value): value is IntValueNode => value.kind === Kind.INT)
    .map((value) => Number(value.value));
  if (written.length > 0) return Math.max(...written);

  const assumed = numberAt(listSize, 'assumedSize');
  if (assumed !== undefined) return assumed;
  return Math.max(1, ...slicing.map(({ defaultValue }) => Number(defaultValue)).filter(Number.isFinite));
}

function directiveOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): ConstDirectiveNode | undefined {
  return directives?.find((directive) => directive.name.value === name);
}

function argumentAt(directive: ConstDirectiveNode | undefined, name: string): unknown {
  const argument = directive?.arguments?.find((candidate) => candidate.name.value === name);
  return argument && valueFromASTUntyped(argument.value);
}

function numberAt(directive: ConstDirectiveNode | undefined, name: string): number | undefined {
  const value = argumentAt(directive, name);
  // The cost specification writes weights as text, federation as numbers.
  return value === undefined || value === null ? undefined : Number(value);
}
