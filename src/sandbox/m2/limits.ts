/** `webapi/validation`: how many items a request may carry when the shop's limits are switched on. */
import { badRequest } from './errors.ts';
import { isObject, type Properties } from './input.ts';
import type { Shop } from './shop.ts';

const MAX_ITEMS = 20;

/** Refuses with 400 a body with more addresses than the shop takes at once. */
export function checkLimits({ settings }: Shop, body: Properties): void {
  const customer = body.raw('customer');
  if (!settings.inputLimits || !isObject(customer) || !Array.isArray(customer.addresses)) return;
  if (customer.addresses.length > MAX_ITEMS) {
    throw badRequest('Maximum items of type "%type" is %max', {
      type: '\\Magento\\Customer\\Api\\Data\\AddressInterface',
      max: MAX_ITEMS,
    });
  }
}
