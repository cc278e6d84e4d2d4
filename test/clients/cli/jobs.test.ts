import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedService, serveService } from '../served-service.ts';
import { CommandLine, interruptAt } from './command-line.ts';

let service: ServedService;
let cli: CommandLine;

const RANGE = ['run', '--splitter', 'range', '--define', 'from=1', '--worker', 'rehearse'];

beforeAll(async () => {
  service = await serveService();
  const { url, token } = service;
  cli = new CommandLine({ JOBTREE_URL: url, JOBTREE_TOKEN: token, JOBTREE_PARTITION: 'demo' });
});

afterAll(async () => {
  await service.stop();
  cli.remove();
});

async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli.run(args);
  expect(stderr).not.toContain('error:');
  expect(code, stderr).toBe(0);
  return stdout;
}

describe('run', () => {
  test('creates a job from options, follows it, and ends with 0', async () => {
    const { code, stdout, stderr } = await cli.run([
      ...RANGE,
      '--define',
      'to=30',
      '--id',
      'numbers',
      '--watch',
    ]);

    expect([code, stderr]).toEqual([0, expect.stringContaining('Created job numbers')]);
    expect(stdout).toContain('status\tCompleted\n');
    expect(stderr).toMatch(/numbers {2}Completed\s+100\.00 %/);
  });

  test('ends with 1 if items failed, and names the command that shows them', async () => {
    const args = [
      ...RANGE,
      '--define',
      'to=30',
      '--set',
      'failEvery=10',
      '--id',
      'failing',
      '--watch',
      '--json',
    ];
    const { code, stdout, stderr } = await cli.run(args);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'failing', items: { failed: 2 } });
    expect(stderr).toContain('jobtree failures failing --group');
  });

  test('uploads a data file and splits it by its type', async () => {
    const file = join(cli.home, 'people.csv');
    writeFileSync(file, 'name,age\nAnn,1\nBob,2\n');
    const args = ['run', file, '--worker', 'rehearse', '--label', 'owner=ann', '--id', 'people', '--watch'];
    const { code, stderr } = await cli.run(args);

    expect([code, stderr]).toEqual([0, expect.stringContaining('Uploading people.csv (21 bytes)')]);
    const items = (await ok('items', 'people', '--ndjson'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items.map(({ output }) => output)).toContainEqual(expect.objectContaining({ name: 'Ann' }));
  });

  test('sends a request file, with changes by options', async () => {
    const file = join(cli.home, 'job.json');
    const batch = { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' };
    writeFileSync(file, JSON.stringify({ name: 'from a file', batch }));

    const request = JSON.parse(
      await ok('run', file, '--define', 'to=5', '--priority', '7', '-l', 'a=b', '--dry-run'),
    );
    const id = (await ok('run', file)).trim();

    expect(request).toEqual({
      name: 'from a file',
      priority: 7,
      labels: { a: 'b' },
      batch: { ...batch, definition: { from: 0, to: 5 } },
    });
    expect(JSON.parse(await ok('request', id))).toMatchObject({ name: 'from a file' });
  });

  test('reads a request from stdin, and a JSON array as items', async () => {
    const list = join(cli.home, 'list.json');
    writeFileSync(list, '[{"id":"a"},{"id":"b"}]');
    const body = JSON.stringify({
      batch: { splitter: 'range', definition: { from: 0, to: 1 }, worker: 'rehearse' },
    });

    const { code, stdout } = await cli.run(['run', '-', '--json'], { input: body });
    const request = JSON.parse(await ok('run', list, '--worker', 'rehearse', '--dry-run'));

    expect([code, JSON.parse(stdout)]).toMatchObject([0, { status: expect.any(String) }]);
    expect(request.batch).toMatchObject({
      splitter: 'items',
      definition: { items: [{ id: 'a' }, { id: 'b' }] },
    });
  });

  test.each([
    [['run'], 'no worker is selected'],
    [['run', 'missing.csv', '--worker', 'rehearse'], "the file 'missing.csv' does not exist"],
    [['run', '--worker', 'rehearse'], 'no input is given'],
    [[...RANGE, '--set', 'x'], "--set is 'x'"],
    [[...RANGE, '--priority', '12'], 'Use a whole number from 0 to 9'],
    [[...RANGE, '--define', 'to=x'], '/batch/definition/to'],
    [['run', '--splitter', 'range', '--worker', 'none'], 'deployed: files, rehearse, second'],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, stderr, stdout } = await cli.run(args);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/at .*:\d+:\d+/);
  });
});

describe('watch', () => {
  test('ends with 124 after --timeout, and the job continues', async () => {
    await ok(...RANGE, '--define', 'to=3', '--id', 'held', '--hold');
    const { code, stderr } = await cli.run(['watch', 'held', '--timeout', '1s']);

    expect(code).toBe(124);
    expect(stderr).toContain('not final after 1s. The job continues');
    expect(stderr).toContain('jobtree watch held');
  });

  test('Ctrl-C ends the command and not the job', async () => {
    const watching = ['watch', 'held'];
    const signalOn = (stderr: string) => (stderr.includes('Paused') ? 'SIGINT' : undefined);
    const piped = await cli.run(watching, { signalOn });
    const typed = await cli.inTerminal(watching, { keys: interruptAt('Paused') });

    expect([piped.code, typed.code]).toEqual([130, 130]);
    for (const text of [piped.stderr, typed.stdout])
      expect(text).toContain('Stopped watching. The job continues');
    expect(await ok('show', 'held')).toContain('status\tPaused\n');
  });

  test('prints each change as a line of JSON', async () => {
    const { code, stdout } = await cli.run([
      ...RANGE,
      '--define',
      'to=30',
      '--id',
      'lines',
      '--watch',
      '--ndjson',
    ]);

    const states = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status);
    expect(code).toBe(0);
    expect(states.at(-1)).toBe('Completed');
    expect(states.filter((status) => status === 'Completed')).toHaveLength(1);
  });

  test('ends with 3 if the job is cancelled', async () => {
    await ok('cancel', 'held');

    expect((await cli.run(['watch', 'held'])).code).toBe(3);
  });

  test('shows a bar on a terminal', async () => {
    const args = [...RANGE, '--define', 'to=4', '--set', 'millisPerItem=1500', '--id', 'slow', '--watch'];
    const { code, stdout } = await cli.inTerminal(args);

    expect(code).toBe(0);
    expect(stdout).toContain('░');
    expect(stdout).toContain('\r\u001b[K');
    expect(stdout).toContain('████████████████████████ 100.00 %');
  });
});

describe('lists', () => {
  test('jobs are filtered, counted and printed in every format', async () => {
    const failed = JSON.parse(await ok('jobs', '--failed', '--mine', '--since', '1h', '--json'));
    const plain = await ok('jobs', '--label', 'owner=a*', '--limit', '5');
    const count = await ok('jobs', '--starts-with', 'fail', '--count');
    const { stdout: table } = await cli.inTerminal(['jobs', '--filter', 'id==failing']);

    expect(failed.map(({ id }: { id: string }) => id)).toEqual(['failing']);
    expect(plain.split('\t').slice(0, 3)).toEqual(['people', 'Completed', '100']);
    expect(plain).toMatch(/\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00\t/);
    expect(count).toBe('1\n');
    expect(table).toContain('\u001b[1mID');
    expect(table).toMatch(/27 ok · 2 failed|28 ok · 1 failed|27 ok · 3 failed/);
  });

  test('NO_COLOR and --no-color leave out colours on a terminal', async () => {
    const { stdout } = await cli.inTerminal(['jobs'], { env: { NO_COLOR: '1' } });
    const { stdout: byOption } = await cli.inTerminal(['jobs', '--no-color']);

    for (const text of [stdout, byOption]) {
      expect(text).toContain('failing');
      expect(text).not.toContain('\u001b[');
    }
  });

  test('no job is stuck, and an empty list is an empty array', async () => {
    expect(JSON.parse(await ok('jobs', '--stuck', '--json'))).toEqual([]);
  });

  test('failures are listed and grouped', async () => {
    const failures = (await ok('failures', 'failing')).trim().split('\n');
    const [group] = JSON.parse(await ok('failures', 'failing', '--group', '--json'));

    expect(failures).toHaveLength(2);
    expect(group).toMatchObject({ count: 2, code: 'rehearsed' });
  });

  test('details of a job', async () => {
    expect(await ok('tasks', 'failing')).toContain('chunk');
    expect(await ok('history', 'failing')).toContain('alice');
    expect(await ok('cost', 'failing')).toMatch(/^total\t/m);
    expect(JSON.parse(await ok('cost', 'failing', '--json'))).toHaveProperty('dollars');
    expect(await ok('show', 'failing')).toContain('2 failed');
    expect(await ok('open', 'failing')).toBe(`${service.url}/console/p/demo/jobs/failing\n`);
  });

  test('an unknown job ends with 4, and a forbidden action with 5', async () => {
    const { code, stderr } = await cli.run(['show', 'missing']);
    const { code: refused, stderr: reason } = await cli.run(['jobs'], { env: { JOBTREE_TOKEN: 'x.y.z' } });

    expect([code, refused]).toEqual([4, 5]);
    expect(stderr).toMatch(/\(not-found, request \S+\)\n/);
    expect(reason).toContain('jobtree login');
  });
});

describe('results', () => {
  test('are downloaded under distinct names that never lead outside the folder', async () => {
    await ok(
      'run',
      '--splitter',
      'range',
      '--define',
      'from=0',
      '--define',
      'to=4',
      '--worker',
      'files',
      '--id',
      'files',
      '-w',
    );
    const folder = join(cli.home, 'out');
    mkdirSync(folder);
    const printed = await ok('results', 'files', '-o', folder);

    expect(readdirSync(folder).sort()).toEqual(['outside.txt', 'result-2.txt', 'result-3.txt', 'result.txt']);
    expect(readFileSync(join(folder, 'outside.txt'), 'utf8')).toBe('item 2');
    expect(printed.trim().split('\n')).toHaveLength(4);
    expect(existsSync(join(cli.home, 'outside.txt'))).toBe(false);
    expect(JSON.parse(await ok('results', 'files', '--json'))).toHaveLength(4);
  });
});

describe('item', () => {
  test('shows the attempts, the failure and the payload of one item', async () => {
    const detail = JSON.parse(await ok('item', 'failing', '10', '--json'));
    const text = await ok('item', 'failing', '10');

    expect(detail).toMatchObject({ id: '10', outcome: 'failed', failure: { code: 'rehearsed' } });
    expect(text).toContain('outcome\tfailed\n');
    expect(text).toMatch(/attempt 1\t.*fails as rehearsed/);
    expect((await cli.run(['item', 'failing', 'none'])).code).toBe(4);
  });
});

describe('logs', () => {
  test('state what is missing without the AWS SDK', async () => {
    const { code, stderr } = await cli.run(['logs', 'failing'], { cwd: cli.home });

    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('npm install --save-dev @aws-sdk/client-cloudwatch-logs'),
    ]);
  });
});
