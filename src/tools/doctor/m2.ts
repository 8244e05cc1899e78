/** Whether M2 answers, takes our credentials and permissions, has our store views, and shares our time. */
import { namedView, urlOfView, viewOf } from '../../datasources/m2/connection.ts';
import { isNoSuchEntity } from '../../datasources/m2/refusal.ts';
import { readStoreViews } from '../../datasources/m2/wire.ts';
import type { Reply } from './ask.ts';
import { type Check, type Finding, fail, ok, reasonOf, warn } from './check.ts';
import { type Shop, type ShopRequest, shopAt } from './shop.ts';

const VIEWS: ShopRequest = { method: 'GET', path: 'V1/store/storeViews' };

interface Permission {
  resource: string;
  request: ShopRequest;
}

/** What the service does, asked about nobody: customer 0 does not exist and cannot. */
const PERMISSIONS: readonly Permission[] = [
  { resource: 'Magento_Backend::store', request: VIEWS },
  { resource: 'Magento_Customer::customer', request: { method: 'GET', path: 'V1/customers/0' } },
  {
    resource: 'Magento_Customer::manage',
    request: {
      method: 'PUT',
      path: 'V1/customers/validate',
      json: { customer: { email: 'doctor@customers.invalid', firstname: '-', lastname: '-' } },
    },
  },
  { resource: 'Magento_Customer::delete', request: { method: 'DELETE', path: 'V1/customers/0' } },
  { resource: 'Magento_Customer::group', request: { method: 'GET', path: 'V1/customerGroups/1' } },
];

/** M2 itself and our credentials. */
export function reachableCheck(shop: Shop): Check {
  return {
    name: 'M2',
    async run() {
      let nobody: Reply;
      try {
        nobody = await shop.askAs(null, VIEWS);
      } catch (error) {
        return fail(
          `M2: does not answer (${reasonOf(error)})`,
          'see M2_URL, the network and its certificate',
        );
      }
      if (!nobody.isJson) {
        return fail(
          `M2: answers ${nobody.status} without JSON`,
          'see that it is not in maintenance and that M2_URL is its REST base, such as https://shop.example.com/rest/default',
        );
      }
      return permissionsOf(shop);
    },
  };
}

async function permissionsOf(shop: Shop): Promise<Finding> {
  const { credentials } = shop.settings;
  let statuses: number[];
  try {
    const replies = await Promise.all(PERMISSIONS.map(({ request }) => shop.ask(request)));
    statuses = replies.map(({ status }) => status);
  } catch (error) {
    const mend =
      credentials.kind === 'admin'
        ? 'see M2_ADMIN_USERNAME and M2_ADMIN_PASSWORD: an active admin, not locked, without two-factor'
        : 'see why M2 answers only some of what it is asked';
    return fail(`M2 credentials: ${reasonOf(error)}`, mend);
  }
  const refused = PERMISSIONS.flatMap(({ resource }, index) => (statuses[index] === 401 ? [resource] : []));
  if (refused.length === PERMISSIONS.length) {
    return fail('M2 credentials: refused (401)', REFUSED[kindOf(shop)]);
  }
  if (refused.length > 0) {
    return fail(
      `M2 permissions: ours lack ${refused.join(', ')}`,
      'give the integration (or the role of the admin) these resources and re-authorize it',
    );
  }
  const [ofViews] = statuses;
  if (ofViews !== 200) {
    return fail(
      `M2: answers ${ofViews} when asked for its store views`,
      'see that M2_URL is its REST base with a store view that exists, such as https://shop.example.com/rest/default',
    );
  }
  return ok('M2: answers and takes our credentials, with all permissions');
}

const REFUSED = {
  integration:
    'stock M2 takes no integration token as bearer: run `bin/magento config:set oauth/consumer/enable_integration_as_bearer 1`; ' +
    'if that is on, M2_ACCESS_TOKEN is wrong or its integration is not active',
  jwt:
    "M2_ACCESS_TOKEN is an admin's or customer's own token, which ends within hours: use an integration's, " +
    'with oauth/consumer/enable_integration_as_bearer on',
  oauth: 'see the four M2_OAUTH_… values, that the integration is active, and that the clocks agree',
  admin: 'see that the admin has a role with access to customers, customer groups and stores',
};

function kindOf({ settings: { credentials } }: Shop): keyof typeof REFUSED {
  if (credentials.kind !== 'bearer') return credentials.kind;
  return credentials.token.split('.').length === 3 ? 'jwt' : 'integration';
}

/** The store views of `M2_URL` and `M2_STORE_VIEWS`. */
export function storeViewsCheck(shop: Shop, named: Readonly<Partial<Record<'en' | 'ar', string>>>): Check {
  return {
    name: 'store views',
    async run() {
      const { url } = shop.settings;
      let reply = await shop.ask(VIEWS);
      // So M2 answers everything below a store view that it does not have.
      if (reply.status === 400) reply = await shopAt(shop.settings, urlOfView(url, 'all')).ask(VIEWS);
      if (reply.status !== 200) {
        return fail(`store views: M2 answers ${reply.status} when asked for them`, 'mend the M2 line first');
      }
      const views = readStoreViews(reply.body)
        .filter(({ id }) => id !== '0')
        .map(({ id, code, website_id }) => ({ id, code, websiteId: website_id }));
      try {
        const ofUrl = viewOf(url, views);
        for (const code of Object.values(named)) namedView(code, ofUrl, views);
        const list = Object.entries(named).map(([language, code]) => `${language}: ${code}`);
        return ok(`store views: there (${[ofUrl.code, ...list].join(', ')})`);
      } catch (error) {
        return fail(`store views: ${reasonOf(error)}`, 'name one of these in M2_URL and M2_STORE_VIEWS');
      }
    },
  };
}

const SKEW_WARN_MS = 5_000;
const SKEW_FAIL_MS = 60_000;

/** Our clock against M2's: signatures, token times and codes hang on it. */
export function clockCheck(shop: Shop): Check {
  return {
    name: 'clock',
    async run() {
      const { skewMs } = await shop.askAs(null, VIEWS);
      if (skewMs === null) return warn('clock: M2 sends no Date to compare with', 'see that both follow NTP');
      const seconds = Math.round(Math.abs(skewMs) / 1000);
      const what = `clock: M2's is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} ours`;
      const mend = 'have both machines follow NTP';
      if (Math.abs(skewMs) > SKEW_FAIL_MS) return fail(what, mend);
      if (Math.abs(skewMs) > SKEW_WARN_MS) return warn(what, mend);
      return ok('clock: agrees with that of M2');
    },
  };
}

/** Routes that the shop's own module must have, each asked about a customer that does not exist. */
const MODULE: Readonly<Record<string, ShopRequest>> = {
  cards: { method: 'GET', path: 'V1/hmg/customers/0/cards' },
  loyalty: { method: 'GET', path: 'V1/hmg/customers/0/loyalty' },
  wallet: { method: 'GET', path: 'V1/hmg/customers/0/wallet' },
  notifications: { method: 'GET', path: 'V1/hmg/customers/0/notifications', query: [['pageSize', '1']] },
  'app-info': { method: 'GET', path: 'V1/hmg/app-info' },
  faqs: { method: 'GET', path: 'V1/hmg/faqs' },
};

/** The routes of the shop's module, one check each. */
export function moduleChecks(shop: Shop): Check[] {
  return Object.entries(MODULE).map(([noun, request]) => ({
    name: `shop module, ${noun}`,
    async run() {
      const reply = await shop.ask(request);
      const what = `shop module, ${noun}:`;
      if (reply.status === 200 || isNoSuchEntity(reply)) return ok(`${what} there`);
      if (reply.status === 404) {
        return fail(
          `${what} M2 has no such route (${request.path.replace('/0/', '/{id}/')})`,
          'install and enable the module of docs/shop-module.md, then run bin/magento setup:upgrade',
        );
      }
      if (reply.status === 401) {
        return fail(`${what} refused (401)`, 'give the integration the resource Hmg_Customer::manage');
      }
      return fail(
        `${what} answers ${reply.status}`,
        'see the log of M2; docs/shop-module.md says what it should answer',
      );
    },
  }));
}
