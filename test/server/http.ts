/** Requests as a client makes them that is no GraphQL client, and the shape of what the service refuses. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { z } from 'zod';
import type { RunningService } from '../support/service.ts';

/** What no answer and no log line may repeat. */
export const MARKER = 'hunter2';

export const JSON_TYPE = { 'content-type': 'application/json' };

/** POSTs a body as it is to `/graphql`. */
export function post(
  { url }: Pick<RunningService, 'url'>,
  body: BodyInit | null,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body });
}

/** GETs `/graphql` with these parameters, as a client does that passes CSRF prevention. */
export function get(
  { url }: Pick<RunningService, 'url'>,
  parameters: Record<string, string>,
  headers: Record<string, string> = { 'apollo-require-preflight': 'true' },
): Promise<Response> {
  return fetch(`${url}?${new URLSearchParams(parameters)}`, { headers });
}

const Refusal = z.strictObject({
  errors: z.tuple([
    z.strictObject({
      message: z.string().min(1),
      locations: z.array(z.object({ line: z.number(), column: z.number() })).optional(),
      extensions: z.looseObject({ code: z.string() }),
    }),
  ]),
});

/** The one error of an answer that is none of ours to give: JSON, not to be kept, repeating nothing. */
export async function refusalOf(response: Response) {
  const body = await response.text();
  expect(body).not.toContain(MARKER);
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json\b/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{1,128}$/);
  const [error] = Refusal.parse(JSON.parse(body)).errors;
  return { status: response.status, code: error.extensions.code, message: error.message };
}

/** Sends these very bytes and resolves to all that comes back until the service closes the connection. */
export async function speak({ base }: Pick<RunningService, 'base'>, request: string): Promise<string> {
  const { hostname, port } = new URL(base);
  const socket = createConnection(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(request);
  return text(socket);
}
