/** The outbox in the browser: every message of the sandbox, newest first, with the codes in plain sight. */
import { PassThrough } from 'node:stream';
import type { FastifyPluginCallback } from 'fastify';
import { escapeHtml, type SentPage, webPage } from '../web-page.ts';
import type { Outbox, OutboxMessage } from './outbox.ts';

const RECONNECT_MS = 1000;

const STYLE = `
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: .5rem 0; }
.about { display: flex; flex-wrap: wrap; gap: 0 1rem; justify-content: space-between; color: var(--soft); }
.about p { margin: 0; }
#state::before { content: ''; display: inline-block; width: .625rem; height: .625rem; margin-inline-end: .375rem;
  border-radius: 50%; background: currentColor; }
#state.live { color: var(--accent); }
ol { list-style: none; margin: 0; padding: 0; }
.empty { margin-block: 3rem; text-align: center; color: var(--soft); }
article { margin-block: 1rem; padding: 1rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
article header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .125rem .75rem; }
h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
.kind { padding: .125rem .5rem; border-radius: 1rem; background: var(--tint); color: var(--accent); font-size: .8125rem; font-weight: 600; }
time { margin-inline-start: auto; color: var(--soft); font-size: .875rem; }
.code { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: .75rem 0 0; }
.code strong { font: 600 1.75rem/1.2 ui-monospace, 'DejaVu Sans Mono', monospace; letter-spacing: .125em; }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .25rem 1.25rem; border: 0; border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); cursor: pointer; }
.subject { margin: .75rem 0 0; font-weight: 600; overflow-wrap: anywhere; }
.text { margin: .75rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { padding: 0 .25em; border-radius: .25rem; background: var(--tint); color: inherit; font-weight: 600; unicode-bidi: isolate; }
#said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[lang|='ar'] { line-height: 1.8; }
@media (prefers-reduced-motion: no-preference) {
  .new { animation: arrive .5s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(-.75rem); border-color: var(--accent); } }
}
`;

// What stays is left as it is: what a reader has selected or focused, and what a screen reader has read out.
// Hidden pages hold no connection, for a browser has six of them to spare for each server.
const SCRIPT = `
const list = document.querySelector('ol');
const empty = document.querySelector('.empty');
const state = document.getElementById('state');
const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
let events;
let refreshed = Promise.resolve();

function localTimes(root) {
  for (const each of root.querySelectorAll('time')) each.textContent = time.format(new Date(each.dateTime));
}

async function refresh() {
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
  if (!answer.ok) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const wanted = [...page.querySelectorAll('ol > li')];
  const ids = new Set(wanted.map(({ id }) => id));
  for (const item of [...list.children]) if (!ids.has(item.id)) item.remove();
  let before = list.firstElementChild;
  for (const item of wanted) {
    if (before?.id === item.id) before = before.nextElementSibling;
    else {
      localTimes(item);
      item.firstElementChild.classList.add('new');
      list.insertBefore(item, before);
    }
  }
  empty.hidden = wanted.length > 0;
}

function tell(isLive) {
  const text = isLive ? 'Live' : 'Waiting for the service';
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle('live', isLive);
}

function follow() {
  events?.close();
  if (document.hidden) return;
  const mine = events = new EventSource(location.pathname + '/events');
  mine.onmessage = () => {
    // One after the other, so that no older page comes after a newer one.
    refreshed = refreshed.then(refresh).then(() => tell(true), () => tell(false));
  };
  mine.onerror = () => {
    tell(false);
    // It comes back by itself unless something else than the service answers.
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === events && follow(), ${RECONNECT_MS});
  };
}

async function copy(button) {
  const code = button.parentElement.querySelector('strong');
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Over plain HTTP from another machine, such as a phone, there is no clipboard to write to.
    getSelection().selectAllChildren(code);
    document.execCommand('copy');
  }
  document.getElementById('said').textContent = 'Copied ' + code.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

list.addEventListener('click', ({ target }) => {
  if (target.matches('button')) copy(target);
});
document.addEventListener('visibilitychange', follow);
localTimes(list);
follow();
`;

const CODE = /(?<![\w+])\d{6}(?!\w)/;
const LINK = /https?:\/\/[^\s<>"']+/;
const PIECES = new RegExp(`(${LINK.source}|${CODE.source})`);

/** Codes stand out, links can be followed; every piece is escaped on its own. */
function markedUp(text: string): string {
  return text
    .split(PIECES)
    .map((piece) => {
      if (/^\d{6}$/.test(piece)) return `<mark>${piece}</mark>`;
      if (/^https?:\/\//.test(piece))
        return `<a href="${escapeHtml(piece)}" rel="noreferrer" dir="ltr">${escapeHtml(piece)}</a>`;
      return escapeHtml(piece);
    })
    .join('');
}

/** The code on its own, as large as it matters, with a button that copies it. */
function codeLine(text: string): string {
  const [code] = CODE.exec(text.replace(new RegExp(LINK, 'g'), '')) ?? [];
  if (code === undefined) return '';
  return `<p class="code"><strong>${code}</strong><button type="button" aria-label="Copy ${code}">Copy</button></p>`;
}

function item({ id, at, channel, to, subject, text, language }: OutboxMessage): string {
  const isArabic = /^ar\b/.test(language);
  const written = `lang="${escapeHtml(language)}" dir="${isArabic ? 'rtl' : 'auto'}"`;
  const time = at.toISOString();
  return `<li id="m${at.getTime()}-${id}"><article>
<header>
<span class="kind">${channel === 'sms' ? 'SMS' : 'E-mail'}</span>
<h2>${escapeHtml(to)}</h2>
<time datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time>
</header>
${codeLine(text)}
${subject === undefined ? '' : `<p class="subject" ${written}>${escapeHtml(subject)}</p>`}
<p class="text" ${written}>${markedUp(text)}</p>
</article></li>`;
}

function page(messages: readonly OutboxMessage[]): SentPage {
  return webPage({
    title: 'Outbox of the sandbox',
    path: '/sandbox/outbox',
    hasOutbox: true,
    style: STYLE,
    head: '<noscript><meta http-equiv="refresh" content="5"></noscript>',
    body: `<main>
<h1>Outbox</h1>
<div class="about">
<p>SMS and e-mails of the sandbox, newest first. Nothing leaves this machine.</p>
<p id="state" role="status"></p>
</div>
<p class="empty"${messages.length > 0 ? ' hidden' : ''}>Nothing was sent yet. Run an operation that sends a code: it is here at once.</p>
<div aria-live="polite" aria-relevant="additions"><ol>${messages.map(item).join('\n')}</ol></div>
<p id="said" role="status"></p>
</main>`,
    script: SCRIPT,
  });
}

/**
 * `GET /sandbox/outbox`, the page; `GET /sandbox/outbox.json`, the messages; `GET /sandbox/outbox/events`, an event
 * at the beginning and after every message.
 */
export function outboxRoutes(outbox: Outbox): FastifyPluginCallback {
  return (app, _options, done) => {
    const open = new Set<PassThrough>();
    // Those who listen would otherwise keep the server from closing.
    app.addHook('preClose', (closed) => {
      for (const stream of open) stream.end();
      closed();
    });
    app.get('/sandbox/outbox', async (_request, reply) => {
      const { html, headers } = page(outbox.list());
      return reply.headers(headers).send(html);
    });
    app.get('/sandbox/outbox.json', async (_request, reply) =>
      reply.header('cache-control', 'no-store').send(outbox.list()),
    );
    app.get('/sandbox/outbox/events', { exposeHeadRoute: false }, (_request, reply) => {
      const stream = new PassThrough();
      const stopListening = outbox.onAdded(() => stream.write('data: added\n\n'));
      open.add(stream);
      stream.once('close', () => {
        stopListening();
        open.delete(stream);
      });
      stream.write(`retry: ${RECONNECT_MS}\ndata: begun\n\n`);
      reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
    });
    done();
  };
}
