import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { token } from '../functions/jobs-api/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { type OpenedPage, openPage, reviewPage } from '../support/browser/open-page.ts';

const ADMIN = { role: 'admin' };
const SETTINGS = '/partitions/p1';

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
  const batch = { splitter: 'range', definition: { from: 0, to: 5 }, worker: 'rehearse' };
  await createdJob(server.api, 'done', { batch });
  await createdJob(server.api, 'held', { batch, hold: true });
  await server.drain();
  const files = {
    '01j8zq5k3nmd-invoices-2026-11.csv': 8_300,
    '01j8zq9wm2dd-scans.zip': 47_000_000,
    '01j8zr0a7ptt-a-very-long-name-of-a-file-that-was-exported-from-another-system-2026-11-27.csv': 12,
  };
  for (const [id, size] of Object.entries(files))
    await server.objects.put(`uploads/p1/${id}`, new Uint8Array(size));
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
});

async function open(path: string, claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

const admin = () => token(ADMIN);

test('an admin sees the slots and changes the settings', async () => {
  const page = await open('/p/p1/partition', ADMIN);
  await page.getByText('0 of 100 slots in use').waitFor();

  await page.getByLabel('Slots').fill('12');
  await page.getByLabel(/Suspended/).check();
  await page.getByRole('button', { name: 'Save' }).click();

  await page.getByText('0 of 12 slots in use · suspended: no further job starts').waitFor();
  const { body } = await server.api.call('GET', SETTINGS, { token: admin() });
  expect(body).toMatchObject({ maxActiveJobs: 12, suspended: true, retention: 'P30D', version: 1 });
  expect(opened?.errors).toEqual([]);
});

test('settings that were changed meanwhile are not overwritten', async () => {
  const page = await open('/p/p1/partition', ADMIN);
  await page.getByLabel('Retention').fill('P7D');
  await server.api.call('PUT', SETTINGS, { body: { maxActiveJobs: 50 }, token: admin() });

  await page.getByRole('button', { name: 'Save' }).click();

  await page.getByText(/have version \d+, but If-Match requires/).waitFor();
  await page.getByText('The settings have changed since you began').waitFor();
  await page.getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => page.getByLabel('Slots').inputValue()).toBe('50');
  expect(await page.getByLabel('Retention').inputValue()).toBe('P30D');
});

test('a wrong value is explained', async () => {
  const page = await open('/p/p1/partition', ADMIN);
  await page.getByLabel('Retention').fill('P2W');
  await page.getByRole('button', { name: 'Save' }).click();

  await page
    .getByText(/'P2W' is not a valid retention/)
    .first()
    .waitFor();
});

test('an upload is deleted after a question', async () => {
  const page = await open('/p/p1/partition');
  const row = page.getByRole('row', { name: /scans\.zip/ });
  await row.getByText('47 MB').waitFor();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();

  await page.getByText('Upload deleted').waitFor();
  await row.waitFor({ state: 'detached' });
  expect(server.objects.keys().filter((key) => key.includes('scans.zip'))).toEqual([]);
});

test('an operator sees no settings, and a viewer cannot delete', async () => {
  const page = await open('/p/p1/partition', { role: 'viewer' });
  await page.getByText('invoices-2026-11.csv').waitFor();

  expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
  expect(await page.getByRole('heading', { name: 'Settings' }).count()).toBe(0);
});

test('the page is accessible at every width and in both themes', async () => {
  await reviewPage(browser, server.page('/p/p1/partition', ADMIN), 'partition', async (page) => {
    await page.getByLabel('Slots').waitFor();
    await page.getByText('invoices-2026-11.csv').waitFor();
  });
  const empty = server.page('/p/empty/partition', { partitions: ['*'], role: 'viewer' });
  await reviewPage(browser, empty, 'partition-empty', (page) => page.getByText('No uploads').waitFor());
});
