/** The M2 stand-in as a server: one request from its path to its answer. */
import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from '../../logger.ts';
import type { Outbox } from '../outbox.ts';
import { addressRoutes } from './addresses.ts';
import { appInfoRoutes } from './app-info.ts';
import { ADDRESS_ATTRIBUTES, type Attribute, attributeRoutes, CUSTOMER_ATTRIBUTES } from './attributes.ts';
import { readBody, writeBody } from './body.ts';
import { confirmationRoutes } from './confirmation.ts';
import { customerRoutes } from './customer-routes.ts';
import { directoryRoutes } from './directory.ts';
import { badRequest, internalError, Refusal, required, unauthorized } from './errors.ts';
import { pickFields } from './fields.ts';
import { groupRoutes } from './groups.ts';
import { checkLimits } from './limits.ts';
import { outagePage, UNACCEPTABLE_PAGE } from './outages.ts';
import { passwordRoutes } from './passwords.ts';
import { type Call, type Caller, findRoute, pathParameters, type Route, splitStore } from './router.ts';
import { searchRoutes } from './search.ts';
import type { Shop, ShopSettings } from './shop.ts';
import { shopModuleRoutes } from './shop-module.ts';
import { storeRoutes } from './stores.ts';
import { type Tokens, tokensOf } from './tokens.ts';

/** How a stand-in differs from a stock Magento with nobody in it. */
export interface M2Options {
  log: Logger;
  /** Where the shop's own mails go. */
  outbox: Outbox;
  /** The clock; the real one by default. */
  now?: () => Date;
  settings?: Partial<ShopSettings>;
  /** Passwords of admins by user name; none by default. */
  admins?: Record<string, string>;
  attributes?: { customer: readonly Attribute[]; address: readonly Attribute[] };
}

/** A running M2 stand-in. */
export interface M2StandIn {
  /** Without a path: `http://127.0.0.1:<port>`. */
  url: string;
  /** For tests that arrange what no request can: a lock, an expired token, an outage. */
  shop: Shop;
  tokens: Tokens;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 8 * 1024 * 1024;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];

function newShop({ outbox, now, settings, admins, attributes }: M2Options): Shop {
  const lastIds = { customer: 0, address: 0, notification: 0 };
  return {
    url: '',
    settings: {
      confirmAccounts: false,
      guestCheckoutLogin: false,
      inputLimits: false,
      integrationAsBearer: false,
      outage: null,
      ...settings,
    },
    now: now ?? (() => new Date()),
    outbox,
    customers: new Map(),
    attributes: attributes ?? { customer: CUSTOMER_ATTRIBUTES, address: ADDRESS_ATTRIBUTES },
    cards: new Map(),
    loyalty: new Map(),
    wallets: new Map(),
    notifications: new Map(),
    devices: [],
    admins: new Map(Object.entries(admins ?? {})),
    integrationToken: randomBytes(16).toString('hex'),
    throttle: new Map(),
    nextId(of) {
      lastIds[of] += 1;
      return lastIds[of];
    },
  };
}

function isAllowed({ access }: Route, caller: Caller, websiteId: number): boolean {
  if (access === 'anonymous' || caller.kind === 'admin') return true;
  if (caller.kind === 'nobody' || access !== 'self') return false;
  // A token is worth nothing on another website's path, and `all` is a website of its own.
  return caller.customer.website_id === websiteId;
}

/** Accepts what Magento can render; browsers pass by their `*` of last resort. */
function isAcceptable(accept: string | undefined): boolean {
  return !accept || /(application\/(json|xml)|\*\/\*)/.test(accept);
}

async function answer(
  shop: Shop,
  tokens: Tokens,
  routes: Route[],
  request: FastifyRequest,
): Promise<unknown> {
  if (!METHODS.includes(request.method)) {
    throw new Refusal(405, { message: `The ${request.method} HTTP method is not supported.` });
  }
  const url = new URL(request.raw.url ?? '/', 'http://m2.invalid');
  const { store, path } = splitStore(url.pathname.replace(/^\/rest/, ''));
  const { route, params } = findRoute(routes, request.method, path);
  const caller = await tokens.callerOf(request.headers.authorization);
  if (!isAllowed(route, caller, store.website_id)) throw unauthorized(route.access);
  const body = readBody(String(request.body ?? ''), request.headers['content-type']);
  checkLimits(shop, body);
  const call: Call = {
    caller,
    store,
    query: url.searchParams,
    body,
    ...pathParameters(params),
    self() {
      if (caller.kind !== 'customer') throw required(['customerId']);
      return caller.customer;
    },
  };
  return pickFields(await route.answer(call), url.searchParams.get('fields'));
}

function sessionCookie(now: Date): string {
  const expires = new Date(now.getTime() + 3_600_000).toUTCString();
  const id = randomBytes(13).toString('hex');
  return `PHPSESSID=${id}; expires=${expires}; Max-Age=3600; path=/; domain=127.0.0.1; HttpOnly; SameSite=Lax`;
}

/** Starts an empty shop on a free port of the loopback interface. */
export async function startM2(options: M2Options): Promise<M2StandIn> {
  const shop = newShop(options);
  const tokens = tokensOf(shop);
  const routes = [
    ...tokens.routes,
    ...customerRoutes(shop),
    ...passwordRoutes(shop),
    ...confirmationRoutes(shop),
    ...addressRoutes(shop),
    ...searchRoutes(shop),
    ...groupRoutes(shop),
    ...attributeRoutes(shop),
    ...directoryRoutes,
    ...storeRoutes,
    ...shopModuleRoutes(shop),
    ...appInfoRoutes,
  ];

  function refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    options.log.error({ err: error }, 'the M2 stand-in failed');
    return internalError();
  }

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const page = outagePage(shop.settings.outage);
    if (page) return reply.code(page.status).type(page.type).send(page.body);
    if (!isAcceptable(request.headers.accept)) {
      const { status, type, body } = UNACCEPTABLE_PAGE;
      return reply.code(status).type(type).send(body);
    }
    reply.type('application/json; charset=utf-8').headers({
      'set-cookie': sessionCookie(shop.now()),
      'cache-control': 'no-store',
      pragma: 'no-cache',
    });
    try {
      return await reply.send(writeBody(await answer(shop, tokens, routes, request)));
    } catch (error) {
      const { status, body } = refusalOf(error);
      return reply.code(status).send(writeBody(body));
    }
  }

  const app = Fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  app.setErrorHandler((_error, _request, reply) =>
    reply
      .code(400)
      .type('application/json')
      .send(writeBody(badRequest('Decoding error.').body)),
  );
  app.all('/*', handle);
  shop.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url: shop.url, shop, tokens, close: () => app.close() };
}
