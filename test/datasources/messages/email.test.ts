import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import PostalMime, { type Email as ReadEmail } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { connectEmail } from '../../../src/datasources/messages/email.ts';
import { createLogger } from '../../../src/logger.ts';
import { notice } from '../../../src/texts/email.ts';

const from = 'Pharmacy <no-reply@example.com>';
const message = { to: 'sara@example.com', language: 'ar', ...notice('ar', 'passwordChanged') } as const;

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A mail server that keeps what it takes, and a client of it. */
async function mailbox({ refuse = false } = {}) {
  const taken: { recipients: string[]; mail: ReadEmail }[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onConnect(_session, done) {
      connections += 1;
      done();
    },
    onRcptTo({ address }, _session, done) {
      done(refuse ? new Error(`no mailbox ${address} here`) : null);
    },
    async onData(stream, session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      const mail = await PostalMime.parse(Buffer.concat(chunks));
      taken.push({ recipients: session.envelope.rcptTo.map(({ address }) => address), mail });
      done();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const lines: string[] = [];
  const log = createLogger('trace', { write: (line) => void lines.push(line) });
  const email = connectEmail({ url: `smtp://127.0.0.1:${port}`, from, log, timeoutMs: 2_000 });
  opened.push(email, { close: () => new Promise<void>((resolve) => server.close(() => resolve())) });
  return { email, taken, lines, connections: () => connections };
}

test('an Arabic e-mail arrives whole, as text and as a right-to-left page', async () => {
  const { email, taken } = await mailbox();
  await email.send(message);
  expect(taken).toHaveLength(1);
  const mail = taken[0]?.mail;
  expect(taken[0]?.recipients).toEqual(['sara@example.com']);
  expect(mail?.from).toMatchObject({ name: 'Pharmacy', address: 'no-reply@example.com' });
  expect(mail?.to).toMatchObject([{ address: 'sara@example.com' }]);
  expect(mail?.subject).toBe('جرى تغيير كلمة المرور');
  expect(mail?.text?.trim()).toBe(message.text);
  expect(mail?.html?.trim()).toBe(message.html);
  expect(mail?.html).toContain('dir="rtl"');
  const headers = new Map(mail?.headers.map(({ key, value }) => [key, value]));
  expect(headers.get('content-language')).toBe('ar');
  expect(headers.get('auto-submitted')).toBe('auto-generated');
});

test('many messages share a few connections', async () => {
  const { email, taken, connections } = await mailbox();
  await Promise.all(Array.from({ length: 20 }, () => email.send(message)));
  expect(taken).toHaveLength(20);
  expect(connections()).toBeLessThanOrEqual(5);
});

test('one message goes to one address: a list or a line break adds no recipient', async () => {
  const { email, taken } = await mailbox();
  const hostile = ['sara@example.com, eve@example.com', 'sara@example.com\r\nBcc: eve@example.com'];
  await Promise.allSettled(hostile.map((to) => email.send({ ...message, to })));
  await email.send({ ...message, subject: 'a\r\nBcc: eve@example.com' });
  expect(taken.flatMap(({ recipients }) => recipients)).not.toContain('eve@example.com');
  expect(taken.some(({ mail }) => mail.bcc?.length)).toBe(false);
});

test('a refused message is a failure, and neither it nor the log tells the address', async () => {
  const { email, lines } = await mailbox({ refuse: true });
  const failure = await email.send(message).catch((error: Error) => error);
  expect(failure).toMatchObject({
    name: 'Failure',
    code: 'UPSTREAM_UNAVAILABLE',
    detail: 'email: EENVELOPE 550',
  });
  const written = `${lines.join('')}${JSON.stringify(failure)}${failure ? failure.stack : ''}`;
  expect(written).toContain('550');
  expect(written).not.toContain('sara');
});

test('an absent or silent mail server is a failure within the timeout', async () => {
  const log = createLogger('silent');
  const absent = connectEmail({ url: 'smtp://127.0.0.1:1', from, log, timeoutMs: 200 });
  await expect(absent.send(message)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });

  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const waiting = connectEmail({ url: `smtp://127.0.0.1:${port}`, from, log, timeoutMs: 200 });
  opened.push(absent, waiting, silent);
  const startedAt = performance.now();
  await expect(waiting.send(message)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
