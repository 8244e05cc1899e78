/** The input of updateDevice. */
import type { Language } from '../texts/texts.ts';
import type { DeviceInput, DeviceType } from '../types/device.ts';
import { type Checked, field, type InputRules, mapped } from './checked.ts';
import * as fields from './fields.ts';

/** A device told anew; what is `undefined` is to stay as it is. */
export interface CheckedDeviceChange {
  deviceId: string;
  type: DeviceType;
  registrationId: string | null | undefined;
  name: string | null | undefined;
  /** Of push messages. */
  language: Language;
}

/** `null` and blank end push or take the name away; what is left out stays. */
export function checkDeviceChange(input: DeviceInput, rules: InputRules): Checked<CheckedDeviceChange> {
  return mapped(field(rules, ['input'], fields.device, input), ({ registrationId, name, ...device }) => ({
    ...device,
    registrationId: input.registrationId === undefined ? undefined : registrationId,
    name: input.name === undefined ? undefined : name,
    language: rules.language,
  }));
}
