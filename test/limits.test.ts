import { ApolloServer } from '@apollo/server';
import {
  buildSchema,
  type GraphQLInputType,
  type GraphQLOutputType,
  getIntrospectionQuery,
  getNamedType,
  isInputObjectType,
  isUnionType,
  parse,
  validate,
} from 'graphql';
import { afterAll, describe, expect, test } from 'vitest';
import {
  LIMITS,
  type Limits,
  limitOptions,
  limitRules,
  representationLimit,
  SENSITIVE_FIELDS,
} from '../src/limits.ts';
import { createLogger } from '../src/logger.ts';
import { formatErrorFor } from '../src/masking.ts';
import { buildSubgraph } from '../src/schema.ts';

const schema = buildSchema(`
  directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT
  directive @listSize(assumedSize: Int, slicingArguments: [String!]) on FIELD_DEFINITION
  scalar _Any
  type Query {
    hello: String
    me: Customer
    addresses: [Address!] @listSize(assumedSize: 10)
    cards: [Card!] @cost(weight: 100) @listSize(assumedSize: 5)
    notices(first: Int = 20, last: Int): [Card!] @listSize(slicingArguments: ["first", "last"])
    _entities(representations: [_Any!]!): [Entity]!
  }
  union Entity = Customer | Card
  type Customer { id: ID friend: Customer addresses: [Address!] @listSize(assumedSize: 10) }
  type Address { id: ID region: Region }
  type Region @cost(weight: 3) { name: String }
  type Card { id: ID }
  type Mutation {
    login(phone: String): String
    verifyOtp(code: String): String
    addAddress: Address
    ${[...SENSITIVE_FIELDS]
      .filter((name) => name !== 'login' && name !== 'verifyOtp')
      .map((name) => `${name}: String`)
      .join(' ')}
  }
`);

const servers: ApolloServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

function serverOf(limits: Limits = LIMITS): ApolloServer {
  const server = new ApolloServer({
    schema,
    rootValue: { me: { id: '1' }, login: 'in', verifyOtp: 'in', _entities: [] },
    introspection: true,
    includeStacktraceInErrorResponses: false,
    formatError: formatErrorFor({ log: createLogger('silent') }),
    plugins: [representationLimit(limits)],
    ...limitOptions(limits),
  });
  servers.push(server);
  return server;
}

const server = serverOf();

async function ask(query: string, variables: Record<string, unknown> = {}, asked = server) {
  const { body, http } = await asked.executeOperation({ query, variables });
  if (body.kind !== 'single') throw new Error('one result was expected');
  return { status: http.status ?? 200, errors: body.singleResult.errors ?? [], data: body.singleResult.data };
}

async function refused(
  query: string,
  message: RegExp,
  variables: Record<string, unknown> = {},
): Promise<void> {
  const { status, errors, data } = await ask(query, variables);
  expect(status).toBe(400);
  expect(data).toBeUndefined();
  expect(errors.map((error) => error.message)).toEqual(
    expect.arrayContaining([expect.stringMatching(message)]),
  );
  for (const { extensions } of errors)
    expect(extensions).toEqual({ code: 'LIMIT_EXCEEDED', retryable: false });
}

async function allowed(query: string, variables: Record<string, unknown> = {}): Promise<void> {
  expect((await ask(query, variables)).errors).toEqual([]);
}

const nested = (depth: number) => `{ me ${'{ friend '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`;
const many = (count: number, one: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => one(at)).join(' ');

test('A7: an operation is never larger than was agreed', () => {
  const agreed = {
    tokens: 2000,
    depth: 12,
    aliases: 30,
    rootFields: 20,
    directives: 50,
    representations: 1000,
  };
  expect(LIMITS).toMatchObject(agreed);
});

describe('A7: an operation is refused before it runs', () => {
  test('when it is deeper than 12 fields', async () => {
    await allowed(nested(12));
    await refused(nested(13), /deeper than 12 fields/);
  });

  test('when fragments hide how deep it is', async () => {
    const outer = 'fragment A on Customer { friend { ... { friend { ...B } } } }';
    const inner = 'fragment B on Customer { friend { friend { friend { id } } } }';
    await allowed(`{ me { friend { friend { friend { friend { friend { ...A } } } } } } } ${outer} ${inner}`);
    await refused(
      `{ me { friend { friend { friend { friend { friend { friend { ...A } } } } } } } } ${outer} ${inner}`,
      /deeper/,
    );
  });

  test('when it holds more than 30 aliases, wherever they are', async () => {
    const aliases = (count: number) => many(count, (at) => `a${at}: id`);
    await allowed(`{ me { ${aliases(30)} } }`);
    await refused(`{ me { ${aliases(31)} } }`, /more than 30 aliases/);
    await refused(
      `{ me { ...A friend { ...A } } } fragment A on Customer { ${aliases(16)} }`,
      /more than 30 aliases/,
    );
  });

  test('when it holds more than 20 root fields, also the same one again', async () => {
    await allowed(`{ ${'hello '.repeat(20)} }`);
    await refused(`{ ${'hello '.repeat(21)} }`, /more than 20 root fields/);
    await refused(`{ ...A ... { ...A } ...A } fragment A on Query { ${'hello '.repeat(7)} }`, /root fields/);
  });

  test('when it holds more than 50 directives, on variables and fragments too', async () => {
    const skips = (count: number) => many(count, () => 'hello @include(if: true)');
    await allowed(`{ ...A } fragment A on Query { me { id ${many(50, () => 'id @skip(if: false)')} } }`);
    await refused(`{ me { id ${many(51, () => 'id @skip(if: false)')} } }`, /more than 50 directives/);
    await refused(
      `{ ...A @include(if: true) ...A @include(if: true) ...A ...A ...A } fragment A on Query { me { ${many(10, () => 'id @skip(if: false)')} } } `,
      /directives/,
    );
    await refused(
      `{ ${skips(17)} ...A ...A } fragment A on Query { ... @include(if: true) { me { ${many(17, () => 'id @skip(if: false)')} } } }`,
      /directives/,
    );
  });

  test('when its text has more than 2,000 tokens', async () => {
    const tokens = (count: number) => `{ me(${many((count - 8) / 3, (at) => `a${at}: 1`)}) { id } }`;
    const { errors } = await ask(tokens(2000));
    expect(errors[0]?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    await refused(tokens(2003), /larger than this service allows/);
  });

  test('when validating it would take too long', async () => {
    await refused(`{ me { ${'id '.repeat(1993)} } }`, /larger than this service allows/);
  });

  test('but introspection, deep as it is, and the look of a router pass', async () => {
    await allowed(getIntrospectionQuery());
    await refused(`{ ${many(3, (at) => `a${at}: __schema { types { name } }`)} }`, /costs more/);
  });

  test('and two operations of one document are measured apart', async () => {
    const { errors } = await ask(`query A { ${'hello '.repeat(15)} } query B { ${'hello '.repeat(15)} }`);
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });
});

describe('A7: the cost of an operation', () => {
  function cost(query: string): number {
    const document = parse(query);
    const isWithin = (limit: number) =>
      validate(schema, document, limitRules({ ...LIMITS, cost: limit })).length === 0;
    let limit = 0;
    while (!isWithin(limit)) limit++;
    return limit;
  }

  test.each([
    ['leaves cost nothing', '{ hello }', 0],
    ['what has fields costs one', '{ me { id friend { id } } }', 2],
    [
      'a list costs its assumed size, with all below it',
      '{ addresses { id region { name } } }',
      10 * (1 + 3),
    ],
    ['a field’s own weight comes before its type’s', '{ cards { id } }', 5 * 100],
    ['lists multiply', '{ me { addresses { region { name } } } }', 1 + 10 * (1 + 3)],
    ['aliases and fragments hide nothing', '{ a: me { id } ...F } fragment F on Query { b: me { id } }', 2],
    ['a slicing argument counts as written', '{ notices(first: 7) { id } }', 7],
    ['the largest of two counts', '{ notices(first: 7, last: 9) { id } }', 9],
    [
      'its default counts where a variable is not known yet',
      'query Q($n: Int) { notices(first: $n) { id } }',
      20,
    ],
    ['none is less than one', '{ notices(first: -100) { id } }', 1],
    ['a mutation costs ten more', 'mutation { addAddress { id } login }', 10 + 1 + 10],
  ])('%s', (_, query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  test('is refused above the limit', async () => {
    await allowed('{ cards { id } me { id } }');
    await refused(`{ ${many(5, (at) => `a${at}: cards { id }`)} }`, /costs more than 2000/);
    await refused('{ notices(first: 1000000000) { id } }', /costs more than 2000/);
  });
});

describe('O10: one operation tries one code, one password, one token', () => {
  test.each([
    ['aliases', 'mutation { a: verifyOtp(code: "1") b: verifyOtp(code: "2") }'],
    ['the same field twice', 'mutation { verifyOtp(code: "1") verifyOtp(code: "1") }'],
    ['two different fields', 'mutation { login verifyOtp(code: "1") }'],
    ['inline fragments', 'mutation { verifyOtp(code: "1") ... { a: login } }'],
    ['typed inline fragments', 'mutation { ... on Mutation { a: login } ... on Mutation { b: login } }'],
    ['a spread', 'mutation { a: login ...A } fragment A on Mutation { b: login }'],
    [
      'fragments in fragments',
      'mutation { ...A ...B } fragment A on Mutation { a: login } fragment B on Mutation { ...C } fragment C on Mutation { b: login }',
    ],
    ['one fragment spread twice', 'mutation { ...A ...A } fragment A on Mutation { login }'],
    ['a skipped field', 'mutation { a: login @skip(if: true) b: login }'],
    [
      'a field that is not included',
      'mutation Q($no: Boolean = false) { a: login b: login @include(if: $no) }',
    ],
  ])('%s multiply nothing', async (_, query) => {
    await refused(query, /more than one field that signs in/);
  });

  test('one of them passes, beside others, under an alias and in a fragment', async () => {
    await allowed('mutation { verifyOtp(code: "1") addAddress { id } }');
    await allowed('mutation { ... { a: login } ...A } fragment A on Mutation { addAddress { id } }');
  });

  test.each([...SENSITIVE_FIELDS])('%s is one of them', async (name) => {
    await refused(`mutation { a: ${name} b: ${name} }`, /more than one field that signs in/);
  });

  test('every mutation of the service is, that takes a code, a password, a token or a phone or answers with a session', () => {
    const namesIn = (type: GraphQLInputType): string[] => {
      const named = getNamedType(type);
      if (!isInputObjectType(named)) return [];
      return Object.values(named.getFields()).flatMap((field) => [field.name, ...namesIn(field.type)]);
    };
    const answersOf = (type: GraphQLOutputType) => {
      const named = getNamedType(type);
      return isUnionType(named) ? named.getTypes().map(({ name }) => name) : [named.name];
    };
    const service = buildSubgraph({ authDirectives: false });
    const fields = Object.values(service.getMutationType()?.getFields() ?? {});
    const sensitive = fields.filter(({ args, type }) => {
      const names = args.flatMap((arg) => [arg.name, ...namesIn(arg.type)]);
      return (
        names.some((name) =>
          /^(otp|phone$|phoneProof|token|refreshToken|userIdentifier)|password/i.test(name),
        ) || answersOf(type).some((name) => name === 'OtpChallenge' || name === 'CustomerSession')
      );
    });
    expect(sensitive.length).toBeGreaterThan(10);
    expect(sensitive.map(({ name }) => name).filter((name) => !SENSITIVE_FIELDS.has(name))).toEqual([]);
  });

  test('two operations in one document are allowed, for only one of them runs', async () => {
    const { errors } = await ask('mutation A { login } mutation B { verifyOtp(code: "1") }');
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });

  test('a list of operations in one document is no way around it', async () => {
    await refused('mutation A { login } mutation B { a: login b: login }', /more than one field/);
  });
});

describe('A3: a gateway asks for at most 1,000 entities in one request', () => {
  const entities = (count: number) =>
    Array.from({ length: count }, (_, id) => ({ __typename: 'Customer', id }));
  const query = 'query Q($all: [_Any!]!) { _entities(representations: $all) { __typename } }';

  test('as one list', async () => {
    await allowed(query, { all: entities(1000) });
    await refused(query, /more than 1000 entities/, { all: entities(1001) });
  });

  test('under several aliases and in fragments', async () => {
    const field = '_entities(representations: $all) { __typename }';
    await refused(
      `query Q($all: [_Any!]!) { a: ${field} ...F } fragment F on Query { b: ${field} }`,
      /entities/,
      { all: entities(501) },
    );
  });

  test('as a default and as a literal', async () => {
    const list = `[${'1 '.repeat(1001)}]`;
    await refused(
      `query Q($all: [_Any!]! = ${list}) { _entities(representations: $all) { __typename } }`,
      /entities/,
    );
    await refused(`{ _entities(representations: ${list}) { __typename } }`, /entities/);
  });

  test('one that is no list counts as one', async () => {
    await allowed(query, { all: { __typename: 'Customer', id: 1 } });
    await allowed('{ _entities(representations: []) { __typename } }');
  });

  test('another operation of the document does not count', async () => {
    const document = `${query} query Other { _entities(representations: [${'1 '.repeat(1001)}]) { __typename } }`;
    const { body } = await server.executeOperation({
      query: document,
      operationName: 'Q',
      variables: { all: [] },
    });
    expect(body).toMatchObject({ singleResult: { data: { _entities: [] } } });
  });
});

describe('A7: a hostile document is refused fast and harms nothing', () => {
  const doubling = (count: number) =>
    `query Q { me { ...F0 } } ${many(count, (at) => `fragment F${at} on Customer { friend { ...F${at + 1} } ...F${at + 1} ...F${at + 1} }`)} fragment F${count} on Customer { id }`;
  const hostile: [string, string][] = [
    ['30 fragments that double each other', doubling(30)],
    ['100 fragments that double each other', doubling(100)],
    [
      'fragments in a circle',
      '{ me { ...A } } fragment A on Customer { friend { ...B } } fragment B on Customer { ...A }',
    ],
    ['a fragment of itself', '{ me { ...A } } fragment A on Customer { ...A ...A }'],
    ['10,000 aliases', `{ ${many(10_000, (at) => `a${at}: hello`)} }`],
    ['600 aliases in 2,000 tokens', `{ ${many(600, (at) => `a${at}: hello`)} }`],
    ['one field 1,990 times', `{ ${'hello '.repeat(1990)} }`],
    ['600 levels', nested(600)],
    ['100,000 levels', nested(100_000)],
    ['100,000 inline fragments in each other', `{ ${'...{'.repeat(100_000)} hello ${'}'.repeat(100_000)} }`],
    [
      '600 inline fragments in each other',
      `{ ${'...{'.repeat(600)} id: hello @skip(if: true) ${'}'.repeat(600)} a: hello ${'hello '.repeat(30)} }`,
    ],
    [
      'a list literal of 100,000 levels',
      `{ notices(first: ${'['.repeat(100_000)}${']'.repeat(100_000)}) { id } }`,
    ],
    [
      '190 fragments that are never used',
      `{ ${'hello '.repeat(21)} } ${many(190, (at) => `fragment F${at} on Query { hello }`)}`,
    ],
    ['names of the prototype', `{ __proto__ constructor toString ${'hello '.repeat(30)} }`],
    ['a spread of nothing', '{ ...Nothing }'],
    [
      'introspection in circles',
      `{ __schema { types { ${'fields { type { '.repeat(20)} name ${'} }'.repeat(20)} } } }`,
    ],
  ];

  test.each(hostile)('%s', async (_, query) => {
    const startedAt = performance.now();
    const { status, errors } = await ask(query);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(status).toBe(400);
    expect(errors.length).toBeGreaterThan(0);
    for (const { extensions } of errors) {
      expect(extensions?.code).toMatch(/^(LIMIT_EXCEEDED|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED)$/);
    }
  });

  test.each(hostile.filter(([name]) => !name.includes('100,000')))(
    '%s, where this rule alone looks at it',
    (_, query) => {
      const document = parse(query);
      const startedAt = performance.now();
      expect(() => validate(schema, document, limitRules())).not.toThrow();
      expect(performance.now() - startedAt).toBeLessThan(500);
    },
  );
});
