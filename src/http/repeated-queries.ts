/** Queries that come again and again, compiled into functions and answered without a walk through Apollo Server. */
import type { GraphQLRequestContextDidResolveOperation } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { publicPolicyOf } from '../cache-policy.ts';
import type { Context } from '../context.ts';
import { Failure } from '../failures.ts';
import { hasTooManyRepresentations } from '../limits.ts';
import { wantedOf } from '../look-ahead.ts';
import { currentOperation } from '../operation.ts';
import { mediaTypeFor } from './media-type.ts';
import { nameOf, type OperationObserver, outcomeOf } from './observed-operations.ts';

// Compiling takes as long as many executions: nobody has it done with documents that are never seen again.
const WORTH_COMPILING = 5;
// A character takes some 60 bytes once it is parsed, and as many again once it is compiled.
const MAX_CHARACTERS = 200_000;

/** An operation that was found good before. */
interface Known {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  times: number;
  /** `null` where it cannot be compiled. */
  compiled?: CompiledQuery | null;
}

/** The operations of one document by the names that they are asked for by: the only one needs none. */
type Operations = Map<string | undefined, Known>;

/** A request for one of them. */
interface Asked extends Known {
  compiled: CompiledQuery;
  variables: Record<string, unknown>;
}

export interface RepeatedQueries {
  /** Notes an operation that Apollo Server has parsed, validated and found. */
  note(given: GraphQLRequestContextDidResolveOperation<Context>): void;
  /**
   * The body of the answer, its headers set; `null` for what Apollo Server is to answer, from the beginning: all that
   * is new, changes something, is refused, or is out of the ordinary otherwise.
   */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<string | null>;
}

export interface RepeatedQueriesOptions {
  schema: GraphQLSchema;
  contextOf(request: FastifyRequest, reply: FastifyReply): Promise<Context>;
  formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError;
  observe?: OperationObserver | undefined;
}

const isText = (given: unknown): given is string => typeof given === 'string';
const isRecord = (given: unknown): given is Record<string, unknown> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);
const isAbsent = (given: unknown): given is null | undefined => given === null || given === undefined;

/** What an operation is known by: its text, or the hash that a client sends in place of it; `null` for all else. */
function keyOf({ query, extensions }: Record<string, unknown>): string | null {
  if (isAbsent(extensions)) return isText(query) ? query : null;
  if (!isAbsent(query) || !isRecord(extensions) || !isRecord(extensions.persistedQuery)) return null;
  const { version, sha256Hash } = extensions.persistedQuery;
  return version === 1 && isText(sha256Hash) ? sha256Hash : null;
}

/**
 * Whether graphql-jit answers it as graphql-js does: of conditions on fragments it forgets some, and a variable inside of an
 * object that was left out is `null` to it, whatever the default.
 */
function isPlain(document: DocumentNode): boolean {
  let isSo = true;
  visit(document, {
    Directive() {
      isSo = false;
    },
    Variable(_variable, _key, parent) {
      if (parent && 'kind' in parent && parent.kind === Kind.OBJECT_FIELD) isSo = false;
    },
  });
  return isSo;
}

/** The errors as graphql-js makes them: those of graphql-jit lack extensions, and the fields that they are about. */
function toldOf(errors: readonly GraphQLError[], document: DocumentNode): GraphQLError[] {
  const fields: FieldNode[] = [];
  visit(document, {
    Field(node) {
      fields.push(node);
    },
  });
  return errors.map(({ message, path, locations, originalError }) => {
    const nodes = fields.filter(({ loc }) =>
      locations?.some(
        ({ line, column }) => loc?.startToken.line === line && loc.startToken.column === column,
      ),
    );
    return new GraphQLError(message, { nodes, path, originalError });
  });
}

/** Whether a resolver threw or returned a failure of ours, whose words are its own. */
const isFailure = ({ originalError }: GraphQLError) => originalError instanceof Failure;

/** What Apollo Server runs often enough is compiled by and by, and answered here from then on. */
export function repeatedQueries({
  schema,
  contextOf,
  formatError,
  observe,
}: RepeatedQueriesOptions): RepeatedQueries {
  const known = new LRUCache<string, Operations>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_operations, key) => key.length,
  });

  let compiler: typeof import('graphql-jit') | undefined;
  let isLoading = false;
  /** Loaded when something is worth it: a process that has just started has others to answer. */
  async function loadCompiler(): Promise<void> {
    isLoading = true;
    // Without it everything is answered as well, only slower.
    compiler = await import('graphql-jit').catch(() => undefined);
  }

  function compile({ document, operation }: Known): CompiledQuery | null {
    const compiled = isPlain(document) && compiler?.compileQuery(schema, document, operation.name?.value);
    return compiled && compiler?.isCompiledQuery(compiled) ? compiled : null;
  }

  function askedBy({ method, headers, body }: FastifyRequest): Asked | null {
    // Traces are taken in resolvers: by those that Apollo wraps when it is asked, and once for each field.
    const isTraced = 'apollo-federation-include-trace' in headers || currentOperation()?.span !== undefined;
    if (method !== 'POST' || isTraced || !isRecord(body)) return null;
    const { operationName: name, variables } = body;
    const key = keyOf(body);
    if (key === null || !(isAbsent(name) || isText(name)) || !(isAbsent(variables) || isRecord(variables))) {
      return null;
    }
    const one = known.get(key)?.get(name ?? undefined);
    // A hash that is sent as a document is none.
    if (!one?.compiled || (isText(body.query) && body.query !== one.document.loc?.source.body)) return null;
    return { ...one, compiled: one.compiled, variables: variables ?? {} };
  }

  /** As it is sent; `null` where something else than a failure of ours went wrong, which is told in the words of graphql-js. */
  function formatted(
    { data, errors }: ExecutionResult,
    document: DocumentNode,
  ): FormattedExecutionResult | null {
    if (!errors) return { data };
    if (!errors.every(isFailure)) return null;
    const told = toldOf(errors, document);
    return { errors: told.map((error) => formatError(error.toJSON(), error)), data };
  }

  return {
    note({ source, document, operation, request }) {
      // Whatever its type says, there is none when the document holds none of that name.
      if (operation?.operation !== OperationTypeNode.QUERY) return;
      const operations: Operations = known.get(source) ?? new Map();
      known.set(source, operations);
      const hash = request.extensions?.persistedQuery?.sha256Hash;
      if (isText(hash)) known.set(hash, operations);

      const { operationName: name } = request;
      const one: Known = operations.get(name) ?? { document, operation, times: 0 };
      operations.set(name, one);
      one.times += 1;
      if (one.compiled !== undefined || one.times < WORTH_COMPILING) return;
      if (!isLoading) void loadCompiler();
      if (compiler) one.compiled = compile(one);
    },

    async answer(request, reply) {
      const startedAt = performance.now();
      const asked = askedBy(request);
      const type = asked && mediaTypeFor(request.headers.accept);
      if (!asked || !type || hasTooManyRepresentations(asked)) return null;
      const { document, operation, compiled, variables } = asked;
      const context = await contextOf(request, reply);
      context.projection.wanted = wantedOf(schema, operation, document);
      const result = formatted(await compiled.query(undefined, context, variables), document);
      if (result === null) return null;

      const policy = publicPolicyOf({ schema, document, operation, result });
      if (policy !== null) reply.header('cache-control', policy);
      reply.header('content-type', type);
      observe?.({
        operation: nameOf(operation, document),
        kind: 'query',
        outcome: outcomeOf(result.errors),
        seconds: (performance.now() - startedAt) / 1000,
      });
      return `${JSON.stringify(result)}\n`;
    },
  };
}
