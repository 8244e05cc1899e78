/** Pages for a developer's browser: whole in themselves, one look for all, no script in them but their own. */
import { createHash } from 'node:crypto';

const PLACES = [
  { path: '/graphql', name: 'Apollo Sandbox' },
  { path: '/explorer', name: 'Local explorer' },
  { path: '/sandbox/outbox', name: 'Outbox' },
];

export interface WebPage {
  title: string;
  /** Of the page itself; the bar at the top marks it. */
  path: string;
  /** Whether the bar leads to the outbox. */
  hasOutbox: boolean;
  /** Comes after what all pages look like. */
  style: string;
  /** Comes into `<head>`, as it is. */
  head?: string;
  /** Comes after the bar, as it is. */
  body: string;
  /** Runs when all of the body is there. */
  script: string;
  /** Directives of the content security policy that differ from "nothing but this page and its origin's answers". */
  policy?: Record<string, string>;
}

// Colours keep a contrast of 4.5 and more on either ground.
const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f6f8; --paper: #fff; --ink: #17212b; --soft: #55616e; --line: #d5dce3;
  --accent: #0b6b62; --on-accent: #fff; --tint: #d9f2ee;
  font: 1rem/1.5 system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e141b; --paper: #18212b; --ink: #e8edf2; --soft: #a3b0bd; --line: #313d4a;
    --accent: #5fd9c8; --on-accent: #06201d; --tint: #12393a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.bar {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding: .375rem 1rem;
  background: var(--paper); border-bottom: 1px solid var(--line);
}
.bar strong { display: flex; align-items: center; gap: .5rem; }
.bar svg { width: 1.375rem; height: 1.375rem; fill: var(--accent); }
.bar nav { display: flex; flex-wrap: wrap; gap: .25rem; margin-inline-start: auto; }
.bar a { padding: .25rem .625rem; border-radius: .5rem; color: var(--soft); text-decoration: none; font-size: .9375rem; }
.bar a:hover { color: var(--ink); }
.bar a[aria-current] { background: var(--tint); color: var(--accent); font-weight: 600; }
@media (max-width: 32rem) {
  .bar { padding-inline: .5rem; }
  .bar strong { display: none; }
  .bar nav { margin-inline: auto; }
}
`;

/** Style of a page whose last element takes all the room that the bar leaves. */
export const FULL_HEIGHT = `
body { display: flex; flex-direction: column; height: 100vh; height: 100dvh; overflow: hidden; }
`;

const CROSS = 'M9 2h6v7h7v6h-7v7H9v-7H2V9h7z';
const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#0b6b62" d="${CROSS}"/></svg>`,
)}`;

/** A page as it is sent. */
export interface SentPage {
  html: string;
  /** Among them the content security policy: no other site may frame the page. */
  headers: Record<string, string>;
}

/** The page as HTML, and the headers that have to go with it. */
export function webPage({
  title,
  path,
  hasOutbox,
  style,
  head = '',
  body,
  script,
  policy,
}: WebPage): SentPage {
  const allStyle = STYLE + style;
  const directives = {
    'default-src': "'none'",
    'style-src': hashOf(allStyle),
    'script-src': hashOf(script),
    'connect-src': "'self'",
    'img-src': 'data:',
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...policy,
  };
  const links = PLACES.filter((place) => hasOutbox || place.name !== 'Outbox').map(
    (place) =>
      `<a href="${place.path}"${place.path === path ? ' aria-current="page"' : ''}>${place.name}</a>`,
  );
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${ICON}">
<style>${allStyle}</style>
${head}
</head>
<body>
<header class="bar">
<strong><svg viewBox="0 0 24 24" aria-hidden="true"><path d="${CROSS}"/></svg>Customer subgraph</strong>
<nav aria-label="Tools">${links.join('')}</nav>
</header>
${body}
<script>${script}</script>
</body>
</html>
`;
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': Object.entries(directives)
      .map(([name, sources]) => `${name} ${sources}`)
      .join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'strict-origin',
    'x-content-type-options': 'nosniff',
  };
  return { html, headers };
}

/** A source of the content security policy: this inline style or script and no other. */
export function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** An element that scripts of the page read `data` from, by its id. */
export function dataElement(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
