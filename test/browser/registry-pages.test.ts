import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { EXAMPLE_REGISTRY } from '../support/browser/example-worker.ts';
import {
  expectAccessible,
  expectNoSideScroll,
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
  const range = { splitter: 'range', definition: { from: 0, to: 9 } };
  const failing = (worker: string, parameters: object) => ({ batch: { ...range, worker, parameters } });
  await createdJob(server.api, 'scans', failing('convert', { missing: ['2', '4'] }));
  await createdJob(server.api, 'rehearsed', failing('rehearse', { failEvery: 3 }));
  await server.drain();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
  opened = undefined;
});

async function open(path: string, claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

test('a worker shows its parameters with types, defaults and descriptions', async () => {
  const page = await open('/p/p1/workers');

  await page.getByRole('link', { name: 'rehearse' }).click();

  const row = page.getByRole('table', { name: 'Parameters' }).getByRole('row', { name: /millisPerItem/ });
  expect((await row.innerText()).replaceAll(/\s+/g, ' ')).toBe(
    'millisPerItem number · 0 to 60,000 0 Duration of each item.',
  );
  expect(await page.getByRole('link', { name: 'Docs', exact: true }).last().getAttribute('href')).toMatch(
    /\/docs\/reference\/workers#workers-that-ship$/,
  );
  expect(opened?.errors).toEqual([]);
});

test('the form for a new job opens with the worker or the splitter', async () => {
  const page = await open('/p/p1/workers/convert');
  const link = page.getByRole('link', { name: 'New job with it' });
  expect(await link.getAttribute('href')).toMatch(/\/p\/p1\/new-job\?worker=convert$/);

  await page.goto(server.page('/p/p1/splitters/lines'));

  expect(await link.getAttribute('href')).toMatch(/\/p\/p1\/new-job\?splitter=lines$/);
});

test('a viewer cannot create a job', async () => {
  const page = await open('/p/p1/workers/convert', { role: 'viewer' });
  await page.getByText('Example request').waitFor();

  expect(await page.getByText('New job with it').count()).toBe(0);
});

test('a splitter with alternatives shows each of them', async () => {
  const page = await open('/p/p1/splitters');

  await page.getByRole('link', { name: 'items' }).click();

  await page.getByRole('table', { name: 'Definition with items' }).waitFor();
  await page.getByRole('table', { name: 'Definition with source' }).waitFor();
});

test('a worker lists the causes of its failures, with its jobs, and retries them', async () => {
  const page = await open('/p/p1/workers/convert');
  const cause = page.getByRole('listitem').filter({ hasText: 'document <item> does not exist' });
  await cause.getByRole('link', { name: 'scans' }).waitFor();

  expect(await page.locator('.top-failure').count()).toBe(1);
  expect(await cause.locator('.top-count').innerText()).toBe('2');
  await cause.getByRole('button', { name: 'Retry these' }).click();
  await page.getByRole('button', { name: 'Retry in 1 job' }).click();
  await page.getByText('2 items of 1 job run again').waitFor();
  await server.drain();
});

test('a splitter does not list the failures of items', async () => {
  const page = await open('/p/p1/splitters/range');

  await page.getByText('No item has failed in this period.').waitFor();
});

test('an unknown worker leads to the list', async () => {
  const page = await open('/p/p1/workers/nothing');
  await page.getByText("'nothing' is not deployed").waitFor();

  await page.getByRole('link', { name: 'all workers' }).click();

  await page.getByRole('link', { name: 'rehearse' }).waitFor();
});

test('the pages are accessible at every width and in both themes', async () => {
  const review = (path: string, name: string, text: string) =>
    reviewPage(browser, server.page(path), name, (page) => page.getByText(text).first().waitFor());
  await review('/p/p1/workers', 'workers', 'rehearse');
  await review('/p/p1/workers/rehearse', 'worker', 'Retry these');
  await review('/p/p1/splitters', 'splitters', 'job-results');
  await review('/p/p1/splitters/lines', 'splitter', 'rangeBytes');
});

test('a list that cannot be read explains why at every width', async () => {
  const page = await open('/p/p1/splitters');
  const problem = {
    status: 503,
    code: 'timeout',
    title: 'The request took too long',
    detail: 'the request took too long',
  };
  await page.route('**/v1/workers', (route) => route.fulfill({ status: 503, json: problem }));
  await page.getByRole('link', { name: 'Workers' }).click();

  for (const [size, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    await page.getByText('The request took too long').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await screenshot(page, `workers-failing-${size}-${theme}`);
      await expectAccessible(page);
    }
    await expectNoSideScroll(page);
  }
});

test('the list is accessible when nothing is deployed', async () => {
  const empty = await serveConsole({ workers: [], registry: { ...EXAMPLE_REGISTRY, workers: [] } });

  await reviewPage(browser, empty.page('/p/p1/workers'), 'workers-empty', (page) =>
    page.getByText('No workers are deployed').waitFor(),
  );
  await empty.stop();
});
