/** `SECURITY.md` is true of the tests: every row is there, and every test that it names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ANSWERED_FIRST, LOOKED_UP } from './timing/asking.ts';

const HERE = new URL('./', import.meta.url);
const text = readFileSync(new URL('../SECURITY.md', HERE), 'utf8');

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
const ROWS = [...numbered('O', 13), ...numbered('S', 13), ...numbered('A', 12)];

interface Row {
  id: string;
  statement: string;
  tests: { title: string; file: string }[];
}

const rows = [...text.matchAll(/^\| ([OSA]\d+) \| (.+?) \| (.+) \|$/gm)].map(
  ([, id = '', statement = '', tests = '']): Row => ({
    id,
    statement,
    tests: [...tests.matchAll(/“(.+?)” \(`([\w/-]+)`\)/g)].map(([, title = '', file = '']) => ({
      title: `${id}: ${title}`,
      file,
    })),
  }),
);

/** The titles in a file of tests, as they are written there: a `%s` is a `%s`. */
function titlesIn(file: string): string[] {
  const url = new URL(`${file}.test.ts`, HERE);
  if (!existsSync(url)) return [];
  const source = readFileSync(url, 'utf8');
  // At the beginning of a call's arguments or, with tables of tests, of a row.
  const quoted = source.matchAll(/[[(]\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)\s*,/g);
  return [...quoted].map(([, ...texts]) => texts.join('').replace(/\\(.)/g, '$1'));
}

it('has every row once, in order', () => {
  expect(rows.map(({ id }) => id)).toEqual(ROWS);
});

describe.each(rows)('$id', ({ statement, tests }) => {
  it('says something and names tests for it', () => {
    expect(statement.length).toBeGreaterThan(20);
    expect(tests.length).toBeGreaterThan(0);
  });

  it.each(tests)('$title: is a test of $file', ({ title, file }) => {
    expect(titlesIn(file)).toContain(title);
  });
});

it('names no other test either that is not there', () => {
  const [, , prose = ''] = text.match(/(### Passwords)([\s\S]*?)\n## /) ?? [];
  // One line or several, then the file of them all.
  const named = [...prose.replace(/\s+/g, ' ').matchAll(/((?:“[^”]+”,? ?)+)\(`([\w/-]+)`\)/g)];
  expect(named.length).toBeGreaterThan(3);
  for (const [, titles = '', file = ''] of named) {
    const there = titlesIn(file);
    for (const [, title = ''] of titles.matchAll(/“([^”]+)”/g)) expect(there).toContain(title);
  }
});

it('has a row for every number that a test carries', () => {
  const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const ids = files
    .flatMap((name) => titlesIn(name.replace(/\.test\.ts$/, '')))
    .flatMap((title) => {
      return title.match(/^[OSA]\d+(?=: )/) ?? [];
    });
  expect(ids.length).toBeGreaterThan(200);
  expect(ids.filter((id) => !ROWS.includes(id))).toEqual([]);
});

it('tells what was measured of every operation that anybody may call about anybody', () => {
  for (const name of Object.keys({ ...ANSWERED_FIRST, ...LOOKED_UP }))
    expect(text).toMatch(new RegExp(`^\\| ${name} \\|( [\\d.–]+ \\|){6}$`, 'm'));
});
