/** The outbox in the browser: every message of the sandbox, newest first, with the codes in plain sight. */
import { createHash } from 'node:crypto';
import type { FastifyPluginCallback } from 'fastify';
import type { Outbox, OutboxMessage } from './outbox.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
ol { list-style: none; padding: 0; }
li { border: 1px solid #8886; border-radius: .5rem; padding: 1rem; margin-block: 1rem; }
h2 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { font: 600 1.25em ui-monospace, monospace; padding: 0 .25em; border-radius: .25rem; }
time, .kind { opacity: .75; }
`;

// Replaces the list only when it changed, so that what a reader has selected or a screen reader reads stays.
const SCRIPT = `
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const [shown, current] = [document.querySelector('main'), page.querySelector('main')];
    if (answer.ok && current && shown.innerHTML !== current.innerHTML) shown.replaceChildren(...current.children);
  } catch {}
}, 2000);
`;

function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Codes stand out, links can be followed; every piece is escaped on its own. */
function markedUp(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']+|(?<![\w+])\d{6}(?!\w))/)
    .map((piece) => {
      if (/^\d{6}$/.test(piece)) return `<mark>${piece}</mark>`;
      if (/^https?:\/\//.test(piece))
        return `<a href="${escaped(piece)}" rel="noreferrer">${escaped(piece)}</a>`;
      return escaped(piece);
    })
    .join('');
}

function item({ at, channel, to, subject, text, language }: OutboxMessage): string {
  const lang = escaped(language);
  return `<li>
<h2><span class="kind">${channel === 'sms' ? 'SMS' : 'E-mail'} to</span> ${escaped(to)}</h2>
<p><time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')} UTC</time></p>
${subject === undefined ? '' : `<p lang="${lang}" dir="auto"><strong>${escaped(subject)}</strong></p>`}
<p class="text" lang="${lang}" dir="auto">${markedUp(text)}</p>
</li>`;
}

function page(messages: readonly OutboxMessage[]): string {
  const list =
    messages.length === 0 ? '<p>Nothing was sent yet.</p>' : `<ol>${messages.map(item).join('\n')}</ol>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Outbox of the sandbox</title>
<style>${STYLE}</style>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body>
<h1>Outbox</h1>
<p>SMS and e-mails of the sandbox, newest first. Nothing leaves this machine.</p>
<main aria-live="polite">${list}</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** `GET /sandbox/outbox`, the page, and `GET /sandbox/outbox.json`, the messages. */
export function outboxRoutes(outbox: Outbox): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/sandbox/outbox', async (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .headers({
          'content-security-policy': POLICY,
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
        })
        .send(page(outbox.list())),
    );
    app.get('/sandbox/outbox.json', async (_request, reply) =>
      reply.header('cache-control', 'no-store').send(outbox.list()),
    );
    done();
  };
}
