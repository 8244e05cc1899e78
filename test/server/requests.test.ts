import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startTestService } from '../support/service.ts';
import { get, JSON_TYPE, MARKER, post, refusalOf, speak } from './http.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const HELLO = { query: '{ __typename }' };
const TOO_LARGE = JSON.stringify({ query: `# ${MARKER.repeat(40_000)}\n{ __typename }` });

describe('an operation', () => {
  it('is answered by POST and GET alike', async () => {
    for (const response of [await post(service, JSON.stringify(HELLO)), await get(service, HELLO)]) {
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('A9: is not kept either where Apollo has a cache policy of its own, as for an unknown persisted query', async () => {
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } });
    expect(await refusalOf(await get(service, { extensions }))).toMatchObject({
      status: 200,
      code: 'PERSISTED_QUERY_NOT_FOUND',
    });
  });

  it('takes its name and variables from a GET as well', async () => {
    const query = 'query One { __typename } query Two($name: String!) { __type(name: $name) { name } }';
    const variables = JSON.stringify({ name: 'Customer' });
    const response = await get(service, { query, variables, operationName: 'Two' });
    expect(await response.json()).toEqual({ data: { __type: { name: 'Customer' } } });
  });

  it('A8: is no mutation when it comes by GET', async () => {
    const response = await get(service, {
      query: `mutation { login(input: { email: "${MARKER}@example.com" }) { __typename } }`,
    });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await refusalOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it.each([
    ['a link or an image (GET without a header of its own)', {}, 'GET'],
    ['a form (POST as text)', { 'content-type': 'text/plain' }, 'POST'],
    ['a form (POST as fields)', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST'],
  ])('A8: is not run for %s: a foreign page could send that', async (_, headers, method) => {
    const response =
      method === 'GET' ? await get(service, HELLO, {}) : await post(service, JSON.stringify(HELLO), headers);
    expect((await refusalOf(response)).status).toBe(method === 'GET' ? 400 : 415);
  });

  it.each([[[HELLO, HELLO]], [[]]])('A8: is alone in its request, not one of a batch', async (batch) => {
    const response = await post(service, JSON.stringify(batch));
    expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });
});

describe('a body that cannot be used is refused in GraphQL’s shape without a word of it', () => {
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };

  it.each<[string, BodyInit | null, Record<string, string>, number, string]>([
    ['is cut off', `{"query": "${MARKER}`, JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is text', MARKER, JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is a JSON string', JSON.stringify(MARKER), JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is a JSON number', '7', JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is null', 'null', JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is an empty object', '{}', JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is empty', '', JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is not there', null, JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is not there and has no type', null, {}, 400, 'BAD_REQUEST'],
    [
      'holds an object for a query',
      JSON.stringify({ query: { [MARKER]: 1 } }),
      JSON_TYPE,
      400,
      'BAD_REQUEST',
    ],
    ['holds a prototype', `{"query": "{a}", "__proto__": {"${MARKER}": 1}}`, JSON_TYPE, 400, 'BAD_REQUEST'],
    ['is of another type', MARKER, { 'content-type': `application/${MARKER}` }, 415, 'BAD_REQUEST'],
    ['is of no type at all', MARKER, { 'content-type': MARKER }, 415, 'BAD_REQUEST'],
    ['is compressed', gzipSync(JSON.stringify(HELLO)), gzip, 415, 'BAD_REQUEST'],
    ['says that it is compressed', JSON.stringify(HELLO), gzip, 415, 'BAD_REQUEST'],
    ['A7: is larger than 256 KiB', TOO_LARGE, JSON_TYPE, 413, 'LIMIT_EXCEEDED'],
  ])('one that %s', async (_, body, headers, status, code) => {
    expect(await refusalOf(await post(service, body, headers))).toMatchObject({ status, code });
  });

  it('one that is not UTF-8, instead of being read as something else', async () => {
    const latin1 = Buffer.from('{"query": "{ __typename } # é"}', 'latin1');
    expect((await refusalOf(await post(service, latin1))).status).toBe(400);
    expect((await post(service, Buffer.from('{"query": "{ __typename } # é"}'))).status).toBe(200);
  });

  it('A7: one that grows larger than it could say beforehand', async () => {
    const answer = await speak(
      service,
      `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${TOO_LARGE.length.toString(16)}\r\n${TOO_LARGE}\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('LIMIT_EXCEEDED');
    expect(answer).not.toContain(MARKER);
  });

  it('A3: one whose variables are nested without end', async () => {
    const depth = 60_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const body = `{"query":${JSON.stringify(query)},"variables":{"r":[{"__typename":"Customer","id":${nested}}]}}`;
    const response = await post(service, body);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});

describe('a request that leads nowhere', () => {
  it.each(['/', `/${MARKER}`, '/graphql/', '/GraphQL', `/%2e%2e/${MARKER}`])('is a 404: %s', async (path) => {
    const response = await fetch(service.base + path);
    expect(await refusalOf(response)).toMatchObject({ status: 404, code: 'BAD_REQUEST' });
  });

  it('is a 400 when its path cannot be decoded', async () => {
    const response = await fetch(`${service.base}/%zz${MARKER}`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(MARKER);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('is a 405 when the method is %s', async (method) => {
    const response = await fetch(service.url, { method, headers: JSON_TYPE });
    expect(response.headers.get('allow')).toBe('GET, POST');
    expect(await refusalOf(response)).toMatchObject({ status: 405, code: 'BAD_REQUEST' });
  });

  it('is a 405 without a body when only the head is asked for', async () => {
    const response = await fetch(service.url, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([405, '']);
  });

  it('is a 406 when the client takes nothing that is JSON', async () => {
    const response = await post(service, JSON.stringify(HELLO), { ...JSON_TYPE, accept: 'image/png' });
    expect((await refusalOf(response)).status).toBe(406);
  });

  it.each([
    ['a host that is none', 'GET /graphql HTTP/1.1\r\nHost: a b'],
    ['no host', 'GET /graphql HTTP/1.0'],
    ['an address that is none', 'GET http://[/graphql HTTP/1.1\r\nHost: localhost'],
  ])('is never a 500: %s', async (_, head) => {
    const answer = await speak(
      service,
      `${head}\r\nApollo-Require-Preflight: 1\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('the landing page', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

  it('is there for browsers, and begins with the first steps', async () => {
    const response = await get(service, {}, browser);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).toContain('embeddable-sandbox');
    expect(page).toContain('mutation Register');
  });

  it('is in nobody’s way: whoever takes JSON gets JSON', async () => {
    const response = await get(service, HELLO, { accept: '*/*', 'apollo-require-preflight': '1' });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
