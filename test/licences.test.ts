import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';

interface Package {
  dev?: boolean;
  license?: string;
}

/** Terms that ask for no more than to be passed on with what they cover. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
  '(MIT AND BSD-3-Clause)',
  '(MIT OR CC0-1.0)',
]);

const ELASTIC = 'Elastic-2.0';

let packages: { name: string; license: string; isDeployed: boolean }[];
let readme: string;

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

beforeAll(async () => {
  const lock: { packages: Record<string, Package> } = JSON.parse(await read('package-lock.json'));
  packages = Object.entries(lock.packages)
    .filter(([path]) => path !== '')
    .map(([path, { license = 'none', dev = false }]) => ({
      name: path.replace(/^.*node_modules\//, ''),
      license,
      isDeployed: !dev,
    }));
  readme = await read('README.md');
});

describe('licences', () => {
  it('of what is deployed are permissive, but for one package of Apollo’s', () => {
    const deployed = packages.filter(({ isDeployed }) => isDeployed);
    expect(deployed.map(({ name }) => name)).toContain('@apollo/subgraph');
    const others = deployed.filter(({ license }) => !PERMISSIVE.has(license));
    expect(others).toEqual([{ name: '@apollo/federation-internals', license: ELASTIC, isDeployed: true }]);
  });

  it('the README names every package under the Elastic licence', () => {
    const names = packages.filter(({ license }) => license === ELASTIC).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(readme).toContain(`\`${name}\``);
  });

  it('this package’s own is the one in LICENSE', async () => {
    const { license } = JSON.parse(await read('package.json'));
    expect(await read('LICENSE')).toMatch(new RegExp(`^${license} License\n`));
  });
});
