/** The samples of the pages about clients, verbatim, as one program for each page, against the service in this process. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { JobHandle, Jobtree } from 'jobtree/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PYTHON_TOOLS } from '../../build/python-tools.ts';
import { environmentPython } from '../../localstack/emulator/python.ts';
import { STATE_ROOT } from '../../localstack/local-aws.ts';
import { blocksFor, CLIENTS } from '../docs/samples/inventory.ts';
import { type ServedService, serveService } from './served-service.ts';

const TYPESCRIPT_PAGE = 'docs/how-to/use-the-typescript-client.md';
const PYTHON_PAGE = 'docs/how-to/use-the-python-client.md';

/** Lines that a page's program prints, besides the progress, which depends on time. */
const PRINTED = [
  'Completed 100%',
  'Completed: 990 succeeded, 10 failed',
  '10 × rehearsed: ',
  '10 items retried, 0 failed',
  '0:1 output.json: 5002 ',
  ' would be cancelled',
  'no such job',
];

let folder: string;
let served: ServedService;
beforeAll(async () => {
  // Inside the repository, so that the compiler finds its configuration.
  mkdirSync(STATE_ROOT, { recursive: true });
  folder = mkdtempSync(join(STATE_ROOT, 'samples-'));
  writeFileSync(join(folder, 'people.csv'), 'name\nalice\n');
  served = await serveService();
});
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});

function program(page: string): string {
  return blocksFor(CLIENTS, page)
    .map(({ text }) => text)
    .join('\n');
}

/** Returns what the program prints. Rejects if it fails. */
function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const variables = { ...process.env, JOBTREE_URL: served.url, JOBTREE_TOKEN: served.token, ...env };
  return new Promise((fulfil, reject) => {
    execFile(command, args, { cwd: folder, env: variables }, (error, stdout, stderr) => {
      if (error === null) fulfil(stdout);
      else reject(new Error(`${command} failed:\n${stdout}\n${stderr}`));
    });
  });
}

function expectPrinted(printed: string): void {
  const lines = printed.split('\n');
  for (const text of PRINTED)
    expect(
      lines.some((line) => line.includes(text)),
      `${text} in\n${printed}`,
    ).toBe(true);
}

test('the samples in TypeScript run as one program', async () => {
  const source = join(folder, 'page.ts');
  writeFileSync(source, program(TYPESCRIPT_PAGE));
  buildSync({
    entryPoints: [source],
    outfile: join(folder, 'page.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    alias: { 'jobtree/client': resolve('clients/client/index.ts') },
  });

  expectPrinted(await run('node', ['page.mjs']));
});

test('the samples in Python run as one program', async () => {
  const python = await environmentPython(PYTHON_TOOLS, () => undefined);
  writeFileSync(join(folder, 'page.py'), program(PYTHON_PAGE));

  expectPrinted(await run(python, ['page.py'], { PYTHONPATH: resolve('clients/python/src') }));
}, 300_000);

describe('the reference of the clients', () => {
  const reference = readFileSync('docs/reference/client.md', 'utf8');
  const membersOf = ({ prototype }: { prototype: object }) =>
    Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
  const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

  test.each([...membersOf(Jobtree), ...membersOf(JobHandle)])('has %s', (name) => {
    expect(reference).toMatch(new RegExp(`\`${name}\\b`));
  });

  test('has the same members in Python, except for those that only one client has', () => {
    const onlyTypeScript = ['url', 'openApi', 'lookForItem'];
    const sources = ['client', 'service', 'job'].map((name) =>
      readFileSync(`clients/python/src/jobtree/${name}.py`, 'utf8'),
    );
    const defined = new Set(sources.join('\n').match(/(?<=^ {4}def )[a-z]\w*/gm));
    const expected = [...membersOf(Jobtree), ...membersOf(JobHandle)].filter(
      (name) => !onlyTypeScript.includes(name),
    );

    for (const name of expected) expect(defined).toContain(snakeCase(name));
  });
});
