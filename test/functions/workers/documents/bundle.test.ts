/** The workers as deployed: bundled, in a separate folder without node_modules. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FONT, MAGICK, PDFIUM } from '../../../../functions/workers/documents/package-files.ts';
import { bundle } from '../../../../lib/bundle.ts';
import { projectFile } from '../../../../lib/own-code.ts';
import { tiff } from '../../../support/documents/decoded-images.ts';
import { pngOf } from '../../../support/documents/images.ts';
import { input } from '../../../support/documents/input.ts';
import { realPdf } from './extract-text/documents.ts';

const outdir = mkdtempSync(join(tmpdir(), 'jobtree-documents-'));
let directory: string;

const THREADS = {
  readingThread: 'extract-text/reading-thread.ts',
  toPdfThread: 'to-pdf/to-pdf-thread.ts',
  mergePdfThread: 'merge-pdf/merge-pdf-thread.ts',
  toTiffThread: 'to-tiff/to-tiff-thread.ts',
};

beforeAll(() => {
  const imports = Object.entries(THREADS).map(
    ([name, file]) =>
      `import { ${name} } from ${JSON.stringify(projectFile(`functions/workers/documents/${file}`))};`,
  );
  const main = `
    import { readFileSync } from 'node:fs';
    import { isMainThread } from 'node:worker_threads';
    const threads = { ${Object.keys(THREADS).join(', ')} };
    const limits = { timeoutSeconds: 60, stallSeconds: 30, maxMemoryMebibytes: 512 };
    const format = { pageSize: 'A4', orientation: 'portrait', margin: 56, fontSize: 10 };
    const options = { maxPages: 100, maxCharacters: 1e6 };
    if (isMainThread) {
      const [thread, name] = process.argv.slice(2);
      const bytes = new Uint8Array(readFileSync(name));
      const source = { name, bytes, title: name, format, dpi: 72, color: 'gray', options: { ...options, name } };
      const { bytes: made, ...rest } = await threads[thread].run({ ...source, sources: [{ name, bytes }] }, limits);
      console.log(JSON.stringify({ ...rest, sizeBytes: made?.length }));
    }`;
  const source = `${imports.join('\n')}${main}`;
  ({ directory } = bundle(outdir, { entry: { source }, packageFiles: [FONT, PDFIUM, MAGICK] }));
  const pixel = (x: number) => [x, 0, 0, 100];
  writeFileSync(join(directory, 'a.pdf'), realPdf('UDHR.pdf'));
  writeFileSync(join(directory, 'a.txt'), 'Ünï 日');
  writeFileSync(join(directory, 'cjk.pdf'), input('cjk-font-not-embedded.pdf'));
  writeFileSync(join(directory, 'a.docx'), input('main-part-document2.docx'));
  writeFileSync(join(directory, 'a.heic'), input('camera-upright.heic'));
  writeFileSync(join(directory, 'a.tif'), tiff('g4'));
  writeFileSync(join(directory, 'a.png'), pngOf({ width: 9, height: 9, colorType: 6, pixel }));
}, 120_000);

afterAll(() => rmSync(outdir, { recursive: true }));

test.each([
  ['readingThread', 'a.pdf', { type: 'application/pdf', pages: 8, language: 'en' }],
  ['readingThread', 'cjk.pdf', { text: '中文文本测试 ABC' }],
  ['readingThread', 'a.docx', { characters: 22 }],
  ['toPdfThread', 'a.heic', { pages: 1 }],
  ['toPdfThread', 'a.txt', { pages: 1, note: expect.stringContaining('1 characters have no glyph') }],
  ['mergePdfThread', 'a.pdf', { pages: 8 }],
  ['toTiffThread', 'a.png', { pages: 1 }],
  ['toPdfThread', 'a.tif', { pages: 3 }],
  ['mergePdfThread', 'a.tif', { pages: 3 }],
  ['toTiffThread', 'a.tif', { pages: 3 }],
])('%s reads %s in isolation, and lets the process exit', (thread, name, wanted) => {
  const options = { cwd: directory, timeout: 60_000, encoding: 'utf8' } as const;
  const printed = execFileSync(process.execPath, ['index.mjs', thread, name], options);

  expect(JSON.parse(printed)).toMatchObject(wanted);
});
