import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';

const MAX_CLIENT_BYTES = 12 * 1024;

test('the types of the client were generated from docs/openapi.json as it is (npm run types)', () => {
  const hash = createHash('sha256').update(readFileSync('docs/openapi.json')).digest('hex');

  expect(readFileSync('clients/client/contract.ts', 'utf8').split('\n')[0]).toContain(`SHA-256 ${hash}`);
});

test('the client has at most 12 KB in a browser, and no module of Node', () => {
  const { outputFiles, metafile } = buildSync({
    entryPoints: ['clients/client/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
    outdir: 'out',
  });
  const [bundle] = outputFiles;

  expect(gzipSync(bundle?.contents ?? '').byteLength).toBeLessThan(MAX_CLIENT_BYTES);
  expect(bundle?.text).not.toMatch(/(from|import|require)\s*\(?["']/);
  expect(
    Object.keys(metafile.inputs).filter(
      (path) => !/^(clients\/client\/|functions\/core\/(json\/|omit-undefined))/.test(path),
    ),
  ).toEqual([]);
});
