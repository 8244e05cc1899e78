import { expect, it } from 'vitest';
import { readCustomer, readPartsPage } from '../../../src/datasources/m2/wire.ts';
import { attributes, wireAddress, wireCustomer } from '../../support/m2.ts';

it('every place of a page that does not fit is named, wherever it stands, and none of the values', () => {
  const odd = wireCustomer({
    id: 'secret-1',
    updated_at: null,
    addresses: [
      wireAddress(11),
      wireAddress(12, { region: { region_id: 'secret-2' }, street: ['Olaya', 5], custom_attributes: [{}] }),
    ],
    extension_attributes: { is_subscribed: 'secret-3' },
  });
  const read = () => readPartsPage({ items: [wireCustomer(), odd, 'secret-4'], total_count: [] });
  expect(read).toThrow(
    expect.objectContaining({
      code: 'UPSTREAM_INVALID',
      detail:
        'a page of parts of customers: items.1.id, items.1.updated_at, items.1.addresses.1.street.1, ' +
        'items.1.addresses.1.region.region_id, items.1.addresses.1.custom_attributes, ' +
        'items.1.extension_attributes.is_subscribed, items.2, total_count',
    }),
  );
});

it('a custom attribute is the last text of its code; what is no text is left out', () => {
  const { custom_attributes } = readCustomer(
    wireCustomer({
      custom_attributes: [
        ...attributes({ city: 'Riyadh', floor: 3, is_patient: true, marks: {}, notes: null }),
        ...attributes({ city: 'Abha', floor: [] }),
      ],
    }),
  );
  expect(Object.fromEntries(custom_attributes)).toEqual({ city: 'Abha', floor: '3', is_patient: '1' });
  expect([custom_attributes.get('city'), custom_attributes.has('marks')]).toEqual(['Abha', false]);
});

it('a shared answer is read once, and once more after it did not fit', () => {
  const body = { items: [wireCustomer()], total_count: 1 };
  expect(readPartsPage(body)).toBe(readPartsPage(body));
  const odd = { items: [{}], total_count: 1 };
  for (const _ of [1, 2]) expect(() => readPartsPage(odd)).toThrow();
});
