/** GraphiQL from its package, for where nothing can be loaded from the Internet. */
import type { FastifyPluginCallback } from 'fastify';
import { dataElement, FULL_HEIGHT, hashOf, type SentPage, webPage } from '../web-page.ts';
import { SEND } from './fill-in.ts';
import type { ExplorerOptions } from './step.ts';

// A tab would otherwise jump aside under the first click on it.
const TABS = '#graphiql .graphiql-tab { transform: none !important; }';

const STYLE = `
${TABS}
${FULL_HEIGHT}#graphiql { flex: 1; min-height: 0; }
#graphiql .graphiql-container { height: 100%; }
#graphiql .graphiql-logo { font-size: 1rem; }
#missing { margin: auto; padding: 1rem; text-align: center; }
@media (max-width: 48rem) {
  #graphiql #graphiql-session { flex-direction: column; }
  #graphiql #graphiql-session > * { min-height: 0; }
  #graphiql .graphiql-editors { flex-grow: 2 !important; }
  #graphiql .graphiql-horizontal-drag-bar, #graphiql .graphiql-logo { display: none; }
}
`;

// GraphiQL takes variables and headers of the first tab from elsewhere than those of the others.
const SCRIPT = `
${SEND}
const root = document.getElementById('graphiql');

self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_module, label) => '/explorer/' + label + '.js' };

async function fetcher({ query, operationName, variables }, { headers } = {}) {
  // For a moment after a change of tabs it still names the operation of the one before.
  const isThere = query.includes(operationName);
  const response = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables, ...(isThere && { operationName }) }),
  });
  return response.json();
}

if (self.YogaGraphiQL) {
  const tabs = JSON.parse(document.getElementById('tabs').textContent);
  const isFirstTime = sessionStorage.getItem('graphiql:tabState') === null;
  YogaGraphiQL.renderYogaGraphiQL(root, {
    fetcher,
    storage: sessionStorage,
    defaultTabs: tabs,
    ...(isFirstTime && { initialVariables: tabs[0].variables, initialHeaders: tabs[0].headers }),
    onEditQuery: () => {},
    title: 'Graph<em>i</em>QL',
    logo: '',
  });
} else {
  document.getElementById('missing').hidden = false;
}
`;

function page({ steps, hasOutbox }: ExplorerOptions): SentPage {
  const tabs = steps.map(({ document, variables, headers }) => ({
    query: document,
    variables: variables && JSON.stringify(variables, null, 2),
    headers: headers && JSON.stringify(headers, null, 2),
  }));
  return webPage({
    title: 'Customer subgraph: local explorer',
    path: '/explorer',
    hasOutbox,
    style: STYLE,
    head: '<link rel="stylesheet" href="/explorer/graphiql.css">',
    body: `<main id="graphiql"><p id="missing" hidden>GraphiQL is a development dependency and not installed here:
run <code>npm ci</code> without <code>--omit=dev</code>.</p></main>
${dataElement('tabs', tabs.length > 0 ? tabs : [{}])}
<script src="/explorer/graphiql.js"></script>`,
    script: SCRIPT,
    policy: {
      'script-src': `${hashOf(SCRIPT)} 'self'`,
      // Its editor makes style elements as it goes.
      'style-src': "'self' 'unsafe-inline'",
      'font-src': 'data:',
      'worker-src': "'self'",
    },
  });
}

/** The parts of GraphiQL by file name; `null` where it is not installed. Loaded when first asked for: it is large. */
async function partsOfGraphiQL(): Promise<Record<string, string> | null> {
  try {
    const parts = await import('@graphql-yoga/render-graphiql/graphiql');
    return {
      'graphiql.js': parts.js,
      'graphiql.css': parts.css,
      'editorWorkerService.js': parts.editorWorkerService,
      'json.js': parts.jsonWorker,
      'graphql.js': parts.graphqlWorker,
    };
  } catch {
    return null;
  }
}

/** `GET /explorer`, the page, and beneath it what it is made of. */
export function graphiqlRoutes(options: ExplorerOptions): FastifyPluginCallback {
  return (app, _options, done) => {
    const { html, headers } = page(options);
    app.get('/explorer', async (_request, reply) => reply.headers(headers).send(html));
    app.get<{ Params: { part: string } }>('/explorer/:part', async ({ params: { part } }, reply) => {
      const parts = await partsOfGraphiQL();
      if (parts === null || !Object.hasOwn(parts, part)) return reply.callNotFound();
      const type = part.endsWith('.css') ? 'text/css' : 'text/javascript';
      return reply
        .header('x-content-type-options', 'nosniff')
        .type(`${type}; charset=utf-8`)
        .send(parts[part]);
    });
    done();
  };
}
