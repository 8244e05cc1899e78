import DataLoader from 'dataloader';
import { buildSchema, type ExecutionResult, execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { guardFields } from '../src/access.ts';
import { buildSubgraph } from '../src/schema.ts';
import { CustomerAddress } from '../src/types/address.ts';
import { SavedCard } from '../src/types/card.ts';
import { Customer } from '../src/types/customer.ts';
import { CustomerPhone } from '../src/types/phone.ts';

const schema = buildSubgraph({ authDirectives: false });

function address(id: string): CustomerAddress {
  return new CustomerAddress({
    id,
    label: 'Home',
    firstName: 'Sara',
    lastName: 'Example',
    street: ['1 Palm Street'],
    city: 'Riyadh',
    region: null,
    postcode: '12345',
    countryCode: 'SA',
    telephone: '0501234567',
    email: null,
    latitude: null,
    longitude: null,
    isDefaultBilling: false,
    isDefaultShipping: false,
    version: 'v1',
  });
}

/** Customer `n` has the addresses `n0` and `n1`. */
function customer(id: string): Customer {
  return new Customer({
    id,
    email: 'sara@example.com',
    emailVerified: true,
    firstName: 'Sara',
    middleName: null,
    lastName: 'Example',
    fullName: 'Sara Example',
    firstNameAr: null,
    middleNameAr: null,
    lastNameAr: null,
    phone: new CustomerPhone({ zipCode: '+966', number: '501234567', e164: '+966501234567' }),
    phoneVerified: true,
    gender: 'FEMALE',
    dateOfBirth: '1990-05-17',
    dateOfBirthHijri: null,
    maritalStatus: null,
    nationality: null,
    nationalityIsoCode: null,
    occupation: null,
    nationalId: '1000000008',
    fileNo: 'F-1',
    idType: null,
    isPatient: true,
    groupId: '1',
    country: 'SA',
    city: null,
    latitude: null,
    longitude: null,
    profilePicture: null,
    language: 'EN',
    storeId: '1',
    websiteId: '1',
    createdIn: null,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    verifiedWithoutOtp: false,
    isProfileCompleted: true,
    subscriptions: [],
    addresses: [address(`${id}0`), address(`${id}1`)],
    defaultBillingAddress: null,
    defaultShippingAddress: null,
  });
}

const card = new SavedCard({
  id: 'card-1',
  last4Digits: '4242',
  expirationDate: '12/2030',
  isExpired: false,
  expiresSoon: false,
  requiresCvv: true,
  paymentMethod: 'vault',
  brand: 'VISA',
});

const NOBODY = { kind: 'nobody' };
const CUSTOMER_1 = { kind: 'customer', customerId: '1', sessionId: 's1', authTime: new Date() };
const SERVICE = { kind: 'service', name: 'orders', scopes: new Set(['customer:read']) };

/** One request of `caller`, and what it asked of the upstreams. */
function request(caller: object, { isGateway = false, error }: { isGateway?: boolean; error?: Error } = {}) {
  const asked: string[] = [];
  const found = (id: string) => (Number(id) > 900 ? null : customer(id));
  const load = <Value>(what: string, find: (id: string) => Value) =>
    new DataLoader<string, Value>(async (ids) => {
      asked.push(`${what} ${ids.join(',')}`);
      return ids.map((id) => error ?? find(id));
    });
  const contextValue = {
    caller,
    isGateway,
    language: 'en',
    projection: { wanted: null },
    load: {
      customers: load('customers', found),
      cards: load('cards', () => [card]),
      loyalty: load('loyalty', () => null),
      groupNames: load('group', () => 'General'),
    },
    parts: {
      m2: {
        customers: {
          async findMany(ids: readonly string[]) {
            asked.push(`customers ${ids.join(',')}`);
            if (error) throw error;
            return ids.map(found);
          },
        },
        addresses: {
          async owner(id: string) {
            asked.push(`owner ${id}`);
            return id.slice(0, -1);
          },
        },
      },
      auth: { sessions: { list: async () => [], endAll: async () => asked.push('endAll') } },
    },
  };
  return {
    asked,
    async entities(representations: readonly unknown[], selection: string): Promise<ExecutionResult> {
      const document = parse(
        `query ($r: [_Any!]!) { _entities(representations: $r) { __typename ${selection} } }`,
      );
      return await execute({ schema, document, contextValue, variableValues: { r: representations } });
    },
    async query(text: string): Promise<ExecutionResult> {
      return await execute({ schema, document: parse(text), contextValue });
    },
  };
}

/** Where and what, in the order of the answer: graphql lists errors as they happen. */
const errorsOf = ({ errors = [] }: ExecutionResult) =>
  errors
    .toSorted((one, other) => Number(one.path?.at(1)) - Number(other.path?.at(1)))
    .map(({ path, originalError }) => [path?.join('.'), Object(originalError).code]);

describe('root fields that need a session', () => {
  const needed = [schema.getQueryType(), schema.getMutationType()]
    .flatMap((root) => Object.entries(root?.getFields() ?? {}))
    .filter(([name]) =>
      ['customer', 'addresses', 'cards', 'devices', 'logout', 'joinLoyalty'].includes(name),
    );

  it('A12: are refused by the subgraph itself although the SDL says nothing of it, and spare the rest', async () => {
    expect(needed.length).toBeGreaterThanOrEqual(4);
    const { asked, query } = request(NOBODY);
    const answer = await query(
      '{ customer { id } addresses { id } cards { id } devices { id } address(id: "1") { id } __typename }',
    );
    expect(answer.data).toEqual({
      customer: null,
      addresses: null,
      cards: null,
      devices: null,
      address: null,
      __typename: 'Query',
    });
    expect(new Set(errorsOf(answer).map(([, code]) => code))).toEqual(new Set(['UNAUTHENTICATED']));
    expect(asked).toEqual([]);
  });

  it('A12: are refused where the directive stands, even if their resolver forgot to ask', async () => {
    const forgetful = buildSchema(`
      directive @authenticated on FIELD_DEFINITION
      type Query { closed: String @authenticated open: String }
      type Mutation { change: String @authenticated }
      type Customer { id: ID }
    `);
    guardFields(forgetful);
    const asked: string[] = [];
    const answer = (name: string) => () => asked.push(name) && name;
    const rootValue = { closed: answer('closed'), open: answer('open'), change: answer('change') };
    const ask = (text: string, caller: object) =>
      execute({ schema: forgetful, document: parse(text), rootValue, contextValue: { caller } });
    for (const caller of [NOBODY, SERVICE]) {
      const query = await ask('{ closed open }', caller);
      expect(query.data).toEqual({ closed: null, open: 'open' });
      expect(errorsOf(query)).toEqual([['closed', 'UNAUTHENTICATED']]);
      expect(errorsOf(await ask('mutation { change }', caller))).toEqual([['change', 'UNAUTHENTICATED']]);
    }
    expect(asked).toEqual(['open', 'open']);
    expect((await ask('{ closed }', CUSTOMER_1)).data).toEqual({ closed: 'closed' });
  });

  it('S12: are refused to a service token too', async () => {
    const { asked, query } = request(SERVICE, { isGateway: true });
    expect(errorsOf(await query('{ customer { id } }'))).toEqual([['customer', 'UNAUTHENTICATED']]);
    expect(asked).toEqual([]);
  });
});

describe('references by a customer', () => {
  it('A2: resolve the own record with everything in it', async () => {
    const { asked, entities } = request(CUSTOMER_1);
    const answer = await entities(
      [
        { __typename: 'Customer', id: '1' },
        { __typename: 'CustomerAddress', id: '11' },
        { __typename: 'SavedCard', id: 'card-1' },
      ],
      '... on Customer { nationalId fileNo groupName addresses { id } } ... on CustomerAddress { city } ... on SavedCard { brand }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data?._entities).toMatchObject([
      {
        nationalId: '1000000008',
        fileNo: 'F-1',
        groupName: 'General',
        addresses: [{ id: '10' }, { id: '11' }],
      },
      { city: 'Riyadh' },
      { brand: 'VISA' },
    ]);
    expect(asked).toEqual(['customers 1', 'cards 1', 'group 1']);
  });

  it("A1: another's record is null and FORBIDDEN, whatever the representation claims, and nobody is asked for it", async () => {
    const { asked, entities } = request(CUSTOMER_1);
    const answer = await entities(
      [{ __typename: 'Customer', id: '2', customerId: '1', isGateway: true, scope: 'customer:read' }],
      '... on Customer { firstName }',
    );
    expect(answer.data?._entities).toEqual([null]);
    expect(errorsOf(answer)).toEqual([['_entities.0', 'FORBIDDEN']]);
    expect(asked).toEqual([]);
  });

  it("A1: another's address and card are no more to be told from missing ones", async () => {
    const { asked, entities } = request(CUSTOMER_1);
    const answer = await entities(
      ['20', '999999'].flatMap((id) => [
        { __typename: 'CustomerAddress', id },
        { __typename: 'SavedCard', id },
      ]),
      '',
    );
    expect(answer.data?._entities).toEqual([null, null, null, null]);
    expect(errorsOf(answer).map(([, code]) => code)).toEqual(Array(4).fill('FORBIDDEN'));
    expect(asked).toEqual(['customers 1', 'cards 1']);
  });
});

describe('references by a service', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => ({
    __typename: 'Customer',
    id: String(index + 1),
  }));

  it('resolve 100 customers in their order with one search', async () => {
    const { asked, entities } = request(SERVICE, { isGateway: true });
    const answer = await entities(
      [...hundred, { __typename: 'Customer', id: '901' }],
      '... on Customer { id firstName phone { e164 } email language groupName }',
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data?._entities).toMatchObject([...hundred, null]);
    expect(asked).toHaveLength(2);
  });

  it('A6: national ID and file number stay closed to it, and so does all else but names and contact', async () => {
    for (const field of [
      'nationalId',
      'fileNo',
      'dateOfBirth',
      'addresses { id }',
      'cards { id }',
      'devices { id }',
      'loyalty { points }',
      'wallet { useInPayment }',
      'notifications { unreadCount }',
    ]) {
      const { asked, entities } = request(SERVICE, { isGateway: true });
      const answer = await entities([hundred[0]], `... on Customer { firstName ${field} }`);
      expect(answer.data?._entities).toMatchObject([
        { firstName: 'Sara', [field.split(' ')[0] ?? '']: null },
      ]);
      expect(errorsOf(answer).map(([, code]) => code)).toEqual(['FORBIDDEN']);
      expect(asked).toEqual(['customers 1']);
    }
  });

  it.each<[string, object, boolean]>([
    ['that does not come through the gateway', SERVICE, false],
    ['without the scope', { ...SERVICE, scopes: new Set(['orders:read']) }, true],
    ['that is none: nobody, though through the gateway', NOBODY, true],
  ])('A2: are FORBIDDEN for one %s, without an upstream call', async (_name, caller, isGateway) => {
    const { asked, entities } = request(caller, { isGateway });
    const answer = await entities(
      [
        { __typename: 'Customer', id: '1' },
        { __typename: 'CustomerAddress', id: '10' },
        { __typename: 'SavedCard', id: 'card-1' },
      ],
      '',
    );
    expect(answer.data?._entities).toEqual([null, null, null]);
    expect(errorsOf(answer).map(([, code]) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect(asked).toEqual([]);
  });

  it('A2: resolve 20 addresses a request and no more, and no card', async () => {
    const { asked, entities } = request(SERVICE, { isGateway: true });
    const ids = Array.from({ length: 21 }, (_, index) => `${index + 1}0`);
    const answer = await entities(
      [
        ...ids.map((id) => ({ __typename: 'CustomerAddress', id })),
        { __typename: 'SavedCard', id: 'card-1' },
      ],
      '... on CustomerAddress { id city }',
    );
    expect(answer.data?._entities).toMatchObject([
      ...ids.slice(0, 20).map((id) => ({ id, city: 'Riyadh' })),
      null,
      null,
    ]);
    expect(errorsOf(answer)).toEqual([
      ['_entities.20', 'FORBIDDEN'],
      ['_entities.21', 'FORBIDDEN'],
    ]);
    expect(asked.filter((what) => what.startsWith('owner'))).toHaveLength(20);
    expect(asked.filter((what) => what.startsWith('customers'))).toHaveLength(1);
  });
});

describe('representations', () => {
  it('A3: odd ones are null with FORBIDDEN at their places, and the others are answered', async () => {
    const { entities } = request(CUSTOMER_1);
    const answer = await entities(
      [
        { __typename: 'Nope', id: '1' },
        { __typename: 'CustomerAddress', id: '10' },
        { __typename: 'Money', amount: '1', currency: 'SAR' },
        { __typename: 'CustomerError', message: 'x' },
        { __typename: '__proto__', id: '1' },
        JSON.parse('{ "__typename": "Customer", "__proto__": { "id": "1" } }'),
        { __typename: 'Customer', id: { toString: 1 } },
        { __typename: 'Customer', id: ['1'] },
        { __typename: 'Customer' },
        { id: '1' },
        'Customer',
        7,
        { __typename: ['Customer'], id: '1' },
        { __typename: 'Customer', id: 1 },
      ],
      '',
    );
    const places = Array.from({ length: 14 }, (_, index) => index);
    expect(answer.data?._entities).toEqual(
      places.map(
        (index) => ({ 1: { __typename: 'CustomerAddress' }, 13: { __typename: 'Customer' } })[index] ?? null,
      ),
    );
    expect(errorsOf(answer)).toEqual(
      places
        .filter((index) => index !== 1 && index !== 13)
        .map((index) => [`_entities.${index}`, 'FORBIDDEN']),
    );
  });

  it('A3: an upstream that fails beside an unknown type is an error at its place, never an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { entities } = request(CUSTOMER_1, { error: new Error('the shop is down') });
    const answer = await entities([{ __typename: 'CustomerAddress', id: 'x1' }, { __typename: 'Nope' }], '');
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', note);
    expect(answer.data?._entities).toEqual([null, null]);
    expect(answer.errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['_entities.0', '_entities.1']);
    expect(unhandled).toEqual([]);
  });
});

describe('a customer whom the shop no longer knows', () => {
  it('has all sessions ended and is told to sign in', async () => {
    const { asked, query } = request({ ...CUSTOMER_1, customerId: '901' });
    expect(errorsOf(await query('{ customer { id } }'))).toEqual([['customer', 'UNAUTHENTICATED']]);
    expect(asked).toEqual(['customers 901', 'endAll']);
  });
});
