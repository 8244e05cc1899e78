/** What is asked of the servers: each operation as GraphQL and, but for `{ __typename }`, as REST. */
import { CUSTOMERS } from './customers.ts';
import type { Ask, Operate, Send } from './load.ts';
import type { ServerName } from './servers.ts';
import type { BenchUpstream } from './upstream.ts';
import { graphqlAsk, headersOf } from './visitors.ts';

export type OperationName = 'screen' | 'entities' | 'addAddress' | 'signUp' | 'typename';

export const SCREEN = `query Screen {
  customer {
    id fullName firstName lastName email phone { e164 } language isProfileCompleted
    addresses {
      id label firstName lastName street city region { code name } postcode countryCode telephone
      latitude longitude isDefaultBilling isDefaultShipping
    }
    cards { id brand last4Digits expirationDate isExpired expiresSoon }
  }
}`;

export const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    ... on Customer { id firstName lastName email phone { e164 } language groupId }
  }
}`;

const ADD_ADDRESS = `mutation AddAddress($input: AddressInput!) {
  addAddress(input: $input) {
    __typename
    ... on CustomerAddress { id label street city postcode countryCode telephone isDefaultShipping }
  }
}`;

const REGISTER = `mutation Register($input: RegisterInput!) {
  register(input: $input) { __typename ... on OtpChallenge { otpId } }
}`;

const VERIFY_OTP = `mutation VerifyOtp($input: VerifyOtpInput!) {
  verifyOtp(input: $input) {
    __typename
    ... on CustomerSession { accessToken refreshToken customer { id } }
  }
}`;

const ADDRESS = {
  label: 'New',
  firstName: 'Sara',
  lastName: 'Example',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  countryCode: 'SA',
  telephone: '0501234567',
};
const ENTITY_COUNT = 100;

/** Who asks: tokens of the customers, that of the first one at 0, and one of another service. */
export interface Callers {
  tokens: readonly string[];
  serviceToken: string;
}

const isRest = (server: ServerName) => server === 'rest' || server === 'rest-cached';
const restAsk = (
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  json?: object,
): Ask =>
  json
    ? { method, path, headers, body: Buffer.from(JSON.stringify(json)) }
    : { method, path, headers: bodiless(headers) };

function bodiless({ 'content-type': _type, ...headers }: Record<string, string>): Record<string, string> {
  return headers;
}

/** Every customer's own request, made beforehand, and what its answer has to hold. */
function prepared(
  { tokens }: Callers,
  askOf: (headers: Record<string, string>) => Ask,
  sign: (n: number) => string,
): Operate {
  const asks = tokens.map((token, at) => ({ ask: askOf(headersOf(at + 1, token)), sign: sign(at + 1) }));
  return async (send, at) => {
    const { ask, sign } = asks[at % asks.length] as (typeof asks)[number];
    const body = await send(ask);
    if (!body.includes(sign)) throw new Error(`${ask.path} answered ${body.subarray(0, 500)}`);
  };
}

/** The ids of a page of customers, each page another hundred. */
function page(at: number): string[] {
  return Array.from({ length: ENTITY_COUNT }, (_, index) => String(((at * 25 + index) % CUSTOMERS) + 1));
}

function entities(server: ServerName, { serviceToken }: Callers): Operate {
  const asks = Array.from({ length: CUSTOMERS / 25 }, (_, at) => {
    const ids = page(at);
    const headers = headersOf(at, serviceToken);
    const representations = ids.map((id) => ({ __typename: 'Customer', id }));
    return {
      ask: isRest(server)
        ? restAsk('POST', '/customers', headers, { ids })
        : graphqlAsk(headers, ENTITIES, { representations }),
      sign: `customer.${ids.at(-1)}@example.com`,
    };
  });
  return async (send, at) => {
    const { ask, sign } = asks[at % asks.length] as (typeof asks)[number];
    const body = await send(ask);
    if (!body.includes(sign)) throw new Error(`${ask.path} answered ${body.subarray(0, 500)}`);
  };
}

// Of the whole run: nobody signs up twice.
let newcomers = 0;

function signUp(server: ServerName, upstream: BenchUpstream): Operate {
  return async (send: Send) => {
    newcomers += 1;
    const number = `513${String(newcomers).padStart(6, '0')}`;
    const e164 = `+966${number}`;
    const person = { firstName: 'Sara', lastName: 'Example', email: `newcomer.${newcomers}@example.com` };
    const headers = headersOf(1_000 + newcomers);
    const asked = await send(
      isRest(server)
        ? restAsk('POST', '/register', headers, { ...person, phone: e164 })
        : graphqlAsk(headers, REGISTER, { input: { ...person, phone: { zipCode: '+966', number } } }),
    );
    const otpId = /"otpId":"([^"]+)"/.exec(String(asked))?.[1];
    if (otpId === undefined) throw new Error(`register answered ${asked}`);
    const given = { otpId, otpCode: await upstream.codeFor(e164) };
    const signedIn = await send(
      isRest(server)
        ? restAsk('POST', '/verify-otp', headers, given)
        : graphqlAsk(headers, VERIFY_OTP, { input: given }),
    );
    if (!signedIn.includes('"accessToken":"') || signedIn.includes('"errors":'))
      throw new Error(`verifyOtp answered ${signedIn}`);
  };
}

/** The operation as that server is asked it. */
export function operateOf(
  operation: OperationName,
  server: ServerName,
  callers: Callers,
  upstream: BenchUpstream,
): Operate {
  const rest = isRest(server);
  switch (operation) {
    case 'screen':
      return prepared(
        callers,
        (headers) => (rest ? restAsk('GET', '/screen', headers) : graphqlAsk(headers, SCREEN)),
        (n) => `"cards":[{"id":"${n}1"`,
      );
    case 'entities':
      return entities(server, callers);
    case 'addAddress':
      return prepared(
        callers,
        (headers) =>
          rest
            ? restAsk('POST', '/addresses', headers, ADDRESS)
            : graphqlAsk(headers, ADD_ADDRESS, { input: ADDRESS }),
        () => '"street":["1 Palm Street"]',
      );
    case 'signUp':
      return signUp(server, upstream);
    case 'typename':
      return prepared(
        callers,
        (headers) => graphqlAsk(headers, '{ __typename }'),
        () => '"Query"',
      );
  }
}
