/** The Python client, installed as its how-to describes into a virtual environment, against a deployed service. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { PYTHON_TOOLS } from '../../build/python-tools.ts';
import { findPython } from '../../localstack/emulator/python.ts';
import { runPython } from '../clients/python/run-python.ts';
import { blocksFor, PYTHON_CLIENT } from '../docs/samples/inventory.ts';
import { checkoutShell } from './checkout-shell.ts';

const PYTEST = /^pytest==\S+/m.exec(readFileSync('clients/python/requirements-dev.txt', 'utf8'))?.[0] ?? '';

let folder: string;
let python: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-python-e2e-'));
  const found = await findPython(process.env, PYTHON_TOOLS);
  await runPython(found, ['-m', 'venv', folder]);
  python = join(folder, 'bin', 'python');
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await runPython(python, ['-m', 'pip', 'install', ...quiet, PYTEST]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the commands of its how-to install it', async () => {
  const shell = checkoutShell({}, { pip: `exec "${join(folder, 'bin', 'pip')}" "$@"` });
  try {
    for (const block of blocksFor(PYTHON_CLIENT)) expect((await shell.run(block.text)).failed).toEqual([]);
  } finally {
    await shell.end();
  }
}, 300_000);

test('it creates, watches and retries jobs, uploads files and downloads results', async () => {
  const output = await runPython(
    python,
    ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test/clients/python'],
    { JOBTREE_URL: inject('url'), JOBTREE_TOKEN: inject('token') },
  );

  expect(output).toMatch(/\d+ passed/);
  expect(output).not.toMatch(/failed|skipped/);
}, 300_000);
