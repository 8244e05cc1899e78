/** Apollo Client for the customer graph: signs operations, renews the session, repeats what may succeed later. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, ServerError, ServerParseError } from '@apollo/client/errors';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { relayStylePagination } from '@apollo/client/utilities';
import { from, map, of, switchMap } from 'rxjs';
import possible from './generated/possible-types.ts';
import { createSession, type Session, type SessionOptions } from './session.ts';

// For screens and mutations `data` keeps what could be answered, beside `error` for what could not.
declare module '@apollo/client' {
  namespace ApolloClient.DeclareDefaultOptions {
    interface WatchQuery {
      errorPolicy: 'all';
    }
    interface Mutate {
      errorPolicy: 'all';
    }
  }
}

const ATTEMPTS = 4;

export interface CustomerClient {
  client: ApolloClient;
  session: Session;
}

export function createCustomerClient(options: Omit<SessionOptions, 'onSignedIn'>): CustomerClient {
  const { url, language } = options;
  const session = createSession({
    ...options,
    onSignedIn: () => client.resetStore(),
    onSignedOut(message) {
      // Clearing cancels what is under way: those who wait for the session get their own answer first.
      setTimeout(() => client.clearStore());
      options.onSignedOut(message);
    },
  });

  const headers = new SetContextLink(({ headers }, { operationType }) => ({
    headers: {
      'accept-language': language(),
      // One key for all attempts at a mutation, so that it is done once however often it is sent.
      ...(operationType === 'mutation' && { 'idempotency-key': crypto.randomUUID() }),
      ...headers,
    },
  }));

  const renewal = new ErrorLink(({ error, result, operation, forward }) => {
    const { token } = operation.getContext();
    const isRefused = CombinedGraphQLErrors.is(error) && hasCode(error, 'UNAUTHENTICATED');
    if (!isRefused || !token || !result) return;
    return from(session.renew(token)).pipe(
      switchMap((renewed) => (renewed === null ? of(result) : forward(operation))),
    );
  });

  const authorization = new SetContextLink(async ({ headers }) => {
    const token = await session.accessToken();
    return { token, headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } };
  });

  const retry = new RetryLink({
    attempts: (count, _operation, error) => count < ATTEMPTS && isPassing(error),
    delay: (count, _operation, error) => Math.max(retryAfterMs(error), Math.random() * 300 * 2 ** count),
  });

  // `RetryLink` knows errors only. An answer with anything in it is shown, not asked for again.
  const emptyAnswers = new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      map((result) => {
        const isEmpty = Object.values(result.data ?? {}).every((field) => field === null);
        const error = isEmpty && result.errors ? new CombinedGraphQLErrors(result) : null;
        if (error && isPassing(error)) throw error;
        return result;
      }),
    ),
  );

  const client = new ApolloClient({
    link: ApolloLink.from([headers, renewal, authorization, retry, emptyAnswers, new HttpLink({ uri: url })]),
    cache: new InMemoryCache({
      possibleTypes: possible.possibleTypes,
      typePolicies: {
        Customer: { fields: { notifications: relayStylePagination() } },
        Country: { keyFields: ['code'] },
        City: { keyFields: ['code'] },
        CustomerPhone: { merge: true },
        CustomerWallet: { merge: true },
        LoyaltyMembership: { merge: true },
        // Tells what is gone; it is no object of its own.
        Deleted: { keyFields: false },
      },
    }),
    defaultOptions: {
      // What could not be answered is null in the cache as well: a screen that opens asks again.
      watchQuery: { errorPolicy: 'all', fetchPolicy: 'cache-and-network' },
      mutate: { errorPolicy: 'all' },
    },
  });
  return { client, session };
}

function hasCode({ errors }: CombinedGraphQLErrors, code: string): boolean {
  return errors.some(({ extensions }) => extensions?.code === code);
}

/** Whether the same operation may succeed later: the connection broke, or the service says so. */
function isPassing(error: unknown): boolean {
  if (CombinedGraphQLErrors.is(error)) return error.errors.every(({ extensions }) => extensions?.retryable);
  if (ServerError.is(error)) return error.statusCode >= 502 && error.statusCode <= 504;
  return !ServerParseError.is(error);
}

function retryAfterMs(error: unknown): number {
  const seconds = ServerError.is(error) ? Number(error.response.headers.get('retry-after')) : 0;
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}
