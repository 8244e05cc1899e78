/** The wallet. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UpdateWalletDocument, WalletDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { dataOf, rowOf, shopOf, signIn, writesOf } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50' });
});
afterAll(() => service.close());

const walletOf = async (token: string) =>
  dataOf(await service.ask(WalletDocument, {}, { token })).customer?.wallet;
const use = async (useInPayment: boolean, token: string, language: 'en' | 'ar' = 'en') =>
  dataOf(await service.ask(UpdateWalletDocument, { useInPayment }, { token, language })).updateWallet;

it('shows what is in it, exactly; who never had one has an empty one', async () => {
  const { token } = await signIn(service, '551234567');
  expect(await walletOf(token)).toEqual({
    balance: { amount: '37.50', currency: 'SAR' },
    useInPayment: false,
  });
  const omar = await signIn(service, '502345678');
  expect(await walletOf(omar.token)).toMatchObject({ balance: { amount: '0.00' }, useInPayment: false });
});

it('is used in payment or not, as the customer wants it', async () => {
  const { token } = await signIn(service, '501234567');
  expect(await walletOf(token)).toMatchObject({ balance: { amount: '150.00' }, useInPayment: true });
  expect(await use(false, token)).toEqual({
    __typename: 'CustomerWallet',
    balance: { amount: '150.00', currency: 'SAR' },
    useInPayment: false,
  });
  expect(await walletOf(token)).toMatchObject({ useInPayment: false });
  expect(writesOf(service)).toContain('PUT V1/hmg/customers/{id}/wallet');
});

it('tells in the language of the request when the shop does not let it be used', async () => {
  const { token } = await signIn(service, '501234567');
  const shop = shopOf(service);
  const { id } = rowOf(shop, 'sara@example.com');
  shop.wallets.set(id, { balance: '-20.00', currency: 'SAR', use_in_payment: false });
  expect(await use(true, token, 'ar')).toEqual({
    __typename: 'CustomerInputError',
    message: 'يُرجى التحقق من الحقول أدناه.',
  });
  expect(shop.wallets.get(id)?.use_in_payment).toBe(false);
});

it('is nobody’s without a session', async () => {
  const { errors, data } = await service.ask(UpdateWalletDocument, { useInPayment: true });
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(data).toBeNull();
});
