/**
 * Which answers a cache may keep, told by `Cache-Control`.
 *
 * Apollo's own plugin for this wraps every resolver of the schema. Here it is decided by the root fields of the
 * operation alone: what is below a public one is public as well.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
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
      async willSendResponse({ response: { http, body }, schema, document, operation }) {
        if (http.status !== undefined && http.status !== 200) return;
        if (body.kind !== 'single' || !document || !operation) return;
        const policy = publicPolicyOf({ schema, document, operation, result: body.singleResult });
        if (policy !== null) http.headers.set('cache-control', policy);
      },
    }),
  };
}

/** The `Cache-Control` of an answer that caches may keep; `null` for every other. */
export function publicPolicyOf({ schema, document, operation, result }: Answered): string | null {
  // Extensions are about this one run of the operation.
  if (result.errors || !result.data || result.extensions) return null;
  if (operation.operation !== OperationTypeNode.QUERY) return null;
  const names = rootFieldsOf(operation, document);
  const fields = schema.getQueryType()?.getFields() ?? {};
  const seconds = [...names].map((name) => fields[name]?.extensions[EXTENSION]);
  const known = seconds.filter((one): one is number => typeof one === 'number');
  const isPublic = known.length > 0 && known.length === seconds.length;
  return isPublic ? `public, max-age=${Math.min(...known)}` : null;
}

interface Answered {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  result: Pick<FormattedExecutionResult, 'data' | 'errors' | 'extensions'>;
}
