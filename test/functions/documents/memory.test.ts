/** How much memory the document workers take, at the largest that they are meant for. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pngOf } from '../../support/documents/images.ts';
import { docxOf, paragraph } from '../../support/documents/office.ts';
import { pdfOfPages } from '../../support/documents/pdfs.ts';
import { textOf, zipOf } from '../../support/documents/zips.ts';

const MAX_MEBIBYTES = 512;
const MEBIBYTE = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'jobtree-memory-'));

beforeAll(async () => {
  const pages = await pdfOfPages(200);
  const word = await docxOf(paragraph('word '.repeat(100)).repeat(2_000));
  const zip = { 'a.txt': textOf(15 * MEBIBYTE), 'b.pdf': pages, 'c.docx': word };
  const files = {
    'pages.pdf': pages,
    'text.txt': textOf(MEBIBYTE / 2)
      .toString()
      .replaceAll(/(.{70}) /g, '$1\n'),
    'photo.png': pngOf({ width: 3000, height: 2000, colorType: 2, pixel: (x, y) => [x % 256, y % 256, 7] }),
    'all.zip': await zipOf({ ...zip, 'd.bin': randomBytes(44 * MEBIBYTE) }),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['to-tiff', 'a PDF of 200 pages', ['pages.pdf'], { pages: 200 }],
  ['merge-pdf', 'a PDF of 200 pages, a photo and text', ['pages.pdf', 'photo.png', 'text.txt'], {}],
  ['to-pdf', 'text of 100 pages, a photo and a PDF', ['text.txt', 'photo.png', 'pages.pdf'], {}],
  ['extract-text', 'a PDF of 200 pages', ['pages.pdf'], { pages: 200 }],
  ['extract-text', 'a zip of 50 MB', ['all.zip'], { type: 'application/zip' }],
])(
  '%s of %s stays below 512 MiB',
  async (worker, _, files, wanted) => {
    const args = [
      'test/support/documents/memory/main.ts',
      worker,
      ...files.map((file) => join(folder, file)),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { mebibytes, output } = JSON.parse(stdout);

    expect(output).toMatchObject(wanted);
    expect(mebibytes).toBeLessThan(MAX_MEBIBYTES);
  },
  180_000,
);
