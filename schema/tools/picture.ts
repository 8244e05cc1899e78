/** The schema at a glance: operations by noun, then the types by what leads from one to the other. */
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { instance } from '@viz-js/viz';
import {
  buildASTSchema,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
} from 'graphql';
import { type Card, cardOf, columns, FONT, INK, stack } from './cards.ts';

const TITLE = 'The customer subgraph';
const HEADS = { noun: '#0f766e', entity: '#4338ca', type: '#475569', error: '#b91c1c' };
const MARKS = { query: '#2563eb', mutation: '#c2410c' };
const ARROW = '#94a3b8';
const COLUMNS = 4;
const MARGIN = 24;

// All monospaced fonts are about as wide as the Courier that Graphviz reckons with; others would overflow somewhere.
const FONTS =
  "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/** The documents of `schema/operations` by noun, which is the name of their file. */
export type DocumentsByNoun = ReadonlyMap<string, string>;

export async function readDocuments(): Promise<DocumentsByNoun> {
  const folder = new URL('../operations/', import.meta.url);
  const files = (await readdir(folder)).sort();
  const read = async (file: string) =>
    [basename(file, '.graphql'), await readFile(new URL(file, folder), 'utf8')] as const;
  return new Map(await Promise.all(files.map(read)));
}

/** Draws a subgraph's SDL as SVG: dark on a white card, the same bytes for the same input. */
export async function drawSchema(sdl: string, documents: DocumentsByNoun): Promise<string> {
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const viz = await instance();
  const graphs = [operationsGraph(schema, documents), ...typeGraphs(schema)];
  return stacked(graphs.map((graph) => viz.renderString(graph, { format: 'svg' })));
}

/** Graphviz's drawings below one another, which within one graph it does not promise. */
function stacked(drawings: readonly string[]): string {
  const parts = drawings.map((drawing) => {
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(drawing) ?? [];
    const inside = drawing.slice(drawing.indexOf('<g '), drawing.lastIndexOf('</svg>'));
    return { width: Number(width), height: Number(height), inside: inside.replaceAll(/<!--.*?-->\n/gs, '') };
  });
  const width = Math.max(...parts.map((part) => part.width)) + 2 * MARGIN;
  let height = MARGIN;
  const placed = parts.map((part) => {
    const y = height;
    height += part.height;
    return `<svg x="${MARGIN}" y="${y}" width="${part.width}" height="${part.height}">\n${part.inside}</svg>\n`;
  });
  height += MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${TITLE}</title>
<rect width="${width}" height="${height}" rx="12" fill="white"/>
${placed.join('').replaceAll(`font-family="${FONT}"`, `font-family="${FONTS}"`)}</svg>
`;
}

const graphOf = (...statements: readonly string[]) => `digraph {
  graph [bgcolor=white rankdir=LR nodesep=0.25 ranksep=0.8]
  node [shape=plain fontname="${FONT}" fontsize=12 fontcolor="${INK}"]
  edge [color="${ARROW}" penwidth=1.2 arrowsize=0.7]
  ${statements.join('\n  ')}
}`;

function operationsGraph(schema: GraphQLSchema, documents: DocumentsByNoun): string {
  const cards = [...documents.keys()].map((noun) => nounCard(schema, noun, documents));
  const legend = `${mark('query')} query  ${mark('mutation')} mutation`;
  const title = `<FONT POINT-SIZE="22"><B>${TITLE}</B></FONT>    ${legend}`;
  return graphOf(`operations [label=<${stack(title, columns(cards, COLUMNS))}>]`);
}

/** The types that lead to others or are led to, then those that stand for themselves. */
function typeGraphs(schema: GraphQLSchema): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const all = Object.values(schema.getTypeMap()).filter((type) => isObjectType(type));
  const types = all.filter((type) => !roots.includes(type) && !isError(type) && !type.name.startsWith('__'));
  const reached = new Set(types.flatMap((type) => relationsOf(type).map(targetOf)));
  const related = types.filter((type) => relationsOf(type).length > 0 || reached.has(type));
  const nodes = related.map((type) => `"${type.name}" [label=<${typeCard(type).html}>]`);
  const edges = related.flatMap((type) =>
    relationsOf(type).map((field) => `"${type.name}":"${field.name}":e -> "${targetOf(field).name}":head:w`),
  );
  const others = types.filter((type) => !related.includes(type)).map(typeCard);
  const errors = all.filter(isError).map(({ name }) => name);
  const cards = [...others, cardOf(HEADS.error, 'CustomerError', errors)];
  return [graphOf(...nodes, ...edges), graphOf(`others [label=<${stack(columns(cards, COLUMNS))}>]`)];
}

const isError = (type: GraphQLObjectType) =>
  type.getInterfaces().some(({ name }) => name === 'CustomerError');
const targetOf = (field: GraphQLField<unknown, unknown>) => getNamedType(field.type);
const relationsOf = (type: GraphQLObjectType) =>
  Object.values(type.getFields()).filter((field) => isObjectType(targetOf(field)));

function typeCard(type: GraphQLObjectType): Card {
  const relations = relationsOf(type);
  const names = Object.values(type.getFields())
    .filter((field) => !relations.includes(field))
    .map(({ name }) => name);
  const rows = relations.map((field) => ({
    text: `<B>${field.name}</B>`,
    quiet: String(field.type),
    port: field.name,
  }));
  const isEntity = type.astNode?.directives?.some(({ name }) => name.value === 'key');
  return isEntity
    ? cardOf(HEADS.entity, `${type.name} · entity`, names, rows)
    : cardOf(HEADS.type, type.name, names, rows);
}

function nounCard(schema: GraphQLSchema, noun: string, documents: DocumentsByNoun): Card {
  // `customer` begins the documents of many nouns, and is listed once: where the noun is called so.
  const own = rootFieldsIn(documents.get(noun) ?? '').filter(
    ({ name }) => name === noun || !documents.has(name),
  );
  const rows = own.map(({ operation, name }) => {
    const root = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    const field = root?.getFields()[name];
    if (!field)
      throw new Error(`schema/operations/${noun}.graphql asks for ${name}, which the SDL does not have.`);
    return { text: `${mark(operation)} ${name}`, quiet: successOf(field) };
  });
  return cardOf(HEADS.noun, noun.replaceAll('-', ' '), [], rows);
}

const mark = (operation: keyof typeof MARKS) =>
  `<FONT COLOR="${MARKS[operation]}"><B>${operation[0]}</B></FONT>`;

/** What an operation answers when nothing is in the way. */
function successOf(field: GraphQLField<unknown, unknown>): string {
  const type = targetOf(field);
  if (!isUnionType(type)) return String(field.type);
  return type
    .getTypes()
    .filter((member) => !isError(member))
    .map(({ name }) => name)
    .join(' | ');
}

/** The root fields that some documents ask for, each once, queries first. */
function rootFieldsIn(text: string) {
  const found = new Map<string, { operation: 'query' | 'mutation'; name: string }>();
  for (const node of parse(text).definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION || node.operation === 'subscription') continue;
    for (const selection of node.selectionSet.selections) {
      if (selection.kind !== Kind.FIELD) continue;
      found.set(selection.name.value, { operation: node.operation, name: selection.name.value });
    }
  }
  const fields = [...found.values()];
  return [
    ...fields.filter(({ operation }) => operation === 'query'),
    ...fields.filter(({ operation }) => operation === 'mutation'),
  ];
}
