/** GraphQL documents out of a grammar: some that run, most that do not, a few that are made to exhaust. */
import { readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';
import { ENDING } from './documents.ts';
import { oddPiece } from './texts.ts';

const SDL = readFileSync(new URL('../../schema/customer.graphql', import.meta.url), 'utf8');
const FIELDS = [...new Set([...SDL.matchAll(/^ {2}(\w+)(?=[(:])/gm)].map(([, name = '']) => name))].filter(
  (name) => !ENDING.has(name),
);
const TYPES = [
  ...new Set([...SDL.matchAll(/^(?:type|union|interface) (\w+)/gm)].map(([, name = '']) => name)),
];

const QUERIES = ['customer', 'addresses', 'cards', 'devices', 'address(id: "1")', '__typename', '_service'];

const fieldName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...FIELDS) },
  { weight: 6, arbitrary: fc.constantFrom(...QUERIES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__schema', '__type(name: "Customer")', 'fields', 'ofType', 'types', 'x'),
  },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', 'é', '_entities') },
);
const typeName = fc.oneof(
  fc.constantFrom(...TYPES),
  fc.constantFrom('Int', 'Nope', '_Any', '_Entity', 'LoginInput'),
);
const fragment = fc.constantFrom('A', 'B', 'C');
const variable = fc.constantFrom('$a', '$b', '$list', '$__proto__');

const text = fc.oneof(
  oddPiece.map((piece) => JSON.stringify(piece)),
  fc.constantFrom(
    '"\\u{1F600}"',
    '"\\uD83D"',
    '"\\u{110000}"',
    '"\\u00"',
    '"""\n  block \\""" \n"""',
    '"',
    '"""',
    "'x'",
  ),
);
const number = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom(
    '1e999999',
    '-0',
    '00',
    '1.',
    '.5',
    '0x1',
    `${'9'.repeat(400)}`,
    '1e-400',
    '2147483648',
    'NaN',
  ),
);

const { value, selections } = fc.letrec<{ value: string; selections: string; selection: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    number,
    variable,
    fc.constantFrom('true', 'null', 'EN', 'ANDROID'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('id', '__typename', '__proto__', 'phone', 'number'), tie('value')), {
        maxLength: 3,
      })
      .map((members) => `{${members.map(([name, item]) => `${name}: ${item}`).join(', ')}}`),
  ),
  selections: fc
    .array(tie('selection'), { minLength: 1, maxLength: 4 })
    .map((items) => `{ ${items.join(' ')} }`),
  selection: fc.oneof(
    { depthSize: 'small' },
    fieldName,
    fragment.map((name) => `...${name}`),
    fc.tuple(fieldName, tie('selections')).map((parts) => parts.join(' ')),
    fc.tuple(fc.constantFrom('a', 'b', '__typename', 'toString'), fieldName).map((parts) => parts.join(': ')),
    fc.tuple(fieldName, directive(tie('value'))).map((parts) => parts.join(' ')),
    fc
      .tuple(fieldName, fc.constantFrom('id', 'input', 'representations', 'x'), tie('value'))
      .map(([name, argument, given]) => `${name}(${argument}: ${given})`),
    fc.tuple(typeName, tie('selections')).map(([type, inner]) => `... on ${type} ${inner}`),
    fc
      .tuple(directive(tie('value')), tie('selections'))
      .map(([directives, inner]) => `... ${directives} ${inner}`),
  ),
}));

function directive(given: Arbitrary<string>): Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      '@skip(if: true)',
      '@include(if: false)',
      '@include(if: $a)',
      '@defer',
      '@stream',
      '@key',
    ),
    given.map((item) => `@skip(if: ${item})`),
  );
}

const operation = fc
  .tuple(
    fc.constantFrom('query', 'query', 'query', 'mutation', 'subscription', 'query Q', 'mutation M', ''),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: value.map((byDefault) => `($a: Boolean = ${byDefault}, $list: [_Any!]!)`) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('($a: Nope)', '($a: ID!, $a: ID!)', '($b: [[[[Int]]]])', '()'),
      },
    ),
    selections,
  )
  .map(([kind, variables, inner]) => (kind === '' ? inner : `${kind} ${variables} ${inner}`));

const fragments = fc
  .array(fc.tuple(fragment, typeName, selections), { maxLength: 3 })
  .map((given) => given.map(([name, type, inner]) => `fragment ${name} on ${type} ${inner}`).join('\n'));

const grown = fc
  .tuple(fc.array(operation, { minLength: 1, maxLength: 2 }), fragments)
  .map(([operations, more]) => `${operations.join('\n')}\n${more}`);

/** A document with a few characters lost, doubled or put in. */
const damaged = fc.tuple(grown, fc.nat(), oddPiece, fc.nat(8)).map(([document, at, piece, length]) => {
  const place = at % (document.length + 1);
  return `${document.slice(0, place)}${piece}${document.slice(place + length)}`;
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

/** Small to send and dear to run, or to check. */
const EXHAUSTING: readonly string[] = [
  `{ ${names(1000)
    .map((name) => `${name}: __typename`)
    .join(' ')} }`,
  `{ ${'customer { '.repeat(900)} id ${'}'.repeat(901)}`,
  `{ address(id: ${'['.repeat(950)}${']'.repeat(950)}) { id } }`,
  `{ address(id: ${'{a: '.repeat(450)}1${'}'.repeat(450)}) { id } }`,
  `query ($a: ${'['.repeat(900)}Int${']'.repeat(900)}) { __typename }`,
  `{ customer { ...F0 } } ${names(30)
    .map((_, n) => `fragment F${n} on Customer { ...F${n + 1} ...F${n + 1} }`)
    .join(' ')} fragment F30 on Customer { id }`,
  '{ customer { ...A } } fragment A on Customer { addresses { id } ...B } fragment B on Customer { ...A }',
  `{ __typename ${'@skip(if: false) '.repeat(300)} }`,
  `{ ${'a: customer { id } '.repeat(200)} }`,
  `{ ${'cards { id } '.repeat(300)} }`,
  `{ ${'customer { addresses { id } } '.repeat(150)} }`,
  `# ${'x'.repeat(100_000)}\n{ __typename }`,
  `{ __typename(${'a: 1 '.repeat(600)}) }`,
  `{ a: __schema { ${'types { fields { type { '.repeat(6)} name ${'} } } '.repeat(6)} } }`,
  `${names(400)
    .map((name) => `query ${name} { __typename }`)
    .join(' ')}`,
  `mutation { ${names(60)
    .map((name) => `${name}: logoutAllDevices { __typename }`)
    .join(' ')} }`,
  `query (${names(300)
    .map((name) => `$${name}: Int`)
    .join(' ')}) { __typename }`,
  '\ufeff{ __typename }',
  ',,,,',
];

export const randomDocument: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: grown },
  { weight: 4, arbitrary: damaged },
  { weight: 2, arbitrary: fc.constantFrom(...EXHAUSTING) },
);
