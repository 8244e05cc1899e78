/** Queries that come again and again, compiled into functions: graphql-js walks the document anew each time. */
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { CompiledQuery } from 'graphql-jit';
import type { Context } from '../context.ts';
import { Failure } from '../failures.ts';
import { currentOperation } from '../operation.ts';

// Compiling takes as long as many executions: nobody has it done with documents that are never seen again.
const WORTH_COMPILING = 5;

/** How often an operation was executed, and what it was compiled to; `null` where it cannot be. */
interface Known {
  times: number;
  compiled?: CompiledQuery | null;
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

type Gateway = ApolloServerOptionsWithGateway<Context>['gateway'];

/** What Apollo Server takes in place of `schema`; it hands over operations that it has parsed, validated and found. */
export function compiledExecution(schema: GraphQLSchema): Gateway {
  // By the operation of a document as Apollo Server keeps it: with that, what was compiled is forgotten.
  const known = new WeakMap<OperationDefinitionNode, Known>();

  let compiler: typeof import('graphql-jit') | undefined;
  let isLoading = false;
  /** Loaded when something is worth it: a process that has just started has others to answer. */
  async function loadCompiler(): Promise<void> {
    isLoading = true;
    // Without it everything is answered as well, only slower.
    compiler = await import('graphql-jit').catch(() => undefined);
  }

  function compiledOf(document: DocumentNode, operation: OperationDefinitionNode): CompiledQuery | null {
    const one = known.get(operation) ?? { times: 0 };
    known.set(operation, one);
    one.times += 1;
    if (one.compiled === undefined && one.times >= WORTH_COMPILING) {
      if (!isLoading) void loadCompiler();
      if (!compiler) return null;
      const compiled = isPlain(document) && compiler.compileQuery(schema, document, operation.name?.value);
      one.compiled = compiled && compiler.isCompiledQuery(compiled) ? compiled : null;
    }
    return one.compiled ?? null;
  }

  return {
    onSchemaLoadOrUpdate(notify) {
      notify({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    async load() {
      return {
        async executor({ document, operation, request, context }): Promise<ExecutionResult> {
          // Traces are taken in resolvers: by those that Apollo wraps when it is asked, and once for each field.
          const isTraced =
            request.http?.headers.has('apollo-federation-include-trace') ||
            currentOperation()?.span !== undefined;
          // Whatever its type says, there is no operation when the document holds none of that name.
          const isQuery = operation?.operation === OperationTypeNode.QUERY;
          const compiled = isQuery && !isTraced ? compiledOf(document, operation) : null;
          if (compiled) {
            const result = await compiled.query(undefined, context, request.variables ?? {});
            // The rest is told in the words of graphql-js; what failed behind us is not asked again for that.
            if (!result.errors) return result;
            if (result.errors.every(isFailure)) return { ...result, errors: toldOf(result.errors, document) };
          }
          return execute({
            schema,
            document,
            // As it was asked for: Apollo Server has none for one that it did not find.
            operationName: request.operationName ?? null,
            variableValues: request.variables ?? null,
            contextValue: context,
          });
        },
      };
    },
    async stop() {},
  };
}
