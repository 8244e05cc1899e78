import { buildSchema, graphql } from 'graphql';
import { expect, it, vi } from 'vitest';
import { Failure } from '../src/failures.ts';
import { addFieldSpans } from '../src/field-spans.ts';
import { currentOperation, type Span, withinOperation } from '../src/operation.ts';

const TRACE = { id: 'a'.repeat(32), parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };

/** What is told of each span, in order. */
async function toldOf(rootValue: object, query: string) {
  const schema = buildSchema('type Query { one: Int many: [Int] }');
  addFieldSpans(schema);
  const told: string[] = [];
  const spanOf = (name: string): Span => ({
    trace: { ...TRACE, state: name },
    begin: (start) => spanOf(start.name),
    rename: () => {},
    add: () => {},
    fail: (type) => told.push(`${name} failed: ${type}`),
    end: () => told.push(`${name} ended`),
  });
  const operation = { requestId: '1', trace: TRACE, deadlineAt: 1, gone: null, span: spanOf('operation') };
  const { data } = await withinOperation(operation, () => graphql({ schema, rootValue, source: query }));
  return { told, data };
}

it('a root field is run within its span', async () => {
  const one = vi.fn(() => currentOperation()?.trace?.state?.length ?? 0);
  const { told, data } = await toldOf({ one }, '{ one }');
  expect(data).toEqual({ one: 'Query.one'.length });
  expect(told).toEqual(['Query.one ended']);
});

it('a list of promises ends with its last, and an error among them counts', async () => {
  let isLate = false;
  const last = new Promise((resolve) =>
    setTimeout(() => {
      isLate = true;
      resolve(new Failure('UPSTREAM_UNAVAILABLE'));
    }, 20),
  );
  const { told } = await toldOf({ many: () => [Promise.resolve(1), last] }, '{ many }');
  expect(isLate).toBe(true);
  expect(told).toEqual(['Query.many failed: UPSTREAM_UNAVAILABLE', 'Query.many ended']);
});

it.each([
  [
    'what nobody expected',
    new TypeError('Sara'),
    ['Query.one failed: INTERNAL_SERVER_ERROR', 'Query.one ended'],
  ],
  ['a refusal', new Failure('UNAUTHENTICATED'), ['Query.one ended']],
])('%s that is thrown at once is told by its code, if it is a fault', async (_, error, expected) => {
  const one = () => {
    throw error;
  };
  expect((await toldOf({ one }, '{ one }')).told).toEqual(expected);
});
