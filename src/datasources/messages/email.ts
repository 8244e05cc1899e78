/** E-mails, over SMTP. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import { type Span, type SpanStart, withinSpan } from '../../operation.ts';
import type { EmailContent } from '../../texts/email.ts';
import type { Language } from '../../texts/texts.ts';
import type { UpstreamObserver } from '../http/lanes.ts';

/** One e-mail. */
export interface EmailMessage extends EmailContent {
  /** One address; a list would be taken for one strange address and refused. */
  to: string;
  language: Language;
}

/** The way out for e-mails. */
export interface EmailPort {
  /** Resolves once the server has taken the message; rejects with `UPSTREAM_UNAVAILABLE` when it has not. */
  send(message: EmailMessage): Promise<void>;
  close(): Promise<void>;
}

/** What the client of a mail server needs to know. */
export interface EmailOptions {
  /** `smtp://` or `smtps://`, user and password in it if needed. */
  url: string;
  /** Sender of all messages, such as `Pharmacy <no-reply@example.com>`. */
  from: string;
  log: Logger;
  observe?: UpstreamObserver;
  /** For connecting, for the greeting, and for each silence. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** The mail server at `url`, over a few connections that are kept open between messages. */
export function connectEmail(options: EmailOptions): EmailPort {
  const { url, from, log, observe, timeoutMs = TIMEOUT_MS } = options;

  /** Loaded with the first message: a process that has just started has others to answer. */
  async function loadTransport() {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      pool: true,
      url,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      // Contents are texts of ours; nothing in them may make the mailer read a file or fetch a page.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
  let transport: ReturnType<typeof loadTransport> | undefined;
  const start: SpanStart = {
    name: 'SMTP send',
    kind: 'client',
    attributes: { 'peer.service': 'email', 'server.address': new URL(url).hostname },
  };

  async function send(
    { to, subject, text, html, language }: EmailMessage,
    span: Span | undefined,
  ): Promise<void> {
    const startedAt = performance.now();
    const sent = (status: number | null) =>
      observe?.sent({
        upstream: 'email',
        method: 'SMTP',
        route: 'send',
        status,
        seconds: (performance.now() - startedAt) / 1000,
      });
    try {
      transport ??= loadTransport();
      await (await transport).sendMail({
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        headers: {
          'Content-Language': language,
          // Keeps holiday notes from answering (RFC 3834).
          'Auto-Submitted': 'auto-generated',
        },
      });
      sent(250);
      log.debug({ upstream: 'email', ms: msSince(startedAt) }, 'e-mail taken');
    } catch (error) {
      // The server's own words repeat the address, so only its codes are passed on.
      const codes = codesOf(error);
      sent(codes.status ?? null);
      span?.fail(codes.code ?? 'UPSTREAM_UNAVAILABLE');
      log.warn({ upstream: 'email', ...codes, ms: msSince(startedAt) }, 'e-mail not taken');
      throw new Failure('UPSTREAM_UNAVAILABLE', {
        detail: `email: ${[codes.code, codes.status].filter(Boolean).join(' ') || 'no answer'}`,
      });
    } finally {
      span?.end();
    }
  }

  return {
    send: (message) =>
      withinSpan(
        () => start,
        (span) => send(message, span),
      ),
    async close() {
      (await transport)?.close();
    },
  };
}

function codesOf(error: unknown): { code?: string; status?: number } {
  if (!(error instanceof Error)) return {};
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof responseCode === 'number' && { status: responseCode }),
  };
}

function msSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt);
}
