import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { buildSchema, GraphQLError } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Failure } from '../src/failures.ts';
import { createLogger } from '../src/logger.ts';
import { formatErrorFor, maskedReply } from '../src/masking.ts';

const SECRET = 'hunter2';

const schema = buildSchema(`
  directive @note(text: String) on FIELD
  enum Colour { RED }
  input SignIn { email: String!, password: Int, colour: Colour }
  type Query {
    hello: String
    signIn(input: SignIn): String
    shared: [Thing]
    broken: String
    upstream: String
    invalid: String
    spoofed: String
    forbidden: String
    thrown: String
  }
  type Thing { name: String }
`);

const shared = new Error(`batch failed for ${SECRET}`);
const rootValue = {
  hello: 'hello',
  signIn: () => 'in',
  shared: () => [{ name: () => Promise.reject(shared) }, { name: () => Promise.reject(shared) }],
  broken: () => {
    throw new Error(`cannot read ${SECRET} of sara@example.com, +966501234567`);
  },
  upstream: () => {
    const cause = new Error(`GET http://m2.invalid/${SECRET} 503`);
    throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'V1/customers/{id} 503', cause });
  },
  invalid: () => Promise.reject(new Failure('UPSTREAM_INVALID', { detail: `email ${SECRET}` })),
  forbidden: async () => new Failure('FORBIDDEN'),
  spoofed: () => {
    throw new GraphQLError(`value ${SECRET}`, {
      extensions: { code: 'BAD_USER_INPUT', response: { body: SECRET } },
    });
  },
  thrown: () => {
    throw SECRET;
  },
};

const lines: { level: string; requestId?: string; err?: { message: string } }[] = [];
const log = createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) });
const requestIds = new AsyncLocalStorage<string>();

let app: FastifyInstance;
beforeAll(async () => {
  app = fastify({ bodyLimit: 2000, genReqId: () => `request-${++requests}` });
  const apollo = new ApolloServer<{ requestId: string }>({
    schema,
    rootValue,
    includeStacktraceInErrorResponses: false,
    formatError: formatErrorFor({ log, requestId: () => requestIds.getStore() }),
    parseOptions: { maxTokens: 100 },
    maxRecursiveSelections: 50,
    plugins: [
      fastifyApolloDrainPlugin(app),
      {
        requestDidStart: async ({ request }) => ({
          async didResolveOperation() {
            if (request.operationName === 'Plugin') throw new Error(`plugin ${SECRET}`);
          },
        }),
      },
    ],
  });
  await apollo.start();
  app.addHook('preHandler', (request, _reply, done) => requestIds.run(request.id, done));
  app.setErrorHandler(maskedReply(log));
  await app.register(fastifyApollo(apollo), {
    context: async (request) => {
      if (request.headers['x-context'] === 'failure') throw new Failure('UNAUTHENTICATED');
      if (request.headers['x-context'] === 'broken') throw new Error(`context ${SECRET}`);
      if (request.headers['x-context'] === 'spoofed') {
        throw Object.assign(new Error(SECRET), { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
      }
      return { requestId: request.id };
    },
  });
  app.get('/broken', async () => {
    throw new Error(`route ${SECRET}`);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await app.close();
});

let requests = 0;
beforeEach(() => {
  requests = 0;
  lines.length = 0;
});

const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(
    z.strictObject({
      message: z.string(),
      path: z.array(z.union([z.string(), z.number()])).optional(),
      locations: z.array(z.strictObject({ line: z.number(), column: z.number() })).optional(),
      extensions: z.record(z.string(), z.unknown()),
    }),
  ),
});

async function ask(body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  });
  expect(response.body, 'the marker must not come back').not.toContain(SECRET);
  expect(response.body).not.toMatch(/stack|\.ts:|node_modules/);
  const { errors, data } = Answer.parse(response.json());
  return { status: response.statusCode, errors, error: errors[0], data };
}

describe('a fault of the request keeps its code and says nothing of what was sent', () => {
  const query = 'query Q($input: SignIn) { signIn(input: $input) }';

  test('a: a variable that does not fit its type', async () => {
    const { status, error } = await ask({ query, variables: { input: { password: SECRET, [SECRET]: 1 } } });
    expect(status).toBe(400);
    expect(error).toMatchObject({
      message: 'A variable does not fit its type.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('a: so many variables that graphql-js gives up counting', async () => {
    const input = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`x${at}`, SECRET]));
    const { errors } = await ask({ query, variables: { input: { email: 'a', ...input } } });
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    expect(lines).toEqual([]);
  });

  test('b: a field that does not exist is named', async () => {
    const { status, error } = await ask({ query: '{ hell }' });
    expect(status).toBe(400);
    expect(error).toMatchObject({
      message: expect.stringContaining('Cannot query field "hell" on type "Query".'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      locations: [{ line: 1, column: 3 }],
    });
  });

  test.each([
    ['a literal of another type', `{ signIn(input: { email: "a", password: "${SECRET}" }) }`],
    ['an unknown enum value', `{ signIn(input: { email: "a", colour: ${SECRET} }) }`],
    ['an unknown input field', `{ signIn(input: { email: "a", ${SECRET}: 1 }) }`],
    ['a missing input field', `{ signIn(input: { password: 1 }) }`],
    ['a default that does not fit', `query Q($p: Int = "${SECRET}") { hello }`],
    ['a list for a scalar', `{ hello @note(text: ["${SECRET}"]) }`],
  ])('b: %s is not quoted', async (_, query) => {
    const { errors } = await ask({ query });
    expect(errors.map(({ extensions }) => extensions)).toContainEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(errors.map(({ message }) => message)).toContain('The document does not fit the schema.');
  });

  test('e: a syntax error', async () => {
    const { status, error } = await ask({ query: `{ signIn("${SECRET}") }` });
    expect(status).toBe(400);
    expect(error).toMatchObject({
      message: 'The document is not valid GraphQL.',
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
      locations: [{ line: 1, column: 10 }],
    });
  });

  test.each([
    ['is not JSON', `{"query": "${SECRET}`, 400, 'BAD_REQUEST'],
    ['is too large', JSON.stringify({ query: SECRET.repeat(500) }), 413, 'LIMIT_EXCEEDED'],
    ['is a JSON list', JSON.stringify([SECRET]), 400, 'BAD_REQUEST'],
    ['holds no query', JSON.stringify({ variables: { password: SECRET } }), 400, 'BAD_REQUEST'],
    [
      'holds text for variables',
      JSON.stringify({ query: '{ hello }', variables: SECRET }),
      400,
      'BAD_REQUEST',
    ],
  ])('f: a body that %s', async (_, body, status, code) => {
    const answer = await ask(body);
    expect(answer.status).toBe(status);
    expect(answer.error?.extensions).toMatchObject({ code });
    expect(lines).toEqual([]);
  });

  test('f: a body that claims to be of another type', async () => {
    const { status, error } = await ask(SECRET, { 'content-type': 'application/x-secret' });
    expect(status).toBe(415);
    expect(error?.extensions).toEqual({ code: 'BAD_REQUEST' });
  });

  test('an operation that the document does not hold', async () => {
    const { status, error } = await ask({ query: 'query A { hello }', operationName: SECRET });
    expect(status).toBe(400);
    expect(error?.extensions).toEqual({ code: 'OPERATION_RESOLUTION_FAILURE' });
  });

  test('an operation of a kind that the schema lacks', async () => {
    const { error } = await ask({ query: 'subscription { hello }' });
    expect(error?.extensions.code).toMatch(/OPERATION_RESOLUTION_FAILURE|GRAPHQL_VALIDATION_FAILED/);
    expect(lines).toEqual([]);
  });

  test('a persisted query that is not known keeps the words that clients match', async () => {
    const sha256Hash = createHash('sha256').update('{ hello }').digest('hex');
    const { status, error } = await ask({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(status).toBe(200);
    expect(error).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
  });

  test.each([
    ['of another version', { version: 2, sha256Hash: SECRET }],
    ['under a wrong hash', { version: 1, sha256Hash: SECRET }],
  ])('a persisted query %s', async (_, persistedQuery) => {
    const { status, error } = await ask({ query: '{ hello }', extensions: { persistedQuery } });
    expect(status).toBe(400);
    expect(error?.extensions).toEqual({ code: 'BAD_REQUEST' });
  });

  test('A7: too many tokens and too many selections are limits', async () => {
    const tokens = await ask({ query: `{ ${'hello '.repeat(120)} }` });
    expect(tokens.status).toBe(400);
    expect(tokens.error?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', retryable: false });
    const selections = await ask({
      query:
        '{ ...A ...A ...A } fragment A on Query { ...B ...B ...B } fragment B on Query { ...C ...C ...C } fragment C on Query { hello hello }',
    });
    expect(selections.status).toBe(400);
    expect(selections.error?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', retryable: false });
  });

  test('A8: a simple GET is refused as possible CSRF', async () => {
    const response = await app.inject({ method: 'GET', url: `/graphql?query={hello}&x=${SECRET}` });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors[0].extensions).toEqual({ code: 'BAD_REQUEST' });
    expect(response.body).not.toContain(SECRET);
  });
});

describe('a failure shows its code and its fixed message', () => {
  test('an upstream’s trouble leaves the rest of the answer, says it may be retried, and is logged', async () => {
    const { status, data, errors } = await ask({ query: '{ upstream hello }' });
    expect(status).toBe(200);
    expect(data).toEqual({ upstream: null, hello: 'hello' });
    expect(errors).toEqual([
      {
        message: 'A system behind this field does not answer right now.',
        path: ['upstream'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
      },
    ]);
    expect(lines).toMatchObject([
      { level: 'warn', requestId: 'request-1', err: { detail: 'V1/customers/{id} 503' } },
    ]);
  });

  test('a wrong shape may not be retried, and its detail stays here', async () => {
    const { error } = await ask({ query: '{ invalid }' });
    expect(error?.extensions).toEqual({ code: 'UPSTREAM_INVALID', retryable: false });
  });

  test('one that a resolver returns counts as thrown', async () => {
    const { error } = await ask({ query: '{ forbidden }' });
    expect(error).toMatchObject({ path: ['forbidden'], extensions: { code: 'FORBIDDEN', retryable: false } });
  });

  test('one that the context throws', async () => {
    const { error } = await ask({ query: '{ hello }' }, { 'x-context': 'failure' });
    expect(error).toMatchObject({
      message: 'Sign in to see this.',
      extensions: { code: 'UNAUTHENTICATED', retryable: false },
    });
  });
});

describe('A10: anything else is a code and a request id', () => {
  const internal = { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' };

  test.each(['broken', 'thrown', 'spoofed'])('c: a resolver that throws (%s)', async (field) => {
    const { status, error, data } = await ask({ query: `{ ${field} hello }` });
    expect(status).toBe(200);
    expect(error).toMatchObject({ path: [field], extensions: internal });
    expect(error?.extensions).toEqual(internal);
    expect(data).toMatchObject({ hello: 'hello' });
    expect(lines).toMatchObject([{ level: 'error', requestId: 'request-1' }]);
  });

  test.each(['broken', 'spoofed'])('d: a context that throws (%s)', async (how) => {
    const { error } = await ask({ query: '{ hello }' }, { 'x-context': how });
    expect(error?.message).not.toMatch(/context/i);
    if (how === 'broken') {
      expect(error?.extensions).toEqual(internal);
      expect(lines).toHaveLength(1);
    }
  });

  test('a plugin that throws', async () => {
    const { error } = await ask({ query: 'query Plugin { hello }', operationName: 'Plugin' });
    expect(error?.extensions).toEqual(internal);
    expect(lines).toHaveLength(1);
  });

  test('f: a route that throws', async () => {
    const response = await app.inject({ method: 'GET', url: '/broken' });
    expect(response.statusCode).toBe(500);
    expect(response.json().errors[0].extensions).toEqual(internal);
    expect(response.body).not.toContain(SECRET);
    expect(lines).toHaveLength(1);
  });

  test('is logged once however many fields it failed, with mail and phone masked', async () => {
    const { errors } = await ask({ query: '{ shared { name } broken }' });
    expect(errors).toHaveLength(3);
    expect(errors.map(({ extensions }) => extensions)).toEqual([internal, internal, internal]);
    expect(lines).toHaveLength(2);
    expect(lines.map(({ err }) => err?.message).sort()).toEqual([
      `batch failed for ${SECRET}`,
      `cannot read ${SECRET} of [email], [number]`,
    ]);
  });

  test('has an id also where no request is known', () => {
    const masked = formatErrorFor({ log })({ message: SECRET }, new Error(SECRET));
    expect(masked.extensions?.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(lines).toMatchObject([{ requestId: masked.extensions?.requestId }]);
  });
});
