/** What holds for every session and answer, whoever signs in and however. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AddressesDocument,
  CustomerDocument,
  DevicesDocument,
  RefreshSessionDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, askToLogIn, askToRegister, dataOf, rowOf, saudi, shopOf, signIn, spend } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PAUSE_SECONDS: '0', OTP_PER_PHONE_HOUR: '50' });
});
afterAll(() => service.close());

it('A9: lets nobody cache what it answers about a customer', async () => {
  const { token } = await signIn(service, '501234567');
  const answers = [
    await service.ask(CustomerDocument, {}, { token }),
    await service.ask(AddressesDocument, {}, { token }),
    await service.ask(DevicesDocument, {}),
  ];
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

it('ends the sessions of a customer whom the shop has deleted', async () => {
  const shop = shopOf(service);
  const { token, refreshToken } = await signIn(service, '551234567');
  shop.customers.delete(rowOf(shop, 'noura@example.com').id);
  const gone = await service.ask(CustomerDocument, {}, { token });
  expect(gone.data).toEqual({ customer: null });
  expect(gone.errors).toMatchObject([{ path: ['customer'], extensions: { code: 'UNAUTHENTICATED' } }]);
  const { refreshSession } = dataOf(await service.ask(RefreshSessionDocument, { refreshToken }));
  expect(refreshSession.__typename).toBe('InvalidCredentialsError');
});

it('one phone is one customer: two codes of it spent at once create one', async () => {
  const input = { phone: saudi('561117701'), createIfMissing: true };
  const challenges = [await askToLogIn(service, input), await askToLogIn(service, input)];
  const count = shopOf(service).customers.size;
  const results = await Promise.all(challenges.map((challenge) => spend(service, challenge)));
  const sessions = results.map((result) => as('CustomerSession', result));
  expect(new Set(sessions.map(({ customer }) => customer?.id)).size).toBe(1);
  expect(sessions.map(({ isNewCustomer }) => isNewCustomer).toSorted()).toEqual([false, true]);
  expect(shopOf(service).customers.size).toBe(count + 1);
});

it('one e-mail is one customer: of two phones that register with it at once one gets a conflict', async () => {
  const person = { firstName: 'Reem', lastName: 'Nasser', email: 'reem@example.com' };
  const challenges = [
    await askToRegister(service, { ...person, phone: saudi('561117702') }),
    await askToRegister(service, { ...person, phone: saudi('561117703') }),
  ];
  const results = await Promise.all(challenges.map((challenge) => spend(service, challenge)));
  expect(results.map(({ __typename }) => __typename).toSorted()).toEqual([
    'CustomerConflictError',
    'CustomerSession',
  ]);
  const rows = [...shopOf(service).customers.values()].filter(({ email }) => email === person.email);
  expect(rows).toHaveLength(1);
});
