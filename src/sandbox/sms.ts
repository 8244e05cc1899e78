/** The stand-in of the SMS provider. */
import { z } from 'zod';
import { listen, type StandIn } from './listen.ts';
import type { Outbox } from './outbox.ts';

const Sms = z.object({
  to: z.string().regex(/^\+[1-9]\d{6,14}$/),
  text: z.string().min(1),
  language: z.enum(['en', 'ar']),
});

/** `POST /` with `{to, text, language}`: 202 and the message is in the outbox, 400 for anything else. */
export function startSms(outbox: Outbox): Promise<StandIn> {
  return listen((app) => {
    app.post('/', async (request, reply) => {
      const sms = Sms.safeParse(request.body);
      if (!sms.success) return reply.code(400).send({ message: 'to, text and language are required' });
      const { id } = outbox.add({ channel: 'sms', ...sms.data });
      return reply.code(202).send({ id: String(id) });
    });
  });
}
