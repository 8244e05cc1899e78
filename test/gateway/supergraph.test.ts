import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AddAddressDocument,
  HmgLoginDocument,
  RegisterDocument,
  VerifyOtpDocument,
} from '../support/operations.ts';
import {
  type Ask,
  type Gateway,
  type Subgraphs,
  startApolloGateway,
  startHiveGateway,
  startSubgraphs,
} from './supergraph.ts';

let subgraphs: Subgraphs;
beforeAll(async () => {
  subgraphs = await startSubgraphs();
}, 30_000);
afterAll(() => subgraphs?.close());

/** Registers somebody new through the gateway, with one address. */
async function signIn(ask: Ask, number: string) {
  const phone = { zipCode: '+966', number };
  const person = { phone, firstName: 'Sara', lastName: 'Example', email: `s${number}@example.com` };
  const asked = await ask(print(RegisterDocument), { input: person });
  expect(asked).toMatchObject({ data: { register: { __typename: 'OtpChallenge' } } });
  const { otpId, otpCode } = Object(asked.data?.register);
  const verified = await ask(print(VerifyOtpDocument), { input: { otpId, otpCode } });
  expect(verified).toMatchObject({
    data: { verifyOtp: { __typename: 'CustomerSession', isNewCustomer: true } },
  });
  const { accessToken, customer } = Object(verified.data?.verifyOtp);
  const input = {
    firstName: 'Sara',
    lastName: 'Example',
    street: ['1 Palm Street'],
    city: 'Riyadh',
    postcode: '12345',
    telephone: `0${number}`,
  };
  const added = await ask(print(AddAddressDocument), { input }, accessToken);
  expect(added).toMatchObject({ data: { addAddress: { __typename: 'CustomerAddress' } } });
  return {
    accessToken: String(accessToken),
    id: String(customer.id),
    addressId: String(Object(added.data?.addAddress).id),
  };
}

const codesOf = ({ errors = [] }: Awaited<ReturnType<Ask>>) =>
  errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code]);

describe.each([
  ['Apollo Gateway', startApolloGateway, '55900000'],
  ['Hive Gateway', startHiveGateway, '55900010'],
] as const)('%s over this subgraph and its neighbour', (_name, start, numbers) => {
  let gateway: Gateway;
  let sara: Awaited<ReturnType<typeof signIn>>;
  let other: typeof sara;
  beforeAll(async () => {
    gateway = await start(subgraphs.parts);
    sara = await signIn(gateway.ask, `${numbers}1`);
    other = await signIn(gateway.ask, `${numbers}2`);
  }, 30_000);
  afterAll(() => gateway?.close());

  const ORDER = `query ($id: ID!) {
    order(id: $id) { id total { amount } customer { id firstName } shippingAddress { id city } }
  }`;

  it("adds the neighbour's orders to the signed-in customer", async () => {
    const query = '{ customer { firstName orders { id total { amount currency } customer { lastName } } } }';
    expect(await gateway.ask(query, {}, sara.accessToken)).toEqual({
      data: {
        customer: {
          firstName: 'Sara',
          orders: [
            { id: sara.id, total: { amount: '12.50', currency: 'SAR' }, customer: { lastName: 'Example' } },
          ],
        },
      },
    });
  });

  it("fills in the customer and the address that the neighbour's order refers to", async () => {
    const id = `${sara.id}-${sara.addressId}`;
    expect(await gateway.ask(ORDER, { id }, sara.accessToken)).toEqual({
      data: {
        order: {
          id,
          total: { amount: '12.50' },
          customer: { id: sara.id, firstName: 'Sara' },
          shippingAddress: { id: sara.addressId, city: 'Riyadh' },
        },
      },
    });
  });

  it('A2: tells nothing of another customer whom the neighbour refers to, and answers the rest', async () => {
    const id = `${other.id}-${other.addressId}`;
    const answer = await gateway.ask(ORDER, { id }, sara.accessToken);
    expect(answer.data).toMatchObject({ order: { id, total: { amount: '12.50' } } });
    expect(JSON.stringify(answer)).not.toMatch(/Sara|Riyadh/);
    expect(new Set(codesOf(answer).map(([, code]) => code))).toEqual(new Set(['FORBIDDEN']));
  });

  it('A6: gives the national ID to its owner alone, also where a neighbour requires it for a field of its own', async () => {
    const phone = { zipCode: '+966', number: '551234567' };
    const asked = await gateway.ask(print(HmgLoginDocument), { input: { phone, fileNo: '70001' } });
    const { otpId, otpCode } = Object(asked.data?.hmgLogin);
    const verified = await gateway.ask(print(VerifyOtpDocument), { input: { otpId, otpCode } });
    const noura = Object(verified.data?.verifyOtp);
    const query = 'query ($id: ID!) { order(id: $id) { customer { id insuranceNo } } }';
    const id = `${noura.customer.id}-1`;
    const own = await gateway.ask(query, { id }, noura.accessToken);
    expect(own).toEqual({
      data: { order: { customer: { id: noura.customer.id, insuranceNo: 'INSURED-1088123458' } } },
    });
    for (const token of [sara.accessToken, undefined]) {
      const answer = await gateway.ask(query, { id }, token);
      expect(answer.data).toEqual({ order: { customer: { id: noura.customer.id, insuranceNo: null } } });
      expect(JSON.stringify(answer)).not.toContain('1088123458');
    }
  });

  it('A2: tells nobody anything without a session', async () => {
    const answer = await gateway.ask(ORDER, { id: `${sara.id}-${sara.addressId}` });
    expect(JSON.stringify(answer)).not.toMatch(/Sara|Riyadh/);
    expect(answer.data).toMatchObject({ order: { total: { amount: '12.50' } } });
    expect(codesOf(await gateway.ask('{ customer { id } }'))).toEqual([['customer', 'UNAUTHENTICATED']]);
  });
});

it('A4: only a gateway that proves itself is answered at all', async () => {
  const response = await fetch(subgraphs.parts[0]?.url ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  });
  expect(response.status).toBe(401);
});
