import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { secretsOf } from '../../src/auth/secrets.ts';
import { sendLimitsOf } from '../../src/auth/send-limits.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { CONFIG, DAYS, HOURS, MINUTES, pass, SECRET, stopTime, tally, times } from './setup.ts';

const PHONE = '+966501234567';
const phone = (index: number) => `+9665${String(index).padStart(8, '0')}`;
const nobody = { address: null };

function limits(purpose = 'code', store = memoryStore()) {
  return sendLimitsOf(store, secretsOf(SECRET), purpose, CONFIG.send);
}

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('messages to one phone', () => {
  test('O6: leave a minute between two', async () => {
    const { admit } = limits();
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
    pass(15);
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'refused', retryAfterSeconds: 45 });
    pass(45);
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
  });

  test('O6: are five an hour, whoever asks', async () => {
    const { admit } = limits();
    for (let sent = 0; sent < 5; sent++) {
      expect(await admit(PHONE, { address: `192.0.2.${sent}` })).toEqual({ kind: 'admitted' });
      pass(MINUTES);
    }
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'refused', retryAfterSeconds: 55 * MINUTES });
    pass(55 * MINUTES);
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
    pass(MINUTES - 1);
    expect(await admit(PHONE, nobody)).toMatchObject({ kind: 'refused' });
  });

  test('O6: are ten a day', async () => {
    const { admit } = limits();
    const startedAt = Date.now();
    for (let sent = 0; sent < 10; sent++) {
      expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
      pass(2 * HOURS);
    }
    const passed = (Date.now() - startedAt) / 1000;
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'refused', retryAfterSeconds: DAYS - passed });
    pass(DAYS - passed);
    expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
  });

  test('O6: an ended pause lets the next go at once, but counts on', async () => {
    const { admit, endPause } = limits();
    for (let sent = 0; sent < 5; sent++) {
      expect(await admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
      await endPause(PHONE);
    }
    expect(await admit(PHONE, nobody)).toMatchObject({ kind: 'refused' });
  });

  test('of another purpose count for themselves', async () => {
    const store = memoryStore();
    await limits('code', store).admit(PHONE, nobody);
    expect(await limits('reset', store).admit(PHONE, nobody)).toEqual({ kind: 'admitted' });
  });
});

describe('messages from one client', () => {
  const admitAll = (count: number, address: (index: number) => string, target = phone) => {
    const { admit } = limits();
    return times(count, (index) => admit(target(index), { address: address(index) }));
  };

  test('O6: go to a hundred phones an hour from one IPv4 address', async () => {
    expect(tally(await admitAll(120, () => '192.0.2.1'))).toEqual({ admitted: 100, refused: 20 });
  });

  test('O6: are two hundred an hour from one IPv4 address', async () => {
    const { admit } = limits();
    const client = { address: '192.0.2.1' };
    let admitted = 0;
    for (let sent = 0; sent < 205; sent++) {
      if ((await admit(phone(sent % 100), client)).kind === 'admitted') admitted += 1;
      if (sent % 100 === 99) pass(MINUTES);
    }
    expect(admitted).toBe(200);
    pass(HOURS - 2 * MINUTES);
    expect(await admit(phone(1), client)).toEqual({ kind: 'admitted' });
  });

  test('O6: go to ten phones an hour from one IPv6 /64, whichever of its addresses is used', async () => {
    const outcomes = await admitAll(15, (index) => `2001:db8:0:1:${index}::1`);
    expect(tally(outcomes)).toEqual({ admitted: 10, refused: 5 });
    const neighbours = await admitAll(15, (index) => `2001:db8:0:${index}::1`);
    expect(tally(neighbours)).toEqual({ admitted: 15 });
  });

  test('O6: are twenty an hour from one IPv6 /64', async () => {
    const { admit } = limits();
    const client = { address: '2001:db8::1' };
    let admitted = 0;
    for (let sent = 0; sent < 30; sent++) {
      if ((await admit(phone(sent % 10), client)).kind === 'admitted') admitted += 1;
      if (sent % 10 === 9) pass(MINUTES);
    }
    expect(admitted).toBe(20);
  });

  test('O6: an IPv4 address written as IPv6 is no second client, and no /64 of everybody', async () => {
    const addresses = ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'];
    const outcomes = await admitAll(120, (index) => addresses[index % 3] ?? '');
    expect(tally(outcomes)).toEqual({ admitted: 100, refused: 20 });
  });

  test('O6: a client whose address nobody knows is not throttled as one with all the others', async () => {
    const { admit } = limits();
    expect(tally(await times(150, (index) => admit(phone(index), nobody)))).toEqual({ admitted: 150 });
  });

  test('O6: what the phone’s own limit refuses does not use up what its neighbours may send', async () => {
    const { admit } = limits();
    const client = { address: '2001:db8::1' };
    for (let pressed = 0; pressed < 40; pressed++) await admit(PHONE, client);
    expect(await admit(phone(7), client)).toEqual({ kind: 'admitted' });
  });

  test("O6: what the client's limit refuses does not use up what the phone may get", async () => {
    const { admit } = limits();
    const client = { address: '2001:db8::1' };
    await times(10, (index) => admit(phone(index), client));
    for (let tries = 0; tries < 10; tries++) {
      expect(await admit(PHONE, client)).toMatchObject({ kind: 'refused' });
    }
    expect(await admit(PHONE, { address: '192.0.2.1' })).toEqual({ kind: 'admitted' });
  });
});
