/** The command line against the deployed stack. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { CommandLine } from '../clients/cli/command-line.ts';
import { aZip } from '../support/zips.ts';
import { freshPartition } from './rest.ts';

let cli: CommandLine;
const partition = freshPartition();

beforeAll(() => {
  cli = new CommandLine({
    JOBTREE_URL: inject('url'),
    JOBTREE_TOKEN: inject('token'),
    JOBTREE_PARTITION: partition,
    AWS_ENDPOINT_URL: inject('endpoint'),
  });
});

afterAll(() => cli.remove());

test('a file becomes a job, whose failures are inspected and retried', async () => {
  const file = join(cli.home, 'orders.csv');
  writeFileSync(
    file,
    `order,amount\n${Array.from({ length: 30 }, (_, index) => `o${index},${index}`).join('\n')}\n`,
  );
  const work = ['--worker', 'rehearse', '--set', 'failEvery=10', '--items-per-task', '5'];

  const run = await cli.run(['run', file, ...work, '--id', 'orders', '--watch', '--json']);
  const groups = await cli.run(['failures', 'orders', '--group', '--json']);
  const [failure] = (await cli.run(['failures', 'orders'])).stdout.split('\n');
  const retry = await cli.run(['retry', 'orders', '--code', 'rehearsed', '--watch', '--timeout', '2m']);

  expect(run.code, run.stderr).toBe(1);
  expect(JSON.parse(run.stdout)).toMatchObject({ id: 'orders', items: { found: 30 } });
  const [group] = JSON.parse(groups.stdout);
  expect(group).toMatchObject({ code: 'rehearsed', count: JSON.parse(run.stdout).items.failed });
  expect(failure).toContain('fails as rehearsed');
  expect([retry.code, retry.stderr]).toEqual([1, expect.stringContaining('items are retried')]);
  const item = JSON.parse((await cli.run(['failures', 'orders', '--json'])).stdout)[0];
  const id = /item (\S+)/.exec(item.failureMessage)?.[1] ?? '';
  const detail = await cli.run(['item', 'orders', id]);
  expect(detail.stdout, detail.stderr).toContain('outcome\tfailed');
});

test('results are downloaded, and open prints the page of the job', async () => {
  const folder = join(cli.home, 'files');
  mkdirSync(folder);
  const archive = join(cli.home, 'letters.zip');
  writeFileSync(archive, await aZip({ 'a.txt': 'Hello', 'b.txt': 'Good morning' }));

  const run = await cli.run(['run', archive, '--worker', 'to-pdf', '--id', 'letters', '--watch']);
  const results = await cli.run(['results', 'letters', '-o', folder]);
  const open = await cli.run(['open', 'letters']);

  expect(run.code, run.stderr + run.stdout).toBe(0);
  expect(results.code, results.stderr).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['a.pdf', 'b.pdf']);
  expect(open.stdout).toBe(`${inject('url')}/console/p/${partition}/jobs/letters\n`);
});

test('bulk actions, the registry and the checks of doctor', async () => {
  const held = [
    'run',
    '--splitter',
    'range',
    '--define',
    'from=0',
    '--define',
    'to=5',
    '--worker',
    'rehearse',
    '--hold',
  ];
  for (const id of ['h1', 'h2']) await cli.run([...held, '--id', id, '--label', 'held=yes']);

  const cancelled = await cli.run(['cancel', '--label', 'held=yes', '--yes']);
  const templates = await cli.run(['templates', '--json']);
  const doctor = await cli.run(['doctor', '--json']);

  expect(cancelled).toMatchObject({ code: 0, stdout: '2\n' });
  expect((await cli.run(['watch', 'h1'])).code).toBe(3);
  expect(JSON.parse(templates.stdout).map(({ name }: { name: string }) => name)).toContain('unpack');
  expect(doctor.code, doctor.stdout).toBe(0);
});

test('logs of the emulator are found by job and item', async (context) => {
  if (inject('endpoint') === '') return context.skip();
  await cli.run([
    'run',
    '--splitter',
    'range',
    '--define',
    'from=0',
    '--define',
    'to=5',
    '--worker',
    'rehearse',
    '--id',
    'logged',
    '--watch',
  ]);

  const { code, stdout, stderr } = await cli.run(['logs', 'logged', '--ndjson']);

  expect(code, stderr).toBe(0);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(
    expect.objectContaining({ function: 'track-results', message: expect.stringContaining('job ended') }),
  );
});
