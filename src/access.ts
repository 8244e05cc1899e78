/**
 * Who may see what, as one walk over the schema.
 *
 * The walk reads the same decorators that print the SDL, so the two cannot drift apart; and it closes what
 * nobody has opened: a new field of `Customer` is the owner's alone until it is marked otherwise.
 */
import { defaultFieldResolver, type GraphQLField, type GraphQLSchema, isUnionType } from 'graphql';
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

/**
 * Finds entities by the ids of their representations, for this caller: what each came to, in the order of the ids.
 *
 * All at once, for a promise of its own takes longer than an entity. A rejection is about each of them.
 */
export type References<Entity> = (
  ids: readonly string[],
  context: Context,
) => Promise<readonly Resolved<Entity>[]>;

/** For entities that are found one by one, each once: what is thrown for one does not touch the others. */
export function oneByOne<Entity>(
  find: (id: string, context: Context) => Promise<Entity | null>,
): References<Entity> {
  return (ids, context) => {
    const found = new Map<string, Promise<Resolved<Entity>>>();
    for (const id of ids) if (!found.has(id)) found.set(id, find(id, context).catch(errorOf));
    return Promise.all(ids.map((id) => found.get(id) ?? null));
  };
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error
    ? thrown
    : new Error('A reference could not be resolved.', { cause: thrown });
}

/** `ID` takes whole numbers too, and some gateways pass them on as they came. */
function idOf(representation: unknown): string | null {
  if (typeof representation !== 'object' || representation === null || !('id' in representation)) return null;
  const { id } = representation;
  if (typeof id === 'string') return id;
  return Number.isSafeInteger(id) ? String(id) : null;
}

/**
 * Answers `_entities` by what finds the entities of each type; changes the finished subgraph in place.
 *
 * Nothing but type and id is read of a representation: what it claims beyond that was written by the caller. Each
 * place of the list stands for itself: `@apollo/subgraph`'s own resolver throws for the whole list at one unknown
 * `__typename`, and leaves the other entities' promises to reject unhandled, which ends the process.
 */
export function resolveEntities(
  subgraph: GraphQLSchema,
  references: ReadonlyMap<string, References<unknown>>,
): void {
  const field = subgraph.getQueryType()?.getFields()._entities;
  const entity = subgraph.getType('_Entity');
  if (!field || !isUnionType(entity)) throw new Error('The subgraph has no entities.');
  // Each is an instance of the class that its type is made of.
  entity.resolveType = (value: object) => value.constructor.name;

  field.resolve = async (
    _source,
    { representations }: { representations: readonly unknown[] },
    context: Context,
  ) => {
    const { caller } = context;
    // Not FORBIDDEN: gateways would take that as the last word, and it is only that nobody could tell.
    const because = caller.kind === 'nobody' ? caller.because : undefined;
    const answers: unknown[] = [];
    const asked = new Map<References<unknown>, { ids: string[]; places: number[] }>();
    for (const [place, representation] of representations.entries()) {
      const find = references.get(typenameOf(representation));
      const id = idOf(representation);
      if (find === undefined) {
        answers[place] = new Failure('FORBIDDEN', { detail: 'a representation of an unknown type' });
      } else if (because) {
        answers[place] = because;
      } else if (id === null) {
        answers[place] = new Failure('FORBIDDEN', { detail: 'a representation without a usable id' });
      } else {
        const some = asked.get(find) ?? { ids: [], places: [] };
        some.ids.push(id);
        some.places.push(place);
        asked.set(find, some);
      }
    }
    await Promise.all(
      Array.from(asked, async ([find, { ids, places }]) => {
        const found = await find(ids, context).catch(errorOf);
        for (const [at, place] of places.entries())
          answers[place] = found instanceof Error ? found : found[at];
      }),
    );
    return answers;
  };
}

function typenameOf(representation: unknown): string {
  if (typeof representation !== 'object' || representation === null) return '';
  return '__typename' in representation && typeof representation.__typename === 'string'
    ? representation.__typename
    : '';
}
