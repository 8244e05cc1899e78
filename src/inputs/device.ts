/** Devices as inputs: the one that signs in, and the one that updateDevice tells of anew. */
import type { Language } from '../texts/texts.ts';
import type { CustomerLanguage } from '../types/customer.ts';
import type { DeviceInput, DeviceType } from '../types/device.ts';
import { type Checked, field, type InputRules, mapped } from './checked.ts';
import * as fields from './fields.ts';

/** A device as its client tells of it; what was not given is `null`. */
export interface CheckedDevice {
  deviceId: string;
  type: DeviceType;
  registrationId: string | null;
  name: string | null;
  /** Of push messages. */
  language: Language;
}

/** The `device` of an input. Push messages come in the language that was asked for, else in that of the request. */
export function checkDevice(
  rules: InputRules,
  input: DeviceInput | null | undefined,
  language?: CustomerLanguage | null,
): Checked<CheckedDevice | null> {
  const asked: Language = language == null ? rules.language : language === 'AR' ? 'ar' : 'en';
  return mapped(
    field(rules, ['input', 'device'], fields.optional(fields.device), input),
    (given) => given && { ...given, language: asked },
  );
}

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
