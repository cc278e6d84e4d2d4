/** Pages in Chromium that collect what must never happen: errors, and content that the policy blocks. */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';

export const WIDTHS = { desktop: 1440, tablet: 768, phone: 360 } as const;
export type Theme = 'light' | 'dark';

const HEIGHT = 900;
const SCREENSHOTS = 'screenshots';

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page and the console of the browser. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly theme?: Theme;
}

export async function openPage(
  browser: Browser,
  url: string,
  options: OpenOptions = {},
): Promise<OpenedPage> {
  const { width = WIDTHS.desktop, theme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width, height: HEIGHT },
    colorScheme: theme,
    locale: 'en-GB',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Fails if axe finds something serious or critical on the page. */
export async function expectAccessible(page: Page): Promise<void> {
  const violations = await axeViolations(page);
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    }));
  expect(serious).toEqual([]);
}

async function axeViolations(page: Page): Promise<readonly AxeViolation[]> {
  // A script tag would be blocked by the policy of the console, so the script is evaluated.
  const { readFileSync } = await import('node:fs');
  await page.evaluate(readFileSync(AXE, 'utf8'));
  return page.evaluate('axe.run(document).then(({ violations }) => violations)');
}

/** Fails if the page is wider than its window. */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, 'pixels by which the page is wider than the window').toBe(0);
}

/** Writes a screenshot to a folder that Git ignores, for reviews. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const path = join(SCREENSHOTS, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
}

/** Shows the page at every width and in both themes: each is checked with axe, and kept as a screenshot. */
export async function reviewPage(
  browser: Browser,
  url: string,
  name: string,
  isReady: (page: Page) => Promise<unknown>,
): Promise<void> {
  const { page, errors, close } = await openPage(browser, url);
  for (const [size, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: HEIGHT });
    await isReady(page);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await screenshot(page, `${name}-${size}-${theme}`);
      await expectAccessible(page);
    }
    await expectNoSideScroll(page);
  }
  expect(errors).toEqual([]);
  await close();
}
