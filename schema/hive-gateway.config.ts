/**
 * Hive Gateway in front of this subgraph; nothing of it needs an account.
 *
 * `npm install @graphql-hive/gateway jose`, then `hive-gateway supergraph supergraph.graphql -c hive-gateway.config.ts`
 * with these in the environment:
 * - `CUSTOMER_ROUTER_SECRET`: one of the service's ROUTER_SECRETS;
 * - `CUSTOMER_JWKS_URL`, `TOKEN_ISSUER`, `TOKEN_AUDIENCE`: where the service's keys are, and what its tokens say.
 */
import type { IncomingMessage } from 'node:http';
import type { GatewayConfigSupergraph } from '@graphql-hive/gateway-runtime';
import { GraphQLError } from 'graphql';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const PASSED_ON = ['authorization', 'accept-language', 'idempotency-key', 'x-request-id', 'traceparent'];
const KEYS_ARE_AWAY = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

export function gatewayConfigOf(env: NodeJS.ProcessEnv) {
  const keys = createRemoteJWKSet(
    new URL(env.CUSTOMER_JWKS_URL ?? 'http://localhost:4000/.well-known/jwks.json'),
  );
  const token = {
    issuer: env.TOKEN_ISSUER ?? 'customer-subgraph',
    audience: env.TOKEN_AUDIENCE ?? 'customer-api',
    typ: 'at+jwt',
    algorithms: ['EdDSA', 'ES256'],
  };

  /** What a good token says; `null` without one. An expired one is no error, or nobody could renew a session. */
  async function customerOf(authorization: string | undefined): Promise<object | null> {
    const [, jwt] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
    if (jwt === undefined) return null;
    try {
      return (await jwtVerify(jwt, keys, token)).payload;
    } catch (error) {
      const isBad = error instanceof errors.JOSEError && !KEYS_ARE_AWAY.includes(error.code);
      // Without the keys nobody can tell here: the subgraph, which has them, decides.
      return isBad ? null : {};
    }
  }

  return {
    supergraph: 'supergraph.graphql',
    propagateHeaders: {
      fromClientToSubgraphs({ request, context, subgraphName }) {
        const passed = PASSED_ON.map((name) => [name, request.headers.get(name)] as const);
        if (subgraphName !== 'customer') return Object.fromEntries(passed);
        return {
          ...Object.fromEntries(passed),
          'x-forwarded-for': forwardedFor(request, context as { req?: IncomingMessage }),
          'router-authorization': env.CUSTOMER_ROUTER_SECRET,
        };
      },
    },
    genericAuth: {
      mode: 'protect-granular',
      // Fields without @authenticated are answered all the same.
      rejectUnauthenticated: false,
      resolveUserFn: ({ headers }) => customerOf(headers.authorization),
      validateUser({ user, fieldAuthArgs, fieldNode, path }) {
        if (user !== null || fieldAuthArgs === undefined) return;
        return new GraphQLError('Sign in to see this.', {
          nodes: [fieldNode],
          path,
          extensions: { code: 'UNAUTHENTICATED', retryable: false },
        });
      },
    },
    // The service refuses an operation above 2000 by the same weights.
    demandControl: { maxCost: 2000, listSize: 20 },
    // Above the service's OPERATION_TIMEOUT_MS (15 s).
    upstreamTimeout: 20_000,
    disableIntrospection: env.NODE_ENV === 'production' ? {} : undefined,
  } satisfies GatewayConfigSupergraph;
}

/** The addresses that proxies before this one have named, then the one that speaks to this one. */
function forwardedFor(request: Request, { req }: { req?: IncomingMessage }): string {
  return [request.headers.get('x-forwarded-for'), req?.socket.remoteAddress].filter(Boolean).join(', ');
}

export const gatewayConfig = gatewayConfigOf(process.env);
