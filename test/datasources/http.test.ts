import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Authorization, type Call, reader, upstream } from '../../src/datasources/http.ts';
import { Failure } from '../../src/failures.ts';
import { capturedLog } from '../support/m2.ts';
import { type TestUpstream, testUpstream, type UpstreamAnswer } from '../support/upstream.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(options: { host?: string; timeoutMs?: number; authorize?: Authorization } = {}) {
  const { host = '127.0.0.1', ...rest } = options;
  const server = await testUpstream();
  const log = capturedLog();
  const client = upstream({
    name: 'Shop',
    baseUrl: `http://${host}:${new URL(server.origin).port}/base/`,
    timeoutMs: 1_000,
    log: log.logger,
    ...rest,
  });
  closers.push(client.close, server.close);
  return { server, client, log };
}

const GET: Call = { method: 'GET', route: 'things/{id}', params: { id: '7' } };

function answerTo(server: TestUpstream, ...answers: UpstreamAnswer[]): void {
  server.expect(...answers.map((answer) => ({ request: 'GET /base/things/7', answer })));
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw new Error(`not a Failure: ${String(outcome)}`);
}

describe('an upstream', () => {
  it('is read and written at the same place, however its URL is spelled', async () => {
    const { server, client } = await setUp({ host: '127.1' });
    answerTo(server, { status: 200, body: 1 });
    expect(await client.call(GET)).toMatchObject({ status: 200 });
    server.expect({ request: 'POST /base/things/7', answer: { status: 200, body: 1 } });
    expect(await client.call({ ...GET, method: 'POST' })).toMatchObject({ status: 200 });
  });

  it('A11: sends a value as one piece of the path or query, whatever is in it, and answers what comes back', async () => {
    const { server, client } = await setUp();
    server.expect({
      request: 'POST /base/things/a%2Fb%20%2F..%2Fc%3Fd',
      rawQuery: 'searchCriteria%5Bvalue%5D=%2B966%20x&q=1',
      body: { name: 'سارة' },
      headers: { accept: 'application/json', 'content-type': 'application/json', cookie: undefined },
      answer: { status: 201, body: { ok: true }, headers: { 'set-cookie': 'PHPSESSID=1' } },
    });
    const query = [
      ['searchCriteria[value]', '+966 x'],
      ['q', '1'],
    ] as const;
    const call: Call = {
      method: 'POST',
      route: 'things/{id}',
      params: { id: 'a/b /../c?d' },
      query,
      json: { name: 'سارة' },
    };
    expect(await client.call(call)).toEqual({ status: 201, body: { ok: true } });
    expect(server.takeProblems()).toEqual([]);
  });

  it('never sends the cookies that it was given', async () => {
    const { server, client } = await setUp();
    const cookie = { 'set-cookie': 'PHPSESSID=1; path=/' };
    answerTo(server, { body: 1, headers: cookie }, { body: 2 });
    await client.call(GET);
    await client.call(GET);
    expect(server.seen[1]?.headers.cookie).toBeUndefined();
  });

  it.each(['..', '.', ''])('A11: a path value of "%s" is sent to nobody', async (id) => {
    const { server, client } = await setUp();
    expect((await failureOf(client.call({ ...GET, params: { id } }))).code).toBe('UPSTREAM_INVALID');
    expect(server.seen).toEqual([]);
  });

  it.each([
    ['a 500', { status: 500, body: { message: 'Internal Error' } }],
    ['an HTML maintenance page', { status: 503, text: '<html>503</html>' }],
    ['HTML with status 200', { text: '<html>welcome</html>' }],
    ['HTML with status 404', { status: 404, text: '<html>no such host</html>' }],
    ['broken JSON', { text: '{"id": 1' }],
  ])(
    '%s is UPSTREAM_UNAVAILABLE, and its text stays out of the failure',
    async (_, answer: UpstreamAnswer) => {
      const { server, client } = await setUp();
      answerTo(server, answer, answer);
      const failure = await failureOf(client.call(GET));
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
      expect(failure.cause).toMatchObject({ status: answer.status ?? 200 });
      expect(`${failure.detail}${failure.stack}`).not.toMatch(/html|Internal/);
    },
  );

  it('an answer that takes too long is UPSTREAM_UNAVAILABLE and is not waited for twice', async () => {
    const { server, client } = await setUp({ timeoutMs: 100 });
    answerTo(server, { body: 1, delayMs: 400 });
    const startedAt = performance.now();
    expect(await failureOf(client.call(GET))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(performance.now() - startedAt).toBeLessThan(350);
    expect(server.seen).toHaveLength(1);
  });

  it.each(['GET', 'POST', 'DELETE'] as const)(
    'a %s that is answered by half is UPSTREAM_UNAVAILABLE',
    async (method) => {
      const { server, client } = await setUp();
      const cut = { request: `${method} /base/things/7`, answer: { body: 'an answer', cut: true } };
      server.expect(cut, ...(method === 'GET' ? [cut] : []));
      expect(await failureOf(client.call({ ...GET, method }))).toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
      });
      expect(server.takeProblems()).toEqual([]);
    },
  );

  it('a refused connection is UPSTREAM_UNAVAILABLE', async () => {
    const { server, client } = await setUp();
    await server.close();
    closers.pop();
    expect(await failureOf(client.call(GET))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it.each([
    ['a broken connection', { reset: true }],
    ['a 502', { status: 502, text: '<html>' }],
    ['a 503', { status: 503, text: '<html>' }],
  ])('a GET is tried once more after %s', async (_, first) => {
    const { server, client } = await setUp();
    answerTo(server, first, { body: 'second' });
    expect(await client.call(GET)).toEqual({ status: 200, body: 'second' });
    expect(server.takeProblems()).toEqual([]);
  });

  it.each(['POST', 'PUT', 'DELETE'] as const)(
    'a %s is never sent twice: it may have happened',
    async (method) => {
      for (const answer of [{ reset: true }, { status: 502, text: '<html>' }]) {
        const { server, client } = await setUp();
        server.expect({ request: `${method} /base/things/7`, answer });
        expect(await failureOf(client.call({ ...GET, method }))).toMatchObject({
          code: 'UPSTREAM_UNAVAILABLE',
        });
        expect(server.seen).toHaveLength(1);
      }
    },
  );

  it('follows no redirect, which would take the credentials elsewhere', async () => {
    const { server, client } = await setUp();
    answerTo(server, { status: 302, headers: { location: `${server.origin}/base/elsewhere` } });
    expect(await failureOf(client.call(GET))).toMatchObject({ code: 'UPSTREAM_INVALID' });
    expect(server.seen).toHaveLength(1);
  });

  it('answers a refusal with its status, whatever it is', async () => {
    const { server, client } = await setUp();
    answerTo(server, { status: 404, body: { message: 'none' } }, { status: 400 });
    expect(await client.call(GET)).toEqual({ status: 404, body: { message: 'none' } });
    expect(await client.call(GET)).toEqual({ status: 400, body: undefined });
  });

  it('takes a refusal in HTML for one without a body where the caller says so', async () => {
    const { server, client } = await setUp();
    answerTo(server, { status: 404, text: '<html>' });
    expect(await client.call({ ...GET, textRefusals: true })).toEqual({ status: 404, body: undefined });
  });

  it('S10: logs the route as a template, never path, query, body or headers', async () => {
    const { server, client, log } = await setUp();
    server.expect({ request: 'PUT /base/things/secret-id', answer: { body: 'secret-answer' } });
    await client.call({
      method: 'PUT',
      route: 'things/{id}',
      params: { id: 'secret-id' },
      query: [['q', 'secret-query']],
      json: { password: 'secret-body' },
      headers: { authorization: 'Bearer secret-token' },
    });
    server.expect({ request: 'POST /base/things/secret-id', answer: { status: 500, text: 'secret-page' } });
    await failureOf(client.call({ ...GET, method: 'POST', params: { id: 'secret-id' } }));
    expect(log.lines.length).toBeGreaterThan(0);
    expect(log.lines.join('')).toContain('things/{id}');
    expect(log.lines.join('')).not.toContain('secret');
  });

  it('asks for new headers once at a 401 where they can be renewed', async () => {
    let token = 1;
    const authorize: Authorization = {
      headers: async () => ({ authorization: `Bearer ${token}` }),
      renew: async () => {
        token++;
        return true;
      },
    };
    const { server, client } = await setUp({ authorize });
    answerTo(server, { status: 401, body: {} }, { body: 'in' });
    expect(await client.call(GET)).toEqual({ status: 200, body: 'in' });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2']);
  });
});

describe('a reader', () => {
  const read = reader('a thing', z.object({ id: z.number(), owner: z.object({ phone: z.string() }) }));

  it('answers what fits', () => {
    expect(read({ id: 1, owner: { phone: '1' } })).toEqual({ id: 1, owner: { phone: '1' } });
  });

  it('throws UPSTREAM_INVALID naming the places that do not fit and none of the values', () => {
    const outcome = (() => {
      try {
        return read({ id: 'secret-1', owner: { phone: ['secret-2'] } });
      } catch (error) {
        return error;
      }
    })();
    expect(outcome).toMatchObject({ code: 'UPSTREAM_INVALID', detail: 'a thing: id, owner.phone' });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });
});
