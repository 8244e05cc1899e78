/** JSON over HTTP for the tests of the stand-ins. */
import { exchange } from './wire.ts';

export interface JsonAnswer {
  status: number;
  body: unknown;
}

/** Sends `body` as JSON where there is one; an answer that is no JSON comes back as text. */
export async function call(
  method: string,
  url: string,
  options: { token?: string; body?: unknown } = {},
): Promise<JsonAnswer> {
  const { token, body } = options;
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const answer = await exchange(url, method, headers, body === undefined ? undefined : JSON.stringify(body));
  try {
    return { status: answer.status, body: JSON.parse(answer.text) };
  } catch {
    return { status: answer.status, body: answer.text };
  }
}
