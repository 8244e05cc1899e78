/** What a browser gets at `/graphql`: Apollo Sandbox, or where its hosts are out of reach the way to the local explorer. */
import { dataElement, FULL_HEIGHT, hashOf, type SentPage, webPage } from '../web-page.ts';
import { SEND } from './fill-in.ts';
import type { ExplorerOptions } from './step.ts';

// The version that Apollo Server's own landing page loads.
const SCRIPT_URL =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const FRAME_ORIGIN = 'https://sandbox.embed.apollographql.com';
const PATIENCE_MS = 10_000;

const STYLE = `
${FULL_HEIGHT}#sandbox { flex: 1; display: flex; min-height: 0; }
#sandbox iframe { flex: 1; border: 0; }
#loading { flex: none; width: 100%; margin: auto; padding: 1rem; text-align: center; color: var(--soft); }
#loading + iframe { visibility: hidden; }
`;

// The frame speaks first; a script that loads does not yet mean that the frame does.
const SCRIPT = `
${SEND}
const loading = document.getElementById('loading');

function goLocal() {
  if (loading.isConnected) location.replace('/explorer');
}

addEventListener('message', ({ origin }) => {
  if (origin === '${FRAME_ORIGIN}') loading.remove();
});
const script = document.createElement('script');
script.src = '${SCRIPT_URL}';
script.onerror = goLocal;
script.onload = () => {
  new EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: location.origin + '/graphql',
    endpointIsEditable: false,
    initialState: JSON.parse(document.getElementById('state').textContent),
    hideCookieToggle: false,
    handleRequest: send,
    runTelemetry: false,
    allowDynamicStyles: false,
  });
};
document.head.append(script);
setTimeout(goLocal, ${PATIENCE_MS});
`;

/** The page. Apollo's embedded Sandbox opens with one tab: it shows all steps in one document, with all their variables. */
export function apolloSandboxPage({ steps, hasOutbox }: ExplorerOptions): SentPage {
  const state = {
    ...(steps.length > 0 && { document: steps.map(({ document }) => document).join('\n\n') }),
    variables: Object.assign({}, ...steps.map(({ variables }) => variables)),
    headers: Object.assign({}, ...steps.map(({ headers }) => headers)),
  };
  return webPage({
    title: 'Customer subgraph: Apollo Sandbox',
    path: '/graphql',
    hasOutbox,
    style: STYLE,
    body: `<main id="sandbox">
<p id="loading">Apollo Sandbox is loading from the Internet. <a href="/explorer">Use the local explorer instead.</a></p>
</main>
${dataElement('state', state)}`,
    script: SCRIPT,
    policy: {
      'script-src': `${hashOf(SCRIPT)} ${new URL(SCRIPT_URL).origin}`,
      'frame-src': FRAME_ORIGIN,
    },
  });
}
