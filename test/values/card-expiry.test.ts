import { expect, test } from 'vitest';
import { cardExpiry } from '../../src/values/card-expiry.ts';

test('a card is good until its month has ended in Riyadh', () => {
  expect(cardExpiry('11/2026', new Date('2026-11-30T20:59:59Z'))).toEqual({
    isExpired: false,
    expiresSoon: true,
  });
  expect(cardExpiry('11/2026', new Date('2026-11-30T21:00:00Z'))).toEqual({
    isExpired: true,
    expiresSoon: false,
  });
  expect(cardExpiry('12/2026', new Date('2027-01-01T00:00:00Z'))).toEqual({
    isExpired: true,
    expiresSoon: false,
  });
});

test('it expires soon within sixty days', () => {
  expect(cardExpiry('01/2027', new Date('2026-12-02T21:00:00Z'))?.expiresSoon).toBe(true);
  expect(cardExpiry('01/2027', new Date('2026-12-02T20:59:59Z'))?.expiresSoon).toBe(false);
});

test('another form is nothing to go by', () => {
  for (const text of ['', '1/2027', '13/2027', '00/2027', '01/27', '2027-01', '01/2027x']) {
    expect(cardExpiry(text, new Date()), text).toBeNull();
  }
});
