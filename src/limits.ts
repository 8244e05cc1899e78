/** How large an operation may be, found out before anything of it runs. */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
  type ValueNode,
  visit,
} from 'graphql';
import { Failure } from './failures.ts';
import { type Measure, measureFor } from './measure.ts';

export interface Limits {
  /** Of the document's text. */
  tokens: number;
  /** Fields, fragments and spreads, each as often as it is reached through fragments. */
  selections: number;
  /** Fields below one another. */
  depth: number;
  aliases: number;
  rootFields: number;
  directives: number;
  /** In the units of `@cost`; see cost.ts. */
  cost: number;
  /** Entities that a gateway asks for in one request. */
  representations: number;
}

export const LIMITS: Limits = {
  tokens: 2000,
  selections: 10_000,
  depth: 12,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  cost: 2000,
  representations: 1000,
};

/**
 * The mutation fields of which one operation holds at most one: each tries a code, a password or a
 * token, or sends a message, and is throttled by request.
 */
export const SENSITIVE_FIELDS: ReadonlySet<string> = new Set([
  'register',
  'login',
  'hmgLogin',
  'resendOtp',
  'verifyOtp',
  'loginWithPassword',
  'loginWithSocial',
  'registerWithPassword',
  'activateAccount',
  'refreshSession',
  'requestEmailChange',
  'confirmEmailChange',
  'requestPhoneChange',
  'confirmPhoneChange',
  'requestPasswordReset',
  'verifyPasswordResetToken',
  'resetPassword',
  'updatePassword',
  'joinLoyalty',
  'confirmLoyalty',
]);

/** The options of Apollo Server that keep `limits`, all but the representations. */
export function limitOptions(limits: Limits = LIMITS) {
  return {
    parseOptions: { maxTokens: limits.tokens },
    maxRecursiveSelections: limits.selections,
    validationRules: limitRules(limits),
  };
}

/**
 * Refuses operations that are too deep, too broad or too dear, and those that hold two sensitive fields.
 *
 * Everything is counted as often as it is reached, through aliases, inline fragments and repeated
 * spreads, whatever `@skip` and `@include` say. Each fragment is measured once, so that fragments
 * that double each other, or spread in a circle, cost no time.
 */
export function limitRules(limits: Limits = LIMITS): ValidationRule[] {
  return [
    (context: ValidationContext): ASTVisitor => {
      const measure = measureFor(context, SENSITIVE_FIELDS);
      return {
        OperationDefinition(operation) {
          for (const message of excesses(measure(operation), limits)) {
            const originalError = new Failure('LIMIT_EXCEEDED', { message });
            // Apollo overwrites a validation error's own code; the failure beneath survives.
            context.reportError(new GraphQLError(message, { nodes: [operation], originalError }));
          }
          return false;
        },
      };
    },
  ];
}

function excesses(measure: Measure, limits: Limits): string[] {
  const checks: [number, number, string][] = [
    [measure.depth, limits.depth, `The operation is deeper than ${limits.depth} fields.`],
    [measure.aliases, limits.aliases, `The operation holds more than ${limits.aliases} aliases.`],
    [measure.fields, limits.rootFields, `The operation holds more than ${limits.rootFields} root fields.`],
    [measure.directives, limits.directives, `The operation holds more than ${limits.directives} directives.`],
    [measure.cost, limits.cost, `The operation costs more than ${limits.cost}.`],
    [
      measure.sensitive,
      1,
      'The operation holds more than one field that signs in, sends or proves something.',
    ],
  ];
  // Not `is > limit`: a measure that is no number must not pass.
  return checks.filter(([is, limit]) => !(is <= limit)).map(([, , message]) => message);
}

/** A request for an operation that was found in its document. */
interface Requested {
  operation: OperationDefinitionNode;
  document: DocumentNode;
  variables?: Record<string, unknown> | undefined;
}

/** Whether it asks for more entities in all than `limits.representations`. */
export function hasTooManyRepresentations(
  { operation, document, variables }: Requested,
  limits: Limits = LIMITS,
): boolean {
  const counts = entityFieldsOf(operation, document).map((field) =>
    representationsOf(field, operation, variables),
  );
  return counts.reduce((sum, count) => sum + count, 0) > limits.representations;
}

/** Refuses such a request before anything runs. */
export function representationLimit(limits: Limits = LIMITS): ApolloServerPlugin {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ document, operation, request: { variables } }) {
        if (operation === undefined) return;
        if (!hasTooManyRepresentations({ document, operation, variables }, limits)) return;
        const message = `The request asks for more than ${limits.representations} entities.`;
        const originalError = new Failure('LIMIT_EXCEEDED', { message });
        throw new GraphQLError(message, { originalError, extensions: { http: { status: 400 } } });
      },
    }),
  };
}

const entityFields = new WeakMap<OperationDefinitionNode, readonly FieldNode[]>();

/** A field merged through several spreads runs once: each node counts once. */
function entityFieldsOf(operation: OperationDefinitionNode, document: DocumentNode): readonly FieldNode[] {
  const known = entityFields.get(operation);
  if (known) return known;
  const found: FieldNode[] = [];
  visit(document, {
    OperationDefinition: (node) => (node === operation ? undefined : false),
    Field(node) {
      if (node.name.value === '_entities') found.push(node);
    },
  });
  entityFields.set(operation, found);
  return found;
}

function representationsOf(
  field: FieldNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown> = {},
): number {
  let value: ValueNode | undefined = field.arguments?.find(
    ({ name }) => name.value === 'representations',
  )?.value;
  if (value?.kind === Kind.VARIABLE) {
    const name = value.name.value;
    if (Object.hasOwn(variables, name)) return Array.isArray(variables[name]) ? variables[name].length : 1;
    value = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue;
  }
  return value?.kind === Kind.LIST ? value.values.length : 1;
}
