import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlarmState, AlarmStatus } from '#core/monitor.ts';
import { putFailures } from '../../functions/store/failures.ts';
import { jobKey } from '../../functions/store/keys.ts';
import { sendToUnroutable } from '../../functions/store/unroutable.ts';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import {
  expectAccessible,
  expectNoSideScroll,
  type OpenedPage,
  openPage,
  reviewPage,
  screenshot,
  WIDTHS,
} from '../support/browser/open-page.ts';

const ADMIN = { partitions: ['*'], role: 'admin' };
const SPLIT = {
  v: 9,
  kind: 'split',
  partition: 'p1',
  job: 'invoices-2026-11',
  path: 'root',
  splitter: 'lines',
};

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  await opened?.close();
  await server?.stop();
  server = await serveConsole();
});

async function open(claims: object = ADMIN): Promise<Page> {
  opened = await openPage(browser, server.page('/p/p1/health', claims));
  return opened.page;
}

function anAlarm(name: string, status: AlarmStatus): AlarmState {
  const description = `${name} needs attention. Read the log of its function.`;
  return { name: `jobtree-${name}Alarm-1`, description, status, since: Date.now() - 600_000, reason: '' };
}

async function refuseMessages(): Promise<void> {
  await sendToUnroutable(server, 'test', {
    body: JSON.stringify(SPLIT),
    reason: 'version 9 is not supported; this release reads 1 to 3',
    queue: 'split',
  });
  await sendToUnroutable(server, 'test', { body: 'no JSON', reason: 'the message is not valid JSON' });
}

test('the depths of the queues are shown', async () => {
  await server.queues.send('worker:convert', [
    { body: '1', group: 'p1' },
    { body: '2', group: 'p1', delaySeconds: 600 },
  ]);
  server.monitor.ages.set('worker:convert', 180);
  const page = await open({ role: 'viewer' });

  const row = page.getByRole('row', { name: /^convert/ });
  await row.waitFor();
  expect(await row.getByRole('cell').allInnerTexts()).toEqual(['1', '0', '1', '3 min', '0']);
  await page.getByText('Only an admin of all partitions can read them').waitFor();
  expect(server.requests.filter(({ path }) => path.includes('unroutable'))).toEqual([]);
  expect(opened?.errors).toEqual([]);
});

test('raised alarms are shown with their condition, and the others on request', async () => {
  server.monitor.states = [
    anAlarm('Split', 'ok'),
    anAlarm('Unroutable', 'alarm'),
    anAlarm('Idle', 'unknown'),
  ];
  const page = await open({ role: 'viewer' });
  const alarms = page.locator('.alarms > li');

  await alarms.first().waitFor();
  expect(await alarms.filter({ visible: true }).allInnerTexts()).toEqual([
    expect.stringMatching(/^Alarm\s+since .*Unroutable needs attention.*jobtree-UnroutableAlarm-1$/s),
  ]);
  await page.getByText('2 alarms of CloudWatch not raised').click();
  await page.getByText('Split needs attention').waitFor();
});

test('alarms that cannot be read leave the rest of the page', async () => {
  server.monitor.alarms = async () => Promise.reject(new Error('no CloudWatch'));
  const page = await open({ role: 'viewer' });

  await page.getByText('the alarms cannot be reached').first().waitFor();
  await page.getByRole('row', { name: /^convert/ }).waitFor();
});

test('a worker shows its queue', async () => {
  await server.queues.send('worker:convert', [{ body: '1', group: 'p1' }]);
  opened = await openPage(browser, server.page('/p/p1/workers'));
  const { page } = opened;
  const row = page.getByRole('row', { name: /convert/ });
  await expect.poll(() => row.getByRole('cell').allInnerTexts()).toContain('1');

  await row.getByRole('link', { name: 'convert' }).click();

  await page.getByRole('heading', { name: 'Queue', exact: true }).waitFor();
  await page.getByText('Dead letters').waitFor();
});

test('an unroutable message is sent again to its queue', async () => {
  await refuseMessages();
  const page = await open();
  await page.getByText('the message is not valid JSON').waitFor();
  expect(await page.getByRole('button', { name: 'Send again' }).count()).toBe(1);

  await page.getByRole('button', { name: 'Send again' }).click();

  await page.getByText('1 message sent again').waitFor();
  await page.getByText('version 9 is not supported').waitFor({ state: 'detached' });
  expect(server.queues.receive('split')).toMatchObject([{ body: JSON.stringify(SPLIT), group: 'p1' }]);
});

test('an unroutable message is deleted after a question', async () => {
  await refuseMessages();
  const page = await open();

  await page.getByRole('button', { name: 'Delete', exact: true }).last().click();
  await page.getByRole('dialog').getByText('It cannot be restored').waitFor();
  await page.getByRole('button', { name: 'Delete the message' }).click();

  await page.getByText('1 message deleted').waitFor();
  await page.getByText('the message is not valid JSON').waitFor({ state: 'detached' });
  expect(await page.getByText('version 9 is not supported').count()).toBe(1);
});

/** A job with an item that ended its worker in every attempt, and one that the worker never received. */
async function aJobWithDeadLetters(): Promise<void> {
  const batch = { splitter: 'range', definition: { from: 0, to: 9 }, worker: 'convert' };
  await createdJob(server.api, 'invoices', { batch });
  await server.drain();
  const run = { partition: 'p1', job: 'invoices', runNumber: 1 };
  const failures = [
    { item: '3', code: 'poison', failureMessage: "worker 'convert' ended before it finished this chunk" },
    { item: '7', code: 'undeliverable', failureMessage: "worker 'convert' never received this chunk" },
    { item: '8', code: 'source-missing', failureMessage: 'not a dead letter' },
  ].map(({ item, ...reason }) => ({
    failureId: `root/0/${item}`,
    failureTime: Date.now(),
    failureSource: `batch root, chunk 0, item ${item}`,
    attempts: 3,
    ...reason,
  }));
  await putFailures(server.table, run, failures);
  await server.table.write({
    kind: 'update',
    key: jobKey(run),
    change: { set: { totals: { items: 9, failed: 3, skipped: 0 } } },
  });
}

test('dead letters that became failures are listed with job and reason', async () => {
  await aJobWithDeadLetters();
  const page = await open({ role: 'operator' });

  const causes = page.locator('.top-failure');
  await causes.first().waitFor();
  expect(await causes.count()).toBe(2);
  const poison = causes.filter({ hasText: 'poison' });
  expect(await poison.innerText()).toContain("worker 'convert' ended before it finished this chunk");
  await poison.getByRole('link', { name: 'invoices' }).waitFor();
  await poison.getByRole('button', { name: 'Retry these' }).click();
  await page.getByRole('button', { name: 'Retry in 1 job' }).waitFor();
});

test('the page is accessible at every width and in both themes', async () => {
  const url = server.page('/p/p1/health', ADMIN);
  await reviewPage(browser, url, 'health-empty', (page) => page.getByText('There are none.').waitFor());
  await refuseMessages();
  await aJobWithDeadLetters();
  server.monitor.states = [anAlarm('Unroutable', 'alarm'), anAlarm('Split', 'ok')];
  server.monitor.ages.set('split', 4_000);
  // The API keeps alarms for a minute.
  server.clock.advance(60_000);

  const other = server.page('/p/p1/health', ADMIN);
  await reviewPage(browser, other, 'health', async (page) => {
    await page.getByText('version 9 is not supported').waitFor();
    await page.getByText('Message (').first().click();
  });
});

test('the page explains a failure at every width', async () => {
  server.queueDesk.depths = async () => Promise.reject(new Error('no queues'));
  const page = await open({ role: 'viewer' });

  for (const [size, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    await page.getByText('the queues cannot be reached').first().waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await screenshot(page, `health-failing-${size}-${theme}`);
      await expectAccessible(page);
    }
    await expectNoSideScroll(page);
  }
});
