import { describe, expect, test } from 'vitest';
import { checkDeviceChange } from '../../src/inputs/device.ts';
import { checkNotificationIds } from '../../src/inputs/notification.ts';
import { arabic, checkedValue, english, places } from './rules.ts';

describe('updateDevice', () => {
  const device = { deviceId: ' d-1 ', type: 'IOS' } as const;

  test('tells what is left out from what is taken away', () => {
    expect(checkedValue(checkDeviceChange(device, english))).toEqual({
      deviceId: 'd-1',
      type: 'IOS',
      language: 'en',
      registrationId: undefined,
      name: undefined,
    });
    const cleared = { ...device, registrationId: null, name: ' ' };
    expect(checkedValue(checkDeviceChange(cleared, arabic))).toMatchObject({
      registrationId: null,
      name: null,
      language: 'ar',
    });
    expect(checkedValue(checkDeviceChange({ ...device, registrationId: ' token ' }, english))).toMatchObject({
      registrationId: 'token',
    });
  });

  test('finds all that is wrong at once', () => {
    const wrong = { deviceId: 'جهاز', type: 'WEB', registrationId: 'a b', name: 'n'.repeat(256) } as const;
    expect(places(checkDeviceChange(wrong, english)).sort()).toEqual([
      'input.deviceId',
      'input.name',
      'input.registrationId',
    ]);
  });
});

describe('ids of notifications', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `${at}`);

  test('are taken once each, a hundred at most', () => {
    expect(checkedValue(checkNotificationIds(['1', '2', '1'], english))).toEqual(['1', '2']);
    expect(checkedValue(checkNotificationIds([...ids(100), ...ids(100)], english))).toHaveLength(100);
    expect(checkNotificationIds(ids(101), english)).toEqual({
      ok: false,
      problems: [{ path: ['ids'], message: 'This is too much at once; the most is 100.' }],
    });
  });
});
