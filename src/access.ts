/**
 * Who may see what, as one walk over the schema.
 *
 * The walk reads the same decorators that print the SDL, so the two cannot drift apart; and it closes what
 * nobody has opened: a new field of `Customer` is the owner's alone until it is marked otherwise.
 */
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema } from 'graphql';
import { type Context, signedIn } from './context.ts';
import { Failure } from './failures.ts';
import { Customer } from './types/customer.ts';

type Field = GraphQLField<unknown, Context>;

const owned = new WeakSet<Customer>();

/**
 * Marks a customer as shown to the person it is, for this answer, and returns it.
 *
 * Without the mark only the fields that other services may read are resolved. Call it where the owner
 * has been proven: by the caller's own session, or by the sign-in that this very answer is about.
 */
export function forOwner(customer: Customer): Customer {
  owned.add(customer);
  return customer;
}

/**
 * Adds the checks to the resolvers of a schema that was built from the classes; changes it in place.
 *
 * Root fields with `@authenticated` fail with `UNAUTHENTICATED` for whoever has no open session (the
 * directive itself only informs routers), and `Customer`'s own fields with `FORBIDDEN` for whoever is not its owner.
 */
export function guardFields(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      if (!field.astNode?.directives?.some(({ name }) => name.value === 'authenticated')) continue;
      check(field, (_source, context) => {
        signedIn(context);
      });
    }
  }
  const customer = schema.getType('Customer');
  if (!customer || !('getFields' in customer)) throw new Error('The schema has no type Customer.');
  for (const field of Object.values(customer.getFields()) as Field[]) {
    if (field.extensions.forServices === true) continue;
    check(field, (source) => {
      if (!(source instanceof Customer && owned.has(source))) throw new Failure('FORBIDDEN');
    });
  }
}

/** Runs `refuse`, which throws, before the field's own resolver. */
function check(field: Field, refuse: (source: unknown, context: Context) => void): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    refuse(source, context);
    return resolve(source, args, context, info);
  };
}

/** What a representation came to. An Error instance becomes an entry in `errors` at its place in the list. */
export type Resolved<Entity> = Entity | null | Error;

/** Finds an entity by the `id` of its representation, for this caller. */
export type Reference<Entity> = (id: string, context: Context) => Promise<Entity | null>;

/**
 * The `__resolveReference` of an entity whose key is `id`.
 *
 * Nothing but the id is read of a representation: what it claims beyond that was written by the caller.
 * A failure is returned, never thrown: one synchronous throw would empty the whole list and leave the
 * other entities' promises to reject unhandled, which ends the process.
 */
export function referenceResolver<Entity>(find: Reference<Entity>) {
  return {
    async __resolveReference(representation: unknown, context: Context): Promise<Resolved<Entity>> {
      try {
        const { caller } = context;
        // Not FORBIDDEN: gateways would take that as the last word, and it is only that nobody could tell.
        if (caller.kind === 'nobody' && caller.because) return caller.because;
        const id = idOf(representation);
        if (id === null) return new Failure('FORBIDDEN', { detail: 'a representation without a usable id' });
        return await find(id, context);
      } catch (error) {
        return error instanceof Error
          ? error
          : new Error('A reference could not be resolved.', { cause: error });
      }
    },
  };
}

/** `ID` takes whole numbers too, and some gateways pass them on as they came. */
function idOf(representation: unknown): string | null {
  if (typeof representation !== 'object' || representation === null || !('id' in representation)) return null;
  const { id } = representation;
  if (typeof id === 'string') return id;
  return Number.isSafeInteger(id) ? String(id) : null;
}

/**
 * Checks the representations before `@apollo/subgraph` sees them; changes the finished subgraph in place.
 *
 * One unknown `__typename` would make it throw for the whole list. Here that one is `null` with
 * `FORBIDDEN`, and the others are answered.
 */
export function guardEntities(subgraph: GraphQLSchema, entityNames: ReadonlySet<string>): void {
  const field = subgraph.getQueryType()?.getFields()._entities;
  const resolve = field?.resolve;
  if (!field || !resolve) throw new Error('The subgraph has no entities.');
  field.resolve = (source, args: { representations: readonly unknown[] }, context, info) => {
    return args.representations.map((representation) => {
      if (!entityNames.has(typenameOf(representation))) {
        return new Failure('FORBIDDEN', { detail: 'a representation of an unknown type' });
      }
      const [entity] = resolve(source, { representations: [representation] }, context, info) as unknown[];
      return entity;
    });
  };
}

function typenameOf(representation: unknown): string {
  if (typeof representation !== 'object' || representation === null) return '';
  return '__typename' in representation && typeof representation.__typename === 'string'
    ? representation.__typename
    : '';
}
