/** The shop module's devices for push messages. */
import { customerById } from './customers.ts';
import { invalidValue, noSuchEntity } from './errors.ts';
import { requiredTexts } from './input.ts';
import type { Route } from './router.ts';
import type { Shop } from './shop.ts';

const ACCESS = 'Hmg_Customer::manage';

/** `PUT` and `DELETE V1/hmg/customers/{id}/devices/{deviceId}` */
export function deviceRoutes(shop: Shop): Route[] {
  const path = '/V1/hmg/customers/{customerId}/devices/{deviceId}';
  return [
    {
      method: 'PUT',
      path,
      access: ACCESS,
      answer({ id, param, body }) {
        const customer = customerById(shop, id('customerId'));
        const text = requiredTexts(body, ['registrationId', 'type', 'expiresAt']);
        if (!['android', 'ios', 'web'].includes(text('type'))) throw invalidValue('type', text('type'));
        const device = {
          customer_id: customer.id,
          device_id: param('deviceId'),
          registration_id: text('registrationId'),
          type: text('type'),
          name: body.text('name') ?? null,
          language: body.text('language') ?? null,
          expires_at: text('expiresAt'),
        };
        // A token reaches one device: who holds it otherwise would read what is meant for another.
        const others = shop.devices.filter(
          (one) =>
            one.registration_id !== device.registration_id &&
            !(one.customer_id === customer.id && one.device_id === device.device_id),
        );
        shop.devices = [...others, device];
        return true;
      },
    },
    {
      method: 'DELETE',
      path,
      access: ACCESS,
      answer({ id, param }) {
        const customer = customerById(shop, id('customerId'));
        const deviceId = param('deviceId');
        const left = shop.devices.filter(
          (one) => one.customer_id !== customer.id || one.device_id !== deviceId,
        );
        if (left.length === shop.devices.length) throw noSuchEntity({ deviceId });
        shop.devices = left;
        return true;
      },
    },
  ];
}
