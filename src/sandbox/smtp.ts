/** The stand-in of the mail server: takes every mail and delivers it to the outbox. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Logger } from '../logger.ts';
import type { StandIn } from './listen.ts';
import type { Outbox } from './outbox.ts';

async function deliver(
  outbox: Outbox,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<void> {
  const mail = await PostalMime.parse(await buffer(stream));
  const language = mail.headers.find(({ key }) => key === 'content-language')?.value;
  for (const { address } of session.envelope.rcptTo) {
    outbox.add({
      channel: 'email',
      to: address,
      subject: mail.subject ?? '',
      text: mail.text ?? '',
      ...(mail.html !== undefined && { html: mail.html }),
      language: language ?? 'en',
    });
  }
}

/** Listens on a free port of the loopback interface, without TLS and without sign-in; `url` is `smtp://…`. */
export async function startSmtp(outbox: Outbox, log: Logger): Promise<StandIn> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, session, done) {
      deliver(outbox, stream, session).then(() => done(), done);
    },
  });
  server.on('error', (error) => log.warn({ err: error }, 'the mail stand-in lost a connection'));
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
