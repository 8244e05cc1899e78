/** Saved cards. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { CardsDocument, DeleteCardDocument, RefreshSessionDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { as, dataOf, rowOf, shopOf, signIn, writesOf } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50' });
});
afterAll(() => service.close());
afterEach(() => vi.useRealTimers());

const cardsOfSara = () => {
  const shop = shopOf(service);
  return (shop.cards.get(rowOf(shop, 'sara@example.com').id) ?? []).map(({ id }) => id);
};
const remove = async (id: string, token: string, language?: 'en' | 'ar') =>
  dataOf(await service.ask(DeleteCardDocument, { id }, { token, ...(language && { language }) })).deleteCard;

/** The clock goes on by so many seconds; timers and connections do not notice. */
function passSeconds(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}

it('shows the cards with what has expired and what soon will', async () => {
  const { token } = await signIn(service, '501234567');
  const { cards } = dataOf(await service.ask(CardsDocument, {}, { token }));
  expect(cards).toMatchObject([
    {
      id: '9001',
      last4Digits: '4242',
      brand: 'VISA',
      requiresCvv: true,
      isExpired: false,
      paymentMethod: 'checkout_com_cc',
    },
    { id: '9002', last4Digits: '5588', brand: 'MADA', requiresCvv: false, isExpired: false },
    { id: '9003', last4Digits: '1117', brand: 'MASTERCARD', isExpired: true, expiresSoon: false },
    { id: '9004', last4Digits: '0005', brand: 'VISA', isExpired: false, expiresSoon: true },
  ]);
  expect(cards?.[0]?.expirationDate).toMatch(/^\d\d\/\d{4}$/);
});

it("A1: deletes nobody else's card, and tells it from none in no way", async () => {
  const { token } = await signIn(service, '502345678');
  const writes = writesOf(service);
  const answers = [await remove('9001', token), await remove('no-such-card', token)];
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toEqual({
    __typename: 'CardNotFoundError',
    message: 'This card is not among your saved cards.',
  });
  expect(writesOf(service)).toEqual(writes);
  expect(cardsOfSara()).toEqual(['9001', '9002', '9003', '9004']);
});

it('deletes an own card once', async () => {
  const { token } = await signIn(service, '501234567');
  expect(await remove('9003', token)).toEqual({ __typename: 'Deleted', id: '9003' });
  expect(cardsOfSara()).toEqual(['9001', '9002', '9004']);
  expect(writesOf(service)).toEqual(['DELETE V1/hmg/customers/{id}/cards/{cardId}']);
  expect((await remove('9003', token)).__typename).toBe('CardNotFoundError');
});

it('S9: wants a fresh sign-in, which renewing the session is not', async () => {
  const session = await signIn(service, '501234567');
  passSeconds(301);
  const asked = await remove('9001', session.token, 'ar');
  expect(asked).toEqual({
    __typename: 'RecentSignInRequiredError',
    maxAgeSeconds: 300,
    message: 'حرصًا على سلامة الحساب، يُرجى تسجيل الدخول من جديد قبل المتابعة.',
  });
  const { refreshToken } = session;
  const { refreshSession } = dataOf(await service.ask(RefreshSessionDocument, { refreshToken }));
  const renewed = as('CustomerSession', refreshSession).accessToken;
  expect((await remove('9001', renewed)).__typename).toBe('RecentSignInRequiredError');
  expect(cardsOfSara()).toContain('9001');

  const { token } = await signIn(service, '501234567');
  expect((await remove('9001', token)).__typename).toBe('Deleted');
});

it('S1: refuses a session token after its minutes, and refreshes it all the same', async () => {
  const { token, refreshToken } = await signIn(service, '501234567');
  passSeconds(11 * 60 + 1);
  const { errors } = await service.ask(CardsDocument, {}, { token });
  expect(errors).toMatchObject([{ path: ['cards'], extensions: { code: 'UNAUTHENTICATED' } }]);
  const answer = await service.ask(RefreshSessionDocument, { refreshToken }, { token });
  expect(dataOf(answer).refreshSession.__typename).toBe('CustomerSession');
});
