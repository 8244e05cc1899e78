/** Mutations that a client may send again under its `Idempotency-Key`: done once, answered alike. */
import {
  type ApolloServerPlugin,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import { type DocumentNode, getVariableValues, visit } from 'graphql';
import type { Begun } from '../auth/kept-answers.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failures.ts';
import { refusal } from '../masking.ts';
import { rootFieldsOf } from '../root-fields.ts';

/** The fields that open something for whoever holds their value. */
const TOKEN_FIELDS = new Set(['accessToken', 'refreshToken', 'phoneProof']);

type Asked = GraphQLRequestContextResponseForOperation<Context>;

/**
 * Gives the answer to a mutation again when it comes again under the same key with the same content; refuses the key
 * with other content; lets a second one wait for the first. See auth/kept-answers.ts for how long.
 *
 * An answer of which nothing was done, for its root fields all failed or came too soon, is not kept: the next try is a
 * try.
 */
export function idempotentMutations(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      let turn: Extract<Begun, { kind: 'turn' }> | undefined;
      return {
        async responseForOperation(asked) {
          const { operation, contextValue: context, request } = asked;
          // Whatever its type says, there is none when the document holds none of that name.
          if (operation?.operation !== 'mutation' || !request.http?.headers.has('idempotency-key'))
            return null;
          const { idempotencyKey: key } = context.circumstances;
          if (key === null) {
            return refused(400, 'An `Idempotency-Key` has 16 to 255 visible characters: a UUID will do.');
          }
          const content = contentOf(asked);
          if (content === null) return null;
          const begun = await begin(asked, key, content);
          if (begun instanceof Failure) return failed(begun);
          switch (begun.kind) {
            case 'answered':
              return again(begun.answer);
            case 'otherContent':
              return refused(422, 'This `Idempotency-Key` was sent with another request: make a new one.');
            case 'turn':
              turn = begun;
              context.isRepeat = begun.isRepeat;
              return null;
          }
        },
        async willSendResponse({ response: { body }, document, contextValue }) {
          if (!turn || body.kind !== 'single') return;
          const { data, errors } = body.singleResult;
          // Every field of a mutation is an object; a text is `__typename`, which is always there.
          const isDone = Object.values(data ?? {}).some(
            (value) => typeof value === 'object' && value !== null,
          );
          const tokens = document !== undefined && asksForTokens(document);
          try {
            const keeps = isDone && !contextValue.isPassing;
            await turn.end(keeps ? { data, ...(errors && { errors }) } : null, { tokens });
          } catch (error) {
            // The answer itself is none the worse.
            contextValue.parts.log.warn(
              { err: error },
              'an answer could not be kept for its Idempotency-Key',
            );
          }
        },
      };
    },
  };
}

async function begin(
  { operation, document, contextValue: { caller, parts } }: Asked,
  key: string,
  content: string,
): Promise<Begun | Failure> {
  try {
    return await parts.auth.keptAnswers.begin({
      customerId: caller.kind === 'customer' ? caller.customerId : null,
      key,
      operation: [...rootFieldsOf(operation, document)].sort().join(),
      content,
    });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The same for the same document with the same values; `null` where those do not fit, so that nothing will be done. */
function contentOf({ schema, operation, source, request }: Asked): string | null {
  // The values as the schema reads them, so that neither the order of keys nor what it does not know counts.
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables ?? {});
  if (coerced === undefined) return null;
  return JSON.stringify([source, operation.name?.value ?? null, coerced]);
}

function asksForTokens(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field({ name }) {
      isFound ||= TOKEN_FIELDS.has(name.value);
    },
  });
  return isFound;
}

function again(answer: unknown): GraphQLResponse {
  return {
    http: { headers: new HeaderMap([['idempotency-replayed', 'true']]) },
    body: { kind: 'single', singleResult: answer as object },
  };
}

function refused(status: number, message: string): GraphQLResponse {
  return {
    http: { status, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: refusal('BAD_REQUEST', message) },
  };
}

/** As any operation that failed as a whole is answered. */
function failed({ code, message, retryable }: Failure): GraphQLResponse {
  const singleResult = { data: null, ...refusal(code, message, { retryable }) };
  return {
    http: { headers: new HeaderMap() },
    body: { kind: 'single', singleResult: singleResult as object },
  };
}
