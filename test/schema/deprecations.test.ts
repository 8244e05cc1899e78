import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { withoutReplacement } from '../../schema/tools/deprecations.ts';

it('everything deprecated in the SDL names what takes its place', async () => {
  const sdl = await readFile(new URL('../../schema/customer.graphql', import.meta.url), 'utf8');
  expect(withoutReplacement(sdl)).toEqual([]);
});

const deprecatedWith = (reason: string) => `
  type Query { old(a: Int @deprecated(${reason}), b: Int): Int fresh: Int }
  type Other { old: Int @deprecated(${reason}) fresh: Int }
  enum Kind { OLD @deprecated(${reason}) fresh }
  input Input { old: Int @deprecated(${reason}) fresh: Int }
`;
const ALL = ['Query.old(a:)', 'Other.old', 'Kind.OLD', 'Input.old'];

it.each([
  ['a name of the same type', 'reason: "Use `fresh`, it is exact."'],
  ['a name of another type', 'reason: "Too slow. Use `Query.fresh`."'],
  ['another argument', 'reason: "Use `Query.old(b:)`."'],
])('%s is a replacement', (_name, reason) => {
  expect(withoutReplacement(deprecatedWith(reason))).toEqual([]);
});

it.each([
  ['no reason', 'reason: "Old."'],
  ['nothing in quotes', 'reason: "Use fresh."'],
  ['a name that is not there', 'reason: "Use `Query.newer`."'],
])('%s is none', (_name, reason) => {
  expect(withoutReplacement(deprecatedWith(reason))).toEqual(ALL);
});
