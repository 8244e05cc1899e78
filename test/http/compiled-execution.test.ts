import { buildSchema, execute, type GraphQLFieldResolver, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/failures.ts';
import { compiledExecution } from '../../src/http/compiled-execution.ts';

const TIMES = 10;
const SDL = `
  type Query { person(near: Place): Person }
  type Person { name: String age: Int! }
  input Place { city: String = "Abha" }
`;
type Resolve = GraphQLFieldResolver<unknown, unknown>;
const plainly = (answer: unknown) => JSON.parse(JSON.stringify(answer));

/** Runs a query often enough to have it compiled, and once by graphql-js itself. */
async function setUp(source: string, resolve: Resolve, variables: Record<string, unknown> = {}) {
  const schema = buildSchema(SDL);
  const { person } = schema.getQueryType()?.getFields() ?? {};
  if (!person) throw new Error('the schema lacks its field');
  person.resolve = resolve;
  const document = parse(source);
  const [operation] = document.definitions;
  const { executor } = (await compiledExecution(schema)?.load({} as never)) ?? {};
  const run = () => executor?.({ document, operation, request: { variables }, context: {} } as never);
  for (let time = 0; time < TIMES; time++) {
    await run();
    // The compiler is loaded meanwhile.
    await vi.dynamicImportSettled();
  }
  return { run, plain: () => execute({ schema, document, variableValues: variables }) };
}

describe('a query that comes again and again', () => {
  it('asks nobody a second time for what has failed, and tells it as ever', async () => {
    const resolve = vi.fn(async () => {
      throw new Failure('UPSTREAM_UNAVAILABLE');
    });
    const { run, plain } = await setUp('{ person { name } }', resolve);
    resolve.mockClear();
    const answer = await run();
    expect(resolve).toHaveBeenCalledOnce();
    expect(plainly(answer)).toEqual(plainly(await plain()));
    expect(answer?.errors?.[0]?.originalError).toBeInstanceOf(Failure);
  });

  it('is told of what does not fit the schema in the words of graphql-js', async () => {
    const { run, plain } = await setUp('{ person { age } }', () => ({ age: 'a text' }));
    expect(plainly(await run())).toEqual(plainly(await plain()));
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
  ])('is answered alike with %s', async (_what, selection) => {
    const source = `query ($yes: Boolean = true, $no: Boolean = false, $left: String) ${selection}`;
    const { run, plain } = await setUp(source, (_root, given) => ({ name: JSON.stringify(given), age: 7 }));
    expect(plainly(await run())).toEqual(plainly(await plain()));
  });
});
