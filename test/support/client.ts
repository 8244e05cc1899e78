/** A client of the service at a URL, whichever process answers there. */
import { print } from 'graphql';
import type { RunningService } from './service.ts';

/** POSTs operations to `url`; rejects when the connection ends without an answer. */
export function askAt(url: string): RunningService['ask'] {
  return async (document, variables, { token, language, headers } = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(language && { 'accept-language': language }),
        ...headers,
      },
      body: JSON.stringify({ query: typeof document === 'string' ? document : print(document), variables }),
    });
    const { data, errors = [] } = await response.json();
    return { status: response.status, headers: response.headers, data, errors };
  };
}
