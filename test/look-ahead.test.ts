import { type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { partsFor } from '../src/datasources/m2/customer.ts';
import { wantedOf } from '../src/look-ahead.ts';
import { buildSubgraph } from '../src/schema.ts';

const schema = buildSubgraph({ authDirectives: false });

/** What the first operation of a document will show. */
function wantedIn(text: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return wantedOf(schema, document.definitions[0] as OperationDefinitionNode, document);
}
const partsOf = (text: string) => partsFor(wantedIn(text).customerFields);

const ATTRIBUTES = 'custom_attributes';
const EXTENSIONS = 'extension_attributes';
const ENTITY = '_entities(representations: [{ __typename: "Customer", id: "1" }])';

describe('the parts of a record that an operation needs', () => {
  it.each([
    ['none for names', '{ customer { id firstName fullName } }', []],
    ['none for the group’s name', '{ customer { groupName } }', []],
    ['none for what others hold', '{ customer { cards { id } loyalty { points } devices { id } } }', []],
    ['none where no customer is shown', '{ faqs { question } countries { name } }', []],
    ['none for the type alone', '{ customer { __typename } }', []],
    ['attributes', '{ customer { isPatient } }', [ATTRIBUTES]],
    ['attributes below an object', '{ customer { phone { e164 } } }', [ATTRIBUTES]],
    ['subscriptions', '{ customer { subscriptions { isSubscribed } } }', [EXTENSIONS]],
    ['addresses of a customer', '{ customer { addresses { id } } }', ['addresses']],
    ['a default address', '{ customer { defaultBillingAddress { id } } }', ['addresses']],
    ['addresses by a root field', '{ addresses { city } }', ['addresses']],
    ['an address by a root field', '{ address(id: "1") { city } }', ['addresses']],
    ['the type of an address', '{ address(id: "1") { __typename } }', ['addresses']],
    [
      'an address as an entity',
      '{ _entities(representations: [{ __typename: "CustomerAddress", id: "1" }]) { ... on CustomerAddress { city } } }',
      ['addresses'],
    ],
    ['a customer as an entity', `{ ${ENTITY} { ... on Customer { id nationality } } }`, [ATTRIBUTES]],
    ['under another name', '{ me: customer { where: addresses { id } } }', ['addresses']],
    ['in an inline fragment', '{ ... { customer { ... on Customer { isPatient } } } }', [ATTRIBUTES]],
    [
      'in fragments within fragments',
      `{ customer { ...all } }
       fragment all on Customer { ...patient addresses { ...place } }
       fragment patient on Customer { subscriptions { code } }
       fragment place on CustomerAddress { id }`,
      ['addresses', EXTENSIONS],
    ],
    ['skipped, for nobody knows yet', '{ customer { id isPatient @skip(if: true) } }', [ATTRIBUTES]],
    [
      'all of them',
      '{ customer { addresses { id } subscriptions { code } isPatient } }',
      ['addresses', EXTENSIONS, ATTRIBUTES],
    ],
    [
      'not what another operation of the document shows',
      `query One { customer { ...short } }
       query Two { customer { ...long } }
       fragment short on Customer { id }
       fragment long on Customer { isPatient addresses { id } }`,
      [],
    ],
  ] as [string, string, string[]][])('%s', (_, text, parts) => {
    expect(partsOf(text)).toEqual(parts);
  });
});

it('fields are told apart by the type that they belong to', () => {
  const { customerFields, addressFields } = wantedIn('{ customer { city addresses { latitude } } }');
  expect([...customerFields].sort()).toEqual(['addresses', 'city']);
  expect([...addressFields]).toEqual(['latitude']);
});
