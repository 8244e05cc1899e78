/** Sara, signed in to a service of the test file's own, with her two addresses as they were before each test. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import {
  AddAddressDocument,
  AddressesDocument,
  type AddressInput,
  DeleteAddressDocument,
  UpdateAddressDocument,
  type UpdateAddressInput,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { dataOf, rowOf, shopOf, signIn } from './steps.ts';

/** An address with everything that one can have but a default. */
export const NEW: AddressInput = {
  label: 'Parents',
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['12 Palm Street', 'Second floor'],
  city: 'Dammam',
  regionCode: 'SA-04',
  postcode: '32241',
  telephone: '0501234567',
  email: 'sara@example.com',
  latitude: 26.4207,
  longitude: 50.0888,
};

/** Starts it all before the tests of a file, and ends it after them. */
export function addressBook() {
  let service: RunningService;
  let token: string;
  let before: Pick<ReturnType<typeof rowNow>, 'addresses' | 'default_billing' | 'default_shipping'>;

  const rowNow = () => rowOf(shopOf(service), 'sara@example.com');
  beforeAll(async () => {
    service = await startTestService();
    token = (await signIn(service, '501234567')).token;
    const { addresses, default_billing, default_shipping } = rowNow();
    before = { addresses: structuredClone(addresses), default_billing, default_shipping };
  });
  afterAll(() => service.close());
  beforeEach(() => {
    Object.assign(rowNow(), structuredClone(before));
  });

  return {
    get service() {
      return service;
    },
    get token() {
      return token;
    },
    /** What the shop holds of Sara. */
    rowNow,
    list: async () => dataOf(await service.ask(AddressesDocument, {}, { token })).addresses ?? [],
    add: async (input: AddressInput) =>
      dataOf(await service.ask(AddAddressDocument, { input }, { token })).addAddress,
    change: async (id: string, input: UpdateAddressInput, version?: string | null) =>
      dataOf(await service.ask(UpdateAddressDocument, { id, input, version }, { token })).updateAddress,
    remove: async (id: string, version?: string | null) =>
      dataOf(await service.ask(DeleteAddressDocument, { id, version }, { token })).deleteAddress,
  };
}
