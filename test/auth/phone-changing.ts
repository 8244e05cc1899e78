/** A customer on the way to another phone. */
import type { ShopRow } from '../support/fake-shop.ts';
import { phoneOf } from '../support/outside.ts';
import { listedStore } from './listed-store.ts';
import { as, authOn, deviceOf, request, SARA } from './setup.ts';

export const NEW = phoneOf('+966505550100');

/** A customer who is signed in on two devices and wants the phone NEW in place of SARA's. */
export async function changing(facts: Partial<ShopRow> = {}) {
  const { store, written, count } = listedStore();
  const auth = await authOn(store);
  const row = auth.outside.shop.add({
    phone: SARA,
    phoneVerified: true,
    email: 'old@example.com',
    language: 'AR',
    ...facts,
  });
  const open = async (deviceId: string) =>
    as('opened', await auth.verify({ ...(await auth.askLogin()), device: deviceOf(deviceId) })).session;
  const [here, there] = [await open('here'), await open('there')];
  const caller = { customerId: row.id, sessionId: here.sessionId };

  async function ask(phone = NEW, customerId = row.id) {
    const asking = request();
    const asked = await auth.phoneChange.ask({ customerId, phone }, asking.circumstances);
    await asking.answered();
    return asked;
  }
  async function confirm(given: { otpId: string; code: string }, by = caller) {
    const confirming = request();
    const outcome = await auth.phoneChange.confirm({ ...by, ...given }, confirming.circumstances);
    await confirming.answered();
    return outcome;
  }
  return { ...auth, written, count, row, here, there, caller, ask, confirm };
}
