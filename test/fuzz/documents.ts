/** Operations of one root field that select everything there is of its answer. */
import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql';

export interface RootField {
  kind: 'query' | 'mutation';
  name: string;
  args: readonly GraphQLArgument[];
  /** Of the answer, with everything below it. */
  selection: string;
}

/** Fields that leave their caller without a session. */
export const ENDING: ReadonlySet<string> = new Set(['deleteCustomer', 'logout', 'logoutAllDevices']);

const MAX_DEPTH = 4;
const NAME = /^[_A-Za-z]\w*$/;

/** Every query and mutation of the committed SDL. */
export function rootFields(): RootField[] {
  const sdl = readFileSync(new URL('../../schema/customer.graphql', import.meta.url), 'utf8');
  // Federation's own directives are not defined in there.
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const fieldsOf = (kind: RootField['kind'], root: GraphQLObjectType | null | undefined) =>
    Object.values(root?.getFields() ?? {}).map(({ name, args, type }) => {
      return { kind, name, args, selection: selectionOf(type, MAX_DEPTH) };
    });
  return [...fieldsOf('query', schema.getQueryType()), ...fieldsOf('mutation', schema.getMutationType())];
}

function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isObjectType(named)) return `{ __typename ${membersOf(named, depth)} }`;
  if (!isUnionType(named)) return '';
  const members = named.getTypes().map((member) => `... on ${member.name} { ${membersOf(member, depth)} }`);
  return `{ __typename ${members.join(' ')} }`;
}

function membersOf(type: GraphQLObjectType, depth: number): string {
  return Object.values(type.getFields())
    .filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`)
    .join(' ');
}

/** The operation with its arguments as variables. */
export function withVariables({ kind, name, args, selection }: RootField): string {
  const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  return `${kind} ${declared && `(${declared})`} { ${name}${passed && `(${passed})`} ${selection} }`;
}

/** The operation with its arguments written out; names that GraphQL cannot write are left out. */
export function withLiterals(field: RootField, values: Readonly<Record<string, unknown>>): string {
  const { kind, name, args, selection } = field;
  const passed = args
    .filter((arg) => arg.name in values)
    .map((arg) => `${arg.name}: ${literal(values[arg.name], arg.type)}`)
    .join(', ');
  return `${kind} { ${name}${passed && `(${passed})`} ${selection} }`;
}

/** `type` only tells whether a text is an enum's name; `undefined` where the schema has no such place. */
function literal(value: unknown, type: GraphQLInputType | undefined): string {
  const known = type && getNullableType(type);
  if (Array.isArray(value)) {
    const itemType = isListType(known) ? known.ofType : undefined;
    return `[${value.map((item) => literal(item, itemType)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(known) ? known.getFields() : {};
    const members = Object.entries(value).filter(([name]) => NAME.test(name));
    return `{${members.map(([name, item]) => `${name}: ${literal(item, fields[name]?.type)}`).join(', ')}}`;
  }
  if (isEnumType(known) && typeof value === 'string' && NAME.test(value)) return value;
  return JSON.stringify(value) ?? 'null';
}
