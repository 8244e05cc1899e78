/** The sandbox: stand-ins for M2 with the shop's module, EServices, SMS and e-mail, on the loopback interface. */
import type { FastifyPluginCallback } from 'fastify';
import type { Step } from '../explorer/step.ts';
import type { Logger } from '../logger.ts';
import { startEServices } from './eservices.ts';
import { describeFirstSteps, FIRST_STEPS } from './first-steps.ts';
import { type M2StandIn, startM2 } from './m2/server.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { outboxRoutes } from './outbox-page.ts';
import { describePeople } from './people.ts';
import { seedShop } from './seed.ts';
import { startSms } from './sms.ts';
import { startSmtp } from './smtp.ts';

/** The running stand-ins, by the addresses that a configuration would name. */
export interface Sandbox {
  /** Up to the store view: `http://127.0.0.1:<port>/rest/default`. */
  m2Url: string;
  /** An integration's access token, good as bearer. */
  m2AccessToken: string;
  /** Its store views by language. */
  m2StoreViews: { en: string; ar: string };
  eservicesUrl: string;
  smsUrl: string;
  smtpUrl: string;
  outbox: Outbox;
  /** The shop itself, for tests that arrange what no request can. */
  m2: M2StandIn;
  /** The outbox page, for the service to serve beside GraphQL. */
  routes: FastifyPluginCallback;
  /** Operations to begin with: signing in, and what comes after. */
  firstSteps: readonly Step[];
  /** What a developer is told at start; `graphqlUrl` is where the service answers. */
  greeting(graphqlUrl: string): string;
  close(): Promise<void>;
}

function greeting(graphqlUrl: string): string {
  return `
The sandbox stands in for Magento, EServices, SMS and e-mail. Nothing leaves this machine.

  GraphQL  ${graphqlUrl}
  Outbox   ${new URL('/sandbox/outbox', graphqlUrl).href}

${describePeople()}

Open the first address in a browser, or paste this into a GraphQL client and run it step by step:

${indented(describeFirstSteps())}

`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Starts every stand-in on a free port, with its own people: nothing is shared between two sandboxes. */
export async function startSandbox({ log }: { log: Logger }): Promise<Sandbox> {
  const outbox = createOutbox();
  const [m2, eservices, sms, smtp] = await Promise.all([
    startM2({
      log,
      outbox,
      settings: { integrationAsBearer: true },
      admins: { admin: 'Sandbox-Admin-1' },
    }),
    startEServices(),
    startSms(outbox),
    startSmtp(outbox, log),
  ]);
  await seedShop(m2.shop);
  return {
    m2Url: `${m2.url}/rest/default`,
    m2AccessToken: m2.shop.integrationToken,
    m2StoreViews: { en: 'default', ar: 'ar' },
    eservicesUrl: eservices.url,
    smsUrl: sms.url,
    smtpUrl: smtp.url,
    outbox,
    m2,
    routes: outboxRoutes(outbox),
    firstSteps: FIRST_STEPS,
    greeting,
    async close() {
      await Promise.all([m2.close(), eservices.close(), sms.close(), smtp.close()]);
    },
  };
}
