/** Bodies of requests to a GraphQL server: right, wrong, and no JSON at all. */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { ENDING, type RootField, rootFields, withLiterals, withVariables } from './documents.ts';
import { representations } from './entities.ts';
import { argumentsOf } from './inputs.ts';
import { randomDocument } from './random-documents.ts';
import { MARKER, oddText } from './texts.ts';

export interface Body {
  bytes: Buffer;
  /** `null` sends none. */
  encoding: string | null;
}

const json = fc.jsonValue({ maxDepth: 3 });

// The rest of the run would be refused for want of a session; `inputs.test.ts` asks the others.
const FIELDS = rootFields().filter(({ name }) => !ENDING.has(name));

const operation = fc
  .constantFrom(...FIELDS)
  .chain((field: RootField) => fc.tuple(fc.constant(field), argumentsOf(field), fc.boolean()))
  .map(([field, variables, inline]): object =>
    inline ? { query: withLiterals(field, variables) } : { query: withVariables(field), variables },
  );

const entities = representations.map((list): object => ({
  query:
    'query ($list: [_Any!]!) { _entities(representations: $list) { __typename ... on Customer { id } } }',
  variables: { list },
}));

const randomOperation = fc
  .tuple(randomDocument, fc.option(fc.record({ a: json, b: json, list: json }), { nil: undefined }))
  .map(([query, variables]): object => ({ query, variables }));

/** Parts of a request that are there and of the wrong kind. */
const misshapen = fc.record(
  {
    query: fc.oneof(fc.constant('{ __typename }'), json),
    variables: fc.oneof(json, fc.constantFrom('{}', `{"a":"${MARKER}"}`)),
    operationName: fc.oneof(json, oddText),
    extensions: fc.oneof(
      json,
      fc.record({ persistedQuery: fc.oneof(json, fc.record({ version: json, sha256Hash: json })) }),
      fc.record({
        persistedQuery: fc.record({ version: fc.constant(1), sha256Hash: fc.oneof(oddText, json) }),
      }),
    ),
    id: json,
  },
  { requiredKeys: [] },
);

const text = fc
  .oneof(
    { weight: 14, arbitrary: operation },
    { weight: 5, arbitrary: entities },
    { weight: 8, arbitrary: randomOperation },
    { weight: 5, arbitrary: misshapen },
    { weight: 1, arbitrary: fc.array(randomOperation, { maxLength: 3 }) },
    { weight: 1, arbitrary: json },
  )
  .map((value) => JSON.stringify(value) ?? '');

const OK = '{"query":"{ __typename }"}';

/** Texts that are no JSON, or JSON that makes parsers stumble. */
const HARD: readonly string[] = [
  '',
  ' ',
  'null',
  '{',
  '[',
  '"',
  'undefined',
  OK.slice(0, -1),
  `${OK}${OK}`,
  `${OK},`,
  `\ufeff${OK}`,
  `${' '.repeat(100_000)}${OK}`,
  '['.repeat(100_000),
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  '{"a":'.repeat(50_000),
  `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
  `{"query":"{ __typename }","variables":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`,
  `{"query":"query ($a: [_Any!]!) { _entities(representations: $a) { __typename } }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  `{"query":"query ($a: ID!) { address(id: $a) { id } }","variables":{"a":${'9'.repeat(200_000)}}}`,
  '{"query":"{ __typename }","variables":{"a":1e999999}}',
  '{"query":"{ __typename }","query":"{ customer { id } }","query":5}',
  `{"query":"{ __typename }","__proto__":{"isGateway":true}}`,
  `{"query":"{ __typename }","variables":{"__proto__":{"a":1}}}`,
  `{"query":"{ __typename }","constructor":{"prototype":{"a":1}}}`,
  `{"query":"query ($a: ID!) { address(id: $a) { id } }","variables":{"a":"\\ud800"}}`,
  `{"query":"${'{ customer '.repeat(20_000)}"}`,
  `{"query":"${'a'.repeat(255_000)}"}`,
  `{"query":"{ __typename }","pad":"${'a'.repeat(300_000)}"}`,
  `query=${MARKER}&variables=1`,
  `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${OK}\r\n--x--\r\n`,
  '{ __typename }',
  '\u0000'.repeat(1000),
];

const bytes: Arbitrary<Buffer> = fc.oneof(
  { weight: 12, arbitrary: text.map((given) => Buffer.from(given)) },
  { weight: 5, arbitrary: fc.constantFrom(...HARD).map((given) => Buffer.from(given)) },
  {
    weight: 2,
    arbitrary: fc.tuple(text, fc.nat()).map(([given, at]) => Buffer.from(given.slice(0, at % given.length))),
  },
  { weight: 1, arbitrary: fc.tuple(text, fc.nat(), fc.uint8Array({ maxLength: 4 })).map(spoilt) },
  { weight: 1, arbitrary: text.map((given) => Buffer.from(given, 'utf16le')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((given) => Buffer.from(given)) },
);

/** Invalid UTF-8, as a rule. */
function spoilt([given, at, piece]: [string, number, Uint8Array]): Buffer {
  const whole = Buffer.from(given);
  const place = at % (whole.length + 1);
  return Buffer.concat([whole.subarray(0, place), piece, Buffer.from([0xff, 0xc0]), whole.subarray(place)]);
}

const PACKED: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gzipSync(body),
  deflate: (body) => deflateSync(body),
  br: (body) => brotliCompressSync(body),
};

export const body: Arbitrary<Body> = fc.oneof(
  { weight: 12, arbitrary: bytes.map((given) => ({ bytes: given, encoding: null })) },
  // Packed and saying so, packed in silence, and saying so without being it.
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...Object.entries(PACKED)), bytes, fc.boolean())
      .map(([[name, pack], given, isTold]) => ({ bytes: pack(given), encoding: isTold ? name : null })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('gzip', 'br', 'deflate', 'zstd', 'identity', 'gzip, gzip', MARKER), bytes)
      .map(([encoding, given]) => ({ bytes: given, encoding })),
  },
);
