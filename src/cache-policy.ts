/**
 * Which answers a cache may keep, told by `Cache-Control`.
 *
 * Apollo's own plugin for this wraps every resolver of the schema. Here it is decided by the root fields of the
 * operation alone: what is below a public one is public as well.
 */
import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { Extensions } from 'type-graphql';
import { rootFieldsOf } from './root-fields.ts';

const EXTENSION = 'publicSeconds';
/** What a public answer depends on besides the operation: the language of its texts, and the form it is sent in. */
export const PUBLIC_VARY = 'Accept, Accept-Language';

/** Marks a root query field whose answer is the same for everybody and may be kept for so many seconds. */
export function publicFor(seconds: number) {
  return Extensions({ [EXTENSION]: seconds });
}

/**
 * Hands the marks of `from`, which is built from the classes, on to `to`, which is built from its SDL: changes `to`
 * in place.
 */
export function keepPublicMarks(from: GraphQLSchema, to: GraphQLSchema): void {
  const marked = from.getQueryType()?.getFields() ?? {};
  for (const field of Object.values(to.getQueryType()?.getFields() ?? {})) {
    const seconds = marked[field.name]?.extensions[EXTENSION];
    if (seconds !== undefined) field.extensions = { ...field.extensions, [EXTENSION]: seconds };
  }
}

/**
 * Lets caches keep what an operation answers whose root fields are all public and all answered; the shortest time
 * among them counts. Every other answer stays without a mark, which makes it `no-store` (see http/app.ts).
 */
export function cachePolicy(): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async willSendResponse(given) {
        const { headers, status = 200 } = given.response.http;
        const seconds = status === 200 ? publicSecondsOf(given) : null;
        if (seconds !== null) headers.set('cache-control', `public, max-age=${seconds}`);
      },
    }),
  };
}

type Given = Pick<
  GraphQLRequestContextWillSendResponse<object>,
  'response' | 'operation' | 'document' | 'schema' | 'errors'
>;

function publicSecondsOf({ response, operation, document, schema, errors }: Given): number | null {
  const { body } = response;
  if (errors || body.kind !== 'single' || body.singleResult.errors || !body.singleResult.data) return null;
  // They are about this one run of the operation.
  if (body.singleResult.extensions) return null;
  if (operation?.operation !== OperationTypeNode.QUERY || document === undefined) return null;
  const names = rootFieldsOf(operation, document);
  const fields = schema.getQueryType()?.getFields() ?? {};
  const seconds = [...names].map((name) => fields[name]?.extensions[EXTENSION]);
  const known = seconds.filter((one): one is number => typeof one === 'number');
  return known.length > 0 && known.length === seconds.length ? Math.min(...known) : null;
}
