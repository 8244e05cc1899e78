import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import type { SocialLoggedIn } from '../../src/auth/social-login.ts';
import { buildSubgraph } from '../../src/schema.ts';

const schema = buildSubgraph({ authDirectives: false });
const document = parse(`mutation ($input: SocialLoginInput!) {
  loginWithSocial(input: $input) {
    __typename
    ... on CustomerConflictError { field phoneProof }
    ... on CustomerThrottledError { retryAfterSeconds }
    ... on CustomerInputError { fields { path message } }
    ... on CustomerError { message }
  }
}`);
const good = { provider: 'APPLE', idToken: 'a.b.c' };

/** What a client sees of an outcome, and what auth was asked with. */
async function loginWithSocial(outcome: SocialLoggedIn, input: object = good) {
  const asked: unknown[] = [];
  const contextValue = {
    language: 'en',
    inputRules: { language: 'en', phoneCountries: new Set(), resetRedirects: new Set() },
    parts: {
      auth: {
        async socialLogin(given: unknown) {
          asked.push(given);
          return outcome;
        },
      },
    },
  };
  const { data, errors } = await execute({ schema, document, contextValue, variableValues: { input } });
  expect(errors).toBeUndefined();
  return { answer: data?.loginWithSocial, asked };
}

it.each([
  [{ kind: 'bad' }, { __typename: 'InvalidCredentialsError' }],
  [
    { kind: 'throttled', retryAfterSeconds: 7 },
    { __typename: 'CustomerThrottledError', retryAfterSeconds: 7 },
  ],
  [{ kind: 'off' }, { __typename: 'CustomerInputError', fields: [{ path: ['input', 'provider'] }] }],
  [{ kind: 'nonceMissing' }, { __typename: 'CustomerInputError', fields: [{ path: ['input', 'nonce'] }] }],
  [{ kind: 'noEmail' }, { __typename: 'CustomerInputError', fields: [{ path: ['input', 'idToken'] }] }],
  [
    { kind: 'conflict', field: 'phone' },
    {
      __typename: 'CustomerConflictError',
      field: 'phone',
      phoneProof: null,
      message: 'For your safety, please sign in with your mobile number.',
    },
  ],
  [
    { kind: 'conflict', field: 'email' },
    { __typename: 'CustomerConflictError', field: 'email' },
  ],
  [
    { kind: 'conflict', field: 'idToken' },
    { __typename: 'CustomerConflictError', field: 'idToken' },
  ],
] as const)('shows %j as its member of the union', async (outcome, member) => {
  expect((await loginWithSocial(outcome)).answer).toMatchObject(member);
});

it('hands on what was given, and null for what was not', async () => {
  const { asked } = await loginWithSocial({ kind: 'bad' }, { ...good, firstName: ' Hedy  L. ', nonce: '' });
  expect(asked).toEqual([
    {
      ...good,
      nonce: null,
      firstName: 'Hedy L.',
      lastName: null,
      acceptedTermsVersion: null,
      device: null,
    },
  ]);
});

it('asks nobody about what cannot be a token, or a name that the shop would refuse', async () => {
  const input = { ...good, idToken: 'x'.repeat(8193), firstName: '<b>', device: { deviceId: '' } };
  const { answer, asked } = await loginWithSocial({ kind: 'bad' }, input);
  expect(answer).toMatchObject({
    __typename: 'CustomerInputError',
    fields: [['idToken'], ['firstName'], ['device', 'deviceId']].map((path) => ({
      path: ['input', ...path],
    })),
  });
  expect(asked).toEqual([]);
});
