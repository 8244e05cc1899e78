import { readFile } from 'node:fs/promises';
import { buildSchema, isObjectType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import {
  composeByApollo,
  composeByCosmo,
  composeByHive,
  composeContract,
  type Part,
} from '../../schema/tools/compose.ts';
import { readDocuments } from '../../schema/tools/picture.ts';
import { buildSubgraph, printSubgraph } from '../../src/schema.ts';
import { NEIGHBOUR_SDL } from '../support/neighbour.ts';

const SCHEMA = new URL('../../schema/', import.meta.url);
const neighbour: Part = { name: 'orders', sdl: NEIGHBOUR_SDL, url: 'http://orders.invalid' };

/** What `schema/supergraph.yaml` names, as rover reads it. */
async function partsOfSupergraph(): Promise<Part[]> {
  const { subgraphs } = parseYaml(await readFile(new URL('supergraph.yaml', SCHEMA), 'utf8'));
  const entries = Object.entries<{ routing_url: string; schema: { file: string } }>(subgraphs);
  return Promise.all(
    entries.map(async ([name, { routing_url: url, schema }]) => ({
      name,
      url,
      sdl: await readFile(new URL(schema.file, SCHEMA), 'utf8'),
    })),
  );
}

const withAuth: Part[] = [
  {
    name: 'customer',
    sdl: printSubgraph(buildSubgraph({ authDirectives: true })),
    url: 'http://customer.invalid',
  },
];
const fieldsOf = (sdl: string, name: string) => {
  const type = buildSchema(sdl).getType(name);
  return isObjectType(type) ? Object.keys(type.getFields()) : [];
};

describe('composition of what schema/supergraph.yaml names, beside a neighbour that extends Customer', async () => {
  const supergraph = await partsOfSupergraph();

  it('finds this subgraph in the file', () => {
    expect(supergraph.map(({ name, url }) => [name, url])).toEqual([
      ['customer', 'http://localhost:4000/graphql'],
    ]);
  });

  it.each([
    ['plain', supergraph],
    ['with auth directives', withAuth],
  ])('is accepted by Apollo and by Hive: %s', (_name, parts) => {
    for (const compose of [composeByApollo, composeByHive]) {
      const composed = compose([...parts, neighbour]);
      expect(composed).toMatch(/orders: \[Order!\]! @join__field\(graph: ORDERS\)/);
      expect(composed.includes('@authenticated')).toBe(parts === withAuth);
    }
  });

  it.each([
    ['plain', supergraph],
    ['with auth directives', withAuth],
  ])('is accepted by Cosmo: %s', (_name, parts) => {
    expect(fieldsOf(composeByCosmo([...parts, neighbour]), 'Customer')).toContain('orders');
  });

  it('is refused by each of them where it does not fit', () => {
    const other = { ...neighbour, name: 'other', sdl: 'type Query { customer: Int }' };
    for (const compose of [composeByApollo, composeByHive, composeByCosmo, composeContract]) {
      expect(() => compose([...supergraph, other])).toThrow(/customer/);
    }
  });
});

describe('the contract without what is tagged internal', async () => {
  const parts = [...(await partsOfSupergraph()), neighbour];
  const { publicSdl, supergraphSdl } = composeContract(parts);
  const whole = composeByCosmo(parts);

  it('lacks the numbers that only other services ask for, and nothing else', () => {
    const internal = ['groupId', 'storeId', 'websiteId'];
    const shown = fieldsOf(publicSdl, 'Customer');
    expect(fieldsOf(whole, 'Customer').filter((name) => !shown.includes(name))).toEqual(internal);
    const typesIn = (sdl: string) =>
      Object.keys(buildSchema(sdl).getTypeMap()).filter((name) => !/__/.test(name));
    expect(typesIn(publicSdl).sort()).toEqual(typesIn(whole).sort());
  });

  it('lets a neighbour require them all the same', () => {
    const pricing = `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@external", "@key", "@requires"])
      type Customer @key(fields: "id") {
        id: ID!
        groupId: ID @external
        discount: Int @requires(fields: "groupId")
      }`;
    const contract = composeContract([
      ...parts,
      { name: 'pricing', sdl: pricing, url: 'http://pricing.invalid' },
    ]);
    const shown = fieldsOf(contract.publicSdl, 'Customer');
    expect(shown).toContain('discount');
    expect(shown).not.toContain('groupId');
    expect(supergraphSdl).toMatch(/groupId: ID .*@inaccessible/);
  });

  it('answers every document of schema/operations', async () => {
    const schema = buildSchema(publicSdl);
    for (const [noun, text] of await readDocuments()) {
      expect(validate(schema, parse(text)).map(({ message }) => `${noun}: ${message}`)).toEqual([]);
    }
  });
});
