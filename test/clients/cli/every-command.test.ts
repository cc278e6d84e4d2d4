import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../../../clients/cli/program.ts';
import { type ServedService, serveService } from '../served-service.ts';
import { CommandLine } from './command-line.ts';

/** Replaced by the id of a held job, which differs for a pipe and a terminal. */
const HELD = '<held>';

/** Arguments of each command. Those that stay without a service, or that run until Ctrl-C, have their own tests. */
const ARGUMENTS: Readonly<Record<string, readonly string[] | 'elsewhere'>> = {
  run: ['--splitter', 'range', '--define', 'from=0', '--define', 'to=3', '--worker', 'rehearse'],
  jobs: ['--limit', '2'],
  show: ['done'],
  watch: ['done'],
  failures: ['done'],
  items: ['done'],
  item: ['done', '5'],
  tasks: ['done'],
  results: ['done'],
  logs: 'elsewhere',
  history: ['done'],
  cost: ['done'],
  request: ['done'],
  open: ['done'],
  retry: ['done', '--dry-run'],
  cancel: ['--starts-with', 'held', '--dry-run'],
  pause: [HELD],
  resume: [HELD],
  delete: ['--all', '--dry-run'],
  resubmit: ['done'],
  templates: [],
  types: [],
  workers: ['rehearse'],
  splitters: [],
  scan: 'elsewhere',
  dev: 'elsewhere',
  init: ['worker', 'my-worker', '--force', '--dir', 'app'],
  login: 'elsewhere',
  logout: 'elsewhere',
  profiles: [],
  token: ['--claims'],
  doctor: [],
  completion: ['bash'],
};
const commands = Object.entries(ARGUMENTS).flatMap(([name, args]) =>
  args === 'elsewhere' ? [] : [[name, args] as const],
);

let service: ServedService;
let cli: CommandLine;

beforeAll(async () => {
  service = await serveService();
  const { url, token } = service;
  cli = new CommandLine({ JOBTREE_URL: url, JOBTREE_TOKEN: token, JOBTREE_PARTITION: 'every' });
  const batch = { splitter: 'range', definition: { from: 0, to: 12 }, worker: 'rehearse' };
  const file = join(cli.home, 'job.json');
  writeFileSync(file, JSON.stringify({ batch: { ...batch, parameters: { failEvery: 5 } } }));
  await cli.run(['run', file, '--id', 'done', '--watch']);
  for (const id of ['held-pipe', 'held-terminal']) await cli.run(['run', file, '--id', id, '--hold']);
});

afterAll(async () => {
  await service.stop();
  cli.remove();
});

test('every command is listed here', () => {
  const names = createProgram('1.2.3').commands.map((command) => command.name());

  expect(names.sort()).toEqual(Object.keys(ARGUMENTS).sort());
});

/** The watched job has failed items. */
const expectedCode = (name: string) => (name === 'watch' ? 1 : 0);

describe('through a pipe', () => {
  test.each(commands)('%s prints text, JSON and lines of JSON', async (name, given) => {
    const args = given.map((arg) => (arg === HELD ? 'held-pipe' : arg));
    const run = (...more: string[]) => cli.run([name, ...args, ...more], { cwd: cli.home });
    const text = await run();
    const [json, lines] =
      name === 'completion' || name === 'resume' ? [] : [await run('--json'), await run('--ndjson')];

    expect(text.code, text.stderr).toBe(expectedCode(name));
    expect(text.stdout + text.stderr).not.toContain('\u001b');
    if (json === undefined || lines === undefined) return;
    if (json.stdout !== '') expect(() => JSON.parse(json.stdout)).not.toThrow();
    for (const line of lines.stdout.split('\n').filter(Boolean)) expect(() => JSON.parse(line)).not.toThrow();
  });
});

describe('on a terminal', () => {
  test.each(commands)('%s runs without an error', async (name, given) => {
    const args = given.map((arg) => (arg === HELD ? 'held-terminal' : arg));
    const { code, stdout } = await cli.inTerminal([name, ...args], { cwd: cli.home });

    expect(code, stdout).toBe(expectedCode(name));
    expect(stdout).not.toContain('error:');
  });
});
