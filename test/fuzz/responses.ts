/** What every answer to a GraphQL request has to be, whatever was asked. */
import { expect } from 'vitest';
import { z } from 'zod';
import { MARKER } from './texts.ts';

const Problem = z.strictObject({
  message: z.string().min(1),
  locations: z.array(z.strictObject({ line: z.int().min(1), column: z.int().min(1) })).optional(),
  path: z.array(z.union([z.string(), z.int()])).optional(),
  extensions: z.strictObject({
    code: z.enum([
      'UNAUTHENTICATED',
      'FORBIDDEN',
      'LIMIT_EXCEEDED',
      'BAD_REQUEST',
      'BAD_USER_INPUT',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'OPERATION_RESOLUTION_FAILURE',
      'PERSISTED_QUERY_NOT_FOUND',
    ]),
    retryable: z.literal(false).optional(),
  }),
});

/**
 * An answer as GraphQL has it. The codes that are not among these say that something here broke, or that
 * a stand-in was sent what it cannot take: no client may bring that about.
 */
const Answer = z
  .strictObject({
    data: z.record(z.string(), z.unknown()).nullable().optional(),
    errors: z.array(Problem).min(1).optional(),
    /** Of a router that asked for Apollo's trace. */
    extensions: z.strictObject({ ftv1: z.base64() }).optional(),
  })
  .refine(({ data, errors }) => data !== undefined || errors !== undefined);

export type Answer = z.infer<typeof Answer>;

/** The answer, once it is found to be one and to repeat nothing that was typed. */
export function checkedAnswer(status: number, body: string): Answer {
  const read = Answer.safeParse(JSON.parse(body));
  if (!read.success) throw new Error(`${status} ${body.slice(0, 2000)}\n${z.prettifyError(read.error)}`);
  expect(status).toBeOneOf([200, 400, 401]);
  expect(messagesOf(read.data).filter((message) => message.includes(MARKER))).toEqual([]);
  return read.data;
}

/** Everything that people or developers are told: each `message` in the data, and all of the errors. */
function messagesOf({ data, errors }: Answer): string[] {
  const messages: string[] = (errors ?? []).map((error) => JSON.stringify(error));
  JSON.stringify(data ?? null, (name, value: unknown) => {
    if ((name === 'message' || name === 'path') && value !== null) messages.push(JSON.stringify(value));
    return value;
  });
  return messages;
}

const Refusal = z.union([
  z.object({ errors: z.array(Problem).length(1) }),
  // RFC 6749, section 5.2.
  z.strictObject({ error: z.string(), error_description: z.string().optional() }),
  // Node's parser found no HTTP in it, and fastify says so.
  z.strictObject({ error: z.string(), message: z.string(), statusCode: z.number() }),
]);

/** The refusal of a request that did not get as far as GraphQL: JSON, or nothing at all. */
export function checkedRefusal(body: string): void {
  expect(body).not.toContain(MARKER);
  if (body === '') return;
  const read = z.union([Answer, Refusal]).safeParse(JSON.parse(body));
  if (!read.success) throw new Error(`${body.slice(0, 2000)}\n${z.prettifyError(read.error)}`);
}
