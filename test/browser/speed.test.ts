import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertJob } from '../../functions/store/insert-job.ts';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { openPage } from '../support/browser/open-page.ts';
import { aDraft } from '../support/jobs.ts';

const MAX_MILLIS = 1_000;
/** Other tests use the processor too, so the best of some loads counts. */
const LOADS = 5;
const JOBS = 10_000;
const ITEMS = 100_000;

let browser: Browser;
let server: ConsoleServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Returns the milliseconds from the start of the navigation until the page is usable, at best. */
async function fastestLoad(path: string, isReady: (page: Page) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let load = 0; load < LOADS; load += 1) {
    const { page, close } = await openPage(browser, server.page(path));
    await isReady(page);
    times.push(await page.evaluate(() => performance.now()));
    await close();
  }
  return Math.min(...times);
}

test(`the list of ${JOBS} jobs is usable within ${MAX_MILLIS} ms, and scrolls beyond its first page`, async () => {
  const batch = { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' };
  for (let number = 0; number < JOBS; number += 1) {
    const job = `job-${String(number).padStart(5, '0')}`;
    const draft = aDraft({ partition: 'p1', job, createTime: server.clock.now() + number, requestHash: job });
    await insertJob(server.table, draft, { body: JSON.stringify({ batch }) });
  }

  const millis = await fastestLoad('/p/p1/jobs', (page) =>
    page.getByRole('link', { name: 'job-09999' }).waitFor(),
  );

  expect(millis).toBeLessThan(MAX_MILLIS);
  const { page, close } = await openPage(browser, server.page('/p/p1/jobs'));
  await page.getByRole('button', { name: 'count' }).click();
  await page.getByText('10,000 jobs').waitFor();
  await page.getByRole('table').hover();
  for (let wheel = 0; wheel < 4; wheel += 1) {
    await page.mouse.wheel(0, 100_000);
    await page.waitForTimeout(300);
  }
  await page
    .getByRole('link', { name: /^job-09[0-7]/ })
    .first()
    .waitFor();
  expect(await page.getByRole('row').count()).toBeLessThan(100);
  await close();
});

test(`the page of a job with ${ITEMS} items is usable within ${MAX_MILLIS} ms`, async () => {
  const batch = {
    splitter: 'range',
    definition: { from: 0, to: ITEMS },
    worker: 'rehearse',
    itemsPerTask: 1_000,
  };
  await createdJob(server.api, 'large', { batch });
  while (await server.step()) server.clock.advance(10);

  const millis = await fastestLoad('/p/p1/jobs/large', (page) => page.getByText('100,000 ok').waitFor());

  expect(millis).toBeLessThan(MAX_MILLIS);
});
