/** `POST /customer-changes`: the shop tells which customers it has changed, so that they are read anew. */
import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { Parts } from '../context.ts';
import { isM2Id } from '../datasources/m2/id.ts';
import { answerErrors, onlyWith, problem } from './service-route.ts';

const BODY_LIMIT_BYTES = 8 * 1024;
const USAGE = 'POST application/json {"customerIds": ["42"]}, 1 to 100 ids as text.';

const Changes = z.strictObject({ customerIds: z.array(z.string().refine(isM2Id)).min(1).max(100) });

/** The route, for whoever has the scope `customer:changed`. `changed` is told the ids; 204 once it has taken them. */
export function customerChanges(
  parts: Parts,
  changed: (customerIds: readonly string[]) => Promise<void>,
): FastifyPluginAsync {
  return async (app) => {
    answerErrors(app, parts, USAGE);
    app.post('/customer-changes', {
      bodyLimit: BODY_LIMIT_BYTES,
      onRequest: onlyWith('customer:changed', parts),
      handler: async ({ body }, reply) => {
        const { data } = Changes.safeParse(body);
        if (!data) return reply.status(400).send(problem('invalid_request', USAGE));
        await changed(data.customerIds);
        return reply.status(204).send();
      },
    });
  };
}
