/** Operations told to whoever counts them, and to their traces, under names that no client can make up. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql';
import { isFault } from '../failures.ts';
import { currentOperation } from '../operation.ts';
import { rootFieldsOf } from '../root-fields.ts';

// What clients call their operations helps to find them, but a number in it may be somebody's.
const HARMLESS = /^(?!.*\d{4})\w{1,100}$/;

interface ObservedOperation {
  /** The root field; `several` for more than one, `introspection`, and `invalid` for what did not get to run. */
  operation: string;
  kind: 'query' | 'mutation' | 'subscription' | 'none';
  /** `ok`, or the code of the first error. */
  outcome: string;
  seconds: number;
}

export type OperationObserver = (operation: ObservedOperation) => void;

/** A plugin that tells `observe` and the span at hand of each operation once its answer is ready. */
export function observedOperations(observe: OperationObserver): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      let name = 'invalid';
      return {
        async didResolveOperation({ operation, document }) {
          if (operation) name = nameOf(operation, document);
        },
        async willSendResponse({ operation, operationName, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          const observed: ObservedOperation = {
            operation: name,
            kind: name === 'invalid' ? 'none' : (operation?.operation ?? 'none'),
            outcome: outcomeOf(errors),
            seconds: (performance.now() - startedAt) / 1000,
          };
          observe(observed);
          describe(observed, operationName);
        },
      };
    },
  };
}

/** Tells the operation's span what it has turned out to be. */
function describe({ operation, kind, outcome }: ObservedOperation, name: string | null | undefined): void {
  const span = currentOperation()?.span;
  if (!span) return;
  span.add({ 'subgraph.outcome': outcome });
  if (isFault(outcome)) span.fail(outcome);
  if (kind === 'none') return;
  span.rename(`${kind} ${operation}`);
  span.add({ 'graphql.operation.type': kind });
  if (name && HARMLESS.test(name)) span.add({ 'graphql.operation.name': name });
}

export function outcomeOf([error]: readonly GraphQLFormattedError[] = []): string {
  return error ? String(error.extensions?.code ?? 'NONE') : 'ok';
}

/** Of a document that fits the schema, whose fields are its only names. */
export function nameOf(operation: OperationDefinitionNode, document: DocumentNode): string {
  const fields = [...rootFieldsOf(operation, document)].filter((name) => !name.startsWith('__'));
  if (fields.length > 1) return 'several';
  return fields[0] ?? 'introspection';
}
