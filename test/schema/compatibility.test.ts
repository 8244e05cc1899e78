import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { breakingChanges, unannounced } from '../../schema/tools/compatibility.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

it('nothing breaks since the last release that CHANGELOG.md does not announce', async () => {
  const [released, current, changelog] = await Promise.all(
    ['schema/released.graphql', 'schema/customer.graphql', 'CHANGELOG.md'].map(read),
  );
  const breaking = await breakingChanges(released ?? '', current ?? '');
  expect(unannounced(breaking, changelog ?? '').map(({ path, message }) => `${path}: ${message}`)).toEqual(
    [],
  );
});

const RELEASED = `
  type Query { customer(id: ID): Customer orders: [Order] }
  type Customer @key(fields: "id") { id: ID! phone: String brand: Brand }
  type Money @shareable { amount: String }
  type Order { id: ID! total: Money }
  enum Brand { VISA MADA }
  union Result = Customer | Order
  input Input { name: String }
`;

it.each([
  ['Customer.phone', 'phone: String', 'mobile: String'],
  ['Customer.id', 'type Customer @key(fields: "id") { id: ID!', 'type Customer @key(fields: "id") { id: ID'],
  ['Query.customer.id', 'customer(id: ID)', 'customer(id: ID!)'],
  ['Query.customer.more', 'customer(id: ID)', 'customer(id: ID, more: Int!)'],
  ['Input.name', 'name: String', 'name: String!'],
  ['Brand.MADA', 'VISA MADA', 'VISA'],
  ['Result', 'Customer | Order', 'Customer'],
  ['Customer.@key', '@key(fields: "id")', ''],
  ['Money.@shareable', '@shareable', ''],
])('%s is noticed where it breaks, until it is announced', async (path, before, after) => {
  const breaking = await breakingChanges(RELEASED, RELEASED.replace(before, after));
  expect(breaking.map((change) => change.path)).toEqual([path]);

  const announce = (version: string, section: string, name = path) =>
    `# Changelog\n\n## ${version}\n\n### ${section}\n\n- \`${name}\` is another one now.\n\n### Added\n\n- x\n\n## 0.1.0\n\n- y\n`;
  expect(unannounced(breaking, announce('Unreleased', 'Breaking'))).toEqual([]);
  for (const silent of [
    '',
    announce('Unreleased', 'Removed'),
    announce('0.2.0', 'Breaking'),
    announce('Unreleased', 'Breaking', `${path}s`),
  ]) {
    expect(unannounced(breaking, silent)).toEqual(breaking);
  }
});

it('what clients do not notice is nobody’s trouble', async () => {
  const more = RELEASED.replace(
    'phone: String',
    'phone: String @deprecated(reason: "Use `id`") email: String',
  )
    .replace('customer(id: ID)', 'customer(id: ID, language: String)')
    .replace('Input { name', 'Input { more: Int name');
  expect(await breakingChanges(RELEASED, more)).toEqual([]);
});
