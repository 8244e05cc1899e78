import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkCustomerChanges, checkSubscriptions, dependOnHospital } from '../../src/inputs/profile.ts';
import type { Customer } from '../../src/types/customer.ts';
import type { UpdateCustomerInput } from '../../src/types/profile.ts';
import { arabic, checkedValue, english, places } from './rules.ts';

afterEach(() => {
  vi.useRealTimers();
});

const check = (input: UpdateCustomerInput) => checkCustomerChanges(input, english, null);
const changesOf = (input: UpdateCustomerInput) => checkedValue(check(input));

describe('changes of a customer', () => {
  test('are only what was given', () => {
    expect(changesOf({})).toEqual({});
    const changes = changesOf({ firstName: ' Sara  Mai ', city: 'Riyadh', language: 'AR' });
    expect(changes).toEqual({ firstName: 'Sara Mai', city: 'Riyadh', language: 'AR' });
    expect(Object.keys(changesOf({ city: undefined, gender: undefined }) as object)).not.toContain('gender');
  });

  test('clear what is null or blank', () => {
    const cleared = {
      middleName: null,
      firstNameAr: null,
      middleNameAr: null,
      lastNameAr: null,
      gender: null,
      maritalStatus: null,
      occupation: null,
      country: null,
      city: null,
      latitude: null,
      longitude: null,
      profilePicture: null,
      language: null,
    };
    expect(changesOf(cleared)).toEqual(cleared);
    expect(changesOf({ middleName: '  ' })).toEqual({ middleName: null });
  });

  test.each(['firstName', 'lastName'] as const)('cannot clear %s, which the shop requires', (name) => {
    for (const value of [null, '', ' ']) expect(places(check({ [name]: value }))).toEqual([`input.${name}`]);
  });

  test('derive the Hijri date of birth, and clear both together', () => {
    expect(changesOf({ dateOfBirth: '1994-04-09' })).toEqual({
      dateOfBirth: '1994-04-09',
      dateOfBirthHijri: '1414-10-27',
    });
    expect(changesOf({ dateOfBirth: null })).toEqual({ dateOfBirth: null, dateOfBirthHijri: null });
  });

  test('derive the name of the nationality, and clear both together', () => {
    expect(changesOf({ nationalityIsoCode: 'SA' })).toEqual({
      nationalityIsoCode: 'SA',
      nationality: 'Saudi Arabia',
    });
    expect(changesOf({ nationalityIsoCode: null })).toEqual({ nationalityIsoCode: null, nationality: null });
  });

  test('take a birth date up to today in Riyadh', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-19T21:30:00Z') });
    expect(check({ dateOfBirth: '2026-11-20' }).ok).toBe(true);
    for (const dateOfBirth of ['2026-11-21', '1899-12-31', '1994-02-31', 'yesterday']) {
      expect(places(check({ dateOfBirth }))).toEqual(['input.dateOfBirth']);
    }
  });

  test('take a picture by an address on the web that the shop does not cut', () => {
    const at = (url: string) => check({ profilePicture: new URL(url) });
    expect(checkedValue(at('https://pictures.example.com/sara.jpg'))).toEqual({
      profilePicture: 'https://pictures.example.com/sara.jpg',
    });
    for (const url of [
      'javascript:alert(1)',
      'data:image/png;base64,AAAA',
      'ftp://pictures.example.com/a.jpg',
      'https://sara:secret@pictures.example.com/a.jpg',
      `https://pictures.example.com/${'a'.repeat(255)}`,
    ]) {
      expect(places(at(url)), url).toEqual(['input.profilePicture']);
    }
  });

  test('name all problems at once, in the language of the request', () => {
    const checked = checkCustomerChanges(
      { firstName: null, middleName: '<b>', city: '{{config}}', country: 'XYZ', latitude: 91 },
      arabic,
      null,
    );
    expect(places(checked).sort()).toEqual(
      ['input.city', 'input.country', 'input.firstName', 'input.latitude', 'input.middleName'].sort(),
    );
    for (const { message } of checked.ok ? [] : checked.problems) expect(message).toMatch(/\p{sc=Arab}/u);
  });
});

describe('changes of a patient', () => {
  const patient = { dateOfBirth: '1985-03-15', firstNameAr: 'نورة', maritalStatus: null } as Customer;
  const checkPatient = (input: UpdateCustomerInput) => checkCustomerChanges(input, english, patient);

  test('are refused, field by field, where the hospital decides', () => {
    const input = {
      firstNameAr: 'سارة',
      middleNameAr: 'سارة',
      lastNameAr: null,
      dateOfBirth: '1985-03-16',
      maritalStatus: 'Married',
      nationalityIsoCode: 'AE',
      firstName: 'Noura',
    };
    expect(places(checkPatient({ ...input, lastNameAr: 'علي' })).sort()).toEqual(
      ['dateOfBirth', 'firstNameAr', 'lastNameAr', 'maritalStatus', 'middleNameAr', 'nationalityIsoCode'].map(
        (name) => `input.${name}`,
      ),
    );
  });

  test('are taken where the hospital says nothing', () => {
    const input = { firstName: 'Noura', gender: 'FEMALE', occupation: 'Teacher', city: 'Riyadh' } as const;
    expect(checkedValue(checkPatient(input))).toEqual(input);
  });

  test('are nothing to write where they say what the hospital says, as a form that sends everything does', () => {
    const input = { dateOfBirth: '1985-03-15', firstNameAr: 'نورة', maritalStatus: null, city: 'Riyadh' };
    expect(checkedValue(checkPatient(input))).toEqual({ city: 'Riyadh' });
    expect(places(checkPatient({ ...input, city: '<>' }))).toEqual(['input.city']);
  });

  test('show by their names alone whether the hospital has to be thought of', () => {
    expect(dependOnHospital({ firstName: 'Noura', occupation: null })).toBe(false);
    expect(dependOnHospital({ maritalStatus: null })).toBe(true);
  });
});

describe('subscriptions', () => {
  test('are known by their codes', () => {
    expect(checkedValue(checkSubscriptions([{ code: 'newsletter', isSubscribed: true }], english))).toEqual({
      isSubscribed: true,
    });
    expect(checkedValue(checkSubscriptions([], english))).toEqual({});
  });

  test('of an unknown code are refused, and nothing of the rest is taken', () => {
    const input = [
      { code: 'newsletter', isSubscribed: true },
      { code: 'sms', isSubscribed: true },
      { code: 'Newsletter', isSubscribed: false },
    ];
    expect(places(checkSubscriptions(input, english))).toEqual(['input.1.code', 'input.2.code']);
  });
});
