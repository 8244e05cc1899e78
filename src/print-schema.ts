/** `npm run schema`: writes the SDL that is committed. */
import { writeFile } from 'node:fs/promises';
import { buildSubgraph, printSubgraph } from './schema.ts';

const FILE = new URL('../schema/customer.graphql', import.meta.url);

await writeFile(FILE, printSubgraph(buildSubgraph({ authDirectives: false })));
