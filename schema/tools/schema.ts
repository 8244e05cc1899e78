/**
 * `npm run schema`: prints the SDL from the classes, composes it, holds it against the last release, and draws it.
 *
 * Ends with 1 and a sentence for each thing that is wrong; what has been written until then stays.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { buildSubgraph, printSubgraph } from '../../src/schema.ts';
import { breakingChanges, unannounced } from './compatibility.ts';
import { composeByApollo, composeByCosmo, composeByHive, composeContract } from './compose.ts';
import { withoutReplacement } from './deprecations.ts';
import { drawSchema, readDocuments } from './picture.ts';

const SCHEMA = new URL('../', import.meta.url);
const read = (path: string) => readFile(new URL(path, SCHEMA), 'utf8');
const write = (path: string, text: string) => writeFile(new URL(path, SCHEMA), text);

const problems: string[] = [];

const sdl = printSubgraph(buildSubgraph({ authDirectives: false }));
await write('customer.graphql', sdl);

const parts = [{ name: 'customer', sdl, url: 'http://localhost:4000/graphql' }];
for (const [name, compose] of Object.entries({
  Apollo: composeByApollo,
  Hive: composeByHive,
  Cosmo: composeByCosmo,
  'without what is internal': composeContract,
})) {
  try {
    compose(parts);
  } catch (error) {
    problems.push(`It does not compose (${name}): ${error}`);
  }
}

for (const coordinate of withoutReplacement(sdl)) {
  problems.push(
    `${coordinate} is deprecated, but its reason does not say "Use \`…\`" with something that exists.`,
  );
}

const breaking = await breakingChanges(await read('released.graphql'), sdl);
for (const { path, message } of unannounced(breaking, await read('../CHANGELOG.md'))) {
  problems.push(
    `${message}: clients break. If that is meant, name \`${path}\` in CHANGELOG.md under "## Unreleased", "### Breaking".`,
  );
}

await write('customer.svg', await drawSchema(sdl, await readDocuments()));

for (const problem of problems) console.error(problem);
if (problems.length === 0) {
  const broken = breaking.length === 0 ? 'nothing' : 'only what is announced';
  console.log(`The SDL is printed and drawn; it composes and, since the last release, breaks ${broken}.`);
} else process.exitCode = 1;
