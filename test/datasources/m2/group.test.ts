import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test, noSuchEntity } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

describe('customer groups', () => {
  it('have a name, asked for once', async () => {
    test.expect({ request: 'GET V1/customerGroups/2', answer: { body: { id: 2, code: 'Wholesale' } } });
    expect(await test.m2.groups.name('2')).toBe('Wholesale');
    expect(await test.m2.groups.name('2')).toBe('Wholesale');
  });

  it('that M2 does not have, or cannot have, have none', async () => {
    test.expect({ request: 'GET V1/customerGroups/9', answer: noSuchEntity('id', 9) });
    expect(await test.m2.groups.name('9')).toBeNull();
    expect(await test.m2.groups.name('../9')).toBeNull();
  });

  it('are asked for again after a failure', async () => {
    test.expect({ request: 'GET V1/customerGroups/2', answer: { status: 500, body: {} } });
    await expect(test.m2.groups.name('2')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    test.expect({ request: 'GET V1/customerGroups/2', answer: { body: { id: 2, code: 'Wholesale' } } });
    expect(await test.m2.groups.name('2')).toBe('Wholesale');
  });
});
