import { type GraphQLObjectType, type GraphQLOutputType, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildSubgraph } from '../../src/schema.ts';
import { dataOf, rowOf, shopOf, signIn } from '../journeys/steps.ts';
import { type GraphQLAnswer, type RunningService, startTestService } from '../support/service.ts';

const schema = buildSubgraph({ authDirectives: false });
const fieldsOf = (name: string) =>
  Object.values((schema.getType(name) as GraphQLObjectType).getFields()).map(({ name, type }) => ({
    name,
    selection: `${name} ${selectionOf(type)}`.trim(),
  }));

/** All that can be shown of a type, in braces; nothing of a scalar. */
function selectionOf(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).map(({ name, type }) => `${name} ${selectionOf(type)}`);
  return `{ ${fields.join(' ')} }`;
}

const CUSTOMER = fieldsOf('Customer');
const ADDRESS = fieldsOf('CustomerAddress');
const all = (fields: typeof CUSTOMER) => fields.map(({ selection }) => selection).join(' ');

/** What tells most of a customer: no field may look right only because it is empty. */
const ATTRIBUTES = {
  phone_number: '551234567',
  zip_code: '+966',
  phone_verified: '1',
  email_verified: '1',
  is_patient: '1',
  verified_without_otp: '1',
  dob_hijri: '1405-06-23',
  firstname_ar: 'نورة',
  middlename_ar: 'سعد',
  lastname_ar: 'القحطاني',
  marital_status: 'single',
  nationality: 'Saudi Arabia',
  nationality_iso_code: 'SA',
  occupation: 'Engineer',
  latitude: '24.7136',
  longtitude: '46.6753',
  profile_picture: 'https://shop.example.com/media/me_6.png',
  national_id: '1088123458',
  file_no: '70001',
  id_type: '1',
  country: 'SA',
  city: 'Riyadh',
  language: 'ar',
};

let service: RunningService;
let noura: Awaited<ReturnType<typeof signIn>>;
let together: Record<string, unknown>;
const asNoura = (document: string, variables = {}): Promise<GraphQLAnswer> =>
  service.ask(document, variables, noura);

beforeAll(async () => {
  service = await startTestService();
  noura = await signIn(service, '551234567');
  const shop = shopOf(service);
  const row = rowOf(shop, noura.id);
  const sara = rowOf(shop, 'sara@example.com');
  const addresses = sara.addresses.map((address) => ({
    ...address,
    id: address.id + 1_000,
    custom: new Map(
      Object.entries({
        address_label: 'Home',
        latitude: '24.7',
        longitude: '46.6',
        email: 'home@example.com',
      }),
    ),
  }));
  const address = String(addresses[0]?.id);
  Object.assign(row, {
    middlename: 'Saad',
    is_subscribed: true,
    addresses,
    default_billing: address,
    default_shipping: address,
    custom: new Map(Object.entries(ATTRIBUTES)),
  });
  shop.cards.set(row.id, shop.cards.get(sara.id) ?? []);
  shop.loyalty.set(row.id, { status: 'active', member_id: 'LK100002', points: 200 });
  together = dataOf(await asNoura(`{ customer { ${all(CUSTOMER)} } }`)).customer;
});
afterAll(() => service?.close());

it('the customer of these tests has something in every field', () => {
  const empty = [null, '', false, 'NOT_SPECIFIED'];
  expect(Object.entries(together).filter(([, value]) => empty.includes(value as null))).toEqual([]);
  expect(together).toMatchObject({ subscriptions: [{ isSubscribed: true }], language: 'AR' });
  expect(together.addresses).toHaveLength(2);
});

it.each(CUSTOMER)('Customer.$name is the same alone as with all others', async ({ name, selection }) => {
  const { customer } = dataOf(await asNoura(`{ customer { ${selection} } }`));
  expect(customer).toEqual({ [name]: together[name] });
});

it.each(CUSTOMER)('Customer.$name is the same by reference', async ({ name, selection }) => {
  const { _entities } = dataOf(
    await asNoura(
      `{ _entities(representations: [{ __typename: "Customer", id: "${noura.id}" }]) { ... on Customer { ${selection} } } }`,
    ),
  );
  expect(_entities).toEqual([{ [name]: together[name] }]);
});

it.each(ADDRESS)(
  'CustomerAddress.$name is the same alone as with all others',
  async ({ name, selection }) => {
    const [whole, other] = together.addresses as Record<string, unknown>[];
    const { customer, addresses, address, _entities } = dataOf(
      await asNoura(
        `query ($id: ID!) {
        customer { addresses { ${selection} } defaultBillingAddress { ${selection} } defaultShippingAddress { ${selection} } }
        addresses { ${selection} }
        address(id: $id) { ${selection} }
        _entities(representations: [{ __typename: "CustomerAddress", id: $id }]) { ... on CustomerAddress { ${selection} } }
      }`,
        { id: whole?.id },
      ),
    );
    const one = { [name]: whole?.[name] };
    const both = [one, { [name]: other?.[name] }];
    expect(one[name]).not.toBeNull();
    expect({ customer, addresses, address, _entities }).toEqual({
      customer: { addresses: both, defaultBillingAddress: one, defaultShippingAddress: one },
      addresses: both,
      address: one,
      _entities: [one],
    });
  },
);

it('an address by reference is there although only its type is asked for', async () => {
  const [address] = together.addresses as { id: string }[];
  const representations = [{ __typename: 'CustomerAddress', id: address?.id }];
  const document = 'query ($representations: [_Any!]!) { _entities(representations: $representations)';
  for (const selection of ['{ __typename }', '{ __typename ... on Customer { id } }']) {
    const answer = await asNoura(`${document} ${selection} }`, { representations });
    expect(dataOf(answer)._entities).toEqual([{ __typename: 'CustomerAddress' }]);
  }
});
