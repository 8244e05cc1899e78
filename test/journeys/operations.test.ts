/** The documents that clients copy from `schema/operations` are all run here. */
import { readdir, readFile } from 'node:fs/promises';
import { Kind, parse } from 'graphql';
import { expect, it } from 'vitest';

async function filesIn(folder: URL, ending: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(ending));
  return Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')));
}

it('runs every operation of schema/operations in some journey', async () => {
  const documents = await filesIn(new URL('../../schema/operations/', import.meta.url), '.graphql');
  const names = documents
    .flatMap((text) => parse(text).definitions)
    .flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? [one.name?.value] : []));
  const journeys = (await filesIn(new URL('./', import.meta.url), '.ts')).join('\n');
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !new RegExp(`\\.ask\\(\\s*${name}Document\\b`).test(journeys))).toEqual([]);
});
