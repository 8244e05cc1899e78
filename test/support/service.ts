/** The whole service on free ports, and a client that speaks to it as any other would. */

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { type Service, startService } from '../../src/server.ts';
import { askAt } from './client.ts';

// biome-ignore lint/suspicious/noExplicitAny: what a document in plain text is answered has no type.
export interface GraphQLAnswer<Data = Record<string, any>> {
  status: number;
  headers: Headers;
  data: Data;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
}

export interface Asking {
  token?: string;
  language?: 'en' | 'ar';
  headers?: Record<string, string>;
}

export interface RunningService extends Service {
  /** POSTs one operation. */
  ask<Data, Variables>(
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
    asking?: Asking,
  ): Promise<GraphQLAnswer<Data>>;
  /** The base URL, without a path. */
  base: string;
  /** Every line that the service has logged. */
  logged: string[];
}

/** Starts the service; settings left out are the sandbox's. */
export async function startTestService(env: Record<string, string> = {}): Promise<RunningService> {
  const logged: string[] = [];
  const log = createLogger(env.LOG_LEVEL ?? 'debug', { write: (line) => void logged.push(line) });
  const config = readConfig({ HOST: '127.0.0.1', ...env });
  const service = await startService({ ...config, port: Number(env.PORT ?? 0) }, log);
  const url = service.url.replace('localhost', '127.0.0.1');

  return {
    ...service,
    url,
    base: url.replace('/graphql', ''),
    logged,
    ask: askAt(url),
  };
}
