/** All requests but GET, by got: whatever changes something is sent once, and its answer waited for. */
import type { Agents, Response } from 'got';
import { CONNECT_TIMEOUT_MS, MOST_BYTES } from './read.ts';

/** Loaded with the first write: a process that has just started answers reads, and those go without it. */
async function loadWriter() {
  const { got } = await import('got');
  const client = got.extend({
    throwHttpErrors: false,
    // A redirect would carry our credentials to wherever it points.
    followRedirect: false,
    retry: { limit: 0 },
    mutableDefaults: true,
  });
  // They are of no use without a cache, and as they are V8 keeps all of each request until it collects the oldest objects.
  client.defaults.options.cacheOptions = {};
  return client;
}
let writer: ReturnType<typeof loadWriter> | undefined;

/**
 * Redirects are answers like others.
 *
 * Rejects with got's own error, the request and its headers in it, and with `EMSGSIZE` for an answer of more than `MOST_BYTES`.
 */
export async function write(options: {
  method: 'POST' | 'PUT' | 'DELETE';
  /** Encoded, with the query. */
  url: string;
  /** Left out where it is `undefined`. */
  json: unknown;
  headers: Record<string, string>;
  agents: Agents;
  leftMs: number;
}): Promise<{ statusCode: number; body: string }> {
  const { method, url, json, headers, agents, leftMs } = options;
  writer ??= loadWriter();
  const client = await writer;
  // Not got's promise: V8 keeps it, and all that it refers to, until it collects the oldest objects.
  const sending = client.stream(url, {
    method,
    agent: agents,
    timeout: { connect: Math.min(CONNECT_TIMEOUT_MS, leftMs), response: leftMs, request: leftMs },
    ...(json !== undefined && { json }),
    headers,
  });
  if (json === undefined) sending.end();
  let statusCode = 0;
  sending.once('response', (response: Response) => {
    statusCode = response.statusCode;
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of sending) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw Object.assign(new Error('the answer is too large'), { code: 'EMSGSIZE' });
    chunks.push(chunk);
  }
  return { statusCode, body: Buffer.concat(chunks).toString() };
}
