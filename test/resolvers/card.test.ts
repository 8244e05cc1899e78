import DataLoader from 'dataloader';
import { execute, parse } from 'graphql';
import { expect, it } from 'vitest';
import { buildSubgraph } from '../../src/schema.ts';

const schema = buildSubgraph({ authDirectives: false });
const document = parse(`mutation ($id: ID!) {
  deleteCard(id: $id) {
    __typename
    ... on Deleted { id }
    ... on RecentSignInRequiredError { maxAgeSeconds }
    ... on CustomerError { message }
  }
}`);

/** Deletes a card for a customer who signed in `ageSeconds` ago and owns `card-1`. */
async function deleteCard(id: string, { ageSeconds = 0, isGone = false } = {}) {
  const removed: string[] = [];
  const contextValue = {
    caller: {
      kind: 'customer',
      customerId: '1',
      sessionId: 's1',
      authTime: new Date(Date.now() - ageSeconds * 1000),
    },
    language: 'en',
    load: { cards: new DataLoader(async (ids: readonly string[]) => ids.map(() => [{ id: 'card-1' }])) },
    parts: {
      config: { session: { recentSignInSeconds: 300 } },
      m2: {
        cards: {
          async remove(...which: string[]) {
            removed.push(which.join('/'));
            return !isGone;
          },
        },
      },
    },
  };
  const { data, errors } = await execute({ schema, document, contextValue, variableValues: { id } });
  expect(errors).toBeUndefined();
  return { answer: data?.deleteCard, removed };
}

it('deletes a card of the own shortly after signing in', async () => {
  expect(await deleteCard('card-1', { ageSeconds: 299 })).toEqual({
    answer: { __typename: 'Deleted', id: 'card-1' },
    removed: ['1/card-1'],
  });
});

it('S9: an old sign-in, such as a stolen token, deletes no card', async () => {
  const { answer, removed } = await deleteCard('card-1', { ageSeconds: 301 });
  expect(answer).toMatchObject({ __typename: 'RecentSignInRequiredError', maxAgeSeconds: 300 });
  expect(removed).toEqual([]);
});

it("A1: another's card is not found, and nothing is sent to the shop for it", async () => {
  const { answer, removed } = await deleteCard('card-2');
  expect(answer).toMatchObject({ __typename: 'CardNotFoundError', message: expect.any(String) });
  expect(removed).toEqual([]);
});

it('says so when the card has gone in between', async () => {
  expect((await deleteCard('card-1', { isGone: true })).answer).toMatchObject({
    __typename: 'CardNotFoundError',
  });
});
