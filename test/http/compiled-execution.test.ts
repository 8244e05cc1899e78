import { buildSchema, execute, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { Failure } from '../../src/failures.ts';
import { compiledExecution } from '../../src/http/compiled-execution.ts';

const TIMES = 10;

/** Runs a query often enough to have it compiled, and once by graphql-js itself. */
async function setUp(source: string, resolve: () => unknown) {
  const schema = buildSchema('type Query { person: Person } type Person { name: String age: Int! }');
  const { person } = schema.getQueryType()?.getFields() ?? {};
  if (!person) throw new Error('the schema lacks its field');
  person.resolve = resolve;
  const document = parse(source);
  const [operation] = document.definitions;
  const { executor } = (await compiledExecution(schema)?.load({} as never)) ?? {};
  const run = () => executor?.({ document, operation, request: {}, context: {} } as never);
  for (let time = 0; time < TIMES; time++) {
    await run();
    // The compiler is loaded meanwhile.
    await vi.dynamicImportSettled();
  }
  return { run, plain: () => execute({ schema, document }) };
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
    expect(JSON.parse(JSON.stringify(answer))).toEqual(JSON.parse(JSON.stringify(await plain())));
    expect(answer?.errors?.[0]?.originalError).toBeInstanceOf(Failure);
  });

  it('is told of what does not fit the schema in the words of graphql-js', async () => {
    const { run, plain } = await setUp('{ person { age } }', () => ({ age: 'a text' }));
    expect(JSON.parse(JSON.stringify(await run()))).toEqual(JSON.parse(JSON.stringify(await plain())));
  });
});
