/** Types, format and tests of the Python client, against the service in this process. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PYTHON_TOOLS } from '../../../build/python-tools.ts';
import { environmentPython } from '../../../localstack/emulator/python.ts';
import { type ServedService, serveService } from '../served-service.ts';
import { runPython } from './run-python.ts';

let python: string;
let served: ServedService;
beforeAll(async () => {
  python = await environmentPython(PYTHON_TOOLS, () => undefined);
  served = await serveService();
}, 300_000);
afterAll(() => served.stop());

test('the generated package was made from docs/openapi.json as it is (npm run types)', () => {
  const hash = createHash('sha256').update(readFileSync('docs/openapi.json')).digest('hex');

  expect(readFileSync('clients/python/src/jobtree/generated/openapi.sha256', 'utf8').trim()).toBe(hash);
});

test('the package has the version of jobtree', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

  expect(readFileSync('clients/python/pyproject.toml', 'utf8')).toContain(`\nversion = "${version}"\n`);
});

test('the client is formatted, and its types are sound', async () => {
  const ruff = join(dirname(python), 'ruff');
  const sources = ['clients/python', 'test/clients/python'];
  const config = ['--config', 'clients/python/pyproject.toml', '--no-cache'];

  await runPython(ruff, ['check', ...config, ...sources]);
  await runPython(ruff, ['format', '--check', ...config, ...sources]);
  await runPython(python, [
    '-m',
    'mypy',
    '--config-file',
    'clients/python/pyproject.toml',
    '--cache-dir',
    '/dev/null',
    'clients/python/src',
  ]);
}, 300_000);

test('the client creates, watches and retries jobs, uploads files and raises typed errors', async () => {
  const output = await runPython(
    python,
    ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test/clients/python'],
    {
      JOBTREE_URL: served.url,
      JOBTREE_TOKEN: served.token,
      PYTHONPATH: 'clients/python/src',
    },
  );

  expect(output).toMatch(/\d+ passed/);
  expect(output).not.toMatch(/failed|skipped/);
}, 300_000);
