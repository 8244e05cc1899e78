import { setTimeout as sleep } from 'node:timers/promises';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { SignInResolver } from '../../src/resolvers/sign-in.ts';
import { messageTo, sandboxOf } from '../journeys/steps.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE, post, refusalOf } from './http.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at));
const login = (name: string) => `${name}: login(input: { phone: { number: "0501234567" } }) { __typename }`;

describe('A7: an operation larger than the limits is refused before it runs', () => {
  const tooMany = LIMITS.rootFields + 1;
  it.each([
    ['tokens', `{ ${'__typename '.repeat(LIMITS.tokens)} }`],
    ['aliases', `{ customer { ${many(LIMITS.aliases + 1, (at) => `a${at}: id`).join(' ')} } }`],
    ['root fields', `{ ${many(tooMany, (at) => `a${at}: __typename`).join(' ')} }`],
    ['directives', `{ ${many(LIMITS.directives + 1, () => '__typename @skip(if: false)').join(' ')} }`],
    [
      'cost',
      `{ ${many(15, (at) => `a${at}: customer { ${many(10, (n) => `b${n}: cards { id }`).join(' ')} }`)} }`,
    ],
  ])('%s', async (_, query) => {
    const response = await post(service, JSON.stringify({ query }));
    expect(response.status).toBe(400);
    const { errors, data } = (await response.json()) as { errors: object[]; data?: unknown };
    expect(data).toBeUndefined();
    expect(errors).toContainEqual(
      expect.objectContaining({ extensions: { code: 'LIMIT_EXCEEDED', retryable: false } }),
    );
  });

  it('A3: a gateway’s entities, 1,000 at most', async () => {
    const representations = many(LIMITS.representations + 1, () => '').map(() => ({
      __typename: 'Customer',
    }));
    const query = 'query($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const body = JSON.stringify({ query, variables: { r: representations } });
    expect(await refusalOf(await post(service, body))).toMatchObject({ status: 400, code: 'LIMIT_EXCEEDED' });
  });
});

describe('O10: aliases multiply nothing', () => {
  it('two codes are not asked for in one operation, and none is sent', async () => {
    const body = JSON.stringify({ query: `mutation { ${login('a')} ${login('b')} }` });
    expect(await refusalOf(await post(service, body))).toMatchObject({ status: 400, code: 'LIMIT_EXCEEDED' });
    expect(service.sandbox?.outbox.list()).toEqual([]);
  });

  it('of two operations in one document one runs', async () => {
    const query = `mutation A { ${login('a')} } mutation B { ${login('b')} }`;
    const response = await post(service, JSON.stringify({ query, operationName: 'B' }));
    expect(await response.json()).toEqual({ data: { b: { __typename: 'OtpChallenge' } } });
  });
});

describe('the schema', () => {
  it('is shown to tools outside production', async () => {
    type Shown = { __schema: { queryType: { name: string } } };
    const { status, data } = await service.ask<Shown, never>(getIntrospectionQuery());
    expect(status).toBe(200);
    expect(data.__schema.queryType.name).toBe('Query');
  });

  it('is shown to a gateway as SDL', async () => {
    const { data } = await service.ask<{ _service: { sdl: string } }, never>('{ _service { sdl } }');
    expect(data._service.sdl).toContain('type Customer');
  });
});

describe('what goes on after the answer', () => {
  it('goes on also when the client had left before there was an answer', async () => {
    const { login: answer } = SignInResolver.prototype;
    const left = new AbortController();
    const slow = vi.spyOn(SignInResolver.prototype, 'login').mockImplementation(async function (
      this: SignInResolver,
      ...given
    ) {
      left.abort();
      await sleep(100);
      return answer.apply(this, given);
    });
    try {
      const query = 'mutation { login(input: { phone: { number: "0502345678" } }) { __typename } }';
      const body = JSON.stringify({ query });
      const asking = fetch(service.url, { method: 'POST', headers: JSON_TYPE, body, signal: left.signal });
      await expect(asking).rejects.toThrow();
      await messageTo(sandboxOf(service), '+966502345678', 'code');
      const lines = service.logged.map((line) => JSON.parse(line));
      expect(lines.find(({ msg }) => msg === 'the client left before its answer')).toMatchObject({
        route: '/graphql',
        ms: expect.any(Number),
      });
    } finally {
      slow.mockRestore();
    }
  });
});
