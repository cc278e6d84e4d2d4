import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { openPage, reviewPage } from '../support/browser/open-page.ts';

let browser: Browser;
let server: ConsoleServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function createJobs(): Promise<void> {
  const batch = (to: number, parameters: object = {}, more: object = {}) => ({
    batch: { splitter: 'range', definition: { from: 0, to }, worker: 'rehearse', parameters, ...more },
  });
  const jobs = {
    'invoices-2026-11': { ...batch(500), name: 'Invoices of November', labels: { team: 'billing' } },
    'scans-17': { ...batch(120, { failEvery: 10 }), labels: { team: 'archive', priority: 'low' } },
    'nothing-works': batch(20, { failEvery: 1 }, { onItemFailure: 'failAtEnd' }),
  };
  for (const [id, body] of Object.entries(jobs)) {
    await createdJob(server.api, id, body);
    await server.drain();
  }
  await server.api.call('PUT', '/partitions/p1/jobs/later', {
    body: { ...batch(10), notBefore: Date.now() + 3_600_000 },
  });
}

test('the table shows each job with its status and its items in words', async () => {
  await createJobs();

  const { page, errors, close } = await openPage(browser, server.page('/p/p1/jobs'));
  await page.getByText('Invoices of November').waitFor();

  expect(await page.getByRole('row', { name: /scans-17/ }).innerText()).toMatch(
    /108 ok · 12 failed · 0 left/,
  );
  expect(page.url()).not.toContain('token');
  expect(errors).toEqual([]);
  await close();
});

test('the page is accessible at every width and in both themes', async () => {
  await reviewPage(browser, server.page('/p/p1/jobs'), 'jobs', (page) =>
    page.getByText('Invoices of November').waitFor(),
  );
});
