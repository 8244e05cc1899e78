/** Debian's Chromium, without a window and without the Internet. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { describe } from 'vitest';

const SCREENSHOTS = new URL('../../coverage/screenshots/', import.meta.url).pathname;
// A slow machine with much else to do.
const PATIENCE_MS = 20_000;

/** `describe`, skipped where no Chromium is installed; in CI its absence fails the suite instead. */
export const describeWithBrowser = describe.skipIf(!process.env.CI && chromiumPath() === undefined);

function chromiumPath(): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'chromium'));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Starts one; it ends with its `close`, or with this process. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath() ?? 'chromium',
    // It refuses to be root otherwise.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

export interface Visit {
  page: Page;
  context: BrowserContext;
  /** What the page has done wrong: uncaught errors, and what its content security policy had to stop. */
  faults: string[];
}

/** A fresh page, as of a new person; it reaches this machine, other hosts only as far as a test answers for them. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 760 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (line) => {
    if (/content security policy/i.test(line.text())) faults.push(line.text());
  });
  return { page, context, faults };
}

/** Keeps what is to be seen as `coverage/screenshots/<name>.png`, for people to look at. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}

/** How far the page can be scrolled to the side, in pixels. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
