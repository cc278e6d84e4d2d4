/** Takes the screenshot for the README, with sample jobs. Replaces docs/console.png if JOBTREE_PICTURES is set. */
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';

const PATH = process.env['JOBTREE_PICTURES'] === undefined ? 'screenshots/console.png' : 'docs/console.png';
const STEP_MILLIS = 1_500;

let browser: Browser;
let server: ConsoleServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

function requestOf(items: number, parameters: object = {}, more: object = {}) {
  return {
    batch: {
      splitter: 'range',
      definition: { from: 0, to: items },
      worker: 'rehearse',
      itemsPerTask: 25,
      parameters,
    },
    ...more,
  };
}

async function runSteps(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) {
    server.clock.advance(STEP_MILLIS);
    await server.step();
  }
}

async function createScene(): Promise<void> {
  const finished = {
    'invoices-october': requestOf(4_000, {}, { name: 'Invoices of October', labels: { team: 'billing' } }),
    'scans-2026-11-25': requestOf(
      900,
      { failEvery: 45 },
      { name: 'Scans of Wednesday', labels: { team: 'archive' } },
    ),
    'thumbnails-7': requestOf(300, {}, { labels: { team: 'web' } }),
    'import-legacy': requestOf(
      40,
      { failEvery: 1 },
      { name: 'Import of the old archive', labels: { team: 'archive' } },
    ),
  };
  for (const [id, body] of Object.entries(finished)) {
    await createdJob(server.api, id, body);
    await runSteps(40);
  }
  await createdJob(
    server.api,
    'held-for-review',
    requestOf(120, {}, { name: 'Contracts, held for review', hold: true }),
  );
  const running = requestOf(
    5_000,
    { failEvery: 97 },
    { name: 'Invoices of November', labels: { team: 'billing' } },
  );
  await createdJob(server.api, 'invoices-november', running);
  await runSteps(12);
  await createdJob(
    server.api,
    'mail-digest',
    requestOf(60, {}, { prerequisiteJobIds: ['invoices-november'], labels: { team: 'web' } }),
  );
}

test('the picture of the README shows the jobs of a partition', async () => {
  await createScene();
  const context = await browser.newContext({
    viewport: { width: 1280, height: 620 },
    deviceScaleFactor: 1.5,
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(server.clock.now());
  await page.goto(server.page('/p/p1/jobs'));
  await page.getByText('Invoices of November').waitFor();
  await page.getByText('7 jobs').waitFor();
  mkdirSync('screenshots', { recursive: true });

  await page.screenshot({ path: PATH });

  expect(await page.getByRole('row').count()).toBe(8);
  await context.close();
});
