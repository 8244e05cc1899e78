/** One request as it is: no second try, no circuit; whatever the answer is, it is a finding. */
import { got, RequestError } from 'got';
import { type Query, queryString } from '../../datasources/http/url.ts';

export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  url: string;
  query?: Query;
  json?: object;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

/** `body` is `undefined` where there was none or it is no JSON; `isJson` tells these apart. */
export interface Reply {
  status: number;
  body: unknown;
  isJson: boolean;
  /** The clock of whoever answered, against ours; `null` where it gave no `Date`. */
  skewMs: number | null;
}

const TIMEOUT_MS = 8_000;

/** Rejects with an error that has a `code` and nothing of the request when there is no answer. */
export async function ask({
  method,
  url,
  query = [],
  json,
  headers,
  timeoutMs = TIMEOUT_MS,
}: Request): Promise<Reply> {
  const search = queryString(query);
  const startedAt = Date.now();
  try {
    const {
      statusCode,
      body,
      headers: answered,
    } = await got(search === '' ? url : `${url}?${search}`, {
      method,
      ...(json !== undefined && { json }),
      headers: { accept: 'application/json', ...headers },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      timeout: { request: timeoutMs },
    });
    const clock = Date.parse(answered.date ?? '');
    // The header has whole seconds, cut off.
    const skewMs = Number.isNaN(clock) ? null : clock + 500 - (startedAt + Date.now()) / 2;
    return { status: statusCode, skewMs, ...parsed(body) };
  } catch (error) {
    const code = error instanceof RequestError ? error.code : undefined;
    throw Object.assign(new Error('no answer'), { code });
  }
}

function parsed(text: string): { body: unknown; isJson: boolean } {
  try {
    return { body: JSON.parse(text), isJson: true };
  } catch {
    return { body: undefined, isJson: false };
  }
}
