import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateBody } from '#contract/template.ts';
import type { ScaffoldKind } from '../../../clients/cli/scaffolds.ts';
import { item, runSplitter, runWorker } from '../../../clients/worker/index.ts';
import { PROJECT_ROOT } from '../../../localstack/local-aws.ts';
import { type ServedService, serveService } from '../served-service.ts';
import { CommandLine, runProgram } from './command-line.ts';

let service: ServedService;
let cli: CommandLine;

beforeAll(async () => {
  service = await serveService();
  cli = new CommandLine({ JOBTREE_URL: service.url, JOBTREE_TOKEN: service.token, JOBTREE_PARTITION: 'dev' });
});

afterAll(async () => {
  await service.stop();
  cli.remove();
});

describe('init', () => {
  const KINDS: readonly ScaffoldKind[] = ['worker', 'splitter', 'template'];

  test.each(KINDS)('writes the files of a %s, and prints the lines for the stack', async (kind) => {
    const { code, stdout, stderr } = await cli.run(['init', kind, 'shout-twice', '--dir', cli.home]);

    expect(code, stderr).toBe(0);
    expect(stderr).toContain('new JobService');
    for (const file of stdout.trim().split('\n')) expect(existsSync(file)).toBe(true);
    expect(await cli.run(['init', kind, 'shout-twice', '--dir', cli.home])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--force'),
    });
  });

  test('refuses a name that cannot be a file and an export', async () => {
    expect(await cli.run(['init', 'worker', 'Shout!'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('such as resize-image'),
    });
    expect((await cli.run(['init', 'queue', 'x'])).code).toBe(2);
  });

  test('the worker, the splitter and the template work', async () => {
    const folder = join(cli.home, 'scaffolds');
    mkdirSync(folder);
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const kind of KINDS) await cli.run(['init', kind, `my-${kind}`, '--dir', folder]);
    const load = async (kind: ScaffoldKind) => import(join(folder, `${kind}s/my-${kind}.ts`));
    const { myWorker } = await load('worker');
    const { mySplitter } = await load('splitter');
    const { myTemplate } = await load('template');

    const children = await runSplitter(mySplitter, { words: ['one'] });
    const results = await runWorker(myWorker, [{ id: '1', payload: 'text' }], {
      parameters: { prefix: 'a ' },
    });

    expect(children).toEqual([item('1', 'one')]);
    expect(results).toMatchObject([{ kind: 'succeeded', output: 'a text' }]);
    expect(templateBody.safeParse(myTemplate).success).toBe(true);
  });
});

describe('dev', () => {
  test('in the package refuses a Node that cannot run the functions', async () => {
    const folder = join(cli.home, 'app');
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.bin/node'), '#!/bin/sh\necho v20.1.0\n', { mode: 0o755 });
    writeFileSync(join(folder, 'cdk.json'), '{}');
    // The bundle finds the folder of its package by package.json.
    writeFileSync(join(cli.home, 'bundle/package.json'), '{"type":"module"}');

    const { code, stderr } = await cli.run(['dev'], { cwd: folder });

    expect([code, stderr]).toEqual([1, expect.stringContaining('npm install --save-dev node@24')]);
    expect(stderr).toContain('node on PATH is v20.1.0');
  });

  test('without a CDK app names the packages that the default stack needs', async () => {
    const folder = join(cli.home, 'empty');
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/.bin/node'), '#!/bin/sh\necho v24.1.0\n', { mode: 0o755 });

    const { code, stderr } = await cli.run(['dev'], { cwd: folder });

    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('npm install --save-dev aws-cdk aws-cdk-lib constructs zod'),
    ]);
  });
});

describe('scan', () => {
  test('creates a job from each request file, with the token of the command', async () => {
    const folder = join(cli.home, 'requests');
    mkdirSync(folder);
    const batch = { splitter: 'range', definition: { from: 0, to: 2 }, worker: 'rehearse' };
    writeFileSync(join(folder, 'first.json'), JSON.stringify({ batch }));

    const { code, stdout, stderr } = await cli.run([
      'scan',
      folder,
      '--once',
      '--interval',
      '0.2',
      '--ndjson',
    ]);

    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ request: 'first.json', kind: 'created' });
    expect(existsSync(join(folder, 'first.json'))).toBe(false);
    expect((await cli.run(['jobs', '--count'])).stdout).toBe('1\n');
  });

  test('refuses limits that contradict each other', async () => {
    expect(await cli.run(['scan', cli.home, '--high', '5', '--low', '7'])).toMatchObject({ code: 2 });
  });
});

describe('the launcher', () => {
  test('runs from source in a checkout, from any folder', async () => {
    const launcher = join(PROJECT_ROOT, 'bin/jobtree.mjs');
    const { code, stdout } = await runProgram(process.execPath, [launcher, 'run', '--help'], {
      cwd: cli.home,
    });

    expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: jobtree run')]);
  });

  test('is the bin of the package', () => {
    const { bin, files } = JSON.parse(readFileSync('package.json', 'utf8'));

    expect(files).toContain(bin.jobtree);
  });
});
