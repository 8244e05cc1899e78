/** Operations told to whoever counts them, under names that no client can make up. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { rootFieldsOf } from '../root-fields.ts';

export type OperationObserver = (operation: {
  /** The root field; `several` for more than one, `introspection`, and `invalid` for what did not get to run. */
  operation: string;
  kind: 'query' | 'mutation' | 'subscription' | 'none';
  /** `ok`, or the code of the first error. */
  outcome: string;
  seconds: number;
}) => void;

/** A plugin that tells `observe` of each operation once its answer is ready. */
export function observedOperations(observe: OperationObserver): ApolloServerPlugin {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      let name = 'invalid';
      return {
        async didResolveOperation({ operation, document }) {
          if (operation) name = nameOf(operation, document);
        },
        async willSendResponse({ operation, response: { body } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          const [error] = errors ?? [];
          observe({
            operation: name,
            kind: name === 'invalid' ? 'none' : (operation?.operation ?? 'none'),
            outcome: error ? String(error.extensions?.code ?? 'NONE') : 'ok',
            seconds: (performance.now() - startedAt) / 1000,
          });
        },
      };
    },
  };
}

/** Of a document that fits the schema, whose fields are its only names. */
function nameOf(operation: OperationDefinitionNode, document: DocumentNode): string {
  const fields = [...rootFieldsOf(operation, document)].filter((name) => !name.startsWith('__'));
  if (fields.length > 1) return 'several';
  return fields[0] ?? 'introspection';
}
