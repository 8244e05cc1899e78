import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithBrowser, keepScreenshot, startBrowser, visit } from '../support/browser.ts';
import { type RunningService, startTestService } from '../support/service.ts';

const SCRIPT_URL =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const FRAME_URL = 'https://sandbox.embed.apollographql.com/sandbox/explorer';

// Stands in for Apollo's script: it keeps what it was given and, as that does, speaks with a frame of theirs.
const SCRIPT = `
self.EmbeddedSandbox = class {
  constructor(options) {
    self.options = options;
    const frame = document.createElement('iframe');
    frame.src = '${FRAME_URL}';
    document.querySelector(options.target).append(frame);
  }
};`;
const FRAME = `<!doctype html><title>Sandbox</title><h1>Apollo Sandbox stands here</h1>
<script>parent.postMessage({ name: 'ExplorerListeningForHandshake' }, '*')</script>`;

async function apollo(context: BrowserContext, { frame }: { frame: string }): Promise<void> {
  await context.route(SCRIPT_URL, (route) => route.fulfill({ contentType: 'text/javascript', body: SCRIPT }));
  await context.route(FRAME_URL, (route) => route.fulfill({ contentType: 'text/html', body: frame }));
}

describeWithBrowser('the landing page', () => {
  let browser: Browser;
  let service: RunningService;
  beforeAll(async () => {
    [browser, service] = await Promise.all([startBrowser(), startTestService()]);
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), service?.close()]), 60_000);

  it('hands Apollo Sandbox the operations with their variables and headers, and its requests are answered', async () => {
    const { page, context, faults } = await visit(browser);
    await apollo(context, { frame: FRAME });
    await page.goto(service.url);
    await page.locator('#loading').waitFor({ state: 'detached' });
    const { handleRequest: _, ...options } = await page.evaluate<Record<string, unknown>>(
      '({ ...options, handleRequest: undefined })',
    );
    expect(options).toMatchObject({
      initialEndpoint: service.url,
      runTelemetry: false,
      initialState: {
        document: expect.stringMatching(/mutation Register.*mutation VerifyOtp.*query Customer/s),
        variables: { input: { firstName: 'Hala' }, otpId: '<otpId>', otpCode: '<otpCode>' },
        headers: { 'Accept-Language': 'en', Authorization: 'Bearer <accessToken>' },
      },
    });

    // As the frame asks, which sends everything along with every operation.
    const answers = await page.evaluate(`(async () => {
      const { initialEndpoint, initialState: { document: query, variables, headers }, handleRequest } = options;
      const answers = [];
      for (const operationName of ['Register', 'VerifyOtp', 'Customer']) {
        const response = await handleRequest(initialEndpoint, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query, variables, operationName }),
        });
        answers.push(await response.json());
      }
      return answers;
    })()`);
    expect(answers).toMatchObject([
      { data: { register: { __typename: 'OtpChallenge' } } },
      { data: { verifyOtp: { __typename: 'CustomerSession' } } },
      { data: { customer: { fullName: 'Hala Nasser' } } },
    ]);
    await keepScreenshot(page, 'apollo-sandbox');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('leads to the local explorer when the frame stays silent, and at once for whoever asks', async () => {
    const { page, context } = await visit(browser);
    await apollo(context, { frame: '' });
    await page.clock.install();
    await page.goto(service.url);
    await page.locator('iframe').waitFor({ state: 'attached' });
    await keepScreenshot(page, 'apollo-sandbox-loading');
    await page.getByRole('link', { name: 'Use the local explorer' }).waitFor();
    await page.clock.fastForward(11_000);
    await page.waitForURL('**/explorer');
    await context.close();
  }, 60_000);

  it('A8: a page of Apollo Studio may ask this machine, with a token, and no other site may', async () => {
    const { page, context } = await visit(browser);
    await context.route(/^https:\/\/(studio\.apollographql|shop\.example)\.com\//, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Elsewhere</title>' }),
    );
    await context.grantPermissions(['local-network-access']);
    const ask = `fetch('${service.url}', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer none', 'accept-language': 'ar' },
      body: JSON.stringify({ query: '{ countries { code } }' }),
    }).then((response) => response.json(), (error) => error.name)`;
    await page.goto('https://studio.apollographql.com/sandbox/explorer');
    expect(await page.evaluate(ask)).toMatchObject({ data: { countries: expect.any(Array) } });
    await page.goto('https://shop.example.com/');
    expect(await page.evaluate(ask)).toBe('TypeError');
    await context.close();
  }, 60_000);
});
