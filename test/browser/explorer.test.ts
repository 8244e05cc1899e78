import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeWithBrowser,
  keepScreenshot,
  sidewaysScroll,
  startBrowser,
  visit,
} from '../support/browser.ts';
import { type RunningService, startTestService } from '../support/service.ts';

/** Runs what the tab shows; the answer as it came, once it is to be seen. */
async function run(page: Page, start: () => Promise<void>, shown: string) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/graphql'));
  await start();
  const answer = await (await answered).json();
  // The editor writes its spaces as ones that do not break.
  await page.locator('.result-window', { hasText: shown }).waitFor();
  return answer.data;
}

async function write(page: Page, editor: string, text: string): Promise<void> {
  await page.locator(`${editor} .view-lines:visible`).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  // The editor has closed brackets and quotes by itself as well.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
}

const byButton = (page: Page) => () => page.locator('.graphiql-execute-button').click();
const isShown = (page: Page, operation: string) =>
  page
    .locator('.graphiql-query-editor', { hasText: new RegExp(`(mutation|query)\\s${operation}\\b`) })
    .waitFor();

async function openTab(page: Page, name: string): Promise<void> {
  await page.locator('.graphiql-tab-button', { hasText: name }).click();
  await isShown(page, name);
}

describeWithBrowser('the local explorer', () => {
  let browser: Browser;
  let service: RunningService;
  beforeAll(async () => {
    [browser, service] = await Promise.all([startBrowser(), startTestService()]);
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), service?.close()]), 60_000);

  it('takes over where Apollo’s hosts are out of reach, and a sign-in can be typed into it', async () => {
    const { page, context, faults } = await visit(browser);
    await page.goto(service.url);
    await page.waitForURL('**/explorer');
    await isShown(page, 'Register');
    const { register } = await run(page, byButton(page), 'OtpChallenge');

    const outbox = await context.newPage();
    await outbox.goto(`${service.base}/sandbox/outbox`);
    const otpCode = await outbox.locator('.code strong').first().innerText();
    await outbox.close();

    await openTab(page, 'VerifyOtp');
    await write(page, '.graphiql-editor-tool', JSON.stringify({ otpId: register.otpId, otpCode }));
    const { verifyOtp } = await run(page, byButton(page), 'CustomerSession');

    await openTab(page, 'Customer');
    await page.getByRole('button', { name: 'Headers' }).click();
    const headers = { Authorization: `Bearer ${verifyOtp.accessToken}`, 'Accept-Language': 'ar' };
    await write(page, '.graphiql-editor-tool', JSON.stringify(headers));
    await run(page, byButton(page), 'Hala Nasser');
    await keepScreenshot(page, 'explorer');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('fills in what the steps before have answered, and a reload leaves its tabs as they are', async () => {
    const { page, context, faults } = await visit(browser, { colorScheme: 'dark' });
    await page.goto(`${service.base}/explorer`);
    await isShown(page, 'Register');
    await openTab(page, 'Login');
    await run(page, byButton(page), 'OtpChallenge');
    await openTab(page, 'VerifyOtp');
    await run(page, byButton(page), 'CustomerSession');
    // It writes down what its tabs hold a moment after they have changed.
    for (const [key, text] of [
      ['tabState', '"activeTabIndex":1'],
      ['query', 'VerifyOtp'],
      ['variables', 'otpCode'],
    ]) {
      await expect
        .poll(() => page.evaluate(`sessionStorage['graphiql:${key}']`), { timeout: 20_000 })
        .toContain(text);
    }
    await page.reload();
    await isShown(page, 'VerifyOtp');
    await openTab(page, 'Customer');
    await run(page, byButton(page), 'Sara Ali');
    expect(await page.getByRole('tab').allInnerTexts()).toEqual([
      'Register',
      'VerifyOtp',
      'Customer',
      'Login',
    ]);
    await keepScreenshot(page, 'explorer-dark');
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('fits a phone, and runs what is typed into a new tab by keyboard', async () => {
    const { page, context } = await visit(browser, { viewport: { width: 360, height: 740 } });
    await page.goto(`${service.base}/explorer`);
    await isShown(page, 'Register');
    await page.getByRole('button', { name: 'New tab' }).click();
    await write(page, '.graphiql-query-editor', '{ country(code: "SA") { name } }');
    await run(page, () => page.keyboard.press('ControlOrMeta+Enter'), 'Saudi Arabia');
    expect(await sidewaysScroll(page)).toBe(0);
    await keepScreenshot(page, 'explorer-phone');
    await context.close();
  }, 60_000);
});
