import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apolloLogger } from '../../src/http/graphql.ts';
import { createLogger } from '../../src/logger.ts';
import { SignInResolver } from '../../src/resolvers/sign-in.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE, MARKER, post, refusalOf } from './http.ts';

const OLD = 'the older secret of a router in 40 letters';
const NEW = 'the newer secret of a router in 40 letters';
const HELLO = JSON.stringify({ query: '{ __typename }' });

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ ROUTER_SECRETS: `${OLD},${NEW}` });
});
afterAll(() => service.close());

const withSecret = (secret: string) => ({ ...JSON_TYPE, 'router-authorization': secret });

describe('where a router’s secret is set', () => {
  it.each([OLD, NEW])('A4: two secrets are good at a time: %s', async (secret) => {
    const response = await post(service, HELLO, withSecret(secret));
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it.each<[string, Record<string, string>]>([
    ['none', {}],
    ['an empty one', { 'router-authorization': '' }],
    ['a wrong one', { 'router-authorization': MARKER }],
    ['both at once', { 'router-authorization': `${OLD},${NEW}` }],
    ['the right one with more behind it', { 'router-authorization': `${OLD}x` }],
    ['the right one in another header', { authorization: `Bearer ${OLD}` }],
  ])('A4: a request with %s is 401', async (_, headers) => {
    const response = await post(service, HELLO, { ...JSON_TYPE, ...headers });
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['over the limit', 'x'.repeat(300_000), JSON_TYPE],
    ['not JSON', MARKER, JSON_TYPE],
    ['of another type', MARKER, { 'content-type': 'application/xml' }],
  ])('A4: a stranger’s body is not looked at: one %s is 401 too', async (_, body, headers) => {
    expect((await refusalOf(await post(service, body, headers))).status).toBe(401);
  });

  it('A4: neither another method nor another spelling of the path is a way around', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await fetch(service.url, { method })).status).toBe(401);
    }
    const encoded = service.url.replace('/graphql', '/%67raphql');
    expect((await fetch(encoded, { method: 'POST', headers: JSON_TYPE, body: HELLO })).status).toBe(401);
  });

  it('A4: keys, health and readiness stay open', async () => {
    for (const path of ['/.well-known/jwks.json', '/health', '/ready']) {
      expect((await fetch(service.base + path)).status).toBe(200);
    }
  });
});

describe('the request id', () => {
  const given = 'Gateway.id_of-1';
  const ask = (headers: Record<string, string>) =>
    post(service, HELLO, { ...withSecret(NEW), ...headers }).then(({ headers }) =>
      headers.get('x-request-id'),
    );

  it('is the gateway’s own where it sends one', async () => {
    expect(await ask({ 'x-request-id': given })).toBe(given);
    expect(await ask({ 'x-request-id': 'a'.repeat(128) })).toBe('a'.repeat(128));
  });

  it.each(['', 'a'.repeat(129), 'a b', '<script>', 'a\tb', '{"level":"info"}'])(
    'is a new one where that is of no sane form: %j',
    async (id) => {
      expect(await ask({ 'x-request-id': id })).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    },
  );

  it('is a new one where the sender does not prove to be the gateway', async () => {
    const response = await post(service, HELLO, { ...JSON_TYPE, 'x-request-id': given });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-request-id')).not.toBe(given);
  });

  it('A10: is all that a client gets to know of an unexpected error, and finds it in the log', async () => {
    const id = 'the-one-that-fails';
    const broken = vi.spyOn(SignInResolver.prototype, 'login').mockImplementation(async () => {
      await sleep(50);
      throw new Error('cannot read sara@example.com, +966501234567');
    });
    const query = `mutation { ${MARKER}: login(input: { email: "${MARKER}@example.com" }) { __typename } }`;
    const response = await post(service, JSON.stringify({ query }), {
      ...withSecret(NEW),
      'x-request-id': id,
    }).finally(() => broken.mockRestore());

    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toBe(id);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const body = await response.text();
    expect(body).not.toMatch(/sara|966|cannot read|\.ts/);
    expect(JSON.parse(body)).toMatchObject({
      errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: id } }],
    });
    await vi.waitFor(() => {
      const lines = service.logged
        .map((line) => JSON.parse(line))
        .filter(({ requestId }) => requestId === id);
      expect(lines).toMatchObject([
        { level: 'error', field: 'login', err: { message: 'cannot read [email], [number]' } },
        { level: 'info', msg: 'answered', route: '/graphql', status: 200, ms: expect.any(Number) },
      ]);
      expect(lines[1].ms).toBeGreaterThan(40);
    });
  });
});

describe('the log', () => {
  it('A10: masks what Apollo Server has to say', () => {
    const lines: string[] = [];
    const apollo = apolloLogger(createLogger('debug', { write: (line) => void lines.push(line) }));
    apollo.warn('no sara@example.com, +966501234567');
    apollo.error(new Error('no Bearer abc.def'));
    apollo.info();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'warn', msg: 'no [email], [number]' },
      { level: 'error', msg: 'Error: no [token]' },
    ]);
  });

  it('S10: holds nothing of what is sent: not a body, a header, a query or a path', async () => {
    const secret = withSecret(NEW);
    await post(service, `{"query": "${MARKER}`, secret);
    await post(service, JSON.stringify({ query: `{ ${MARKER} }` }), secret);
    await post(service, JSON.stringify({ query: `{ a(b: "${MARKER}` }), secret);
    await post(service, JSON.stringify({ query: '{ __typename }', operationName: MARKER }), secret);
    await post(service, JSON.stringify({ query: `{ ${MARKER}: customer { id } }` }), secret);
    await post(service, JSON.stringify({ query: `query ${MARKER} { ${MARKER}: __typename }` }), secret);
    await post(service, MARKER.repeat(100_000), secret);
    await post(service, HELLO, {
      ...secret,
      authorization: `Bearer ${MARKER}`,
      'x-request-id': `<${MARKER}>`,
    });
    await post(service, HELLO, { ...secret, 'content-type': MARKER });
    await fetch(`${service.base}/${MARKER}?${MARKER}=${MARKER}`);
    await fetch(`${service.base}/%zz${MARKER}`);
    const last = await fetch(`${service.url}?query={${MARKER}}`, { headers: secret });
    const id = last.headers.get('x-request-id') ?? 'none';
    await vi.waitFor(() => expect(service.logged.join('')).toContain(id));
    expect(service.logged.join('')).not.toContain(MARKER);
  });
});
