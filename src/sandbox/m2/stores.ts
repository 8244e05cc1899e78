/** The shop's websites and store views, as one real shop had them set up. */
import type { Route } from './router.ts';

/** A store view: `website_id` says which customers it shares, `locale` is such as `ar_SA`. */
export interface StoreView {
  id: number;
  code: string;
  name: string;
  website_id: number;
  locale: string;
}

/** Where a path without a store code leads. */
export const DEFAULT_STORE: StoreView = {
  id: 1,
  code: 'default',
  name: 'Default Store View',
  website_id: 1,
  locale: 'en_US',
};

/** `/rest/all/…`: every store at once, and no website of its own. */
export const ALL_STORES: StoreView = { id: 0, code: 'all', name: 'Admin', website_id: 0, locale: 'en_US' };

/** The first one of a website is its default. */
export const STORE_VIEWS: readonly StoreView[] = [
  DEFAULT_STORE,
  { id: 2, code: 'ar', name: 'Arabic', website_id: 1, locale: 'ar_SA' },
  { id: 3, code: 'second_en', name: 'Second EN', website_id: 2, locale: 'en_US' },
];

const WEBSITES = [
  { id: 0, code: 'admin', name: 'Admin', default_group_id: 0 },
  { id: 1, code: 'base', name: 'Main Website', default_group_id: 1 },
  { id: 2, code: 'second', name: 'Second Website', default_group_id: 2 },
];

/** The website's default store view, or `undefined` for a website that does not exist. */
export function storeOfWebsite(websiteId: number): StoreView | undefined {
  return STORE_VIEWS.find((store) => store.website_id === websiteId);
}

/** The store view by id, or `undefined`. */
export function storeById(id: number): StoreView | undefined {
  return STORE_VIEWS.find((store) => store.id === id);
}

function storeConfig({ id, code, website_id, locale }: StoreView): object {
  const url = 'http://m2.example.com/';
  const bases = Object.fromEntries(
    ['', 'secure_'].flatMap((scheme) => [
      [`${scheme}base_url`, url],
      [`${scheme}base_link_url`, url],
      [`${scheme}base_static_url`, `${url}static/version1754759768/`],
      [`${scheme}base_media_url`, `${url}media/`],
    ]),
  );
  return {
    id,
    code,
    website_id,
    locale,
    base_currency_code: 'SAR',
    default_display_currency_code: 'SAR',
    timezone: 'Asia/Riyadh',
    weight_unit: 'lbs',
    ...bases,
  };
}

function storeView({ id, code, name, website_id }: StoreView, groupId = website_id): object {
  return { id, code, name, website_id, store_group_id: groupId, is_active: 1 };
}

const ACCESS = 'Magento_Backend::store';

/** `GET V1/store/{storeViews,websites,storeConfigs}` */
export const storeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/V1/store/storeViews',
    access: ACCESS,
    answer: () => {
      const [first, ...others] = STORE_VIEWS.map((store) => storeView(store));
      return [first, storeView({ ...ALL_STORES, code: 'admin' }), ...others];
    },
  },
  { method: 'GET', path: '/V1/store/websites', access: ACCESS, answer: () => WEBSITES },
  {
    method: 'GET',
    path: '/V1/store/storeConfigs',
    access: ACCESS,
    answer(call) {
      const wanted = [...call.query].filter(([key]) => key.startsWith('storeCodes')).map(([, code]) => code);
      const asked = STORE_VIEWS.filter(({ code }) => wanted.length === 0 || wanted.includes(code));
      return asked.toSorted((a, b) => b.locale.localeCompare(a.locale)).map(storeConfig);
    },
  },
];
