import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Outbox, OutboxMessage } from '../../src/sandbox/outbox.ts';
import { sandboxOf } from '../journeys/steps.ts';
import {
  describeWithBrowser,
  keepScreenshot,
  sidewaysScroll,
  startBrowser,
  visit,
} from '../support/browser.ts';
import { freePort } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';

type Message = Omit<OutboxMessage, 'id' | 'at'>;

const ENGLISH: Message = {
  channel: 'sms',
  to: '+966501234567',
  text: '004211 is your code.\n@shop.example.com #004211',
  language: 'en',
};
const ARABIC: Message = { ...ENGLISH, text: '907656 هو رمز الدخول، ومدة صلاحيته 5 دقائق.', language: 'ar' };
const MAIL: Message = {
  channel: 'email',
  to: `${'a-long-name-'.repeat(8)}@example.com`,
  subject: 'تفعيل الحساب',
  text: `لتفعيل الحساب:\n\nhttps://shop.example.com/account?action=activateAccount#${'k'.repeat(200)}`,
  language: 'ar',
};
const HOSTILE: Message = {
  channel: 'email',
  to: '<b>a</b>@example.com',
  subject: '<img src=x onerror="document.title = 1">',
  text: '</p><script>document.title = 2</script> javascript:alert(3) https://example.com/"onclick="alert(4)',
  language: '"><script>document.title = 5</script>',
};

/** The smallest contrast between a text of the page and what is behind it (WCAG 2); runs in the browser. */
function leastContrast(): number {
  function light(color: string): number {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? [])
      .map((part) => Number(part) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
  function ground(element: Element): string {
    const { backgroundColor } = getComputedStyle(element);
    const isClear = backgroundColor === 'rgba(0, 0, 0, 0)' && element.parentElement;
    return isClear ? ground(element.parentElement) : backgroundColor;
  }
  const texts = [...document.body.querySelectorAll('*')].filter(
    (element) =>
      element.checkVisibility() &&
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
  );
  const contrasts = texts.map((element) => {
    const lights = [light(getComputedStyle(element).color), light(ground(element))];
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  });
  return Math.min(...contrasts);
}

const styleOf = (locator: Locator, name: string): Promise<string> =>
  locator.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);

describeWithBrowser('the outbox page', () => {
  let browser: Browser;
  let service: RunningService;
  let outbox: Outbox;
  let url: string;
  beforeAll(async () => {
    [browser, service] = await Promise.all([startBrowser(), startTestService()]);
    outbox = sandboxOf(service).outbox;
    url = `${service.base}/sandbox/outbox`;
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), service?.close()]), 60_000);

  const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
  const newest = (page: Page) => page.getByRole('listitem').first();

  it('shows a message as soon as it is sent, the newest first, with its code', async () => {
    const { page, context, faults } = await visit(browser);
    await page.goto(url);
    await isLive(page);
    await page.getByText('Nothing was sent yet').waitFor();
    await keepScreenshot(page, 'outbox-empty');
    const { data } = await service.ask<{ login: { otpCode: string } }, never>(
      'mutation { login(input: { phone: { number: "0501234567" } }) { ... on OtpChallenge { otpCode } } }',
    );
    const { otpCode } = data.login;
    await newest(page).locator('.code', { hasText: otpCode }).waitFor();
    expect(await page.getByText('Nothing was sent yet').isVisible()).toBe(false);
    await newest(page).evaluate((element) => {
      element.dataset.isRead = 'yes';
    });
    outbox.add(ARABIC);
    await newest(page).locator('.code', { hasText: '907656' }).waitFor();
    // What was there before is the same element, with whatever a reader has selected in it.
    expect(await page.locator('li:nth-child(2)').getAttribute('data-is-read')).toBe('yes');
    expect(await page.getByRole('listitem').count()).toBe(2);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('copies a code by keyboard, with a clipboard or without, and says so', async () => {
    outbox.add(ENGLISH);
    const { page, context } = await visit(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(url);
    const button = page.getByRole('button', { name: 'Copy 004211' }).first();
    await button.waitFor();
    const copied = () => page.evaluate('navigator.clipboard.readText()');
    // Three links, then the first message.
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Tab');
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await styleOf(button, 'outline-style')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Copied 004211').waitFor();
    expect(await copied()).toBe('004211');

    outbox.add(ARABIC);
    await newest(page).getByText('907656').first().waitFor();
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("not here"))');
    await newest(page).getByRole('button').click();
    await page.getByRole('status').getByText('Copied 907656').waitFor();
    expect(await copied()).toBe('907656');
    await context.close();
  }, 60_000);

  it('writes Arabic from right to left, and the code in it from left to right', async () => {
    outbox.add(MAIL);
    outbox.add(ARABIC);
    const { page, context } = await visit(browser);
    await page.goto(url);
    const text = newest(page).locator('.text');
    expect(await text.getAttribute('lang')).toBe('ar');
    expect(await styleOf(text, 'direction')).toBe('rtl');
    const [mark, whole] = await Promise.all([text.locator('mark').boundingBox(), text.boundingBox()]);
    // The message begins with its code: on the right.
    expect((mark?.x ?? 0) - (whole?.x ?? 0)).toBeGreaterThan((whole?.width ?? 0) / 2);
    expect(await newest(page).locator('h2').innerText()).toBe('+966501234567');
    await keepScreenshot(page, 'outbox-arabic');
    await context.close();
  }, 60_000);

  it.each(['light', 'dark'] as const)(
    'can be read in %s',
    async (colorScheme) => {
      outbox.add(ENGLISH);
      outbox.add(MAIL);
      const { page, context } = await visit(browser, { colorScheme, reducedMotion: 'reduce' });
      await page.goto(url);
      await isLive(page);
      const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const [red = '0'] = ground.match(/\d+/) ?? [];
      expect(Number(red) > 128 ? 'light' : 'dark').toBe(colorScheme);
      expect(await page.evaluate(leastContrast)).toBeGreaterThanOrEqual(4.5);
      await keepScreenshot(page, `outbox-${colorScheme}`);
      await context.close();
    },
    60_000,
  );

  it('fits a phone, whatever was sent, and moves nothing for whoever wants no motion', async () => {
    const { page, context } = await visit(browser, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
    });
    await page.goto(url);
    await isLive(page);
    outbox.add(MAIL);
    outbox.add({ ...ENGLISH, text: `${'x'.repeat(300)} 123456` });
    await newest(page).getByText('123456').first().waitFor();
    expect(await sidewaysScroll(page)).toBe(0);
    expect(await styleOf(newest(page).locator('article'), 'animation-name')).toBe('none');
    const button = await newest(page).getByRole('button').boundingBox();
    expect(button?.height).toBeGreaterThanOrEqual(44);
    await keepScreenshot(page, 'outbox-phone');
    await context.close();
  }, 60_000);

  it('runs nothing that a message holds, whether it was there before or comes later', async () => {
    outbox.add(HOSTILE);
    const { page, context, faults } = await visit(browser);
    await page.goto(url);
    await isLive(page);
    outbox.add(HOSTILE);
    await expect.poll(() => page.getByText(String(HOSTILE.subject)).count(), { timeout: 20_000 }).toBe(2);
    expect(await page.title()).toBe('Outbox of the sandbox');
    expect(await page.locator('main img, main script, main b, main [onclick]').count()).toBe(0);
    expect(await page.locator('main a:not([href^="https://"])').count()).toBe(0);
    // Neither was there anything for the policy to stop.
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);

  it('outlives a restart of the service, and keeps no service from stopping', async () => {
    const PORT = `${await freePort()}`;
    const { page, context } = await visit(browser);
    const first = await startTestService({ PORT });
    sandboxOf(first).outbox.add(ENGLISH);
    await page.goto(`${first.base}/sandbox/outbox`);
    await isLive(page);
    const stoppedAt = performance.now();
    await first.close();
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
    await page.getByText('Waiting for the service').waitFor();

    const second = await startTestService({ PORT });
    await isLive(page);
    await page.getByText('Nothing was sent yet').waitFor();
    sandboxOf(second).outbox.add(ARABIC);
    await newest(page).getByText('907656').first().waitFor();
    await context.close();
    await second.close();
  }, 60_000);
});
