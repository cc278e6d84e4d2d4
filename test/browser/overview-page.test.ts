import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { moveJob } from '../../functions/store/jobs.ts';
import { addProgress } from '../../functions/store/progress.ts';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { type OpenedPage, openPage, reviewPage } from '../support/browser/open-page.ts';

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
  const jobs = {
    'invoices-2026-10': batch('rehearse', 900, { failEvery: 30 }),
    'invoices-2026-11': batch('rehearse', 500),
    'scans-16': batch('convert', 60, { missing: ['3', '4'], broken: ['7'] }),
    'scans-17': batch('convert', 120, { missing: ['3', '4', '5'] }),
  };
  for (const [id, body] of Object.entries(jobs)) await createdJob(server.api, id, body);
  await server.drain();
  await createdJob(server.api, 'tomorrow', { ...batch('rehearse', 10), notBefore: Date.now() + 86_400_000 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
});

/** Jobs that ran for some minutes each, over the last six hours. */
async function jobsOfSixHours(partition: string): Promise<void> {
  const end = Date.now();
  for (let at = 0; at < 36; at += 1) {
    const job = `import-${at}`;
    const path = `/partitions/${partition}/jobs/${job}`;
    await server.api.call('PUT', path, { body: batch('rehearse', 10), token: token({ partitions: ['*'] }) });
    const run = { partition, job, runNumber: 1 };
    const startTime = end - (36 - at) * 600_000;
    const now = startTime + 900_000 - (at % 5) * 120_000;
    const items = 400 + (at % 7) * 350;
    const failed = at % 6 === 0 ? items / 4 : 0;
    await moveJob(server.table, run, 'dispatch', { now: startTime });
    await addProgress(
      server.table,
      run,
      { found: items, done: items, failed },
      { now, operations: { invocations: items * 30 } },
    );
    if (at < 34) await moveJob(server.table, run, 'complete', { now, totals: { items, failed, skipped: 0 } });
  }
}

function batch(worker: string, to: number, parameters: object = {}) {
  return { batch: { splitter: 'range', definition: { from: 0, to }, worker, parameters } };
}

async function open(path: string, claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

const tile = (page: Page, label: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: label }) });

test('the overview is the first page of a partition', async () => {
  const page = await open('/');

  await page.waitForURL(/\/p\/p1\/overview$/);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
});

test('the numbers open the jobs that they count', async () => {
  const page = await open('/p/p1/overview');
  await tile(page, 'With failures').getByText('of 5 jobs').waitFor();
  expect(await tile(page, 'With failures').innerText()).toMatch(/^With failures\s+3\s/);
  expect(await tile(page, 'Waiting').innerText()).toMatch(/^Waiting\s+1\s+oldest /);
  expect(await tile(page, 'Cost today').innerText()).toMatch(/\$/);

  await page.getByRole('link', { name: 'With failures' }).click();

  await page.getByText('scans-17').waitFor();
  expect(await page.getByText('invoices-2026-11').count()).toBe(0);
  expect(opened?.errors).toEqual([]);
});

test('the chart states its sums, and the period is in the address', async () => {
  const page = await open('/p/p1/overview');
  await page.getByRole('img', { name: /^1,580 items in 6 hours, 36 failed/ }).waitFor();

  await page.getByRole('button', { name: '24 hours' }).click();

  await page.getByRole('img', { name: /^1,580 items in 24 hours/ }).waitFor();
  expect(new URL(page.url()).searchParams.get('hours')).toBe('24');
  expect(await page.locator('.chart canvas').count()).toBe(1);
  expect(opened?.errors).toEqual([]);
});

test('a cause of failures is retried in all its jobs', async () => {
  const page = await open('/p/p1/overview');
  const cause = page.getByRole('listitem').filter({ hasText: 'source-missing' });
  await cause.getByRole('link', { name: 'scans-17' }).waitFor();
  await cause.getByRole('button', { name: 'Retry these' }).click();

  await page.getByRole('button', { name: 'Retry in 2 jobs' }).click();

  await page.getByText('5 items of 2 jobs run again').waitFor();
  await server.drain();
  const { body } = await server.api.call('GET', '/partitions/p1/jobs/scans-17');
  expect(body).toMatchObject({ status: 'Completed', run: 2, items: { failed: 3 } });
});

test('a viewer sees the causes without a button to retry them', async () => {
  const page = await open('/p/p1/overview', { role: 'viewer' });
  await page.getByText('source-missing').first().waitFor();

  expect(await page.getByRole('button', { name: 'Retry these' }).count()).toBe(0);
});

test('an error names the reason, and the rest of the page stays', async () => {
  opened = await openPage(browser, server.page('/p/p1/jobs'));
  const { page } = opened;
  const problem = { status: 503, code: 'unavailable', detail: 'the table cannot be read', requestId: 'r-17' };
  await page.route(/jobStats\/activity/, (route) =>
    route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );

  await page.getByRole('link', { name: 'Overview' }).click();

  await page.getByText('The table cannot be read.').first().waitFor();
  await page.getByText('r-17').first().waitFor();
  await tile(page, 'With failures').getByText('of 5 jobs').waitFor();
});

test('the page is accessible at every width and in both themes', async () => {
  await jobsOfSixHours('busy');
  await reviewPage(browser, server.page('/p/p1/overview?hours=1'), 'overview', (page) =>
    page.getByRole('img', { name: /items in 1 hour/ }).waitFor(),
  );
  await reviewPage(browser, server.page('/p/busy/overview', { partitions: ['*'] }), 'overview-busy', (page) =>
    page.getByRole('img', { name: /items in 6 hours/ }).waitFor(),
  );
  await reviewPage(
    browser,
    server.page('/p/empty/overview', { partitions: ['*'] }),
    'overview-empty',
    (page) => page.getByText('No jobs yet').waitFor(),
  );
});
