/** The shell samples of the documentation that need a deployed service: verbatim, in one shell, on the emulator. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { CommandLine } from '../clients/cli/command-line.ts';
import { type Block, blocksOf } from '../docs/samples/blocks.ts';
import { blocksFor, ON_THE_EMULATOR } from '../docs/samples/inventory.ts';
import type { Shell } from '../support/shell.ts';
import { checkoutShell } from './checkout-shell.ts';
import { call, finished, jobPath, until } from './rest.ts';
import { sendToSplit } from './split-queue.ts';

const NOT_ON_EMULATOR = inject('endpoint') === '';
const API_PAGE = 'docs/reference/http-api.md';
/** Its last block stops the partition that the other pages use. */
const LAST_PAGE = 'docs/how-to/operate.md';
const SUCCESS = [200, 201, 202, 204];
const CONFLICT = 409;

let shell: Shell;
let cli: CommandLine;

beforeAll(() => {
  cli = new CommandLine();
  const jobtree = `exec "${process.execPath}" "${cli.main}" "$@"`;
  shell = checkoutShell({ JOBTREE_PARTITION: 'demo' }, { jobtree, npx: 'exec "$@"' });
});

afterAll(async () => {
  await shell.end();
  cli.remove();
  // Other tests use these partitions too.
  await call('PUT', '/partitions/p1', { body: {} });
  for (const partition of ['p1', 'demo'])
    await call('POST', `/partitions/${partition}/jobs:delete?includeHidden=true`);
});

/** A finished job with two failed items. */
async function aJob(partition: string, id: string): Promise<void> {
  const path = jobPath(partition, id);
  await call('DELETE', path);
  const batch = { splitter: 'range', definition: { from: 0, to: 20 }, worker: 'rehearse' };
  const body = { batch: { ...batch, parameters: { failEvery: 10 } }, labels: { owner: 'bob' } };
  expect((await call('PUT', path, { body })).status).toBe(201);
  await finished(path);
}

/** The id of a message that no handler accepted. */
async function anUnroutableMessage(): Promise<string> {
  const text = JSON.stringify({ text: `for the samples ${Date.now()}` });
  await sendToSplit(text);
  return until('the message is unroutable', async () => {
    const { body } = await call('GET', '/queues/unroutable/messages');
    return (body as { id: string; body: string }[]).find((message) => message.body === text)?.id;
  });
}

/** A block may cancel a job that has just completed, or retry a job in several ways one after the other. */
const mayConflict = ({ text }: Block) => text.includes('/cancel"') || text.split('/retry"').length > 2;

/** Variables of the reader. Each page begins with them, because some pages change them. */
const variables = () =>
  `export JOBTREE_URL=${inject('url')} JOBTREE_TOKEN=${inject('token')} ApiUrl=${inject('url')}\n`;

/** Prepares what the block of a page expects. Returns a value for each `<id>` of the block. */
async function prepare({ page, text }: Block): Promise<string> {
  if (text.includes('jobs/first') && !text.includes('PUT "$API/partitions/p1/jobs/first"'))
    await aJob('p1', 'first');
  if (text.includes('jobs/greet')) await aJob('p1', 'greet');
  if (text.includes('jobtree logs orders')) await aJob('demo', 'orders');
  if (page === 'docs/tutorials/first-template.md') {
    const [template = '', job = ''] = blocksOf(page).flatMap((block) =>
      block.language === 'json' ? block.text : [],
    );
    shell.write('template.json', template);
    shell.write('job.json', job);
  }
  return text.includes('<id>') ? anUnroutableMessage() : '';
}

const pages = [...new Set(blocksFor(ON_THE_EMULATOR).map(({ page }) => page))].filter(
  (page) => page !== API_PAGE && page !== LAST_PAGE,
);

describe.skipIf(NOT_ON_EMULATOR).each([API_PAGE, ...pages, LAST_PAGE])('the samples of %s', (page) => {
  beforeAll(async () => {
    await shell.run(variables());
  });

  test.each(blocksFor(ON_THE_EMULATOR, page).map((block) => [block.line, block] as const))(
    'line %i',
    async (_line, block) => {
      const id = await prepare(block);
      const { failed, statuses, stdout, stderr } = await shell.run(block.text.replaceAll('<id>', id));

      expect(failed, stderr).toEqual([]);
      const allowed = mayConflict(block) ? [...SUCCESS, CONFLICT] : SUCCESS;
      expect(
        statuses.filter((status) => !allowed.includes(status)),
        stdout + stderr,
      ).toEqual([]);
    },
  );
});
