/** Customer groups, as a fresh shop has them. */
import { echoCriteria, pageOf, readCriteria } from './criteria.ts';
import { noSuchEntity } from './errors.ts';
import type { Route } from './router.ts';
import type { Shop } from './shop.ts';

const GROUPS = ['NOT LOGGED IN', 'General', 'Wholesale', 'Retailer'].map((code, id) => ({
  id,
  code,
  tax_class_id: 3,
  tax_class_name: 'Retail Customer',
}));

const ACCESS = 'Magento_Customer::group';

/** `GET V1/customerGroups/{id}`, `GET V1/customerGroups/search` */
export function groupRoutes(shop: Shop): Route[] {
  return [
    {
      method: 'GET',
      path: '/V1/customerGroups/search',
      access: ACCESS,
      answer({ query }) {
        const criteria = readCriteria(query, shop.settings);
        return {
          items: pageOf(GROUPS, criteria),
          search_criteria: echoCriteria(criteria),
          total_count: GROUPS.length,
        };
      },
    },
    {
      method: 'GET',
      path: '/V1/customerGroups/{id}',
      access: ACCESS,
      answer(call) {
        const id = call.id('id');
        const group = GROUPS.find((candidate) => candidate.id === id);
        if (!group) throw noSuchEntity({ id });
        return group;
      },
    },
  ];
}
