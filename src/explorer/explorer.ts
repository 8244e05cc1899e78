/** The pages on which developers try operations out: Apollo Sandbox, and GraphiQL where that cannot be loaded. */
import type { FastifyPluginCallback } from 'fastify';
import type { SentPage } from '../web-page.ts';
import { apolloSandboxPage } from './apollo-sandbox.ts';
import { graphiqlRoutes } from './graphiql.ts';
import type { ExplorerOptions } from './step.ts';

export interface Explorer {
  /** Of `/graphql`. */
  landingPage: SentPage;
  /** The local explorer. */
  routes: FastifyPluginCallback;
}

/** Pages that open with `steps`, in this order. */
export function createExplorer(options: ExplorerOptions): Explorer {
  return { landingPage: apolloSandboxPage(options), routes: graphiqlRoutes(options) };
}
