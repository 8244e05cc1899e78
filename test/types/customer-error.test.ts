import { isObjectType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSubgraph } from '../../src/schema.ts';
import * as members from '../../src/types/customer-error.ts';

const schema = buildSubgraph({ authDirectives: false });
const classes = Object.entries(members).filter(
  ([name]) => name.endsWith('Error') && name !== 'CustomerError',
);

describe('the error members', () => {
  it.each(classes)(
    '%s is no JavaScript Error, which graphql-js would take for a thrown one',
    (_name, member) => {
      expect(Object.create(Object(member).prototype)).not.toBeInstanceOf(Error);
    },
  );

  it('implement CustomerError whichever union they are in', () => {
    const used = new Set<string>();
    for (const union of Object.values(schema.getTypeMap()).filter(isUnionType)) {
      for (const member of union.getTypes()) {
        if (!member.name.endsWith('Error')) continue;
        used.add(member.name);
        expect(member.getInterfaces().map(({ name }) => name)).toEqual(['CustomerError']);
      }
    }
    expect([...used].sort()).toEqual(classes.map(([name]) => name).sort());
  });

  it('can all be selected side by side: the same field has the same type in each', () => {
    const types = new Map<string, string>();
    for (const [name] of classes) {
      const type = schema.getType(name);
      if (!isObjectType(type)) throw new Error(`${name} is not in the schema.`);
      for (const field of Object.values(type.getFields())) {
        expect(`${name}.${field.name}: ${types.get(field.name) ?? field.type}`).toBe(
          `${name}.${field.name}: ${field.type}`,
        );
        types.set(field.name, String(field.type));
      }
    }
  });
});
