/** `POST /introspect` (RFC 7662): tells other services whether a token is good at this moment. */
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Bearer } from '../auth/bearer.ts';
import type { Parts } from '../context.ts';
import { answerErrors, onlyWith, problem } from './service-route.ts';

const FORM = 'application/x-www-form-urlencoded';
// A token has less than one; whoever asks sends little besides.
const BODY_LIMIT_BYTES = 8 * 1024;

const INACTIVE = { active: false };

/** The route. */
export function introspection(parts: Parts): FastifyPluginAsync {
  const { auth } = parts;

  return async (app) => {
    takeOnlyForms(app);
    answerErrors(app, parts, `POST ${FORM} with \`token\`.`);
    app.post('/introspect', {
      onRequest: onlyWith('introspect', parts),
      handler: async ({ body }, reply) => {
        const [token, ...more] = body instanceof URLSearchParams ? body.getAll('token') : [];
        if (!token || more.length > 0) {
          return reply.status(400).send(problem('invalid_request', 'Send one parameter `token`, and once.'));
        }
        const bearer = await auth.findBearer(token);
        // Elsewhere a minute of clock skew is allowed; who asks here is told by the clock that signed it.
        const isGood = bearer !== null && bearer.claims.expiresAt.getTime() > Date.now();
        return isGood ? describe(bearer, parts) : INACTIVE;
      },
    });
  };
}

function describe({ kind, claims }: Bearer, { config: { tokens } }: Parts) {
  const common = {
    active: true,
    token_type: 'Bearer',
    iss: tokens.issuer,
    aud: tokens.audience,
    exp: secondsOf(claims.expiresAt),
  };
  return kind === 'customer'
    ? {
        ...common,
        sub: claims.customerId,
        sid: claims.sessionId,
        auth_time: secondsOf(claims.authTime),
        amr: claims.amr,
      }
    : { ...common, sub: `service:${claims.name}`, scope: [...claims.scopes].join(' ') };
}

function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function takeOnlyForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    FORM,
    { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body: string, done) => done(null, new URLSearchParams(body)),
  );
}
