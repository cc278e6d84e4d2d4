/** Clients that others generate from docs/openapi.json, as docs/reference/client.md describes, compile and run a job. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PYTHON_TOOLS } from '../../build/python-tools.ts';
import { environmentPython } from '../../localstack/emulator/python.ts';
import { runPython } from '../clients/python/run-python.ts';
import { type ServedService, serveService } from '../clients/served-service.ts';
import { run } from './fresh-app.ts';

const DOCUMENT = resolve('docs/openapi.json');

const TYPESCRIPT = `import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const [baseUrl = '', token = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${token}\` } });
const body: components['schemas']['JobRequest'] = {
  batch: { splitter: 'range', definition: { from: 0, to: 3 }, worker: 'rehearse', parameters: { failItems: ['1'] } },
};
const created = await client.POST('/partitions/{p}/jobs', { params: { path: { p: 'generated' } }, body });
const path = { p: 'generated', j: created.data?.id ?? '' };
let job: components['schemas']['Job'] | undefined;
while (job?.status !== 'Completed') {
  await new Promise((wake) => setTimeout(wake, 100));
  job = (await client.GET('/partitions/{p}/jobs/{j}', { params: { path } })).data;
}
const missing = await client.GET('/partitions/{p}/jobs/{j}', { params: { path: { ...path, j: 'missing' } } });
console.log([job.status, job.items.succeeded, job.items.failed, missing.error?.code].join(' '));
`;

const PYTHON = `import sys
import time

from jobs_api import AuthenticatedClient
from jobs_api.api.jobs import create_job, get_job
from jobs_api.models import Job, Problem

client = AuthenticatedClient(base_url=sys.argv[1], token=sys.argv[2])
batch = {"splitter": "range", "definition": {"from": 0, "to": 3}, "worker": "rehearse", "parameters": {"failItems": ["1"]}}
created = create_job.sync("generated", client=client, body={"batch": batch})
assert isinstance(created, Job), created
job = created
while job.status != "Completed":
    time.sleep(0.1)
    job = get_job.sync("generated", created.id, client=client)
missing = get_job.sync("generated", "missing", client=client)
assert isinstance(missing, Problem), missing
print(job.status, job.items.succeeded, job.items.failed, missing.code)
`;

const RESULT = 'Completed 2 1 not-found\n';

let folder: string;
let served: ServedService;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobtree-generated-'));
  served = await serveService();
});
afterAll(async () => {
  await served.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a client of openapi-typescript and openapi-fetch', async () => {
  for (const file of ['package.json', 'package-lock.json'])
    cpSync(join('build/openapi-typescript', file), join(folder, file));
  execFileSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder });
  const bin = (name: string) => join(folder, 'node_modules/.bin', name);
  writeFileSync(join(folder, 'use.ts'), TYPESCRIPT);
  const compilerOptions = {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    typeRoots: [resolve('node_modules/@types')],
    types: ['node'],
    skipLibCheck: true,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['use.ts', 'api.ts'] }),
  );

  await run(bin('openapi-typescript'), [DOCUMENT, '-o', 'api.ts', '--default-non-nullable', 'false'], {
    cwd: folder,
  });

  expect(await run(bin('tsc'), [], { cwd: folder })).toBe('');
  expect(await run('node', ['use.js', served.url, served.token], { cwd: folder })).toBe(RESULT);
});

test('a client of openapi-python-client', async () => {
  const python = await environmentPython(PYTHON_TOOLS, () => undefined);
  const output = join(folder, 'jobs_api');
  writeFileSync(join(folder, 'use.py'), PYTHON);

  await runPython(
    python,
    [
      '-m',
      'openapi_python_client',
      'generate',
      '--path',
      DOCUMENT,
      '--output-path',
      output,
      '--meta',
      'none',
    ],
    { PATH: `${dirname(python)}:${process.env['PATH']}` },
  );
  await runPython(python, ['-m', 'compileall', '-q', output]);

  expect(await runPython(python, [join(folder, 'use.py'), served.url, served.token])).toBe(RESULT);
});
