/**
 * Generates the Python package `jobtree.generated` from docs/openapi.json, without the routes for CAF clients.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { projectFile } from '../lib/own-code.ts';
import { environmentPython } from '../localstack/emulator/python.ts';
import { PYTHON_TOOLS } from './python-tools.ts';

const DOCUMENT = projectFile('docs/openapi.json');
const CLIENT = projectFile('clients/python');
const GENERATED = join(CLIENT, 'src/jobtree/generated');

export async function writePythonTypes(): Promise<void> {
  const python = await environmentPython(PYTHON_TOOLS, console.error);
  const text = readFileSync(DOCUMENT, 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-python-'));
  const document = join(folder, 'openapi.json');
  writeFileSync(document, JSON.stringify(withoutCaf(JSON.parse(text))));
  rmSync(GENERATED, { recursive: true, force: true });
  const options = ['--path', document, '--output-path', GENERATED, '--meta', 'none', '--fail-on-warning'];
  execFileSync(
    python,
    ['-m', 'openapi_python_client', 'generate', ...options, '--config', join(CLIENT, 'generator.yaml')],
    {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, PATH: [dirname(python), process.env['PATH']].join(delimiter) },
    },
  );
  rmSync(folder, { recursive: true });
  const hash = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(GENERATED, 'openapi.sha256'), `${hash}\n`);
}

interface OpenApi {
  readonly paths: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

function withoutCaf({ paths, components, ...rest }: OpenApi): OpenApi {
  const { CafJob: _job, CafStatus: _status, ...schemas } = components.schemas;
  const kept = Object.entries(paths).filter(([path]) => !path.startsWith('/caf/'));
  return { ...rest, paths: Object.fromEntries(kept), components: { ...components, schemas } };
}
