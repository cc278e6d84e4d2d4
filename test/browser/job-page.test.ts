import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addProgress } from '../../functions/store/progress.ts';
import { createdJob } from '../functions/jobs-api/api-world.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import {
  expectAccessible,
  type OpenedPage,
  openPage,
  reviewPage,
  screenshot,
} from '../support/browser/open-page.ts';

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole()]);
  await createJobs();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(async () => {
  expect(opened?.errors ?? []).toEqual([]);
  await opened?.close();
  opened = undefined;
});

function converting(to: number, parameters: object = {}, more: object = {}) {
  return {
    batch: {
      splitter: 'range',
      definition: { from: 0, to },
      worker: 'convert',
      itemsPerTask: 10,
      parameters,
      ...more,
    },
  };
}

const TEMPLATE = {
  description: 'Converts and checks documents',
  steps: [
    { name: 'convert', worker: 'convert', parameters: { missing: ['2'] } },
    { name: 'check', worker: 'rehearse' },
    { name: 'repair', worker: 'rehearse' },
  ],
  flow: [
    { from: 'convert', on: 'COMPLETED', to: 'check' },
    { from: 'convert', on: 'FAILED', to: 'repair' },
  ],
};

async function createJobs(): Promise<void> {
  const body = {
    ...converting(200, { files: true, missing: ['7', '13', '42'], broken: ['99'] }),
    name: 'Documents of November',
    description: 'All documents of the archive, as they arrived',
    labels: { team: 'archive' },
  };
  await createdJob(server.api, 'documents', body);
  await createdJob(server.api, 'fixable', converting(20, { missing: ['3'] }));
  await server.api.call('PUT', '/partitions/p1/templates/production', {
    body: TEMPLATE,
    token: server.token({ role: 'admin' }),
  });
  const items = ['1', '2', '3', '4'].map((id) => ({ id, parts: [] }));
  await createdJob(server.api, 'with-steps', { template: 'production', items });
  await server.drain();
  await createdJob(server.api, 'held', { ...converting(5), hold: true });
  // The workers of this test finish in no time.
  const slowest = [3, 17, 8, 11, 0].map((path, at) => ({ path: `${path}`, millis: 64_000 >> (2 * at) }));
  const run = { partition: 'p1', job: 'documents', runNumber: 1 };
  await addProgress(server.table, run, {}, { now: server.clock.now(), slowest });
}

async function open(path: string, claims: object = {}): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

describe('the header', () => {
  test('shows status, items, times and labels', async () => {
    const page = await open('/p/p1/jobs/documents');
    await page.getByRole('heading', { name: 'Documents of November' }).waitFor();

    await page.getByText('196 ok · 4 failed · 0 left').waitFor();
    await page.getByText('team: archive').waitFor();
  });

  test('pauses, resumes and cancels a job, with the buttons that its status allows', async () => {
    await createdJob(server.api, 'controlled', converting(5));
    const page = await open('/p/p1/jobs/controlled');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();

    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the job' }).click();

    await page.getByRole('button', { name: 'Delete' }).waitFor();
    expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0);
  });

  test('has no buttons for a viewer', async () => {
    const page = await open('/p/p1/jobs/documents', { role: 'viewer' });
    await page.getByText('196 ok').waitFor();

    for (const name of [/Retry/, /Resubmit/, /Edit/, /Delete/])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
  });

  test('explains an id that does not exist', async () => {
    const page = await open('/p/p1/jobs/nothing');

    await page.getByText("The partition p1 does not have the job 'nothing'").waitFor();
    opened = { ...(opened as OpenedPage), errors: [] };
  });

  test('edits name and labels', async () => {
    await createdJob(server.api, 'edited', { ...converting(1), hold: true, labels: { old: '1' } });
    const page = await open('/p/p1/jobs/edited');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Name').fill('A better name');
    await page.getByLabel(/^Labels/).fill('team=north');
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('heading', { name: 'A better name' }).waitFor();
    const { body } = await server.api.call('GET', '/partitions/p1/jobs/edited');
    expect(body.labels).toEqual({ team: 'north' });
  });
});

test('polling a job that does not change sends no body again', async () => {
  const page = await open('/p/p1/jobs/held');
  await page.getByRole('button', { name: 'Resume' }).waitFor();
  const before = server.requests.length;

  await page.waitForTimeout(4_000);

  const polls = server.requests.slice(before).filter(({ path }) => path.endsWith('/jobs/held'));
  expect(polls.length).toBeGreaterThan(0);
  expect(polls.map(({ status }) => status)).toEqual(polls.map(() => 304));
});

describe('the tab Progress', () => {
  test('loads the tree level by level', async () => {
    const page = await open('/p/p1/jobs/documents');
    await page.getByRole('heading', { name: 'Tree' }).waitFor();

    await page.getByText('9 ok · 1 failed').first().waitFor();
  });

  test('lists the chunks that are being retried, with error and next attempt', async () => {
    await createdJob(server.api, 'retrying', converting(30, { busy: ['4', '25'] }));
    while (await server.step()) server.clock.advance(10);
    const page = await open('/p/p1/jobs/retrying');

    await page.getByText(/2 chunks being retried/).waitFor();
    await page.getByText('Being retried (2), the longest first').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'the converter is busy' }).first().waitFor();
    await screenshot(page, 'job-retrying');
    await expectAccessible(page);
  });

  test('lists the slowest chunks, the longest time first', async () => {
    const page = await open('/p/p1/jobs/documents');

    const slowest = page.locator('.slowest').getByRole('listitem');
    await slowest.first().waitFor();
    expect(await slowest.allInnerTexts()).toEqual(
      ['3 1 min 4 s', '17 16 s', '8 4 s', '11 1 s', '0 250 ms'].map((text) =>
        expect.stringMatching(new RegExp(`^${text.replace(' ', '\\s+')}$`)),
      ),
    );
  });

  test('draws the steps of a template with their counts', async () => {
    const page = await open('/p/p1/jobs/with-steps');

    const graph = page.getByRole('region', { name: 'Steps of the template production' });
    await graph.getByText('3 ok · 1 failed').first().waitFor();
    await graph.getByText('not reached').first().waitFor();
  });
});

describe('the tab Failures', () => {
  test('groups failures by cause, and leads to an item', async () => {
    const page = await open('/p/p1/jobs/documents?tab=failures');
    await page.getByText('document <item> does not exist; upload it and retry').waitFor();
    await page.getByRole('button', { name: '42', exact: true }).click();

    const dialog = page.getByRole('dialog', { name: 'Item 42' });
    await dialog.getByText('document 42 does not exist; upload it and retry').first().waitFor();
    expect(new URL(page.url()).searchParams.get('item')).toBe('42');
  });

  test('retries a group with a change of its payload', async () => {
    const page = await open('/p/p1/jobs/fixable?tab=failures');
    await page.getByRole('button', { name: 'Retry these' }).click();
    await page.getByLabel('Change their payload first').check();
    await page.getByLabel(/^Patch/).fill('{ "fixed": true');
    await page.getByText(/not valid JSON/).waitFor();
    await page.getByLabel(/^Patch/).fill('{ "fixed": true }');
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByText('1 item run again').waitFor();
    await server.drain();

    await page.getByText('20 ok · 0 failed · 0 left').waitFor();
  });

  test('also starts the jobs again that failed because of this one, if the box is checked', async () => {
    await createdJob(server.api, 'first', converting(5, { missing: ['3'] }, { onItemFailure: 'failAtEnd' }));
    await createdJob(server.api, 'second', { ...converting(5), prerequisiteJobIds: ['first'] });
    await server.drain();
    const page = await open('/p/p1/jobs/first?tab=failures');
    await page.getByRole('button', { name: 'Retry these' }).click();
    await page.getByLabel('Change their payload first').check();
    await page.getByLabel(/^Patch/).fill('{ "fixed": true }');

    await page.getByLabel('Also start the jobs again that failed because of this one').check();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByText('1 item run again').waitFor();
    await server.drain();

    for (const id of ['first', 'second']) {
      const { body } = await server.api.call('GET', `/partitions/p1/jobs/${id}`);
      expect(body.status).toBe('Completed');
    }
  });
});

describe('the tab Items', () => {
  test('filters by outcome', async () => {
    const page = await open('/p/p1/jobs/documents?tab=items');
    await page.getByRole('button', { name: 'failed', exact: true }).click();
    const table = page.getByRole('table', { name: 'Items' });
    await table
      .getByRole('row', { name: /source-missing/ })
      .first()
      .waitFor();

    expect(await table.getByRole('row').count()).toBe(5);
  });

  test('finds an item by its id, and shows its text, JSON, image and PDF', async () => {
    const page = await open('/p/p1/jobs/documents?tab=items');
    await page.getByLabel('Id of an item').fill('150');
    await page.getByRole('button', { name: 'Find' }).click();
    const dialog = page.getByRole('dialog', { name: 'Item 150' });
    const preview = (file: string) =>
      dialog.getByRole('listitem').filter({ hasText: file }).getByRole('button', { name: 'Preview' }).click();

    await preview('150.txt');
    await dialog.getByText('Text of document 150').waitFor();
    await preview('150.json');
    await dialog.getByText('"pages"').first().waitFor();
    await preview('150.png');
    const image = dialog.getByRole('img', { name: '150.png' });
    await image.waitFor();
    expect(
      await image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(48);
    await preview('150.pdf');
    await dialog.locator('iframe[title="150.pdf"]').waitFor();
  });

  test('lists the result files with their links', async () => {
    const page = await open('/p/p1/jobs/documents?tab=items');
    await page.getByRole('button', { name: 'Result files' }).click();

    await page.getByText('The first 100 result files').waitFor();
    await page.getByText('jobtree results documents -o results').waitFor();
  });
});

test('the tab History shows each change with its actor', async () => {
  const page = await open('/p/p1/jobs/held?tab=history');

  await page.getByText('alice').last().waitFor();
});

test('the tab Cost shows operations and their sum', async () => {
  const page = await open('/p/p1/jobs/documents?tab=cost');

  await page.getByText('Total so far').waitFor();
  await page.getByRole('cell', { name: 'sqs' }).first().waitFor();
});

describe('the tab Request', () => {
  test('creates another job from the changed request', async () => {
    const page = await open('/p/p1/jobs/held?tab=request');
    await page.getByRole('button', { name: 'Resubmit with changes' }).click();
    const field = page.getByLabel('Request of the new job');
    await field.fill((await field.inputValue()).replace('"to": 5', '"to": 6'));
    await page.getByRole('button', { name: 'Create the job' }).click();

    await page.waitForURL((url) => !url.pathname.endsWith('/held'));
    await page.getByText(/^Created /).waitFor();
  });

  test('names the part of the request that the API refuses', async () => {
    const page = await open('/p/p1/jobs/held?tab=request');
    await page.getByRole('button', { name: 'Resubmit with changes' }).click();
    await page.getByLabel('Request of the new job').fill('{ "batch": { "splitter": "rang" } }');
    await page.getByRole('button', { name: 'Create the job' }).click();

    await page
      .getByRole('alert')
      .getByText(/Request/)
      .waitFor();
    opened = { ...(opened as OpenedPage), errors: [] };
  });
});

test.each(['progress', 'failures', 'items', 'history', 'cost', 'request'])(
  'the tab %s is accessible at every width and in both themes',
  async (tab) => {
    await reviewPage(browser, server.page(`/p/p1/jobs/documents?tab=${tab}`), `job-${tab}`, async (page) => {
      await page.getByRole('heading', { name: 'Documents of November' }).waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
    });
  },
);

test('the steps of a template and an item are accessible at every width and in both themes', async () => {
  await reviewPage(browser, server.page('/p/p1/jobs/with-steps'), 'job-template', (page) =>
    page.getByText('not reached').first().waitFor(),
  );
  await reviewPage(browser, server.page('/p/p1/jobs/documents?item=42'), 'job-item', (page) =>
    page.getByRole('dialog').getByText('Attempts').waitFor(),
  );
});
