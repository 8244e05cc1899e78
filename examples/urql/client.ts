/** urql for the customer graph: signs operations, renews the session, repeats what may succeed later. */
import {
  Client,
  type CombinedError,
  cacheExchange,
  fetchExchange,
  makeOperation,
  mapExchange,
  type Operation,
} from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { retryExchange } from '@urql/exchange-retry';
import { createSession, type Session, type SessionOptions } from './session.ts';

export interface CustomerClient {
  /** Another one for each who signs in or out, for the former's cache is not theirs: read it at each use. */
  readonly client: Client;
  session: Session;
}

export function createCustomerClient(options: Omit<SessionOptions, 'onSignedIn'>): CustomerClient {
  const session = createSession({
    ...options,
    onSignedIn() {
      client = clientOf(options, session);
    },
    onSignedOut(message) {
      client = clientOf(options, session);
      options.onSignedOut(message);
    },
  });
  let client = clientOf(options, session);
  return {
    session,
    get client() {
      return client;
    },
  };
}

function clientOf({ url, language }: Pick<SessionOptions, 'url' | 'language'>, session: Session): Client {
  let refused: string | null | undefined;

  return new Client({
    url,
    // By GET the service wants a header that urql does not send; and variables have no place in a URL.
    preferGetMethod: false,
    // An answer with errors is cached as it is: ask again while it is shown.
    requestPolicy: 'cache-and-network',
    fetchOptions: () => ({ headers: { 'accept-language': language() } }),
    exchanges: [
      cacheExchange,
      idempotencyKeys,
      authExchange(async ({ appendHeaders }) => ({
        addAuthToOperation(operation) {
          const token = session.current();
          return token === null ? operation : appendHeaders(operation, { authorization: `Bearer ${token}` });
        },
        willAuthError: () => session.isDue(),
        didAuthError(error, operation) {
          const sent = headersOf(operation).get('authorization')?.replace('Bearer ', '');
          refused = sent;
          return sent !== undefined && hasCode(error, 'UNAUTHENTICATED');
        },
        async refreshAuth() {
          await (session.isDue() ? session.accessToken() : session.renew(refused));
        },
      })),
      // After the one above, which signs. The first pause is longer than the second that a busy service asks for.
      retryExchange({ initialDelayMs: 700, maxNumberAttempts: 4, retryIf: isPassing }),
      fetchExchange,
    ],
  });
}

/** One key for all attempts at a mutation, so that it is done once however often it is sent. */
const idempotencyKeys = mapExchange({
  onOperation(operation) {
    if (operation.kind !== 'mutation') return operation;
    const headers = headersOf(operation);
    if (!headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
    const fetchOptions = { ...fetchOptionsOf(operation), headers: Object.fromEntries(headers) };
    return makeOperation(operation.kind, operation, { ...operation.context, fetchOptions });
  },
});

function fetchOptionsOf({ context: { fetchOptions } }: Operation): RequestInit {
  return (typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions) ?? {};
}

function headersOf(operation: Operation): Headers {
  return new Headers(fetchOptionsOf(operation).headers);
}

function hasCode({ graphQLErrors }: CombinedError, code: string): boolean {
  return graphQLErrors.some(({ extensions }) => extensions.code === code);
}

/**
 * Whether the same operation may succeed later: the connection broke, or the service says so. What is missing
 * deeper in an answer is no reason to ask again before the rest is shown.
 */
function isPassing({ networkError, graphQLErrors }: CombinedError): boolean {
  if (networkError) return true;
  return graphQLErrors.every(({ path = [], extensions }) => extensions.retryable && path.length <= 1);
}
