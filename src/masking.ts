/** What a client sees of trouble: a Failure as it is, its own faults by their code, nothing else. */
import { randomUUID } from 'node:crypto';
import { ApolloServerErrorCode, ApolloServerValidationErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { Failure } from './failures.ts';
import type { Logger } from './logger.ts';

// Fixed, because Apollo's own texts repeat what was sent: variables, literals, passwords among them.
const CLIENT_FAULTS: ReadonlyMap<unknown, string> = new Map([
  [ApolloServerErrorCode.GRAPHQL_PARSE_FAILED, 'The document is not valid GraphQL.'],
  [ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED, 'The document does not fit the schema.'],
  [ApolloServerErrorCode.BAD_USER_INPUT, 'A variable does not fit its type.'],
  [ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE, 'The document holds no such operation to run.'],
  [
    ApolloServerErrorCode.BAD_REQUEST,
    'This is no GraphQL request: POST a JSON body with `query`, or GET a query with the header `apollo-require-preflight`.',
  ],
  // Clients match these two by their text.
  [ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND, 'PersistedQueryNotFound'],
  [ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED, 'PersistedQueryNotSupported'],
]);

// Faults of the request that graphql-js and Apollo report without a code.
const UNCODED_FAULTS: readonly [RegExp, string][] = [
  [/^Too many errors processing variables/, ApolloServerErrorCode.BAD_USER_INPUT],
  [/^Schema is not configured to execute/, ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE],
  [/^(Unsupported persisted query version|provided sha does not match)/, ApolloServerErrorCode.BAD_REQUEST],
];
// graphql-js has no code for its own limits: on tokens, and on the work that a validation may take.
const TOO_LARGE = /^(Syntax Error: Document contains more \w+ \d+ tokens|Validation aborted)\./;

const INTERNAL_MESSAGE = 'Something went wrong here. The request id finds it in the log.';

export interface MaskingOptions {
  log: Logger;
  /** The id of the request at hand; a new one is made up where there is none to tell. */
  requestId?: () => string | undefined;
}

/**
 * Apollo's `formatError`: what may leave the process, with extensions rebuilt from nothing.
 *
 * - a `Failure` shows its code, its message and `retryable`; what is behind an upstream's is logged;
 * - a fault of the request keeps Apollo's code under a fixed message, or for a document that does not
 *   fit the schema the message itself, unless that quotes a literal;
 * - anything else becomes `INTERNAL_SERVER_ERROR` with a `requestId`, and is logged under it, once
 *   a request however many fields it failed.
 */
export function formatErrorFor({ log, requestId = () => undefined }: MaskingOptions) {
  const loggedUnder = new WeakMap<object, string | undefined>();
  function isLogged(error: unknown, id: string | undefined): boolean {
    if (typeof error !== 'object' || error === null) return false;
    if (loggedUnder.has(error) && loggedUnder.get(error) === id) return true;
    loggedUnder.set(error, id);
    return false;
  }

  return (formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError => {
    const { locations, path } = formatted;
    const masked = (message: string, extensions: Record<string, unknown>): GraphQLFormattedError => ({
      message,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions,
    });
    const root = rootOf(thrown);

    const failure = root instanceof Failure ? root : limitFailure(thrown);
    if (failure !== null) {
      const id = requestId();
      if (!isLogged(failure, id)) {
        const level = failure.code.startsWith('UPSTREAM_') ? 'warn' : 'debug';
        log[level]({ requestId: id, field: fieldOf(thrown), err: failure }, 'a failure');
      }
      return masked(failure.message, { code: failure.code, retryable: failure.retryable });
    }

    // An upstream's error may carry such a code as well; but what a resolver threw has a path.
    const code = path === undefined ? faultCode(formatted) : undefined;
    const fixed = CLIENT_FAULTS.get(code);
    if (fixed !== undefined) return masked(validationMessage(code, thrown) ?? fixed, { code });

    const id = requestId() ?? randomUUID();
    if (!isLogged(root, id)) {
      log.error({ requestId: id, field: fieldOf(thrown), err: root }, 'an unexpected error');
    }
    return masked(INTERNAL_MESSAGE, { code: ApolloServerErrorCode.INTERNAL_SERVER_ERROR, requestId: id });
  };
}

/** What was thrown at first, under the GraphQLErrors that graphql-js and Apollo wrap around it. */
function rootOf(thrown: unknown): unknown {
  let error = thrown;
  while (error instanceof GraphQLError && error.originalError) error = error.originalError;
  return error;
}

/** The schema's name of the field at fault, for the log; a path would hold aliases, which a client words. */
function fieldOf(thrown: unknown): string | undefined {
  const node = thrown instanceof GraphQLError && thrown.path ? thrown.nodes?.[0] : undefined;
  return node?.kind === Kind.FIELD ? node.name.value : undefined;
}

/** The limits that graphql-js and Apollo keep for us, told as ours; `null` for every other error. */
function limitFailure(thrown: unknown): Failure | null {
  if (!(thrown instanceof GraphQLError)) return null;
  const { code, validationErrorCode } = thrown.extensions;
  const isClientFault =
    code === ApolloServerErrorCode.GRAPHQL_PARSE_FAILED ||
    code === ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED;
  const isLimit =
    TOO_LARGE.test(thrown.message) ||
    validationErrorCode === ApolloServerValidationErrorCode.MAX_RECURSIVE_SELECTIONS_EXCEEDED;
  return isClientFault && isLimit ? new Failure('LIMIT_EXCEEDED') : null;
}

function faultCode({ message, extensions }: GraphQLFormattedError): unknown {
  const uncoded = UNCODED_FAULTS.find(([text]) => text.test(message));
  return uncoded?.[1] ?? extensions?.code;
}

/** The validation's own words, which name the field or type at fault; `null` where they may hold a value. */
function validationMessage(code: unknown, thrown: unknown): string | null {
  if (code !== ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED || !(thrown instanceof GraphQLError))
    return null;
  const { nodes } = thrown;
  if (nodes === undefined || nodes.length === 0) return null;
  return nodes.some(({ kind }) => /Value$|^ObjectField$/.test(kind)) ? null : thrown.message;
}

/** A fault in HTTP itself, as fastify reports it; `statusCode` is absent for unexpected errors. */
interface HttpError extends Error {
  statusCode?: number;
}

/** The part of fastify's request and reply that `maskedReply` needs. */
interface HttpRequest {
  id: string;
}
interface HttpReply {
  status(code: number): { send(body: unknown): unknown };
}

/** The body of an answer that HTTP itself refuses, in GraphQL's shape. */
export function refusal(code: string, message: string, extensions: Record<string, unknown> = {}) {
  return { errors: [{ message, extensions: { code, ...extensions } }] };
}

/**
 * fastify's error handler for what fails before GraphQL: a body that is not JSON, too large, of another type.
 *
 * Answers in GraphQL's shape; a status of 500 and above is logged and masked like an unexpected error.
 */
export function maskedReply(log: Logger) {
  return (error: HttpError, request: HttpRequest, reply: HttpReply): void => {
    const { statusCode: status = 500 } = error;
    if (status === 413) {
      const { code, message, retryable } = new Failure('LIMIT_EXCEEDED');
      reply.status(413).send(refusal(code, message, { retryable }));
    } else if (status >= 400 && status < 500) {
      const message = 'The request cannot be read. A body must be plain JSON: UTF-8, not compressed.';
      reply.status(status).send(refusal(ApolloServerErrorCode.BAD_REQUEST, message));
    } else {
      log.error({ requestId: request.id, err: error }, 'an unexpected error');
      const code = ApolloServerErrorCode.INTERNAL_SERVER_ERROR;
      reply.status(500).send(refusal(code, INTERNAL_MESSAGE, { requestId: request.id }));
    }
  };
}
