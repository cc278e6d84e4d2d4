import { execFileSync } from 'node:child_process';
import { globSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { ENVIRONMENT_NAMES } from '#contract/environment.ts';
import { bundle, bundledCode } from '../../lib/bundle.ts';
import type { BundledCode } from '../../lib/esbuild.ts';
import { projectFile } from '../../lib/own-code.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { folder, type Synthesized, synthesize } from './synthesized.ts';

const MEBIBYTE = 1024 * 1024;

const KILOBYTE = 1000;

/** Maximum bytes that a function loads before its first invocation. */
const MAX_START_BYTES: Readonly<Record<string, number>> = {
  // Every route, with its schemas.
  'jobs-api': 410 * KILOBYTE,
  'track-results': 150 * KILOBYTE,
  'split-batch': 150 * KILOBYTE,
  http: 150 * KILOBYTE,
  rehearse: 150 * KILOBYTE,
  // Large parsers.
  'extract-text': 4 * MEBIBYTE,
  'merge-pdf': 4 * MEBIBYTE,
  'to-pdf': 4 * MEBIBYTE,
  'to-tiff': 2 * MEBIBYTE,
};
const MAX_OTHER_START_BYTES = 300 * KILOBYTE;

/** Packages whose code the functions of running jobs load before their first invocation. */
const HOT_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'track-results': ['@middy/core', 'valibot'],
  'split-batch': ['@middy/core', 'valibot'],
  http: ['@middy/core', 'valibot'],
  rehearse: ['@middy/core', 'valibot'],
};

const EMPTY_REGISTRY = {
  splitters: [],
  workers: [],
  jobTypes: [],
  templates: [],
  secrets: {},
  functions: {},
};

/** Variables without which a function does not start. */
const START_VARIABLES = Object.fromEntries(
  Object.entries({
    ...ENVIRONMENT_NAMES,
    awsClient: undefined,
    readBuckets: undefined,
    workerQueues: undefined,
    web: undefined,
  }).flatMap(([key, name]) => (name === undefined ? [] : [[name, startValue(key)]])),
);

function startValue(key: string): string {
  if (key === 'bucket') return 'bucket';
  if (key !== 'queueNames') return '1';
  return JSON.stringify({ reports: 'r', unroutable: 'u', undispatched: 'd', workers: [] });
}

function startBytes({ files, startFiles }: BundledCode): number {
  return startFiles.reduce((sum, file) => sum + (files.get(file)?.byteLength ?? 0), 0);
}

describe('the functions of the stack', () => {
  let synthesized: Synthesized;
  let names: string[];

  beforeAll(() => {
    synthesized = synthesize();
    names = [...synthesized.functions.keys()].sort();
  });

  test('are complete, each with a bundle that starts quickly', () => {
    const own = [
      'dispatch-jobs',
      'jobs-api',
      'read-dead-letters',
      'serve-pages',
      'split-batch',
      'sweep-jobs',
      'track-results',
    ];
    expect(names).toEqual([...own, ...shippedWorkers({ documents: true }).keys()].sort());
    const sizes = names.map((name) => ({ name, bytes: startBytes(bundledCode({ own: name })) }));
    const isLarge = ({ name, bytes }: { name: string; bytes: number }) =>
      bytes > (MAX_START_BYTES[name] ?? MAX_OTHER_START_BYTES);
    expect(sizes.filter(isLarge)).toEqual([]);
  });

  test.each(Object.entries(HOT_PACKAGES))('%s starts with these packages only: %j', (name, packages) => {
    const { startSources } = bundledCode({ own: name });

    const loaded = startSources.flatMap(
      (source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
    );
    expect([...new Set(loaded)].sort()).toEqual(packages);
  });

  test('start without the AWS SDK, which is a file beside all of them that use AWS', () => {
    for (const name of names) {
      const { startSources } = bundledCode({ own: name });
      const isSdk = (source: string) => /node_modules\/@(aws-sdk|smithy)\//.test(source);
      expect(startSources.filter(isSdk), name).toEqual([]);
      if (name !== 'serve-pages') expect(synthesized.file(name, 'aws-sdk.mjs').byteLength).toBeGreaterThan(0);
    }
  });

  test.each([...Object.keys(HOT_PACKAGES), 'jobs-api'])('%s starts without loading fetch of Node', (name) => {
    const { directory } = bundle(folder, {
      entry: { own: name },
      files: { 'registry.json': EMPTY_REGISTRY, 'auth.json': [], 'cors.json': [], 'version.json': '1.0.0' },
    });
    const file = pathToFileURL(join(directory, 'index.mjs')).href;
    const script = `import(${JSON.stringify(file)}).then(() => console.log(process.moduleLoadList.join()))`;

    const modules = execFileSync(process.execPath, ['-e', script], {
      env: { AWS_REGION: 'us-east-1', ...START_VARIABLES },
      encoding: 'utf8',
    })
      .trim()
      .split(',');

    expect(modules).toContain('NativeModule https');
    expect(modules.filter((module) => module.includes('undici'))).toEqual([]);
  });

  test('of the API load schema compiler and OpenAPI document when a request needs them', () => {
    const { startSources, sources } = bundledCode({ own: 'jobs-api' });

    for (const module of ['node_modules/ajv/dist/core.js', 'functions/contract/openapi.ts']) {
      expect(sources).toContain(module);
      expect(startSources).not.toContain(module);
    }
  });

  test('of the API include the evaluator of job types, which needs no other file', () => {
    const code = synthesized.file('jobs-api', 'job-types.mjs');
    const { sources } = bundledCode({ own: 'job-types' });

    expect(code.byteLength).toBeLessThan(MEBIBYTE / 2);
    expect(sources.filter((source) => source.includes('aws'))).toEqual([]);
    expect(code.includes(projectFile(''))).toBe(false);
  });

  test('contain nothing from the tests, the local stack or this machine', () => {
    for (const name of names) {
      const code = synthesized.file(name, 'index.mjs').toString();
      expect(code.includes(projectFile('')), `${name} names the project's folder`).toBe(false);
      expect(code.includes(`${homedir()}/`), `${name} names the home folder`).toBe(false);
      const [source = ''] = globSync([`functions/**/${name}/{handler,definition}.ts`]);
      const { sources } = bundledCode({ own: name });
      expect(sources).toContain(source);
      expect(sources.filter((source) => /^(test|localstack|lib|bin)\//.test(source))).toEqual([]);
    }
  });

  test('are bundled to the same bytes each time', () => {
    const again = synthesize();

    for (const name of names) {
      expect(again.file(name, 'index.mjs').equals(synthesized.file(name, 'index.mjs'))).toBe(true);
    }
  });

  test('provide the API with the schemas of everything that is deployed', () => {
    const registry = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());

    expect(registry.workers.map(({ name }: { name: string }) => name)).toEqual([
      ...shippedWorkers({ documents: true }).keys(),
    ]);
    expect(registry.jobTypes.map(({ name }: { name: string }) => name)).toEqual(['extract-folder']);
    expect(registry.splitters.length).toBeGreaterThan(0);
    for (const { description, definition } of registry.splitters) {
      expect(description).toMatch(/\w/);
      expect(definition).toHaveProperty('$schema');
    }
  });
});

describe('bundle', () => {
  test('makes a chunk of a module that is imported dynamically', async () => {
    const entry = join(folder, 'with-chunk.ts');
    writeFileSync(join(folder, 'rare.ts'), "export const rare = 'from the chunk';");
    writeFileSync(entry, "export const handler = async () => (await import('./rare.ts')).rare;");

    const { directory } = bundle(folder, { entry: { file: entry } });

    expect(globSync('*.mjs', { cwd: directory })).toHaveLength(2);
    const loaded = await import(pathToFileURL(join(directory, 'index.mjs')).href);
    expect(await loaded.handler()).toBe('from the chunk');
  });

  test('creates one ESM file with everything that its entry needs, and files next to it', async () => {
    const entry = join(folder, 'entry.ts');
    writeFileSync(join(folder, 'legacy.cjs'), "module.exports = require('node:path').basename('/a/b');");
    writeFileSync(
      entry,
      "import b from './legacy.cjs';\nexport const handler = async (): Promise<string> => b;",
    );

    const { directory } = bundle(folder, {
      entry: { file: entry },
      files: { 'some.json': { a: 1 } },
    });

    const loaded = await import(pathToFileURL(join(directory, 'index.mjs')).href);
    expect(await loaded.handler()).toBe('b');
    expect(statSync(join(directory, 'index.mjs')).size).toBeLessThan(2000);
    const { default: some } = await import(join(directory, 'some.json'), { with: { type: 'json' } });
    expect(some).toEqual({ a: 1 });
  });

  test('names the folder by a hash of its contents', () => {
    const entry = { source: 'export const handler = () => 1;' };

    const one = bundle(folder, { entry, files: { 'a.json': 1 } });
    const same = bundle(folder, { entry, files: { 'a.json': 1 } });
    const other = bundle(folder, { entry, files: { 'a.json': 2 } });

    expect(same.directory).toBe(one.directory);
    expect(other.directory).not.toBe(one.directory);
  });

  test('refuses an entry that does not compile', () => {
    expect(() => bundle(folder, { entry: { source: 'export const = 1;' } })).toThrow('entry.ts');
  });
});
