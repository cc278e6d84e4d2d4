import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { token } from '../functions/jobs-api/tokens.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { type ConsoleServer, serveConsole } from '../support/browser/console-server.ts';
import {
  expectAccessible,
  type OpenedPage,
  openPage,
  reviewPage,
  screenshot,
  WIDTHS,
} from '../support/browser/open-page.ts';
import { SHIPPED_REGISTRY } from '../support/browser/shipped-registry.ts';

const ADMIN = { role: 'admin' };

let browser: Browser;
let server: ConsoleServer;
let opened: OpenedPage | undefined;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), serveConsole({ registry: SHIPPED_REGISTRY })]);
  await put('templates/review', REVIEW);
  await put('job-types/numbers', NUMBERS);
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  await opened?.close();
});

const REVIEW = {
  description: 'Reads documents, checks them twice in parallel, and tries again what failed.',
  parametersSchema: {
    type: 'object',
    properties: { language: { type: 'string', description: 'A BCP 47 tag.' } },
    required: ['language'],
    additionalProperties: false,
  },
  steps: [
    { name: 'read', worker: 'extract-text', parameters: { language: '$.parameters.language' } },
    { name: 'spelling', worker: 'rehearse' },
    { name: 'facts', worker: 'rehearse' },
    { name: 'publish', worker: 'rehearse', after: ['spelling', 'facts'] },
    { name: 'notify', worker: 'http', parameters: { url: 'https://example.com/failed' }, takesFailed: true },
  ],
  flow: [
    { from: 'read', on: 'COMPLETED', to: ['spelling', 'facts'] },
    { from: 'read', on: 'FAILED', to: 'notify' },
  ],
};

const NUMBERS = {
  description: 'Tries out so many numbers.',
  parametersSchema: {
    type: 'object',
    properties: { count: { type: 'integer', minimum: 1 } },
    required: ['count'],
    additionalProperties: false,
  },
  mapping:
    '{"batch": {"splitter": "range", "definition": {"from": 0, "to": parameters.count}, "worker": "rehearse"}}',
};

async function put(path: string, body: object): Promise<void> {
  const { status, text } = await server.api.call('PUT', `/partitions/p1/${path}`, {
    body,
    token: token(ADMIN),
  });
  if (status > 201) throw new Error(text);
}

async function open(path: string, claims: object = ADMIN): Promise<Page> {
  opened = await openPage(browser, server.page(path, claims));
  return opened.page;
}

const json = (page: Page) => page.getByLabel(/^The (template|job type) as JSON$/);
const stored = async (path: string) => (await server.api.call('GET', `/partitions/p1/${path}`)).body;

describe('templates', () => {
  test('the list shows those of the partition and those of the deployment', async () => {
    const page = await open('/p/p1/templates', { role: 'viewer' });

    const row = page.getByRole('row', { name: /review/ });
    await row.waitFor();
    expect(await row.innerText()).toContain('this partition');
    expect(await page.getByRole('row', { name: /production/ }).innerText()).toContain('deployed');
    expect(opened?.errors).toEqual([]);
  });

  test('a change is checked while it is typed, and saved as a version', async () => {
    const page = await open('/p/p1/templates/review?edit=1');
    const save = page.getByRole('button', { name: 'Save' });
    await json(page).waitFor();

    await json(page).fill(
      JSON.stringify({ ...REVIEW, steps: [...REVIEW.steps, { name: 'lost', worker: 'gone' }] }),
    );
    await page
      .getByText(/worker 'gone' is not deployed|'gone'/)
      .first()
      .waitFor();
    await page.getByText(/no edge leads to 'lost'/).waitFor();
    expect(await save.isDisabled()).toBe(true);

    await json(page).fill(JSON.stringify({ ...REVIEW, description: 'Changed' }));
    await page.getByText('The template is valid.').waitFor();
    await save.click();

    await page.getByText('Saved version 2 of review').waitFor();
    expect(await stored('templates/review')).toMatchObject({ description: 'Changed', version: '2' });
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('Version 2 (current)').waitFor();
    await page.getByRole('button', { name: /^Version 1/ }).click();
    await page.getByRole('button', { name: 'Edit from here' }).click();
    expect(await json(page).inputValue()).toContain('checks them twice');
  });

  test('a change of someone else in between is not overwritten', async () => {
    await put('templates/shared', REVIEW);
    const page = await open('/p/p1/templates/shared?edit=1');
    await json(page).waitFor();
    await put('templates/shared', { ...REVIEW, description: 'theirs' });

    await json(page).fill(JSON.stringify({ ...REVIEW, description: 'mine' }));
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('alert').waitFor();
    expect((await stored('templates/shared')).description).toBe('theirs');
  });

  test('an imported file becomes a new template, and can be deleted', async () => {
    const page = await open('/p/p1/templates');
    await page.getByLabel('File to import').setInputFiles({
      name: 'from-file.yaml',
      mimeType: 'application/yaml',
      buffer: Buffer.from('description: From a file\nsteps:\n  - { name: only, worker: rehearse }\n'),
    });
    await page.getByText('The template is valid.').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('from-file');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'from-file' }).waitFor();

    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete the template' }).click();

    await page.getByText('Deleted from-file').waitFor();
    expect((await server.api.call('GET', '/partitions/p1/templates/from-file')).status).toBe(404);
  });

  test('a template is exported as a file that can be imported again', async () => {
    const page = await open('/p/p1/templates/review', { role: 'viewer' });
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();

    expect((await download).suggestedFilename()).toBe('review.json');
  });

  test('only an admin sees buttons that change something', async () => {
    const page = await open('/p/p1/templates/review', { role: 'viewer' });
    await page.getByRole('tab', { name: 'Overview' }).waitFor();

    const names = await page.getByRole('main').getByRole('button').allInnerTexts();
    expect(names.filter((name) => name !== '')).toEqual(['Export']);
    await page.goto(server.page('/p/p1/templates?new=1', { role: 'viewer' }));
    await page.getByRole('table', { name: 'Templates' }).waitFor();
    expect(await page.getByRole('button', { name: 'New template' }).count()).toBe(0);
  });

  test('the editor shows only what differs from the defaults', async () => {
    await put('templates/short', { steps: [{ name: 'only', worker: 'rehearse' }] });
    const page = await open('/p/p1/templates/short?edit=1');
    await json(page).waitFor();

    expect(JSON.parse(await json(page).inputValue())).toEqual({
      steps: [{ name: 'only', worker: 'rehearse' }],
    });
  });

  test('the drawing has the edges of a join', async () => {
    const page = await open('/p/p1/templates/review');

    const flow = page.getByRole('region', { name: 'Flow of the template' });
    expect(
      await flow
        .getByRole('listitem')
        .filter({ hasText: /^spelling/ })
        .innerText(),
    ).toContain('to publish');
  });

  test('opens the form of a new job', async () => {
    const page = await open('/p/p1/templates/production');
    await page.getByRole('button', { name: 'New job' }).click();

    await page.getByLabel('dpi').waitFor();
  });
});

describe('job types', () => {
  test('the mapping is edited outside of JSON, with its syntax errors', async () => {
    const page = await open('/p/p1/job-types/numbers?edit=1');
    const mapping = page.getByLabel('JSONata expression');
    await mapping.fill('{"batch": ');
    await page
      .locator('#main')
      .getByText(/Unexpected|unexpected|Expected/)
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);

    await mapping.fill(NUMBERS.mapping.replace('"from": 0', '"from": 1'));
    await page.getByText('The job type is valid.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByText('Saved version 2 of numbers').waitFor();
    expect((await stored('job-types/numbers')).mapping).toContain('"from": 1');
  });

  test('a job is created from its form', async () => {
    const page = await open('/p/p1/new-job?type=numbers');
    await page.getByLabel('count required').fill('4');
    await page.getByRole('button', { name: 'Create the job' }).click();

    await page.waitForURL(/\/p\/p1\/jobs\/[^/]+$/);
  });

  test('errors of the API are shown with their location', async () => {
    const page = await open('/p/p1/job-types?new=1');
    await page.getByLabel('Name', { exact: true }).fill('a/b');
    await page.getByRole('button', { name: 'Save' }).click();

    await page.getByRole('alert').waitFor();
  });
});

test('the pages are accessible at every width and in both themes', async () => {
  await put('templates/review', REVIEW);
  const pages = {
    templates: '/p/p1/templates',
    template: '/p/p1/templates/review',
    'template-versions': '/p/p1/templates/review?tab=versions',
    'template-editor': '/p/p1/templates/review?edit=1',
    'job-types': '/p/p1/job-types',
    'job-type': '/p/p1/job-types/numbers',
    'job-type-editor': '/p/p1/job-types/numbers?edit=1',
  };
  for (const [name, path] of Object.entries(pages)) {
    await reviewPage(browser, server.page(path, ADMIN), name, (page) =>
      page
        .getByRole('main')
        .getByText(/Overview|valid\.|Scope/)
        .first()
        .waitFor(),
    );
  }
  const all = { ...ADMIN, partitions: ['*'] };
  await reviewPage(browser, server.page('/p/p2/job-types', all), 'job-types-empty', (page) =>
    page.getByText('No job type yet').waitFor(),
  );
});

test.each(Object.entries(WIDTHS))('an error is shown in a window of a %s', async (size, width) => {
  opened = await openPage(browser, server.page('/p/p1/templates/missing', ADMIN), { width });
  const { page } = opened;
  await page.getByRole('alert').waitFor();

  await screenshot(page, `template-failing-${size}`);
  await expectAccessible(page);
});
