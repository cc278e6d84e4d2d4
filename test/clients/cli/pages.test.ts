/** The shell samples of the documentation that need only the API, verbatim, against the service in memory. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf } from '../../docs/samples/blocks.ts';
import { blocksFor, COMMAND_LINE } from '../../docs/samples/inventory.ts';
import { Shell } from '../../support/shell.ts';
import { type ServedService, serveService } from '../served-service.ts';
import { CommandLine } from './command-line.ts';

/** The exit code of a command that followed a job to its end with failed items. */
const ITEMS_FAILED = /^failed 1: (npx )?jobtree (run|watch|retry|resubmit) /;

let service: ServedService;
let cli: CommandLine;
let shell: Shell;

beforeAll(async () => {
  service = await serveService();
  cli = new CommandLine();
  shell = new Shell(
    { JOBTREE_URL: service.url, JOBTREE_TOKEN: service.token, BROWSER: '' },
    { jobtree: `exec "${process.execPath}" "${cli.main}" "$@"`, npx: 'exec "$@"' },
  );
  const orders = Array.from({ length: 30 }, (_, index) => `${index},${index}`);
  const batch = { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' };
  const [first] = blocksOf('docs/tutorials/first-job.md').filter(({ language }) => language === 'json');
  shell.write('orders.csv', `order,amount\n${orders.join('\n')}\n`);
  shell.write('job.json', JSON.stringify({ batch }));
  shell.write('first.json', first?.text ?? '');
});

afterAll(async () => {
  await shell.end();
  await service.stop();
  cli.remove();
});

const pages = [...new Set(blocksFor(COMMAND_LINE).map(({ page }) => page))];

describe.each(pages)('the commands of %s', (page) => {
  beforeAll(async () => {
    const partition = page.replaceAll(/[^a-z]/gi, '-');
    await shell.run(`export JOBTREE_PARTITION=${partition}\n`);
    // Pages that inspect a job expect one.
    if (page.endsWith('read-csv-files.md'))
      await shell.run('jobtree run orders.csv --worker rehearse --id orders --watch\n');
  });

  test.each(blocksFor(COMMAND_LINE, page))('run: $text', async ({ text, language }) => {
    if (language !== 'sh') return;
    const { failed, stderr } = await shell.run(text);

    expect(
      failed.filter((line) => !ITEMS_FAILED.test(line)),
      stderr,
    ).toEqual([]);
    expect(stderr).not.toMatch(/^error: /m);
  });
});
