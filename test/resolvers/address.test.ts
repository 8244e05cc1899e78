import DataLoader from 'dataloader';
import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { buildSubgraph } from '../../src/schema.ts';
import { CustomerAddress } from '../../src/types/address.ts';

const schema = buildSubgraph({ authDirectives: false });
const document = parse(`
  mutation Add($input: AddressInput!) {
    addAddress(input: $input) { __typename ...Details }
  }
  mutation Update($id: ID!, $input: UpdateAddressInput!, $version: String) {
    updateAddress(id: $id, input: $input, version: $version) { __typename ...Details }
  }
  mutation Delete($id: ID!, $version: String) {
    deleteAddress(id: $id, version: $version) { __typename ... on Deleted { id } ...Details }
  }
  fragment Details on CustomerError {
    message
    ... on CustomerInputError { fields { path message } }
    ... on AddressConflictError { current { id version } }
  }
`);

const ADDRESS = {
  firstName: 'Sara',
  lastName: 'Example',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  telephone: '0501234567',
};

const stored = new CustomerAddress({
  id: '7',
  label: null,
  ...ADDRESS,
  region: null,
  countryCode: 'SA',
  email: null,
  latitude: null,
  longitude: null,
  isDefaultBilling: false,
  isDefaultShipping: false,
  version: 'v2',
});

/** Runs one of the operations above against a shop whose address methods all answer `outcome`. */
async function run(operationName: string, variableValues: Record<string, unknown>, outcome: object) {
  const sent: unknown[][] = [];
  const ended: string[] = [];
  const method = async (...values: unknown[]) => {
    sent.push(values);
    return outcome;
  };
  const contextValue = {
    caller: { kind: 'customer', customerId: '1', sessionId: 's1', authTime: new Date() },
    language: 'en',
    inputRules: { language: 'en', phoneCountries: new Set(['SA']), resetRedirects: new Set() },
    load: { customers: new DataLoader(async (ids: readonly string[]) => ids.map(() => null)) },
    parts: {
      m2: { addresses: { add: method, update: method, remove: method } },
      auth: { sessions: { endAll: async (id: string) => ended.push(id) } },
    },
  };
  const { data, errors } = await execute({ schema, document, operationName, contextValue, variableValues });
  return { answer: Object.values(data ?? {})[0], errors, sent, ended };
}

it('sends nothing to the shop while the input has problems, and names each', async () => {
  const input = { ...ADDRESS, street: [' '], postcode: '1' };
  const { answer, sent } = await run('Add', { input }, {});
  expect(answer).toMatchObject({
    __typename: 'CustomerInputError',
    fields: expect.arrayContaining([
      { path: ['input', 'postcode'], message: expect.any(String) },
      { path: expect.arrayContaining(['input', 'street']), message: expect.any(String) },
    ]),
  });
  expect(sent).toEqual([]);
});

it('leaves what an update does not mention out of what the shop is sent, and clears what is null', async () => {
  const input = { city: 'Jeddah', label: null };
  const { answer, sent } = await run(
    'Update',
    { id: '7', input, version: 'v2' },
    { kind: 'updated', address: stored },
  );
  expect(answer).toEqual({ __typename: 'CustomerAddress' });
  expect(sent).toEqual([['1', '7', { city: 'Jeddah', label: null }, 'v2']]);
});

it('shows the address as it is now when it has changed since the version', async () => {
  for (const operation of ['Update', 'Delete']) {
    const variables = { id: '7', input: { city: 'Jeddah' }, version: 'v1' };
    const { answer } = await run(operation, variables, { kind: 'conflict', current: stored });
    expect(answer).toMatchObject({ __typename: 'AddressConflictError', current: { id: '7', version: 'v2' } });
  }
});

it("A1: changes and deletes by the caller's own customer id only; another's address is not found", async () => {
  for (const operation of ['Update', 'Delete']) {
    const { answer, sent } = await run(
      operation,
      { id: '8', input: { city: 'Jeddah' } },
      { kind: 'notFound' },
    );
    expect(answer).toMatchObject({ __typename: 'AddressNotFoundError' });
    expect(sent[0]?.slice(0, 2)).toEqual(['1', '8']);
  }
});

it('turns what the shop itself refuses into an input problem', async () => {
  const { answer } = await run('Add', { input: ADDRESS }, { kind: 'refused', field: 'city' });
  expect(answer).toMatchObject({ __typename: 'CustomerInputError', fields: [{ path: ['input', 'city'] }] });
});

it('ends the sessions of a customer whom the shop no longer knows', async () => {
  const { errors, ended } = await run('Add', { input: ADDRESS }, { kind: 'gone' });
  expect(errors?.map(({ originalError }) => Object(originalError).code)).toEqual(['UNAUTHENTICATED']);
  expect(ended).toEqual(['1']);
});
