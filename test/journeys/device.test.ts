/** Where a customer is signed in, and signing out of one device or all. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CustomerOverviewDocument,
  type DeviceInput,
  DevicesDocument,
  LogoutAllDevicesDocument,
  LogoutDeviceDocument,
  RefreshSessionDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { dataOf, signIn } from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '100', OTP_PER_PHONE_DAY: '100' });
});
afterAll(() => service.close());

const PHONE: DeviceInput = {
  deviceId: 'sara-phone',
  type: 'IOS',
  name: 'Sara’s 📱',
  registrationId: 'push-1',
};
const TABLET: DeviceInput = { deviceId: 'sara-tablet', type: 'ANDROID' };

const devices = async (token: string) =>
  dataOf(await service.ask(DevicesDocument, {}, { token })).devices ?? [];
async function isSignedIn(token: string): Promise<boolean> {
  const { errors } = await service.ask(DevicesDocument, {}, { token });
  if (errors.length > 0) expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  return errors.length === 0;
}

it('lists the devices, the one in use marked and no push token shown', async () => {
  await signIn(service, '501234567', TABLET);
  const { token } = await signIn(service, '501234567', PHONE);
  await signIn(service, '501234567');
  const list = await devices(token);
  expect(list).toMatchObject([
    { deviceId: null, type: null, name: null, hasPush: false, isCurrent: false },
    { deviceId: 'sara-phone', type: 'IOS', name: 'Sara’s 📱', hasPush: true, isCurrent: true },
    { deviceId: 'sara-tablet', type: 'ANDROID', name: null, hasPush: false, isCurrent: false },
  ]);
  const { customer } = dataOf(await service.ask(CustomerOverviewDocument, {}, { token }));
  expect(customer?.devices?.map(({ id }) => id)).toEqual(list.map(({ id }) => id));
  expect(JSON.stringify(list)).not.toContain('push-1');
});

it('keeps one sign-in for each device: signing in again ends the one before', async () => {
  const before = await signIn(service, '502345678', PHONE);
  const after = await signIn(service, '502345678', PHONE);
  expect([await isSignedIn(before.token), await isSignedIn(after.token)]).toEqual([false, true]);
  expect(await devices(after.token)).toHaveLength(1);
});

it('signs another device out, at once and for good', async () => {
  const tablet = await signIn(service, '501234567', TABLET);
  const phone = await signIn(service, '501234567', PHONE);
  const id = (await devices(phone.token)).find(({ deviceId }) => deviceId === 'sara-tablet')?.id ?? '';
  const { logoutDevice } = dataOf(await service.ask(LogoutDeviceDocument, { id }, { token: phone.token }));
  expect(logoutDevice).toMatchObject({ __typename: 'SessionsEnded', count: 1 });
  expect([await isSignedIn(tablet.token), await isSignedIn(phone.token)]).toEqual([false, true]);
  const { refreshToken } = tablet;
  const { refreshSession } = dataOf(await service.ask(RefreshSessionDocument, { refreshToken }));
  expect(refreshSession.__typename).toBe('InvalidCredentialsError');
});

it("S8: signs nobody else's device out", async () => {
  const sara = await signIn(service, '501234567', PHONE);
  const omar = await signIn(service, '502345678', TABLET);
  const id = (await devices(sara.token))[0]?.id ?? '';
  const { logoutDevice } = dataOf(await service.ask(LogoutDeviceDocument, { id }, { token: omar.token }));
  expect(logoutDevice).toMatchObject({ count: 0 });
  expect(await isSignedIn(sara.token)).toBe(true);
});

it('signs out everywhere, this device included, and nobody else', async () => {
  const omar = await signIn(service, '502345678', TABLET);
  const sessions = [
    await signIn(service, '501234567', PHONE),
    await signIn(service, '501234567', TABLET),
    await signIn(service, '501234567'),
  ];
  const token = sessions[0]?.token ?? '';
  const open = (await devices(token)).length;
  const { logoutAllDevices } = dataOf(await service.ask(LogoutAllDevicesDocument, {}, { token }));
  expect(logoutAllDevices).toMatchObject({ __typename: 'SessionsEnded', count: open });
  for (const session of sessions) expect(await isSignedIn(session.token)).toBe(false);
  expect(await isSignedIn(omar.token)).toBe(true);
});

it('S8: keeps ten sign-ins; the eleventh ends the one that was unused for longest', async () => {
  const first = await signIn(service, '551234567');
  for (let device = 1; device <= 9; device++) await signIn(service, '551234567');
  expect(await isSignedIn(first.token)).toBe(true);
  const last = await signIn(service, '551234567');
  expect(await isSignedIn(first.token)).toBe(false);
  expect(await devices(last.token)).toHaveLength(10);
});

it('S5: gives the successor of a refresh token again while an answer may be lost, to twenty at once the same', async () => {
  const { refreshToken } = await signIn(service, '501234567', PHONE);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => service.ask(RefreshSessionDocument, { refreshToken })),
  );
  const successors = answers.map((answer) => {
    const { refreshSession } = dataOf(answer);
    return refreshSession.__typename === 'CustomerSession' ? refreshSession.refreshToken : null;
  });
  expect(new Set(successors).size).toBe(1);
  const [next] = successors;
  if (!next) throw new Error('no session');
  const used = dataOf(await service.ask(RefreshSessionDocument, { refreshToken: next })).refreshSession;
  expect(used.__typename).toBe('CustomerSession');
  const reused = dataOf(await service.ask(RefreshSessionDocument, { refreshToken })).refreshSession;
  expect(reused.__typename).toBe('InvalidCredentialsError');
  const token = used.__typename === 'CustomerSession' ? used.accessToken : '';
  expect(await isSignedIn(token)).toBe(false);
});
