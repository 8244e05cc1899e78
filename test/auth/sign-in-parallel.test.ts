import { expect, test } from 'vitest';
import { fakeOutside } from '../support/outside.ts';
import { as, authOn, CONFIG, deviceOf, registrationOf, request, SARA, tally, times, wrong } from './setup.ts';
import { describeOnEveryStore } from './stores.ts';

describeOnEveryStore('signing in at once from everywhere', (replicas) => {
  /** Two replicas over one shop. */
  async function both({ pauseSeconds = 0 } = {}) {
    const outside = fakeOutside();
    const [store, other] = await replicas();
    // Without the pause between two codes, so that one phone can wait for several.
    const settings = { send: { ...CONFIG.send, pauseSeconds } };
    const pair = [await authOn(store, outside, settings), await authOn(other, outside, settings)] as const;
    const replicaOf = (index: number) => pair[index % 2 === 0 ? 0 : 1];
    return { outside, replicaOf, one: pair[0] };
  }

  test('O3: of 50 parallel right codes exactly one opens a session', async () => {
    const { outside, replicaOf, one } = await both();
    const { id } = outside.shop.add({ phone: SARA, phoneVerified: true });
    const asked = await one.askLogin();
    const outcomes = await times(50, (index) =>
      replicaOf(index).verify({ ...asked, address: `192.0.2.${index}` }),
    );
    expect(tally(outcomes).opened).toBe(1);
    expect(tally(outcomes)).not.toHaveProperty('rejected');
    expect(await one.sessions.list(id)).toHaveLength(1);
  });

  test('O3: of 50 parallel wrong codes five are rejected and the right one is no good after them', async () => {
    const { outside, replicaOf, one } = await both();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const { otpId, code } = await one.askLogin();
    const outcomes = await times(50, (index) =>
      replicaOf(index).verify({ otpId, code: wrong(code), address: `192.0.2.${index}` }),
    );
    expect(tally(outcomes)).toEqual({ rejected: 5, expired: 45 });
    expect(await one.verify({ otpId, code, address: '192.0.2.200' })).toEqual({ kind: 'expired' });
  });

  test('O3: from one address, too, five are rejected and nobody has to wait for having been late', async () => {
    const { outside, replicaOf, one } = await both();
    outside.shop.add({ phone: SARA, phoneVerified: true });
    const { otpId, code } = await one.askLogin();
    const outcomes = await times(50, (index) => replicaOf(index).verify({ otpId, code: wrong(code) }));
    expect(tally(outcomes).rejected).toBe(5);
    expect(await one.verify({ ...(await one.askLogin()), code: 'none' })).toMatchObject({ kind: 'rejected' });
  });

  test('one phone is one customer: createIfMissing with two codes at once makes one', async () => {
    const { outside, replicaOf, one } = await both();
    const asked = [
      await one.askLogin(SARA, { createIfMissing: true }),
      await one.askLogin(SARA, { createIfMissing: true }),
      await one.askRegister(SARA),
    ];
    // Long enough for all of them to have found nobody, were they not kept apart.
    outside.slow('customers.create', 50);
    const outcomes = await Promise.all(asked.map((code, index) => replicaOf(index).verify(code)));
    expect(tally(outcomes)).toEqual({ opened: 3 });
    const opened = outcomes.map((outcome) => as('opened', outcome));
    expect(opened.filter((outcome) => outcome.isNewCustomer)).toHaveLength(1);
    const { id } = outside.shop.sole();
    expect(opened.map(({ session }) => session.customerId)).toEqual([id, id, id]);
  });

  test('a proof handed in twice at once opens one session', async () => {
    const { outside, replicaOf, one } = await both();
    const asked = await one.askLogin();
    const { phoneProof } = as('notRegistered', await one.verify(asked));
    const outcomes = await times(10, (index) =>
      replicaOf(index).signIn.register(
        {
          phone: SARA,
          registration: registrationOf('sara@example.com'),
          phoneProof,
          device: deviceOf(`device ${index}`),
        },
        request().circumstances,
      ),
    );
    expect(tally(outcomes)).toEqual({ opened: 1, expired: 9 });
    expect(await one.sessions.list(outside.shop.sole().id)).toHaveLength(1);
  });

  test('O6: of parallel requests for codes to one phone one is sent', async () => {
    const { outside, replicaOf } = await both({ pauseSeconds: 60 });
    const outcomes = await times(20, async (index) => {
      const asking = request({ address: `192.0.2.${index}` });
      const asked = { phone: SARA, createIfMissing: false, acceptedTermsVersion: null };
      const answer = await replicaOf(index).signIn.login(asked, asking.circumstances);
      await asking.answered();
      return answer;
    });
    expect(tally(outcomes)).toEqual({ sent: 1, throttled: 19 });
    expect(outside.messages).toHaveLength(1);
  });
});
