import { describe, expect, test } from 'vitest';
import { as, authOn, OMAR, request, SARA, wrong } from './setup.ts';

async function member() {
  const auth = await authOn();
  const { id } = auth.outside.shop.add({ phone: SARA, phoneVerified: true });
  const ask = async (customerId = id) => auth.loyalty.ask(customerId, request().circumstances);
  const confirm = (asked: { otpId: string; code: string }, customerId = id) =>
    auth.loyalty.confirm({ ...asked, customerId }, request().circumstances);
  return { ...auth, id, ask, confirm };
}

describe('joining the loyalty programme', () => {
  test("takes a code from the customer's own phone, once", async () => {
    const { ask, confirm, sent, outside, id } = await member();
    const asked = sent(await ask());
    expect(await confirm(asked)).toEqual({ kind: 'joined', membership: { memberOf: id } });
    expect(await confirm(asked)).toEqual({ kind: 'expired' });
    expect(outside.named('loyalty.join')).toHaveLength(1);
  });

  test('O7: a code of one customer does not join another', async () => {
    const { ask, confirm, sent, outside } = await member();
    const other = outside.shop.add({ phone: OMAR, phoneVerified: true });
    const asked = sent(await ask());
    expect(await confirm(asked, other.id)).toEqual({ kind: 'expired' });
    expect(await confirm(asked)).toMatchObject({ kind: 'joined' });
  });

  test('O7: a code for signing in joins nobody', async () => {
    const { askLogin, confirm, outside } = await member();
    expect(await confirm(await askLogin())).toEqual({ kind: 'expired' });
    expect(outside.named('loyalty')).toEqual([]);
  });

  test('is not possible by a phone that nobody proved, nor for a customer who is gone', async () => {
    const { ask, outside } = await member();
    const { id } = outside.shop.add({ phone: OMAR });
    expect(await ask(id)).toEqual({ kind: 'noPhone' });
    expect(await ask('unknown')).toEqual({ kind: 'noPhone' });
    expect(outside.messages).toEqual([]);
  });

  test('O4: costs an attempt with a wrong code', async () => {
    const { ask, confirm, sent } = await member();
    const asked = sent(await ask());
    expect(await confirm({ ...asked, code: wrong(asked.code) })).toEqual({
      kind: 'rejected',
      attemptsRemaining: 4,
    });
  });

  test("O13: is not spoilt by the shop's trouble", async () => {
    const { ask, confirm, sent, outside } = await member();
    const asked = sent(await ask());
    outside.fail('loyalty');
    await expect(confirm(asked)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    outside.mend();
    expect(as('joined', await confirm(asked)).membership).toBeDefined();
  });
});
