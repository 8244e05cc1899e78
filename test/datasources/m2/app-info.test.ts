import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectM2 } from '../../../src/datasources/m2/m2.ts';
import { type M2Test, m2Test, processLock } from '../../support/m2.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test({ storeViews: { ar: 'ar' } });
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

const INFO = {
  support_email: 'care@example.com',
  support_phone: '+966 11 000 0000',
  terms_url: 'https://shop.example.com/terms',
  terms_version: 7,
  privacy_url: null,
  minimum_versions: [{ platform: 'ios', version: '3.1.0' }],
  social_accounts: [{ name: 'X', url: 'https://social.example.com/x' }],
};

describe('the app info', () => {
  it('is what the shop says of itself', async () => {
    test.expect({
      request: 'GET V1/hmg/app-info',
      headers: { authorization: 'Bearer integration-token' },
      answer: { body: INFO },
    });
    const info = await test.m2.appInfo.find('en');
    expect(info).toEqual({
      supportEmail: 'care@example.com',
      supportPhone: '+966 11 000 0000',
      termsUrl: 'https://shop.example.com/terms',
      termsVersion: '7',
      privacyUrl: null,
      minimumVersions: [{ platform: 'IOS', version: '3.1.0' }],
      socialAccounts: [{ name: 'X', url: 'https://social.example.com/x' }],
    });
    expect(await test.m2.appInfo.find('en')).toBe(info);
  });

  it('comes from the store view of the language, with our credentials', async () => {
    test.upstream.expect({
      request: 'GET /rest/ar/V1/hmg/app-info',
      headers: { authorization: 'Bearer integration-token' },
      answer: { body: { ...INFO, support_email: 'arabic@example.com' } },
    });
    test.expect({ request: 'GET V1/hmg/app-info', answer: { body: INFO } });
    expect((await test.m2.appInfo.find('ar')).supportEmail).toBe('arabic@example.com');
    expect((await test.m2.appInfo.find('en')).supportEmail).toBe('care@example.com');
  });

  it('leaves out what is not of its form, and says so in the log without the value', async () => {
    const body = {
      support_email: 'care at example',
      terms_url: '/terms',
      privacy_url: 'javascript:alert(1)',
      minimum_versions: [
        { platform: 'symbian', version: '1' },
        { platform: 'ANDROID', version: 3 },
      ],
      social_accounts: [{ name: 'X', url: 'pharmacy' }],
    };
    test.expect({ request: 'GET V1/hmg/app-info', answer: { body } });
    expect(await test.m2.appInfo.find('en')).toEqual({
      supportEmail: null,
      supportPhone: null,
      termsUrl: null,
      termsVersion: null,
      privacyUrl: null,
      minimumVersions: [{ platform: 'ANDROID', version: '3' }],
      socialAccounts: [],
    });
    const log = test.log.lines.join('\n');
    for (const field of [
      'support_email',
      'terms_url',
      'privacy_url',
      'minimum_versions',
      'social_accounts',
    ]) {
      expect(log).toContain(field);
    }
    expect(log).not.toMatch(/care at example|symbian|alert/);
  });

  it.each([
    ['another shape', 1, { body: 'soon' }, 'UPSTREAM_INVALID'],
    ['a missing route', 1, { status: 404, body: { message: 'No such route.' } }, 'UPSTREAM_INVALID'],
    // A GET is tried again once behind a 503.
    ['a shop in trouble', 2, { status: 503, text: 'maintenance' }, 'UPSTREAM_UNAVAILABLE'],
  ])('%s is a failure, asked for again by the next', async (_, times, answer, code) => {
    const request = 'GET V1/hmg/app-info';
    test.expect(...Array.from({ length: times }, () => ({ request, answer })));
    await expect(test.m2.appInfo.find('en')).rejects.toMatchObject({ code });
    test.expect({ request, answer: { body: INFO } });
    expect((await test.m2.appInfo.find('en')).termsVersion).toBe('7');
  });
});

describe('the questions', () => {
  it("come in the shop's order, in the store view of the language", async () => {
    const faqs = [
      { question: 'ب', answer: '1' },
      { question: 'أ', answer: '2' },
    ];
    test.upstream.expect({ request: 'GET /rest/ar/V1/hmg/faqs', answer: { body: { faqs } } });
    expect(await test.m2.appInfo.faqs('ar')).toEqual(faqs);
  });

  it.each([[{ faqs: [] }], [{ faqs: null }], [[]]])('are none for %j', async (body) => {
    test.expect({ request: 'GET V1/hmg/faqs', answer: { body } });
    expect(await test.m2.appInfo.faqs('en')).toEqual([]);
  });
});

it.each([
  ['/rest', '/rest/ar'],
  ['/rest/default', '/rest/ar'],
  ['/rest/default/', '/rest/ar'],
  ['/shop/rest/second_en', '/shop/rest/ar'],
])('the store view of a language takes the place of the one in %s', async (path, view) => {
  const m2 = connectM2({
    config: {
      url: test.upstream.origin + path,
      mediaUrl: null,
      credentials: { kind: 'bearer', token: 'integration-token' },
      storeViews: { ar: 'ar' },
      placeholderDomain: 'customers.invalid',
      timeoutMs: 2000,
    },
    log: test.log.logger,
    lock: processLock(),
  });
  test.upstream.expect({ request: `GET ${view}/V1/hmg/faqs`, answer: { body: { faqs: [] } } });
  expect(await m2.appInfo.faqs('ar')).toEqual([]);
});
