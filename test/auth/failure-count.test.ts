import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { failureCountsOf, type Trier } from '../../src/auth/failure-count.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { as, CONFIG, DAYS, HOURS, MINUTES, pass, SECRET, stopTime, tally, times } from './setup.ts';

const PHONE = '+966501234567';
const stranger: Trier = { address: '192.0.2.1', deviceId: null };
const from = (index: number): Trier => ({ address: `198.51.100.${index}`, deviceId: null });

function counts() {
  const { begin, ...others } = failureCountsOf(memoryStore(), secretsOf(SECRET), CONFIG.failures);
  return {
    ...others,
    begin,
    async fail(times: number, trier = stranger, phone = PHONE) {
      for (let failed = 0; failed < times; failed++) as('allowed', await begin(phone, trier));
    },
    /** From so many addresses that none of them has to wait. */
    async failFromEverywhere(times: number) {
      for (let failed = 0; failed < times; failed++)
        as('allowed', await begin(PHONE, from(Math.floor(failed / 9))));
    },
  };
}

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('failures in a row of one client', () => {
  test('O5: ten wait fifteen minutes, ten more an hour, and so on', async () => {
    const { fail, begin } = counts();
    await fail(10);
    expect(await begin(PHONE, stranger)).toEqual({ kind: 'wait', retryAfterSeconds: 15 * MINUTES });
    pass(15 * MINUTES);
    await fail(10);
    expect(await begin(PHONE, stranger)).toEqual({ kind: 'wait', retryAfterSeconds: HOURS });
    pass(HOURS);
    await fail(10);
    expect(await begin(PHONE, stranger)).toEqual({ kind: 'wait', retryAfterSeconds: HOURS });
  });

  test('O5: a try while waiting is refused and makes nothing longer', async () => {
    const { fail, begin } = counts();
    await fail(10);
    pass(14 * MINUTES);
    for (let tries = 0; tries < 5; tries++) {
      expect(await begin(PHONE, stranger)).toEqual({ kind: 'wait', retryAfterSeconds: MINUTES });
    }
    pass(MINUTES);
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'allowed' });
  });

  test('O5: in parallel no more than ten are let through', async () => {
    const { begin } = counts();
    const tries = await times(50, () => begin(PHONE, stranger));
    expect(tally(tries)).toEqual({ allowed: 10, wait: 40 });
  });

  test('O5: a right code sets zero', async () => {
    const { fail, begin, succeeded } = counts();
    await fail(9);
    await succeeded(as('allowed', await begin(PHONE, stranger)));
    await fail(10);
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'wait', retryAfterSeconds: 15 * MINUTES });
  });

  test('O5: a day without failure forgets, and not less', async () => {
    const { fail, begin } = counts();
    await fail(9);
    pass(DAYS - 1);
    await fail(1);
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'wait' });
    pass(DAYS);
    await fail(9);
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'allowed' });
  });

  test('a try that compared nothing is no failure', async () => {
    const { fail, begin, takeBack } = counts();
    await fail(9);
    await takeBack(as('allowed', await begin(PHONE, stranger)));
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'allowed' });
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'wait' });
  });

  test('O5: another phone and another address count for themselves', async () => {
    const { fail, begin } = counts();
    await fail(10);
    expect(await begin('+966551234568', stranger)).toMatchObject({ kind: 'allowed' });
    expect(await begin(PHONE, from(1))).toMatchObject({ kind: 'allowed' });
  });

  test('O5: all addresses of an IPv6 /64 are one client', async () => {
    const { begin } = counts();
    const tries = [];
    for (let host = 1; host <= 11; host++) {
      tries.push(await begin(PHONE, { address: `2001:db8:0:1::${host}`, deviceId: null }));
    }
    expect(tally(tries)).toEqual({ allowed: 10, wait: 1 });
    expect(await begin(PHONE, { address: '2001:db8:0:2::1', deviceId: null })).toMatchObject({
      kind: 'allowed',
    });
  });

  test('O5: an IPv4 address is the same client when it is written as IPv6', async () => {
    const { fail, begin } = counts();
    await fail(10);
    expect(await begin(PHONE, { address: '::ffff:192.0.2.1', deviceId: null })).toMatchObject({
      kind: 'wait',
    });
  });

  test('O5: clients without an address are counted, too', async () => {
    const { fail, begin } = counts();
    const unknown = { address: null, deviceId: null };
    await fail(10, unknown);
    expect(await begin(PHONE, unknown)).toMatchObject({ kind: 'wait' });
  });
});

describe('a device that signed in', () => {
  const own: Trier = { ...stranger, deviceId: 'own' };

  test('O5: has its own count, so that a stranger at its address cannot lock the owner out', async () => {
    const { fail, begin, remember } = counts();
    await remember(PHONE, 'own');
    await fail(10);
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'wait' });
    expect(await begin(PHONE, own)).toMatchObject({ kind: 'allowed' });
  });

  test('O5: gets in where the phone is closed to everybody else', async () => {
    const { failFromEverywhere, begin, remember } = counts();
    await remember(PHONE, 'own');
    await failFromEverywhere(100);
    expect(await begin(PHONE, stranger)).toEqual({ kind: 'closed' });
    expect(await begin(PHONE, own)).toMatchObject({ kind: 'allowed' });
  });

  test('O5: waits for its own failures like anybody, wherever it is', async () => {
    const { fail, begin, remember } = counts();
    await remember(PHONE, 'own');
    await fail(10, own);
    expect(await begin(PHONE, { ...own, address: '203.0.113.1' })).toMatchObject({ kind: 'wait' });
    expect(await begin(PHONE, stranger)).toMatchObject({ kind: 'allowed' });
  });

  test('O5: is known for ninety days and for that phone alone', async () => {
    const { failFromEverywhere, begin, remember } = counts();
    await remember(PHONE, 'own');
    await remember('+966551234568', 'other');
    pass(90 * DAYS - 1);
    await failFromEverywhere(100);
    expect(await begin(PHONE, own)).toMatchObject({ kind: 'allowed' });
    expect(await begin(PHONE, { ...own, deviceId: 'other' })).toEqual({ kind: 'closed' });
    pass(1);
    expect(await begin(PHONE, own)).toEqual({ kind: 'closed' });
  });

  test('O5: a device that a stranger made up is not known', async () => {
    const { fail, begin } = counts();
    await fail(10);
    for (const deviceId of ['made up', '__proto__', 'constructor']) {
      expect(await begin(PHONE, { ...stranger, deviceId })).toMatchObject({ kind: 'wait' });
    }
  });
});

describe('failures from anywhere', () => {
  test('O5: the hundredth is the last, and closes the phone for a day', async () => {
    const { failFromEverywhere, begin } = counts();
    await failFromEverywhere(99);
    expect(await begin(PHONE, from(100))).toMatchObject({ kind: 'allowed', isLast: true });
    expect(await begin(PHONE, from(101))).toEqual({ kind: 'closed' });
    pass(DAYS - 1);
    expect(await begin(PHONE, from(101))).toEqual({ kind: 'closed' });
    pass(1);
    expect(await begin(PHONE, from(101))).toMatchObject({ kind: 'allowed', isLast: false });
  });

  test('O5: asking at a closed phone lets nobody wait and keeps it closed no longer', async () => {
    const { failFromEverywhere, begin } = counts();
    await failFromEverywhere(100);
    pass(DAYS - 1);
    for (let tries = 0; tries < 15; tries++) {
      expect(await begin(PHONE, from(101))).toEqual({ kind: 'closed' });
    }
    pass(1);
    expect(await begin(PHONE, from(101))).toMatchObject({ kind: 'allowed' });
  });

  test('O5: in parallel exactly one is the last', async () => {
    const { failFromEverywhere, begin } = counts();
    await failFromEverywhere(90);
    const tries = await times(50, (index) => begin(PHONE, from(100 + index)));
    expect(tally(tries)).toEqual({ allowed: 10, closed: 40 });
    expect(tries.filter((one) => one.kind === 'allowed' && one.isLast)).toHaveLength(1);
  });

  test('O5: a hundredth that compared nothing does not close the phone', async () => {
    const { failFromEverywhere, begin, takeBack } = counts();
    await failFromEverywhere(99);
    await takeBack(as('allowed', await begin(PHONE, from(100))));
    expect(await begin(PHONE, from(101))).toMatchObject({ kind: 'allowed', isLast: true });
  });
});
