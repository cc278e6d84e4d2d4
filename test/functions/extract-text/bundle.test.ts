import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realPdf } from './documents.ts';

const folder = mkdtempSync(join(tmpdir(), 'extract-text-'));

beforeAll(() => {
  const module = new URL('../../../functions/extract-text/extract-text.ts', import.meta.url).pathname;
  const entry = `import { readFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    import { extractText } from ${JSON.stringify(module)};
    if (isMainThread) console.log(JSON.stringify(await extractText(readFileSync('a.pdf'), { name: 'a.pdf' })));`;
  buildSync({
    stdin: { contents: entry, resolveDir: folder, loader: 'ts' },
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'a.pdf'), realPdf('UDHR.pdf'));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('bundled into one file it reads a PDF on its own, and lets the process end', () => {
  const printed = execFileSync(process.execPath, ['index.mjs'], { cwd: folder, timeout: 30_000 });

  expect(JSON.parse(printed.toString())).toMatchObject({ type: 'application/pdf', pages: 8, language: 'en' });
}, 40_000);

test('the bundle stays small enough to start quickly', () => {
  expect(statSync(join(folder, 'index.mjs')).size).toBeLessThan(4_000_000);
});
