/** Representations of entities as no gateway would send them. */
import fc from 'fast-check';
import { oddText } from './texts.ts';

const TYPES = ['Customer', 'CustomerAddress', 'SavedCard'];

const typename = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TYPES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('customer', 'Query', 'Region', '__proto__', 'CustomerError', '_Any', ''),
  },
  { weight: 1, arbitrary: oddText },
  { weight: 1, arbitrary: fc.jsonValue() },
);

const id = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('@Customer', '@CustomerAddress', '@SavedCard', '1', '2', '3') },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '1/../2',
        '..%2f1',
        '1,2',
        '1 or 1=1',
        '01',
        '+1',
        '1.0',
        '1e0',
        ' 1',
        '١',
        '0',
        '-1',
        '99999999999999999',
      ],
      ...[
        '9007199254740993',
        'me',
        'search',
        '__proto__',
        'constructor',
        'me/password',
        '1?fields=id',
        '1#',
        '%31',
      ],
    ),
  },
  { weight: 1, arbitrary: oddText },
  { weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.bigInt().map(Number), fc.jsonValue()) },
);

const claims = fc.constantFrom<Record<string, unknown>>(
  {},
  {
    __resolveType: 'Customer',
    __resolveReference: 'x',
    owner: '1',
    customerId: '1',
    nationalId: '1088123458',
  },
  JSON.parse('{"isPatient":true,"then":"x","toString":"x","constructor":{"prototype":null}}'),
  { deep: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`) },
);

const representation = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(typename, id, claims).map(([__typename, value, more]) => {
      return { ...more, __typename, id: value };
    }),
  },
  { weight: 1, arbitrary: typename.map((__typename) => ({ __typename })) },
  { weight: 1, arbitrary: fc.constant(JSON.parse('{"__proto__":{"__typename":"Customer","id":"1"}}')) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Lists of any length, now and then just below and above the limit. */
export const representations: fc.Arbitrary<unknown[]> = fc.oneof(
  { weight: 20, arbitrary: fc.array(representation, { maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...TYPES), id, fc.constantFrom(100, 1000, 1001))
      .map(([__typename, value, length]) => Array.from({ length }, () => ({ __typename, id: value }))),
  },
);
