/** The end of an account. */
import { expect, it, vi } from 'vitest';
import {
  ConfirmPhoneChangeDocument,
  CustomerDocument,
  DeleteCustomerDocument,
  RefreshSessionDocument,
  RequestPhoneChangeDocument,
} from '../support/operations.ts';
import { cutOffAtWill, failureOf, UNAVAILABLE } from './cut-off.ts';
import { as, askToLogIn, askToRegister, dataOf, enter, messageTo, saudi, signIn, spend } from './steps.ts';

const wires = cutOffAtWill();
let lastNumber = 505_550_000;

/** A new customer, signed in. */
async function newcomer() {
  lastNumber += 1;
  const [number, email] = [String(lastNumber), `guest-${lastNumber}@example.com`];
  const input = { phone: saudi(number), firstName: 'Amal', lastName: 'Faris', email };
  return { ...(await enter(wires.service, await askToRegister(wires.service, input))), number, email };
}

const remove = async (token: string) =>
  dataOf(await wires.service.ask(DeleteCustomerDocument, {}, { token })).deleteCustomer;
const isInShop = (id: string) => wires.shop.customers.has(Number(id));

it('S7: deletes the record, ends every session, and tells the customer by e-mail', async () => {
  const first = await newcomer();
  const second = await signIn(wires.service, first.number);
  const waiting = await askToLogIn(wires.service, { phone: saudi(first.number) });
  const deleted = as('CustomerDeleted', await remove(first.token));
  expect(Math.abs(Date.parse(deleted.deletedAt) - Date.now())).toBeLessThan(5000);
  expect(isInShop(first.id)).toBe(false);
  await messageTo(wires.sandbox, first.email, 'Your account has just been deleted');

  for (const { token, refreshToken } of [first, second]) {
    const { errors } = await wires.service.ask(CustomerDocument, {}, { token });
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    const { refreshSession } = dataOf(await wires.service.ask(RefreshSessionDocument, { refreshToken }));
    expect(refreshSession.__typename).toBe('InvalidCredentialsError');
  }
  expect((await spend(wires.service, waiting)).__typename).toBe('OtpExpiredError');
  const again = await spend(wires.service, await askToLogIn(wires.service, { phone: saudi(first.number) }));
  expect(again.__typename).toBe('CustomerNotRegisteredError');
});

it('S9: wants a fresh sign-in', async () => {
  const { token, id } = await newcomer();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
  try {
    expect(await remove(token)).toMatchObject({
      __typename: 'RecentSignInRequiredError',
      maxAgeSeconds: 300,
      message: 'For your safety, please sign in again before doing this.',
    });
  } finally {
    vi.useRealTimers();
  }
  expect(isInShop(id)).toBe(true);
});

it('two phones that do it at once are both told that it is done', async () => {
  const first = await newcomer();
  const second = await signIn(wires.service, first.number);
  const answers = await Promise.all(
    [first, second].map(({ token }) => wires.service.ask(DeleteCustomerDocument, {}, { token })),
  );
  for (const { data, errors } of answers) {
    // Who comes a moment too late has no session any more.
    if (errors.length > 0) expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    else expect(data.deleteCustomer.__typename).toBe('CustomerDeleted');
  }
  expect(answers.some(({ errors }) => errors.length === 0)).toBe(true);
  expect(isInShop(first.id)).toBe(false);
});

it('while the shop is away nothing is lost, and a lost answer is no failure', async () => {
  const { token, id } = await newcomer();
  wires.proxies.m2.fate = ({ method }) => (method === 'DELETE' ? 'cut' : 'pass');
  const failed = await wires.service.ask(DeleteCustomerDocument, {}, { token });
  expect(failureOf(failed)).toMatchObject({ ...UNAVAILABLE, path: 'deleteCustomer' });
  expect(dataOf(await wires.service.ask(CustomerDocument, {}, { token })).customer?.id).toBe(id);

  wires.proxies.m2.fate = ({ method }) => (method === 'DELETE' ? 'lose' : 'pass');
  expect((await remove(token)).__typename).toBe('CustomerDeleted');
  expect(isInShop(id)).toBe(false);
});

it('a change of phone whose answer was lost is done at the next try, and the old phone is told', async () => {
  const { token, number } = await newcomer();
  const asked = as(
    'OtpChallenge',
    dataOf(await wires.service.ask(RequestPhoneChangeDocument, { phone: saudi('505559999') }, { token }))
      .requestPhoneChange,
  );
  const confirm = () =>
    wires.service.ask(
      ConfirmPhoneChangeDocument,
      { otpId: asked.otpId, otpCode: asked.otpCode ?? '' },
      { token },
    );
  wires.proxies.m2.fate = ({ method }) => (method === 'PUT' ? 'lose' : 'pass');
  expect(failureOf(await confirm())).toMatchObject({ ...UNAVAILABLE, path: 'confirmPhoneChange' });
  wires.proxies.m2.fate = () => 'pass';
  expect(dataOf(await confirm()).confirmPhoneChange).toMatchObject({ phone: { number: '505559999' } });
  await messageTo(wires.sandbox, `+966${number}`, 'has been changed to another one');
});
