/**
 * Tests the package as users install it: packed, installed into a fresh CDK app outside of the repository,
 * compiled, tested, synthesized and deployed to an emulator, with the code of docs/tutorials/first-worker.md.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployStack } from '../../localstack/deployment.ts';
import { restBase } from '../../localstack/emulator/emulator.ts';
import { startEmulator } from '../../localstack/emulator/ministack.ts';
import { blocksFor, PACKAGE } from '../docs/samples/inventory.ts';
import { serveMemoryApi } from '../schemathesis/memory-server.ts';
import { compileTypes, emptyFolder, useClient } from './empty-folder.ts';
import { appWith, folder, initApp, install, type Packed, pack, removeFolder, runInApp } from './fresh-app.ts';
import { startDev } from './start-dev.ts';
import { tutorialJob, writeTutorial } from './tutorial.ts';

/** Vitest is the user's own choice; any version of it can run these tests. */
const VITEST = `vitest@${versionHere('vitest')}`;

const MEBIBYTE = 1024 * 1024;

function versionHere(name: string): string {
  return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

let packed: Packed;
let app: string;

beforeAll(async () => {
  packed = await pack();
  app = await initApp('texts');
  await install(app, [packed.file, 'zod@4']);
  await install(app, [VITEST], ['--save-dev']);
  writeTutorial(app);
  await runSample('token.mjs');
}, 600_000);

afterAll(removeFolder);

/** Runs the commands of the tutorial that contain this text, verbatim. Returns what they print. */
function runSample(contains: string, env: Record<string, string> = {}): Promise<string> {
  const commands = blocksFor(PACKAGE).find(
    ({ language, text }) => language === 'sh' && text.includes(contains),
  );
  return runInApp(app, 'sh', ['-ec', commands?.text ?? `echo 'no command has ${contains}'; false`], env);
}

const installed = (path: string) => join(app, 'node_modules/jobtree', path);

describe('the package', () => {
  test('contains modules, declarations, source maps and functions, and no source', () => {
    const sources = packed.files.filter((path) => /\.[cm]?ts$/.test(path) && !path.endsWith('.d.ts'));

    expect(sources).toEqual([]);
    expect(packed.files).toEqual(
      expect.arrayContaining([
        'dist/cdk.js',
        'dist/cdk.js.map',
        'dist/worker.js',
        'dist/types/lib/index.d.ts',
        'dist/types/clients/worker/index.d.ts',
        'dist/client.js',
        'dist/types/clients/client/index.d.ts',
        'dist/functions/jobs-api/index.mjs',
        'dist/functions/extract-text/index.mjs',
        'dist/THIRD-PARTY-NOTICES.txt',
        'lib/templates/unpack.yaml',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(packed.sizeBytes).toBeLessThan(10 * MEBIBYTE);
  });

  test('imports nothing that exists only in the repository', () => {
    const code = packed.files.filter((path) => /\.(js|mjs|d\.ts)$/.test(path));
    const wrong = code.filter((path) =>
      /(from|import)\s*\(?['"](#|\.[^'"]*\.ts['"])/.test(readFileSync(installed(path), 'utf8')),
    );

    expect(code.length).toBeGreaterThan(60);
    expect(wrong).toEqual([]);
  });

  test('has one dependency, and neither its own Node nor packages that few users need', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['esbuild']);
    const peers = Object.keys(manifest.peerDependencies);
    expect(Object.keys(manifest.peerDependenciesMeta)).toEqual(peers);
    for (const name of ['node', 'tsx', '@aws-sdk/client-s3', ...peers]) {
      const isOfApp = ['tsx', 'aws-cdk-lib', 'constructs', 'zod'].includes(name);
      expect([name, existsSync(join(app, 'node_modules', name))]).toEqual([name, isOfApp]);
    }
    expect(existsSync(join(app, 'node_modules/.bin/node'))).toBe(false);
  });
});

describe('in a fresh app', () => {
  test('the tutorial compiles', async () => {
    expect(await runInApp(app, 'tsc', [])).toBe('');
  });

  test('the declarations also compile with library checks', async () => {
    const config = {
      extends: './tsconfig.json',
      compilerOptions: { skipLibCheck: false },
      files: ['all.ts'],
    };
    writeFileSync(join(app, 'tsconfig.all.json'), JSON.stringify({ ...config, include: [] }));
    writeFileSync(
      join(app, 'all.ts'),
      "import * as cdk from 'jobtree/cdk';\nimport * as worker from 'jobtree/worker';\nexport { cdk, worker };\n",
    );

    const printed = await runInApp(app, 'tsc', ['-p', 'tsconfig.all.json']).catch((error) => String(error));

    expect(printed.split('\n').filter((line) => line.includes('node_modules/jobtree'))).toEqual([]);
    expect(printed).toBe('');
  });

  test("the tutorial's unit tests pass", async () => {
    expect(await runSample('vitest run', { NO_COLOR: '1' })).toMatch(/Tests +2 passed \(2\)/);
  });

  test('documents are refused with the command that installs the required packages, and work afterwards', async () => {
    const stack = join(app, 'lib/texts-stack.ts');
    const before = readFileSync(stack, 'utf8');
    writeFileSync(stack, before.replace('auth: [', 'documents: true,\n      auth: ['));
    try {
      const refusal = await synth(app).catch((error) => String(error));
      const [, command = ''] = /run npm install (.+)$/m.exec(refusal) ?? [];
      expect(command).toContain('@hyzyla/pdfium@2.1.13');
      await install(app, command.split(' '), ['--no-save']);
      await synth(app);
    } finally {
      writeFileSync(stack, before);
    }
  });

  test('it synthesizes with the oldest allowed peers', async () => {
    const peers = ['aws-cdk-lib', 'constructs', 'zod'];
    const oldest = Object.fromEntries(
      peers.map((name) => [name, manifest.peerDependencies[name].replace('^', '')]),
    );

    const old = await appWith(app, 'oldest', oldest);

    const versions = peers.map((name) =>
      JSON.parse(readFileSync(join(old, 'node_modules', name, 'package.json'), 'utf8')),
    );
    expect(versions.map(({ version }) => version)).toEqual(Object.values(oldest));
    expect(await runInApp(old, 'tsc', [])).toBe('');
    await synth(old);
  });
});

describe('in an empty folder', () => {
  test('the client runs on the Node of the machine, with no other package, and compiles without types of Node', async () => {
    const { path, packages } = await emptyFolder('client-only', packed.file);
    const api = await serveMemoryApi();
    try {
      const printed = await useClient(path, api.url, api.token);

      expect(packages.sort()).toEqual(['@esbuild', 'esbuild', 'jobtree']);
      expect(printed).toEqual(['from the package', 'Cancelled', 1, true]);
      expect(await compileTypes(path)).toBe('');
    } finally {
      await api.stop();
    }
  });
});

test('jobtree init makes files that compile and pass their tests', async () => {
  for (const kind of ['worker', 'splitter', 'template']) {
    expect(await runInApp(app, 'jobtree', ['init', kind, `my-${kind}`])).toContain(`${kind}s/my-${kind}.ts`);
  }

  expect(await runInApp(app, 'tsc', [])).toBe('');
  const report = join(app, 'init-report.json');
  await runInApp(app, 'vitest', ['run', 'my-', '--reporter=json', `--outputFile=${report}`]);
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ numPassedTests: 3, numFailedTests: 0 });
});

test('jobtree dev deploys the app, and jobtree run completes a job of its worker', async () => {
  await install(app, [`node@${versionHere('node')}`], ['--save-dev']);
  const dev = await startDev(app);
  try {
    const job = join(app, 'job.json');
    writeFileSync(job, JSON.stringify(tutorialJob()));
    const printed = await runInApp(app, 'jobtree', ['run', job, '--watch', '--json'], dev.env);

    expect(JSON.parse(printed)).toMatchObject({ status: 'Completed', items: { succeeded: 3 } });
    expect(await runInApp(app, 'jobtree', ['doctor'], dev.env)).toContain('ok\taccess');
  } finally {
    expect(await dev.stop()).toBe(0);
  }
}, 600_000);

function synth(where: string): Promise<string> {
  return runInApp(where, 'cdk', ['synth', '--quiet', '--no-notices'], { CDK_DISABLE_CLI_TELEMETRY: 'true' });
}

test('deployed to an emulator, a job of the tutorial completes with the output of its worker', async () => {
  const stateDir = mkdtempSync(join(folder, 'emulator-'));
  const emulator = await startEmulator({ name: 'package', port: 0, stateDir });
  try {
    const { endpoint } = emulator;
    const outputs = await deployStack({ endpoint, stateDir, appDir: app, stackName: 'TextsStack' });
    const [, apiId = ''] = /^https:\/\/([^.]+)\./.exec(outputs['Url'] ?? '') ?? [];
    const base = restBase({ kind: 'ministack', endpoint }, apiId);
    const url = `${base}/partitions/demo/jobs/first`;
    const headers = { authorization: `Bearer ${readFileSync(join(app, 'token.txt'), 'utf8').trim()}` };

    writeFileSync(join(app, 'job.json'), JSON.stringify(tutorialJob()));
    expect(await runSample('curl', { URL: base })).toContain('"id":"first"');
    const read = async (address: string): Promise<unknown> => (await fetch(address, { headers })).json();
    await expect
      .poll(() => read(url), { timeout: 120_000, interval: 1000 })
      .toMatchObject({ status: 'Completed', items: { succeeded: 3 } });

    expect(await read(`${url}/items`)).toMatchObject([
      { id: '1', output: 'HELLO THERE.!!' },
      { id: '2', output: 'HOW ARE YOU?!!' },
      { id: '3', output: 'FINE.!!' },
    ]);
  } finally {
    await emulator.stop();
  }
}, 600_000);
