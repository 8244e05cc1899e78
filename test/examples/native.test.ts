/** What the notes for Android and iOS tell people to do. */
import { readdirSync, readFileSync } from 'node:fs';
import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql';
import { expect, it } from 'vitest';
import { startTestService } from '../support/service.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const OPERATIONS = new URL('../../schema/operations/', import.meta.url);

it('the schema that introspection gives takes every document, and the notes map each of its scalars', async () => {
  const service = await startTestService();
  const { data } = await service.ask(getIntrospectionQuery());
  await service.close();
  const schema = buildClientSchema(data as unknown as IntrospectionQuery);

  const files = readdirSync(OPERATIONS);
  expect(files).toContain('sign-in.graphql');
  for (const file of files) {
    expect(validate(schema, parse(readFileSync(new URL(file, OPERATIONS), 'utf8'))), file).toEqual([]);
  }

  const scalars = Object.values(schema.getTypeMap())
    .filter((type) => isScalarType(type) && !isSpecifiedScalarType(type))
    .map(({ name }) => name)
    // Federation's own are for routers.
    .filter((name) => !name.includes('_'));
  expect(scalars).toContain('Latitude');
  const notes = readFileSync(new URL('README.md', EXAMPLES), 'utf8');
  for (const scalar of scalars) expect(notes).toContain(`"${scalar}"`);
});
