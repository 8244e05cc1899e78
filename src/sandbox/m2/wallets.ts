/** The shop module's wallets. */
import { customerById } from './customers.ts';
import { badRequest, required } from './errors.ts';
import type { Route } from './router.ts';
import type { Shop, WalletRow } from './shop.ts';

const ACCESS = 'Hmg_Customer::manage';
const EMPTY: WalletRow = { balance: '0.00', currency: 'SAR', use_in_payment: false };

/** `GET` and `PUT V1/hmg/customers/{id}/wallet` */
export function walletRoutes(shop: Shop): Route[] {
  const path = '/V1/hmg/customers/{customerId}/wallet';
  return [
    {
      method: 'GET',
      path,
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        return shop.wallets.get(id) ?? EMPTY;
      },
    },
    {
      method: 'PUT',
      path,
      access: ACCESS,
      answer(call) {
        const { id } = customerById(shop, call.id('customerId'));
        const useInPayment = call.body.flag('use_in_payment') ?? null;
        if (useInPayment === null) throw required(['useInPayment']);
        const wallet = shop.wallets.get(id) ?? EMPTY;
        if (useInPayment && wallet.balance.startsWith('-')) {
          throw badRequest('The wallet cannot be used: its balance is negative.');
        }
        shop.wallets.set(id, { ...wallet, use_in_payment: useInPayment });
        return shop.wallets.get(id);
      },
    },
  ];
}
