/** Whether everything deprecated says what takes its place. */
import {
  buildASTSchema,
  type GraphQLArgument,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
} from 'graphql';

/**
 * What is deprecated without naming its replacement as ``Use `Type.name` `` or, of the same type, ``Use `name` ``:
 * the coordinates, such as `Customer.phone` or `Query.cities(countryCode:)`.
 */
export function withoutReplacement(sdl: string): string[] {
  const schema = buildASTSchema(parse(sdl), { assumeValidSDL: true });
  const elements = elementsOf(schema);
  const names = new Set(elements.map(({ coordinate }) => coordinate));
  return elements
    .filter(({ type, coordinate, reason }) => {
      if (typeof reason !== 'string') return false;
      const [, named = ''] = /\bUse `([^`]+)`/.exec(reason) ?? [];
      const replacements = [named, `${type}.${named}`].filter((name) => names.has(name));
      return !replacements.some((name) => name !== coordinate);
    })
    .map(({ coordinate }) => coordinate);
}

/** Whatever can be deprecated, and `reason` where it is. */
function elementsOf(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isEnumType(type)) {
      return type.getValues().map(({ name, deprecationReason: reason }) => ({
        type: type.name,
        coordinate: `${type.name}.${name}`,
        reason,
      }));
    }
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) => {
      const coordinate = `${type.name}.${field.name}`;
      const args: readonly GraphQLArgument[] = 'args' in field ? field.args : [];
      return [
        { type: type.name, coordinate, reason: field.deprecationReason },
        ...args.map(({ name, deprecationReason: reason }) => ({
          type: type.name,
          coordinate: `${coordinate}(${name}:)`,
          reason,
        })),
      ];
    });
  });
}
