/** Runs the commands of the documentation as they are printed, in order. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine, runProgram } from './command-line.ts';
import { type ServedService, serveService } from './served-service.ts';

/** Commands that need a browser, an issuer, AWS or an emulator. Other tests run them. */
const ELSEWHERE = /^(npx )?jobtree (login|dev|open|logs|profiles|doctor)\b/;

let service: ServedService;
let cli: CommandLine;
let env: Record<string, string>;

beforeAll(async () => {
  service = await serveService();
  cli = new CommandLine();
  const bin = join(cli.home, 'bin');
  mkdirSync(bin);
  for (const [name, command] of [
    ['jobtree', `"${process.execPath}" "${cli.main}" "$@"`],
    ['npx', '"$@"'],
  ] as const) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${command}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const orders = Array.from({ length: 30 }, (_, index) => `${index},${index}`);
  writeFileSync(join(cli.home, 'orders.csv'), `order,amount\n${orders.join('\n')}\n`);
  const batch = { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse' };
  writeFileSync(join(cli.home, 'job.json'), JSON.stringify({ batch }));
  writeFileSync(join(cli.home, 'first.json'), jsonIn('docs/tutorials/first-job.md'));
  env = {
    PATH: [bin, process.env['PATH']].join(delimiter),
    HOME: cli.home,
    JOBTREE_URL: service.url,
    JOBTREE_TOKEN: service.token,
  };
});

afterAll(async () => {
  await service.stop();
  cli.remove();
});

/** Returns the first JSON of a page. */
function jsonIn(page: string): string {
  const [, text = ''] = /^```json\n(.*?)^```/ms.exec(readFileSync(page, 'utf8')) ?? [];
  return text;
}

/** Returns the lines of shell blocks that call jobtree. */
function commandsOf(page: string): string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```/gms)];
  const lines = blocks.flatMap(([, text = '']) => text.replaceAll('\\\n', ' ').split('\n'));
  return lines.filter((line) => /^(npx )?jobtree /.test(line) && !ELSEWHERE.test(line));
}

const pages = ['docs/how-to/use-the-command-line.md', 'docs/tutorials/first-job.md', 'README.md'];

describe.each(pages)('the commands of %s', (page) => {
  test('exist', () => expect(commandsOf(page).length).toBeGreaterThan(0));

  test.each(commandsOf(page))('run: %s', async (command) => {
    const partition = page.replaceAll(/[^a-z]/gi, '-');
    const { code, stderr } = await runProgram('sh', ['-c', command], {
      env: { ...env, JOBTREE_PARTITION: partition },
      cwd: cli.home,
    });

    // 1 is the end of a job with failed items.
    expect([0, 1], stderr).toContain(code);
    expect(stderr).not.toMatch(/^error: /m);
  });
});
