import { globSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../../lib/bundle.ts';
import { projectFile } from '../../lib/own-code.ts';
import { shippedWorkers } from '../../lib/shipped-workers.ts';
import { folder, type Synthesized, synthesize } from './synthesized.ts';

const MEBIBYTE = 1024 * 1024;

/** Document workers include large parsers. */
const OF_DOCUMENTS = ['extract-text', 'merge-pdf', 'to-pdf', 'to-tiff'];
/** The API has every route and the schemas of all of them. */
const MAX_API_BYTES = 1.25 * MEBIBYTE;

function maxBytes(name: string): number {
  if (name === 'jobs-api') return MAX_API_BYTES;
  return OF_DOCUMENTS.includes(name) ? 8 * MEBIBYTE : MEBIBYTE;
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
    const sizes = names.map((name) => ({ name, bytes: synthesized.file(name, 'index.mjs').byteLength }));
    expect(sizes.filter(({ name, bytes }) => bytes > maxBytes(name))).toEqual([]);
  });

  test('of the API include the evaluator of job types, which needs no other file', () => {
    const code = synthesized.file('jobs-api', 'job-types.mjs');
    const { sources } = bundle(folder, { entry: { own: 'job-types' } });

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
      const { sources } = bundle(folder, { entry: { own: name } });
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
  test('creates one ESM file with everything that its entry needs, and files next to it', async () => {
    const entry = join(folder, 'entry.ts');
    writeFileSync(join(folder, 'legacy.cjs'), "module.exports = require('node:path').basename('/a/b');");
    writeFileSync(
      entry,
      "import b from './legacy.cjs';\nexport const handler = async (): Promise<string> => b;",
    );

    const { directory, sizeBytes } = bundle(folder, {
      entry: { file: entry },
      files: { 'some.json': { a: 1 } },
    });

    const loaded = await import(pathToFileURL(join(directory, 'index.mjs')).href);
    expect(await loaded.handler()).toBe('b');
    expect(sizeBytes).toBeLessThan(2000);
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
