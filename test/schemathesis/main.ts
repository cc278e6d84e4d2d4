/**
 * `npm run fuzz`: runs schemathesis with all its checks against the API, over memory ports and on its own
 * emulator. Exits with 1 on a finding. `--on memory` or `--on emulator` selects one of the two. `--seed` and
 * `--examples` are passed to schemathesis.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deployStack } from '../../localstack/deployment.ts';
import { developmentKey } from '../../localstack/development-key.ts';
import { restBase } from '../../localstack/emulator/emulator.ts';
import { startEmulator } from '../../localstack/emulator/ministack.ts';
import { environmentPython } from '../../localstack/emulator/python.ts';
import { signToken } from '../../localstack/token.ts';
import { operationSections } from './accepted-statuses.ts';
import { type ServedApi, serveMemoryApi } from './memory-server.ts';

const SCHEMATHESIS = {
  program: 'schemathesis',
  folder: 'schemathesis',
  requirements: 'test/schemathesis/requirements.txt',
  oldestMinor: 11,
  alternative: 'or leave this check to CI',
};

const SERVERS = { memory: serveMemoryApi, emulator: serveOnEmulator };
type Server = keyof typeof SERVERS;

const { values } = parseArgs({
  options: {
    on: { type: 'string', multiple: true, default: Object.keys(SERVERS) },
    seed: { type: 'string', default: '1' },
    examples: { type: 'string', default: '40' },
  },
});

async function serveOnEmulator(): Promise<ServedApi> {
  const stateDir = mkdtempSync(join(tmpdir(), 'jobtree-fuzz-'));
  const emulator = await startEmulator({ name: 'fuzz', port: 0, stateDir });
  const stop = async () => {
    await emulator.stop();
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    const { ApiId = '' } = await deployStack({ endpoint: emulator.endpoint, stateDir });
    const claims = { partitions: ['*'], role: 'admin', subject: 'fuzz', expiresInSeconds: 7_200 } as const;
    return { url: restBase(emulator, ApiId), token: signToken(claims, developmentKey()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Settings that the command line of schemathesis does not offer. */
function configuration(): string {
  return [
    `hooks = ${JSON.stringify(join(import.meta.dirname, 'hooks.py'))}`,
    'warnings = false',
    'request-timeout = 60',
    operationSections(),
  ].join('\n\n');
}

async function run(python: string, { url, token }: ServedApi): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'jobtree-schemathesis-'));
  const config = join(folder, 'schemathesis.toml');
  writeFileSync(config, configuration());
  const options = [
    ...['--config-file', config, 'run', `${url}/openapi.json`, '--url', url, '--no-color'],
    ...['--header', `Authorization: Bearer ${token}`, '--checks', 'all', '--continue-on-failure'],
    ...['--max-examples', values.examples, '--seed', values.seed, '--generation-database', 'none'],
  ];
  const child = spawn(python, ['-m', 'schemathesis.cli', ...options], { cwd: folder, stdio: 'inherit' });
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
  rmSync(folder, { recursive: true });
  return code;
}

function serverOf(name: string): Server {
  if (Object.hasOwn(SERVERS, name)) return name as Server;
  throw new Error(`--on '${name}' is not a server; choose ${Object.keys(SERVERS).join(' or ')}`);
}

const python = await environmentPython(SCHEMATHESIS, console.error);
for (const name of values.on.map(serverOf)) {
  console.error(`── schemathesis on ${name}`);
  const served = await SERVERS[name]();
  try {
    if ((await run(python, served)) !== 0) process.exitCode = 1;
  } finally {
    await served.stop();
  }
}
