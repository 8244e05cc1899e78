/** M2 through undici, the leanest client there is. */
import { Pool } from 'undici';
import type { PeerSettings } from './settings.ts';

/** Paths are below `V1/`; answers are unchecked JSON. Rejects for every other status than 200. */
export interface M2 {
  get(path: string): Promise<unknown>;
  put(path: string, json: unknown): Promise<unknown>;
}

const SOCKETS = 400;
const TIMEOUT_MS = 10_000;

export type M2Pool = M2 & { post(path: string, json: unknown): Promise<unknown>; close(): Promise<void> };

export function m2PoolOf({ m2Url, m2Token }: Pick<PeerSettings, 'm2Url' | 'm2Token'>): M2Pool {
  const { origin, pathname } = new URL(m2Url);
  const pool = new Pool(origin, {
    connections: SOCKETS,
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
  const base = `${pathname}/V1/`;
  const headers = { authorization: `Bearer ${m2Token}`, accept: 'application/json' };
  const writing = { ...headers, 'content-type': 'application/json' };

  async function ask(method: 'GET' | 'PUT' | 'POST', path: string, json?: unknown): Promise<unknown> {
    const { statusCode, body } = await pool.request({
      method,
      path: base + path,
      headers: json === undefined ? headers : writing,
      body: json === undefined ? null : JSON.stringify(json),
    });
    const answer = await body.json();
    if (statusCode !== 200) throw new Error(`M2 answered ${statusCode}`);
    return answer;
  }
  return {
    get: (path) => ask('GET', path),
    put: (path, json) => ask('PUT', path, json),
    post: (path, json) => ask('POST', path, json),
    close: () => pool.close(),
  };
}
