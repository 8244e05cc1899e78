import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, noSuchEntity } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const ROUTE = 'V1/hmg/customers/7/devices/key_-1';
const registration = {
  registrationId: 'push-1',
  type: 'IOS',
  name: 'Sara’s 📱',
  language: 'ar',
  expiresAt: new Date('2026-12-20T12:29:43.500Z'),
} as const;

describe('a device for push messages', () => {
  it('is handed over with all that the module needs', async () => {
    const body = {
      registration_id: 'push-1',
      type: 'ios',
      name: 'Sara’s 📱',
      language: 'ar',
      expires_at: '2026-12-20 12:29:43',
    };
    test.expect({ request: `PUT ${ROUTE}`, body, answer: { body: true } });
    await test.m2.devices.register('7', 'key_-1', registration);
  });

  it('is taken away without a body', async () => {
    test.expect({ request: `DELETE ${ROUTE}`, body: null, answer: { body: true } });
    await test.m2.devices.remove('7', 'key_-1');
  });

  it('that is not there, or a customer who is gone, is as good as taken away', async () => {
    test.expect({ request: `DELETE ${ROUTE}`, answer: noSuchEntity('deviceId', 'key_-1') });
    await test.m2.devices.remove('7', 'key_-1');
    test.expect({ request: `PUT ${ROUTE}`, answer: noSuchEntity('customerId', 7) });
    await test.m2.devices.register('7', 'key_-1', registration);
  });

  it.each([
    [
      'no such route',
      { status: 404, body: { message: 'Request does not match any route.' } },
      'UPSTREAM_INVALID',
    ],
    ['a refusal', { status: 400, body: { message: 'No: push-1' } }, 'UPSTREAM_INVALID'],
    ['another answer than true', { body: [] }, 'UPSTREAM_INVALID'],
    ['trouble', { status: 500, body: { message: 'Internal Error.' } }, 'UPSTREAM_UNAVAILABLE'],
  ])('fails with %s, of which the push token is no part', async (_, answer, code) => {
    test.expect({ request: `PUT ${ROUTE}`, answer });
    const failure = await test.m2.devices
      .register('7', 'key_-1', registration)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify(failure) + test.log.lines.join()).not.toContain('push-1');
  });

  it('A11: of a customer who cannot exist is sent nowhere', async () => {
    await expect(test.m2.devices.remove('7/../8', 'key_-1')).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    });
  });
});
