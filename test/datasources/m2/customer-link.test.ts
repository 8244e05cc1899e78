import { afterEach, beforeEach, expect, it } from 'vitest';
import { attributes, type M2Test, m2Test, noSuchEntity, wireCustomer } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const READ = 'GET V1/customers/7';
const WRITE = 'PUT V1/customers/7';
const of = (values: Record<string, string>) => wireCustomer({ custom_attributes: attributes(values) });
const link = { provider: 'GOOGLE', subject: '110169' } as const;

it('writes the subject together with what else changes', async () => {
  const after = of({ google_sub: '110169', terms_version: '7' });
  const custom_attributes = [
    { attribute_code: 'google_sub', value: '110169' },
    { attribute_code: 'terms_version', value: '7' },
  ];
  test.expect({ request: READ, answer: { body: of({ apple_sub: 'another' }) } });
  test.expect({ request: WRITE, body: { customer: { id: 7, custom_attributes } }, answer: { body: after } });
  expect(await test.m2.customers.linkSubject('7', link, { termsVersion: '7' })).toEqual({ kind: 'linked' });
});

it("writes Apple's into an attribute of its own", async () => {
  const custom_attributes = [{ attribute_code: 'apple_sub', value: '000123.abc' }];
  test.expect({ request: READ, answer: { body: of({ google_sub: 'another' }) } });
  test.expect({
    request: WRITE,
    body: { customer: { id: 7, custom_attributes } },
    answer: { body: of({ apple_sub: '000123.abc' }) },
  });
  const apple = { provider: 'APPLE', subject: '000123.abc' } as const;
  expect(await test.m2.customers.linkSubject('7', apple, {})).toEqual({ kind: 'linked' });
});

it('replaces nobody’s other subject, in another case neither', async () => {
  for (const held of ['another', '000123.ABC']) {
    test.expect({ request: READ, answer: { body: of({ google_sub: held }) } });
    const asked = { provider: 'GOOGLE', subject: '000123.abc' } as const;
    expect(await test.m2.customers.linkSubject('7', asked, {})).toEqual({ kind: 'otherSubject' });
  }
});

it('answers gone for a customer who is not there, before or at the write, or only in another website', async () => {
  const gone = { kind: 'gone' };
  test.expect({ request: READ, answer: noSuchEntity('customerId', 7) });
  expect(await test.m2.customers.linkSubject('7', link, {})).toEqual(gone);
  test.expect({ request: READ, answer: { body: wireCustomer({ website_id: 2 }) } });
  expect(await test.m2.customers.linkSubject('7', link, {})).toEqual(gone);
  test.expect({ request: READ, answer: { body: wireCustomer() } });
  test.expect({ request: WRITE, answer: noSuchEntity('customerId', 7) });
  expect(await test.m2.customers.linkSubject('7', link, {})).toEqual(gone);
});

it('says in the log that the shop lacks the attribute', async () => {
  test.expect({ request: READ, answer: { body: wireCustomer() } });
  test.expect({ request: WRITE, answer: { body: wireCustomer() } });
  await test.m2.customers.linkSubject('7', link, {});
  expect(test.log.lines.join('\n')).toContain('google_sub');
  expect(test.log.lines.join('\n')).not.toContain('110169');
});
