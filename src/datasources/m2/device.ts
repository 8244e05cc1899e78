/** Devices that get push messages, kept by the shop's own module; docs/shop-module.md is its contract. */
import { Failure } from '../../failures.ts';
import type { Language } from '../../texts/texts.ts';
import type { DeviceType } from '../../types/device.ts';
import type { Connection } from './connection.ts';
import { isM2Id } from './id.ts';
import { failureOf, isNoSuchEntity } from './refusal.ts';
import { readTrue } from './wire.ts';

/** By what push messages reach a device. */
export interface PushRegistration {
  /** The push service's token. */
  registrationId: string;
  type: DeviceType;
  name: string | null;
  /** Of the messages; `null` for the customer's own. */
  language: Language | null;
  /** When the sign-in ends at the latest, and with it the registration. */
  expiresAt: Date;
}

export interface M2Devices {
  /** Adds or replaces the registration of the device. A customer whom M2 does not have gets none, without a failure. */
  register(customerId: string, deviceKey: string, registration: PushRegistration): Promise<void>;
  /** Succeeds as well where there is nothing to take away. */
  remove(customerId: string, deviceKey: string): Promise<void>;
}

const ROUTE = 'V1/hmg/customers/{id}/devices/{deviceId}';

/** The devices of M2's customers; a `deviceKey` is URL-safe Base64. */
export function devicesOf(connection: Connection): M2Devices {
  async function send(
    method: 'PUT' | 'DELETE',
    customerId: string,
    deviceKey: string,
    json?: unknown,
  ): Promise<void> {
    if (!isM2Id(customerId)) {
      throw new Failure('UPSTREAM_INVALID', { detail: 'a device of a customer who cannot exist' });
    }
    const answer = await connection.call({
      method,
      route: ROUTE,
      params: { id: customerId, deviceId: deviceKey },
      ...(json !== undefined && { json }),
    });
    if (isNoSuchEntity(answer)) return;
    if (answer.status !== 200) throw failureOf(ROUTE, answer);
    readTrue(answer.body);
  }

  return {
    register: (customerId, deviceKey, { registrationId, type, name, language, expiresAt }) =>
      send('PUT', customerId, deviceKey, {
        registration_id: registrationId,
        type: type.toLowerCase(),
        name,
        language,
        expires_at: expiresAt.toISOString().slice(0, 19).replace('T', ' '),
      }),
    remove: (customerId, deviceKey) => send('DELETE', customerId, deviceKey),
  };
}
