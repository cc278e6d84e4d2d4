import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchBrowser } from '../support/browser/chromium.ts';
import { openPage } from '../support/browser/open-page.ts';
import { finished, freshPartition, jobPath } from './rest.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

test('a CSV is uploaded to the bucket by the page, and a job runs over its rows', async () => {
  const partition = freshPartition();
  const url = `${inject('url')}/console/p/${partition}/new-job#token=${inject('token')}`;
  const { page, errors, close } = await openPage(browser, url);
  page.setDefaultTimeout(60_000);

  await page
    .getByLabel('Files to upload')
    .or(page.getByLabel('File to upload'))
    .setInputFiles({
      name: 'orders.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('id,total\na,1\nb,2\nc,3\n'),
    });
  await page.getByText('uploaded', { exact: true }).waitFor();
  await page.getByLabel('Worker', { exact: true }).selectOption('rehearse');
  await page.getByRole('button', { name: 'Create the job' }).click();
  await page.waitForURL(/\/jobs\/[^/]+$/);
  await page.getByText('3 ok').first().waitFor();

  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  expect(await finished(jobPath(partition, id))).toMatchObject({ items: { succeeded: 3 } });
  expect(errors).toEqual([]);
  await close();
});
