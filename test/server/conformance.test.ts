import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE, post } from './http.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

describe('GraphQL over HTTP: the audits of graphql-http', () => {
  const audits = serverAudits({
    url: () => service.url,
    // The audits know nothing of CSRF prevention, which asks every GET for a header that no link can send.
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, 'apollo-require-preflight': 'true' } }),
  });

  it.each(audits.map((audit) => ({ ...audit })))('$id $name', async ({ fn }) => {
    const result = await fn();
    expect('reason' in result ? result.reason : result.status).toBe('ok');
  });

  it('are all there', () => {
    expect(audits.length).toBeGreaterThan(60);
  });
});

describe('a document that is refused', () => {
  const refused = JSON.stringify({ query: '{ nothingOfThisName }' });

  it.each([
    [undefined, 400],
    ['*/*', 400],
    ['application/graphql-response+json', 400],
    ['application/graphql-response+json, application/json;q=0.9', 400],
    ['application/json, */*', 400],
    ['application/json', 200],
    ['Application/JSON; charset=utf-8', 200],
  ])('for a client that takes %s has the status %i', async (accept, status) => {
    const response = await post(service, refused, { ...JSON_TYPE, ...(accept && { accept }) });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  it('is none where the request itself is wrong: that is 400 for every client', async () => {
    const accept = { ...JSON_TYPE, accept: 'application/json' };
    const sha256Hash = 'of something else';
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (const body of [{ query: '' }, { query: 7 }, { query: '{ __typename }', extensions }]) {
      expect((await post(service, JSON.stringify(body), accept)).status).toBe(400);
    }
  });
});
