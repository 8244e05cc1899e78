import { buildSchema, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/failures.ts';
import { repeatedQueries } from '../../src/http/repeated-queries.ts';

const TIMES = 10;
const SDL = `
  type Query { person(near: Place): Person }
  type Person { name: String age: Int! }
  input Place { city: String = "Abha" }
`;
type Resolve = GraphQLFieldResolver<unknown, unknown>;

/** Notes a query often enough to have it compiled. */
async function setUp(source: string, resolve: Resolve, variables: Record<string, unknown> = {}) {
  const schema = buildSchema(SDL);
  const { person } = schema.getQueryType()?.getFields() ?? {};
  if (!person) throw new Error('the schema lacks its field');
  person.resolve = resolve;
  const document = parse(source);
  const [operation] = document.definitions;
  const { note, answer } = repeatedQueries({
    schema,
    contextOf: async () => ({ projection: {} }) as never,
    formatError: ({ message, path, locations }) => ({ message, path, locations }) as never,
  });
  for (let time = 0; time < TIMES; time++) {
    note({ source, document, operation, request: { extensions: { persistedQuery: PERSISTED } } } as never);
    // The compiler is loaded meanwhile.
    await vi.dynamicImportSettled();
  }
  const headers = new Map<string, unknown>();
  const reply = { header: (name: string, value: unknown) => headers.set(name, value) };
  const request = { method: 'POST', headers: {}, body: { query: source, variables } };
  return {
    headers,
    run: (changed: Record<string, unknown> = {}) =>
      answer({ ...request, ...changed } as never, reply as never),
    plain: () => execute({ schema, document, variableValues: variables }),
  };
}

const PERSON = '{ person { name } }';
const PERSISTED = { version: 1, sha256Hash: 'e3b0c44298fc1c149afbf4c8996fb924' };
const sara = () => ({ name: 'Sara', age: 7 });

describe('a query that comes again and again', () => {
  it('is answered, as JSON', async () => {
    const { run, headers } = await setUp(PERSON, sara);
    expect(await run()).toBe('{"data":{"person":{"name":"Sara"}}}\n');
    expect([...headers]).toEqual([['content-type', 'application/json; charset=utf-8']]);
  });

  it('is answered by its hash as well', async () => {
    const { run } = await setUp(PERSON, sara);
    expect(await run({ body: { extensions: { persistedQuery: PERSISTED } } })).toBe(await run());
  });

  it('asks nobody a second time for what has failed, and tells it as ever', async () => {
    const resolve = vi.fn(async () => {
      throw new Failure('UPSTREAM_UNAVAILABLE');
    });
    const { run, plain } = await setUp(PERSON, resolve);
    const answer = JSON.parse((await run()) ?? 'null');
    expect(resolve).toHaveBeenCalledOnce();
    const { errors: [error] = [], data } = await plain();
    const { message, path, locations } = error ?? {};
    expect(answer).toEqual({ errors: [{ message, path, locations }], data });
  });

  it('is left to Apollo Server where something unforeseen went wrong', async () => {
    const { run } = await setUp('{ person { age } }', () => ({ age: 'a text' }));
    expect(await run()).toBeNull();
  });

  it.each([
    [
      'a fragment that two conditions spread',
      '{ ...P @include(if: $no) ...P @skip(if: $no) } fragment P on Query { person { name } }',
    ],
    [
      'a part under one condition of two',
      '{ ... @skip(if: $yes) { person { ... @skip(if: $no) { age } } } person { name } }',
    ],
    ['a variable inside of an object', '{ person(near: { city: $left }) { name } }'],
  ])('is left to Apollo Server with %s, which the compiler gets wrong', async (_what, selection) => {
    const source = `query ($yes: Boolean = true, $no: Boolean = false, $left: String) ${selection}`;
    const { run } = await setUp(source, sara);
    expect(await run()).toBeNull();
  });

  it.each([
    ['by GET', { method: 'GET' }],
    ['for a trace', { headers: { 'apollo-federation-include-trace': 'ftv1' } }],
    ['in a form that there is none of', { headers: { accept: 'image/png' } }],
    ['in a list', { body: [{ query: PERSON }] }],
    ['with nothing', { body: null }],
    ['under a name that it does not hold', { body: { query: PERSON, operationName: 'Other' } }],
    ['under a name that is none', { body: { query: PERSON, operationName: 1 } }],
    ['with variables that are none', { body: { query: PERSON, variables: '{}' } }],
    ['with a list of variables', { body: { query: PERSON, variables: [] } }],
    ['with extensions', { body: { query: PERSON, extensions: { other: 1 } } }],
    ['by a hash of another', { body: { extensions: { persistedQuery: { version: 1, sha256Hash: 'a' } } } }],
    ['with its hash for a document', { body: { query: PERSISTED.sha256Hash } }],
    [
      'by a hash of another version',
      { body: { extensions: { persistedQuery: { ...PERSISTED, version: 2 } } } },
    ],
    ['in another text', { body: { query: `${PERSON} ` } }],
  ])('is left to Apollo Server when it is asked %s', async (_how, changed) => {
    const { run } = await setUp(PERSON, sara);
    expect(await run(changed)).toBeNull();
    expect(await run()).not.toBeNull();
  });
});
