/** The root fields of an operation as spans of its trace. */
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema } from 'graphql';
import { Failure, isFault } from './failures.ts';
import { type Span, withinSpan } from './operation.ts';

/**
 * Runs each root field under a span of its own, changing the schema in place.
 *
 * The fields below are not recorded: there may be thousands of them, and what takes time among them are requests
 * to upstreams, which have spans anyway.
 */
export function addFieldSpans(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) addSpan(field, `${root}.${field.name}`);
  }
}

function addSpan(field: GraphQLField<unknown, unknown>, name: string): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (...given) =>
    withinSpan(
      () => ({ name, kind: 'internal' }),
      (span) => {
        if (!span) return resolve(...given);
        const result = asPromise(() => resolve(...given));
        endWith(result, span);
        return result;
      },
    );
}

/** What `run` throws at once is a rejection like any other. */
const asPromise = async (run: () => unknown) => run();

/** A list may hold promises, and an error for itself at any place, as that of entities does. */
async function endWith(result: Promise<unknown>, span: Span): Promise<void> {
  try {
    const values = await Promise.all([await result].flat());
    for (const value of values) if (value instanceof Error) fail(span, value);
  } catch (error) {
    fail(span, error);
  } finally {
    span.end();
  }
}

function fail(span: Span, error: unknown): void {
  const code = error instanceof Failure ? error.code : 'INTERNAL_SERVER_ERROR';
  if (isFault(code)) span.fail(code);
}
