import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { compileQuery } from 'graphql-jit';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signIn } from '../journeys/steps.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE } from './http.ts';

vi.mock('graphql-jit', { spy: true });

const TIMES = 8;

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await startTestService();
  ({ token } = await signIn(service, '501234567'));
});
afterAll(() => service?.close());
afterEach(() => vi.restoreAllMocks());

interface Sent {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

async function post(sent: Sent, headers: Record<string, string> = {}) {
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(sent),
  });
  // Its id and its date are of the one request.
  const { 'x-request-id': _id, date: _date, ...answered } = Object.fromEntries(response.headers);
  return { status: response.status, headers: answered, body: await response.text() };
}

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Customer { id name: fullName cards { last4Digits } }
    ... on CustomerAddress { id city region { name } }
    ... on SavedCard { id }
  }
}`;
const own = (__typename: string, id: string) => ({ __typename, id });
const SEVERAL = 'query A { customer { id } } query B { customer { fullName } faqs { question } }';

/** What is asked, and whether it is one to compile: what never gets as far as being run is not. */
const ASKED: [string, Sent, { isRun: boolean }][] = [
  ['types alone', { query: '{ __typename customer { __typename id } }' }, { isRun: true }],
  [
    'a screen',
    {
      query: `{ customer {
        id phone { e164 } createdAt dateOfBirth subscriptions { code isSubscribed }
        addresses { id label street latitude version } defaultBillingAddress { id }
        cards { id brand isExpired } loyalty { status points worth { amount currency } }
        notifications(first: 2) { edges { node { id } } }
      } }`,
    },
    { isRun: true },
  ],
  [
    'fragments and aliases',
    {
      query: `query { ...screen } fragment screen on Query { me: customer { ...one ...two ... { email } } }
        fragment one on Customer { id addresses { id } } fragment two on Customer { addresses { at: city } }`,
    },
    { isRun: true },
  ],
  ...[true, false].map((isMore): [string, Sent, { isRun: boolean }] => [
    `@include and @skip, ${isMore}`,
    {
      query: `query ($isMore: Boolean!, $id: ID = "1") {
        customer { id email @include(if: $isMore) ... @skip(if: $isMore) { fullName cards { id } } }
        address(id: $id) @include(if: $isMore) { city }
      }`,
      variables: { isMore },
    },
    { isRun: false },
  ]),
  [
    'entities of several types, some not there and some not for the caller',
    {
      query: ENTITIES,
      variables: {
        representations: [
          own('Customer', '1'),
          own('CustomerAddress', '1'),
          own('SavedCard', '9001'),
          own('Customer', '2'),
          own('CustomerAddress', '999'),
          own('Nobody', '1'),
          { __typename: 'Customer' },
        ],
      },
    },
    { isRun: true },
  ],
  ['no entities', { query: ENTITIES, variables: { representations: [] } }, { isRun: true }],
  [
    'public fields with arguments',
    {
      query:
        'query ($code: CountryCode!) { country(code: $code) { name regions { code } } regionByPoint(latitude: 24.7, longitude: 46.7) { code } }',
      variables: { code: 'SA' },
    },
    { isRun: true },
  ],
  [
    'a variable that its scalar refuses',
    {
      query: 'query ($code: CountryCode!) { country(code: $code) { name } }',
      variables: { code: 'nowhere' },
    },
    { isRun: true },
  ],
  [
    'a variable of another type',
    { query: 'query ($id: ID!) { address(id: $id) { id } }', variables: { id: { a: 1 } } },
    { isRun: true },
  ],
  ['a variable left out', { query: 'query ($id: ID!) { address(id: $id) { id } }' }, { isRun: true }],
  [
    'a variable too many',
    { query: 'query ($id: ID!) { address(id: $id) { id } }', variables: { id: '1', other: 2 } },
    { isRun: true },
  ],
  [
    'a null that may not be',
    { query: 'query ($id: ID!) { address(id: $id) { id } }', variables: { id: null } },
    { isRun: true },
  ],
  ['the one of two operations', { query: SEVERAL, operationName: 'A' }, { isRun: true }],
  ['the other of two operations', { query: SEVERAL, operationName: 'B' }, { isRun: true }],
  ['an operation that is not there', { query: SEVERAL, operationName: 'C' }, { isRun: false }],
  ['two operations and no name', { query: SEVERAL }, { isRun: false }],
  [
    'introspection',
    { query: '{ __schema { queryType { name } } __type(name: "Customer") { name } }' },
    { isRun: true },
  ],
  ['a field that is not there', { query: '{ customer { nothing } }' }, { isRun: false }],
  ['a document that is none', { query: '{ customer { id }' }, { isRun: false }],
];

describe('a query that comes again and again is answered alike, run compiled or not', () => {
  it.each(ASKED)('%s', async (_, sent, { isRun }) => {
    // A text of its own, so that no test has had it compiled before.
    const query = `${sent.query} # ${crypto.randomUUID()}`;
    const compiled = vi.mocked(compileQuery);
    compiled.mockClear();
    const answers = [];
    for (let times = 0; times < TIMES; times++) answers.push(await post({ ...sent, query }));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(compiled).toHaveBeenCalledTimes(isRun ? 1 : 0);
    if (isRun) expect(compiled.mock.results[0]?.value).toHaveProperty('query');
  });

  it('each operation of a document on its own', async () => {
    const query = `${SEVERAL} # ${crypto.randomUUID()}`;
    const ask = async () => [
      await post({ query, operationName: 'A' }),
      await post({ query, operationName: 'B' }),
      await post({ query, operationName: 'C' }),
    ];
    const answers = await ask();
    expect(new Set(answers.map(({ body }) => body)).size).toBe(3);
    for (let times = 0; times < TIMES; times++) expect(await ask()).toEqual(answers);
  });

  it.each([
    ['for nobody', { authorization: '' }],
    ['in Arabic', { 'accept-language': 'ar' }],
  ])('%s as for everybody: nothing of one caller stays in what was compiled', async (_, headers) => {
    const query = `{ customer { id language } addresses { id } countries { name } } # ${crypto.randomUUID()}`;
    const asOther = await post({ query }, headers);
    const asSara = await post({ query });
    expect(asOther.body).not.toBe(asSara.body);
    for (let times = 0; times < TIMES; times++) {
      expect(await post({ query }, headers)).toEqual(asOther);
      expect(await post({ query })).toEqual(asSara);
    }
  });
});

describe('a query that comes again', () => {
  it('is parsed once: what is kept of it is used', async () => {
    const kept = vi.spyOn(InMemoryLRUCache.prototype, 'set');
    const found = vi.spyOn(InMemoryLRUCache.prototype, 'get');
    const query = `query ($id: ID!) { address(id: $id) { id } } # ${crypto.randomUUID()}`;
    for (const id of ['1', '2', '3']) await post({ query, variables: { id } });
    expect(kept).toHaveBeenCalledTimes(1);
    const [, document] = kept.mock.calls[0] ?? [];
    expect(await Promise.all(found.mock.results.map(({ value }) => value))).toEqual([
      undefined,
      document,
      document,
    ]);
  });
});
