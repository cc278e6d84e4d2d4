import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import {
  expectAccessible,
  type OpenedPage,
  openPage,
  reviewPage,
  screenshot,
  WIDTHS,
} from '../support/browser/open-page.ts';

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
  await createJobs();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
});

function batch(to: number, parameters: object = {}, more: object = {}) {
  return {
    batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse', parameters, ...more },
  };
}

async function createJobs(): Promise<void> {
  const jobs = {
    'invoices-2026-11': { ...batch(500), name: 'Invoices of November', labels: { team: 'billing' } },
    'scans-17': { ...batch(120, { failEvery: 10 }), labels: { team: 'archive', priority: 'low' } },
    'nothing-works': batch(20, { failEvery: 1 }, { onItemFailure: 'failAtEnd' }),
  };
  for (const [id, body] of Object.entries(jobs)) await createdJob(server.api, id, body);
  await server.drain();
  await createdJob(server.api, 'later', { ...batch(10), notBefore: Date.now() + 3_600_000 });
}

async function open(path: string, claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

const names = (page: Page) => page.getByRole('table', { name: 'Jobs' }).getByRole('link').allInnerTexts();

describe('the table', () => {
  test('shows each job with its status and its items in words', async () => {
    const page = await open('/p/p1/jobs');
    await page.getByText('Invoices of November').waitFor();

    expect(await page.getByRole('row', { name: /scans-17/ }).innerText()).toMatch(
      /108 ok · 12 failed · 0 left/,
    );
    expect(page.url()).not.toContain('token');
    expect(opened?.errors).toEqual([]);
  });

  test('is moved through by j and k, and Enter opens a job', async () => {
    const page = await open('/p/p1/jobs');
    await page.getByText('scans-17').waitFor();

    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');

    await page.waitForURL(/\/p\/p1\/jobs\/later$/);
  });

  test('shows a new job without a reload', async () => {
    const page = await open('/p/p2/jobs', { partitions: ['p1', 'p2'] });
    await page.getByText('No jobs yet').waitFor();

    const all = token({ partitions: ['*'] });
    await server.api.call('PUT', '/partitions/p2/jobs/fresh', { body: batch(3), token: all });

    await page.getByRole('link', { name: 'fresh' }).waitFor();
  });
});

describe('the search', () => {
  test('turns words into a filter, shows it, and keeps it in the address', async () => {
    const page = await open('/p/p1/jobs');
    await page.getByText('scans-17').waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type('team:billing');
    await page.getByText('labels.team==billing').waitFor();
    await page.getByText('scans-17').waitFor({ state: 'detached' });

    expect(await names(page)).toEqual(['Invoices of November']);
    expect(new URL(page.url()).searchParams.get('q')).toBe('team:billing');
  });

  test('explains what it does not understand', async () => {
    const page = await open('/p/p1/jobs?q=status:done');

    await page.getByText("'done' is not a status").waitFor();
  });

  test('can be saved as a view', async () => {
    const page = await open('/p/p1/jobs?q=failed%3E5');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name').fill('Trouble');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await page.getByRole('link', { name: 'later' }).waitFor();

    await page.getByRole('button', { name: 'Trouble', exact: true }).click();

    await page.getByRole('link', { name: 'later' }).waitFor({ state: 'detached' });
    expect((await names(page)).sort()).toEqual(['nothing-works', 'scans-17']);
  });
});

describe('a bulk action', () => {
  test('names its jobs, asks back with their number, and reports what it did', async () => {
    for (const id of ['old-1', 'old-2', 'old-3'])
      await createdJob(server.api, id, { ...batch(5), hold: true });
    const page = await open('/p/p1/jobs?q=old-');
    await page.getByLabel('Select old-1').check();
    await page.getByRole('button', { name: 'Select all 3 that match' }).click();
    await page.getByText('All 3 jobs that match the filter').waitFor();

    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('dialog').getByText('3 jobs would change.').waitFor();
    await page.getByRole('button', { name: 'Cancel 3 jobs' }).click();

    await page.getByText('3 jobs cancelled').waitFor();
    await page.getByText('Cancelled', { exact: true }).nth(2).waitFor();
  });

  test('on the whole partition needs its name', async () => {
    const page = await open('/p/p1/jobs');
    await page.getByLabel('Select scans-17').check();
    await page.getByRole('button', { name: /^Select all/ }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const confirm = page.getByRole('button', { name: /^Delete \d+ jobs/ });
    await confirm.waitFor();

    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel(/Type p1/).fill('p1');
    expect(await confirm.isEnabled()).toBe(true);
  });

  test('is not offered to a viewer', async () => {
    const page = await open('/p/p1/jobs', { role: 'viewer' });
    await page.getByText('scans-17').waitFor();

    expect(await page.getByRole('checkbox').count()).toBe(0);
  });
});

test('a hidden tab makes no request', async () => {
  const page = await open('/p/p1/jobs');
  await page.getByText('scans-17').waitFor();
  await page.evaluate(
    "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }); document.dispatchEvent(new Event('visibilitychange'))",
  );
  const before = server.requests.length;

  await page.waitForTimeout(4_000);

  expect(server.requests.slice(before)).toEqual([]);
});

test('live updates can be switched off', async () => {
  const page = await open('/p/p1/jobs');
  await page.getByText('scans-17').waitFor();

  await page.getByRole('button', { name: 'Live updates are on' }).click();

  const before = server.requests.length;
  await page.waitForTimeout(4_000);
  expect(server.requests.slice(before)).toEqual([]);
});

test('the page is accessible at every width and in both themes', async () => {
  await reviewPage(browser, server.page('/p/p1/jobs'), 'jobs', (page) =>
    page.getByText('Invoices of November').waitFor(),
  );
  await reviewPage(browser, server.page('/p/empty/jobs', { partitions: ['*'] }), 'jobs-empty', (page) =>
    page.getByText('No jobs yet').waitFor(),
  );
});

test('the dialog of a bulk action is accessible', async () => {
  opened = await openPage(browser, server.page('/p/p1/jobs'), { width: WIDTHS.phone });
  const { page } = opened;
  await page.getByLabel('Select scans-17').check();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText(/would change/).waitFor();

  await screenshot(page, 'jobs-bulk-phone');
  await expectAccessible(page);
});
