/** Push registrations, from signing in to signing out, and while the shop's module is away. */
import { describe, expect, it, vi } from 'vitest';
import {
  type DeviceInput,
  DevicesDocument,
  LogoutAllDevicesDocument,
  LogoutDeviceDocument,
  LogoutDocument,
  NotificationsDocument,
  UpdateDeviceDocument,
  UpdateWalletDocument,
  WalletDocument,
} from '../support/operations.ts';
import { cutOffAtWill, failureOf, PAGE, UNAVAILABLE } from './cut-off.ts';
import { askToLogIn, dataOf, enter, rowOf, saudi, signIn } from './steps.ts';

const wires = cutOffAtWill();

const phone = (registrationId: string | null, deviceId: string): DeviceInput => ({
  deviceId,
  type: 'IOS',
  name: 'A phone',
  registrationId,
});
const devices = async (token: string) =>
  dataOf(await wires.service.ask(DevicesDocument, {}, { token })).devices ?? [];

/** Waits until the shop holds these registrations, each as `e-mail token`, of those with this word in them. */
async function expectHeld(word: string, wanted: string[]): Promise<void> {
  const emails = new Map([...wires.shop.customers.values()].map(({ id, email }) => [id, email]));
  await vi.waitFor(() => {
    const held = wires.shop.devices.map((one) => `${emails.get(one.customer_id)} ${one.registration_id}`);
    expect(held.filter((one) => one.includes(word)).sort()).toEqual(wanted);
  }, 4000);
}

describe('a push registration', () => {
  it('is handed to the shop at sign-in, in the language asked for, until the sign-in ends at the latest', async () => {
    const challenge = await askToLogIn(wires.service, { phone: saudi('501234567') }, { language: 'ar' });
    const { token } = await enter(wires.service, challenge, {
      device: phone('token-a', 'a/../b?c'),
      language: 'ar',
    });
    await expectHeld('token-a', ['sara@example.com token-a']);
    const device = wires.shop.devices.find((one) => one.registration_id === 'token-a');
    expect(device).toMatchObject({ type: 'ios', name: 'A phone', language: 'ar' });
    expect(device?.device_id).toMatch(/^[\w-]{43}$/);
    const days = (Date.parse(`${device?.expires_at}Z`) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThanOrEqual(30);
    expect((await devices(token)).find(({ isCurrent }) => isCurrent)).toMatchObject({ hasPush: true });
  });

  it.each([
    ['logout', (token: string) => wires.service.ask(LogoutDocument, {}, { token })],
    ['logoutAllDevices', (token: string) => wires.service.ask(LogoutAllDevicesDocument, {}, { token })],
    [
      'logoutDevice',
      async (token: string) => {
        const id = (await devices(token)).find(({ isCurrent }) => isCurrent)?.id ?? '';
        return wires.service.ask(LogoutDeviceDocument, { id }, { token });
      },
    ],
  ])('is taken away at %s', async (name, end) => {
    const { token } = await signIn(wires.service, '501234567', phone(`token-${name}`, name));
    await expectHeld(`token-${name}`, [`sara@example.com token-${name}`]);
    dataOf<unknown>(await end(token));
    await expectHeld(`token-${name}`, []);
  });

  it('is another one after updateDevice, and none after null', async () => {
    const { token } = await signIn(wires.service, '501234567', phone('token-old', 'updated'));
    const update = async (input: DeviceInput) =>
      dataOf(await wires.service.ask(UpdateDeviceDocument, { input }, { token })).updateDevice;
    const told: DeviceInput = { deviceId: 'updated', type: 'IOS' };
    expect(await update({ ...told, registrationId: 'token-new' })).toMatchObject({
      __typename: 'SignedInDevice',
      deviceId: 'updated',
      name: 'A phone',
      hasPush: true,
    });
    await expectHeld('token-new', ['sara@example.com token-new']);
    await expectHeld('token-old', []);
    expect(await update({ ...told, name: 'Renamed' })).toMatchObject({ name: 'Renamed', hasPush: true });
    expect(await update({ ...told, registrationId: null })).toMatchObject({
      name: 'Renamed',
      hasPush: false,
    });
    await expectHeld('token-new', []);
    expect(await update({ deviceId: 'جهاز', type: 'IOS' })).toMatchObject({
      __typename: 'CustomerInputError',
    });
  });

  it('goes to the next customer with the phone, and the former one is told nothing there any more', async () => {
    const sara = await signIn(wires.service, '501234567', phone('token-1', 'sold'));
    await expectHeld('token-1', ['sara@example.com token-1']);
    const omar = await signIn(wires.service, '502345678', phone('token-2', 'sold'));
    await expectHeld('token-1', []);
    await expectHeld('token-2', ['omar@example.com token-2']);
    const of = async (token: string) => (await devices(token)).find(({ isCurrent }) => isCurrent)?.hasPush;
    expect([await of(sara.token), await of(omar.token)]).toEqual([false, true]);
    dataOf(await wires.service.ask(LogoutDocument, {}, { token: sara.token }));
    await expectHeld('token-2', ['omar@example.com token-2']);
  });

  it('is in no log', async () => {
    await signIn(wires.service, '501234567', phone('token-for-no-log', 'device-for-no-log'));
    await expectHeld('token-for-no-log', ['sara@example.com token-for-no-log']);
    const log = wires.service.logged.join('\n');
    expect(log).toContain('PUT');
    expect(log).not.toMatch(/token-for-no-log|device-for-no-log/);
  });
});

describe('while the shop’s own module is away', () => {
  it('people sign in and out all the same; it is logged, and made good with what the module takes next', async () => {
    wires.proxies.m2.fate = ({ path }) => (path.includes('/V1/hmg/') ? 'cut' : 'pass');
    const { token } = await signIn(wires.service, '501234567', phone('token-x', 'away'));
    await vi.waitFor(() => {
      expect(wires.service.logged.join()).toContain('tell the shop of a push registration');
    }, 4000);
    expect((await devices(token)).find(({ isCurrent }) => isCurrent)).toMatchObject({ hasPush: false });
    wires.proxies.m2.fate = () => 'pass';
    await signIn(wires.service, '551234567', phone('token-y', 'another'));
    await expectHeld('token-x', ['sara@example.com token-x']);
    // The shop has it a moment before its answer is here.
    await vi.waitFor(async () => {
      expect((await devices(token)).find(({ isCurrent }) => isCurrent)).toMatchObject({ hasPush: true });
    });

    wires.proxies.m2.fate = ({ path }) => (path.includes('/V1/hmg/') ? PAGE : 'pass');
    const { logout } = dataOf(await wires.service.ask(LogoutDocument, {}, { token }));
    expect(logout).toMatchObject({ __typename: 'SessionsEnded', count: 1 });
  });

  it('the customer and the addresses are whole, with one failure where wallet and notifications would be', async () => {
    const { token } = await signIn(wires.service, '501234567');
    wires.proxies.m2.fate = ({ path }) => (path.includes('/V1/hmg/') ? 'cut' : 'pass');
    for (const field of ['wallet { useInPayment }', 'notifications { unreadCount }']) {
      const query = `{ customer { fullName email addresses { id street } ${field} } }`;
      const answer = await wires.service.ask<{ customer: { addresses: object[] } }, object>(
        query,
        {},
        { token },
      );
      const [name = ''] = field.split(' ');
      expect(answer.data.customer).toMatchObject({
        fullName: 'Sara Ali',
        email: 'sara@example.com',
        [name]: null,
      });
      expect(answer.data.customer.addresses).toHaveLength(
        rowOf(wires.shop, 'sara@example.com').addresses.length,
      );
      expect(failureOf(answer)).toMatchObject({ ...UNAVAILABLE, path: `customer.${name}` });
    }
    const failed = await wires.service.ask(UpdateWalletDocument, { useInPayment: true }, { token });
    expect(failureOf(failed)).toMatchObject({ ...UNAVAILABLE, path: 'updateWallet' });
    wires.proxies.m2.fate = () => 'pass';
    dataOf(await wires.service.ask(WalletDocument, {}, { token }));
    dataOf(await wires.service.ask(NotificationsDocument, {}, { token }));
  });
});
