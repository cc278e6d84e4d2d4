import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import { type OpenedPage, openPage, reviewPage } from '../support/browser/open-page.ts';
import { SHIPPED_REGISTRY } from '../support/browser/shipped-registry.ts';

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole({ registry: SHIPPED_REGISTRY })]);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
});

async function open(path = '/p/p1/new-job', claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

const CSV = { name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from('id,total\na,1\nb,2\nc,3\n') };

const create = (page: Page) => page.getByRole('button', { name: 'Create the job' }).click();
const json = (page: Page) => page.getByLabel('Request as JSON');
const request = async (page: Page) => JSON.parse(await json(page).inputValue());

/** Drops files as a person does, with an event that has them. */
async function dropCsv(page: Page): Promise<void> {
  const zone = page.getByRole('region', { name: 'Upload' });
  await zone.waitFor();
  const files = await page.evaluateHandle(
    `(() => { const data = new DataTransfer(); data.items.add(new File(['id,total\\na,1\\nb,2\\nc,3\\n'], 'orders.csv', { type: 'text/csv' })); return data; })()`,
  );
  await zone.dispatchEvent('drop', { dataTransfer: files });
}

describe('from a splitter and a worker', () => {
  test('a dropped CSV becomes the source, and the job runs over its rows', async () => {
    const page = await open();
    await dropCsv(page);
    await page.getByText('uploaded', { exact: true }).waitFor();
    await page.getByLabel('Worker', { exact: true }).selectOption('rehearse');

    await create(page);
    await page.waitForURL(/\/p\/p1\/jobs\/[^/]+$/);

    const id = page.url().split('/').at(-1);
    await server.drain();
    const { body } = await server.api.call('GET', `/partitions/p1/jobs/${id}`);
    expect(body).toMatchObject({ status: 'Completed', items: { succeeded: 3 } });
    const sent = await server.api.call('GET', `/partitions/p1/jobs/${id}/request`);
    expect(sent.body.batch.definition).toEqual({ source: expect.stringMatching(/^upload:/), format: 'csv' });
    expect(opened?.errors).toEqual([]);
  });

  test('the form and the JSON change each other', async () => {
    const page = await open('/p/p1/new-job?splitter=range&worker=rehearse');

    await page.getByLabel('from required').fill('1');
    await page.getByLabel('to required').fill('9');
    expect(await request(page)).toEqual({
      batch: { splitter: 'range', worker: 'rehearse', definition: { from: 1, to: 9 } },
    });

    await json(page).fill(
      '{"name": "Nine", "batch": {"splitter": "range", "definition": {"from": 5, "to": 6}, "worker": "rehearse", "parameters": {"failure": "retryable"}}}',
    );
    expect(await page.getByLabel('from required').inputValue()).toBe('5');
    await page.getByLabel('failure').selectOption('crash');
    expect((await request(page)).batch.parameters).toEqual({ failure: 'crash' });
  });

  test('shows what is wrong at its field, at once, and what is missing when the job is created', async () => {
    const page = await open('/p/p1/new-job?splitter=range');
    await page.getByLabel('from required').fill('1.5');
    await page.getByText('must be a whole number').first().waitFor();
    expect(await page.getByText('is missing').count()).toBe(0);

    const before = server.requests.length;
    await create(page);

    await page.getByText('3 problems to correct').waitFor();
    // The page moves the focus after it has shown the problems.
    await page.waitForFunction("document.activeElement.id.endsWith('from')");
    expect(server.requests.slice(before)).toEqual([]);
  });

  test('branches, entries and pairs are edited, and a problem inside of JSON is shown at its field', async () => {
    const page = await open('/p/p1/new-job?splitter=items&worker=tag');
    await page.getByLabel('items required').fill('[1, 2]');
    await page.getByRole('button', { name: 'Add an entry' }).click();
    await page.getByRole('button', { name: 'Add a pair' }).first().click();
    await page.getByLabel('Name 1').fill('color');
    await page.getByLabel('Value 1').fill('red');
    await page.getByLabel('when').fill('{"field": 5}');

    await page.getByLabel('Parameters').getByText('/field must be a string').waitFor();
    await page.getByLabel('when').fill('{"field": "id", "equals": 1}');
    expect((await request(page)).batch).toEqual({
      splitter: 'items',
      worker: 'tag',
      definition: { items: [1, 2] },
      parameters: { rules: [{ set: { color: 'red' }, when: { field: 'id', equals: 1 } }] },
    });
    await page.getByLabel('By').selectOption('source');
    await page.getByLabel('Files to upload').or(page.getByLabel('File to upload')).waitFor();
  });

  test('JSON that cannot be parsed disables the form, and the text stays', async () => {
    const page = await open('/p/p1/new-job?splitter=range');
    await json(page).fill('{"batch": ');

    await page.getByText('Correct it there to use the form').waitFor();
    expect(await page.getByLabel('Splitter', { exact: true }).isDisabled()).toBe(true);
    expect(await json(page).inputValue()).toBe('{"batch": ');
  });
});

describe('from a template', () => {
  test('its parameters are a form, and dropped files are its items', async () => {
    const page = await open('/p/p1/new-job?template=production');
    await page.getByLabel('dpi').fill('300');
    await page.getByLabel('Files to upload').setInputFiles([CSV, { ...CSV, name: 'second.csv' }]);
    await page.getByText('2 items').waitFor();

    expect(await request(page)).toMatchObject({
      template: 'production',
      parameters: { dpi: 300 },
      items: [
        { id: 'orders.csv', parts: [{ filename: 'orders.csv', mimeType: 'text/csv' }] },
        { id: 'second.csv' },
      ],
    });
    await create(page);
    await page.waitForURL(/\/p\/p1\/jobs\/[^/]+$/);
  });

  test('keeps the work of each form while the form changes', async () => {
    const page = await open('/p/p1/new-job?template=production');
    await page.getByLabel('dpi').fill('300');

    await page.getByText('Splitter and worker').click();
    expect(await request(page)).toEqual({ batch: {} });
    await page.getByText('Template', { exact: true }).first().click();

    expect(await request(page)).toEqual({ template: 'production', parameters: { dpi: 300 } });
  });
});

test('an earlier job fills the form', async () => {
  await server.api.call('PUT', '/partitions/p1/jobs/earlier', {
    body: {
      name: 'Twelve',
      batch: { splitter: 'range', definition: { from: 0, to: 12 }, worker: 'rehearse' },
    },
  });
  const page = await open();
  await page.getByLabel('Start from an earlier job').selectOption('earlier');

  await page.getByLabel('to required').waitFor();
  expect(await page.getByLabel('to required').inputValue()).toBe('12');
  expect((await request(page)).name).toBe('Twelve');
});

describe('errors of the API', () => {
  test('are shown at their field', async () => {
    await server.api.call('PUT', '/partitions/p1/jobs/taken', {
      body: { batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' } },
    });
    const page = await open('/p/p1/new-job?splitter=range&worker=rehearse');
    await page.getByLabel('from required').fill('9');
    await page.getByLabel('to required').fill('1');

    await create(page);

    await page.getByRole('alert').getByText('Request').waitFor();
    const problem = page.getByLabel('Definition').locator('.form-problem');
    await problem.waitFor();
    expect(await problem.innerText()).toMatch(/from|below/);
    await page.getByLabel('to required').fill('12');
    await problem.waitFor({ state: 'detached' });
  });
});

test('a viewer sees no form', async () => {
  const page = await open('/p/p1/new-job', { role: 'viewer' });

  await page.getByText('Your role cannot create jobs').waitFor();
  expect(await page.getByRole('link', { name: 'New job' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Create the job' }).count()).toBe(0);
});

test('the page is accessible at every width and in both themes', async () => {
  await reviewPage(browser, server.page('/p/p1/new-job'), 'new-job', async (page) => {
    const uploaded = page.getByText('uploaded', { exact: true });
    if ((await uploaded.count()) > 0) return;
    await page.getByLabel('Files to upload').setInputFiles(CSV);
    await uploaded.waitFor();
    await page.getByLabel('Worker', { exact: true }).selectOption('rehearse');
  });
  await reviewPage(browser, server.page('/p/p1/new-job?worker=http'), 'new-job-failing', async (page) => {
    await page.getByLabel('url required').fill('nowhere');
    await create(page);
  });
  await reviewPage(browser, server.page('/p/p1/new-job?template=production'), 'new-job-template', (page) =>
    page.getByLabel('dpi').waitFor(),
  );
  await reviewPage(browser, server.page('/p/p1/new-job?splitter=range'), 'new-job-options', async (page) => {
    const name = page.getByLabel('Name', { exact: true });
    await page.getByLabel('Splitter', { exact: true }).waitFor();
    if (!(await name.isVisible())) await page.getByText('Advanced options').click();
    await name.scrollIntoViewIfNeeded();
  });
});
