import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { developmentKey } from '../../localstack/development-key.ts';
import { signToken } from '../../localstack/token.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { expectAccessible, type OpenedPage, openPage } from '../support/browser/open-page.ts';
import { call, finished, freshPartition, jobPath } from './rest.ts';

let browser: Browser;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

afterEach(async () => {
  expect(opened?.errors ?? []).toEqual([]);
  await opened?.close();
  opened = undefined;
});

/** Opens a page of the deployed console, signed in by its link as `npm start` prints it. */
async function open(path: string, role?: 'viewer'): Promise<Page> {
  // Against another service, only its own token is accepted.
  const token =
    role === undefined ? inject('token') : signToken({ partitions: ['*'], role }, developmentKey());
  opened = await openPage(browser, `${inject('url')}/console${path}#token=${token}`);
  opened.page.setDefaultTimeout(60_000);
  return opened.page;
}

async function createJob(partition: string, batch: object): Promise<string> {
  const path = jobPath(partition, 'job');
  const { status } = await call('PUT', path, {
    body: { batch: { splitter: 'range', worker: 'rehearse', ...batch } },
  });
  expect(status).toBe(201);
  return path;
}

test('a job is watched from its creation to its end without a reload', async () => {
  const partition = freshPartition();
  const page = await open(`/p/${partition}/jobs`);
  await page.getByText('No jobs yet').waitFor();

  await createJob(partition, {
    definition: { from: 0, to: 40 },
    parameters: { failEvery: 20 },
    itemsPerTask: 10,
  });
  await page.getByRole('link', { name: 'job', exact: true }).click();

  await page.getByText('38 ok · 2 failed · 0 left').waitFor();
  await page.getByText('Completed').first().waitFor();
  await expectAccessible(page);
});

test('a job is paused, resumed and cancelled by buttons', async () => {
  const partition = freshPartition();
  const path = await createJob(partition, {
    definition: { from: 0, to: 500 },
    parameters: { millisPerItem: 2_000 },
    itemsPerTask: 5,
  });
  const page = await open(`/p/${partition}/jobs/job`);

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();

  await page.getByText('Cancelled', { exact: true }).first().waitFor();
  expect((await call('GET', path)).body.status).toBe('Cancelled');
});

test('a group of failures is retried from the page', async () => {
  const partition = freshPartition();
  const path = await createJob(partition, {
    definition: { from: 0, to: 10 },
    parameters: { failItems: ['3', '4'] },
  });
  await finished(path);
  const page = await open(`/p/${partition}/jobs/job?tab=failures`);

  await page.getByRole('button', { name: 'Retry these' }).click();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByText('2 items run again').waitFor();

  await page.getByText('Run', { exact: true }).waitFor();
  expect((await finished(path)).run).toBe(2);
});

test('all jobs that match a filter are cancelled, after a question with their number', async () => {
  const partition = freshPartition();
  const body = {
    hold: true,
    batch: { splitter: 'range', worker: 'rehearse', definition: { from: 0, to: 3 } },
  };
  for (const id of ['old-1', 'old-2', 'new-1']) await call('PUT', jobPath(partition, id), { body });
  const page = await open(`/p/${partition}/jobs?q=old-`);
  await page.getByLabel('Select old-1').check();
  await page.getByRole('button', { name: 'Select all 2 that match' }).click();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('dialog').getByText('2 jobs would change.').waitFor();

  await page.getByRole('button', { name: 'Cancel 2 jobs' }).click();

  await page.getByText('2 jobs cancelled').waitFor();
  const statuses = ['old-1', 'old-2', 'new-1'].map(async (id) => {
    return (await call('GET', jobPath(partition, id))).body.status;
  });
  expect(await Promise.all(statuses)).toEqual(['Cancelled', 'Cancelled', 'Paused']);
});

// The keys of other services are not known here.
test.skipIf(inject('endpoint') === '')('a token that expires ends the session with its reason', async () => {
  const token = signToken({ partitions: ['*'], role: 'operator', expiresInSeconds: 3 }, developmentKey());
  opened = await openPage(browser, `${inject('url')}/console/p/${freshPartition()}/jobs#token=${token}`);
  const { page } = opened;
  page.setDefaultTimeout(60_000);

  await page.getByText(/Your token has expired/).waitFor();

  await page.getByLabel('Token (JWT)').fill(inject('token'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('No jobs yet').waitFor();
});

test('a viewer sees a job and no button that changes it', async () => {
  const partition = freshPartition();
  await finished(await createJob(partition, { definition: { from: 0, to: 3 } }));
  const page = await open(`/p/${partition}/jobs/job`, 'viewer');

  await page.getByText('3 ok').first().waitFor();
  expect(await page.getByRole('button', { name: /Delete|Resubmit|Edit/ }).count()).toBe(0);
});

test('the type of a problem leads to its explanation', async () => {
  const { body } = await call('GET', jobPath(freshPartition(), 'nothing'));

  const page = await fetch(body.type);

  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toMatch('text/html');
  expect(await page.text()).toContain(`<a id="${new URL(body.type).hash.slice(1)}">`);
});
