import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedService, serveService } from '../served-service.ts';
import { CommandLine } from './command-line.ts';

let service: ServedService;
let cli: CommandLine;

beforeAll(async () => {
  service = await serveService();
  const { url, token } = service;
  cli = new CommandLine({ JOBTREE_URL: url, JOBTREE_TOKEN: token, JOBTREE_PARTITION: 'control' });
});

afterAll(async () => {
  await service.stop();
  cli.remove();
});

async function create(id: string, ...more: string[]): Promise<void> {
  const args = [
    'run',
    '--splitter',
    'range',
    '--define',
    'from=1',
    '--define',
    'to=4',
    '--worker',
    'rehearse',
    '--id',
    id,
  ];
  const { code, stderr } = await cli.run([...args, ...more]);
  expect([0, 1], stderr).toContain(code);
}

async function statusOf(id: string): Promise<string> {
  return JSON.parse((await cli.run(['show', id, '--json'])).stdout).status;
}

describe('named jobs', () => {
  test('are resumed, paused and cancelled, also if one of them is missing', async () => {
    await create('one', '--hold');

    expect(await cli.run(['pause', 'one'])).toMatchObject({ code: 0, stderr: 'one is paused\n' });
    expect(await cli.run(['cancel', 'one', 'missing'])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/one is cancelled\nmissing: error: .*not-found/),
    });
    expect(await statusOf('one')).toBe('Cancelled');
    expect(await cli.run(['resume', 'one'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('invalid-transition'),
    });
  });

  test('retry offers and starts the jobs that failed because of the retried one', async () => {
    const fails = ['--set', 'failItems=["1","2","3"]', '--set', 'failTimes=3'];
    await create('root', ...fails, '--hold');
    await create('next', '--after', 'root');
    await cli.run(['resume', 'root']);
    expect(await cli.run(['watch', 'next'])).toMatchObject({ code: 1 });

    const offered = await cli.run(['retry', 'root', '--item', '1', '--watch']);
    const started = await cli.run(['retry', 'root', '--dependents', '--watch']);

    expect(offered.stderr).toContain(
      'root: 1 item is retried. These jobs failed because of it: next. When it is Completed, start them again with: jobtree retry next',
    );
    expect(started.stderr).toContain('root: 3 items are retried, and these jobs start again: next');
    expect((await cli.run(['history', 'next'])).stdout).toMatch(/restart\tWaiting\tsystem\tretry of 'root'/);
  });

  test('retry runs failed items again, with a patched payload', async () => {
    await create('broken', '--set', 'failItems=["2"]', '--set', 'failTimes=3', '--watch');

    const retried = await cli.run([
      'retry',
      'broken',
      '--code',
      'rehearsed',
      '--patch',
      '{"x":1}',
      '--watch',
    ]);

    expect(retried.stderr).toContain('broken: 1 item is retried');
    expect(retried.code).toBe(1);
    expect(await cli.run(['retry', 'broken', '--patch', 'x'])).toMatchObject({ code: 2 });
  });

  test('resubmit prints the id of the new job', async () => {
    expect(await cli.run(['resubmit', 'one', '--id', 'again'])).toMatchObject({ code: 0, stdout: 'again\n' });
  });

  test('delete asks on a terminal, and no keeps the job', async () => {
    await create('kept', '--hold');

    const no = await cli.inTerminal(['delete', 'kept'], { keys: [{ expect: '[y/N]', type: 'n\r' }] });
    expect(no.stdout).toContain('Nothing was changed');
    expect(await statusOf('kept')).toBe('Paused');
    const yes = await cli.inTerminal(['delete', 'kept'], { keys: [{ expect: '[y/N]', type: 'y\r' }] });
    expect(yes.stdout).toContain('kept is deleted');
    expect((await cli.run(['show', 'kept'])).code).toBe(4);
  });
});

describe('all jobs that match', () => {
  test('are counted, and changed only after a confirmation', async () => {
    for (const id of ['a1', 'a2', 'b1']) await create(id, '--hold', '--label', `group=${id[0]}`);
    const selection = ['cancel', '--label', 'group=a'];

    expect(await cli.run([...selection, '--dry-run'])).toMatchObject({ code: 0, stdout: '2\n' });
    const unconfirmed = await cli.run(selection);
    expect(unconfirmed).toMatchObject({ code: 2, stderr: expect.stringContaining('Pass --yes to confirm') });
    const refused = await cli.inTerminal(selection, { keys: [{ expect: 'Cancel 2 jobs', type: '\r' }] });
    expect(refused.stdout).toContain('Nothing was changed');
    expect(await cli.run([...selection, '--yes', '--json'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"jobs": 2'),
    });
    expect([await statusOf('a1'), await statusOf('b1')]).toEqual(['Cancelled', 'Paused']);
  });

  test('are resubmitted one after the other', async () => {
    const { code, stdout } = await cli.run(['resubmit', '--filter', 'id==a*', '--yes']);

    expect([code, stdout.trim().split('\n').length]).toEqual([0, 2]);
  });

  test.each([
    [['cancel'], 'no job is selected'],
    [['cancel', 'a1', '--all'], 'jobs are named, and also selected by an option'],
    [['retry', '--all', '--code', 'x'], 'need a named job'],
    [['pause', '--filter', 'nofield==1', '--yes'], 'nofield'],
  ])('%j is refused', async (args, message) => {
    expect(await cli.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('the service', () => {
  test.each([
    ['workers', 'rehearse'],
    ['splitters', 'lines'],
  ])('%s are listed, and one is shown with its schema', async (command, name) => {
    expect((await cli.run([command])).stdout).toContain(`${name}\t`);
    expect(JSON.parse((await cli.run([command, name])).stdout)).toMatchObject({ name });
    expect(await cli.run([command, 'none'])).toMatchObject({ code: 4 });
  });

  test('templates and types are empty lists', async () => {
    expect(await cli.run(['templates', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await cli.run(['types'])).toMatchObject({ code: 0, stderr: 'There are no types.\n' });
    expect(await cli.run(['templates', 'none'])).toMatchObject({ code: 4 });
  });
});
