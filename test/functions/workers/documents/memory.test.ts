/** Memory use of the file workers with the largest supported files. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CompressionMethod } from '@imagemagick/magick-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blank, MagickFormat } from '../../../support/documents/decoded-images.ts';
import { pngOf } from '../../../support/documents/images.ts';
import { docxOf, paragraph, pptxOf, shape, xlsxOf } from '../../../support/documents/office.ts';
import { formOf, textField } from '../../../support/documents/pdf-forms.ts';
import { pdfOfPages, pdfOfScans } from '../../../support/documents/pdfs.ts';
import { textOf, zipOf } from '../../../support/documents/zips.ts';
import { pdfInCharacterMap } from './extract-text/documents.ts';

const MAX_MEBIBYTES = 512;
const MEBIBYTE = 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'jobtree-memory-'));

/** Rows of ten different numbers each. */
function cellsOf(rows: number): string {
  return Array.from(
    { length: rows },
    (_, row) =>
      `<row>${Array.from({ length: 10 }, (_number, column) => `<c s="0"><v>${row * 1000 + column}.5</v></c>`).join('')}</row>`,
  ).join('');
}

beforeAll(async () => {
  const pages = await pdfOfPages(200);
  const word = await docxOf(paragraph('word '.repeat(100)).repeat(2_000));
  const row = `<row>${'<c s="0"><v>1234567.891</v></c>'.repeat(100)}</row>`;
  // Every row differs, because an entry that deflates too well is refused.
  const cells = Array.from({ length: 8_000 }, (_, i) =>
    row.replaceAll('567', String(i % 1000)).replace('891', String(i)),
  ).join('');
  const zip = { 'a.txt': textOf(15 * MEBIBYTE), 'b.pdf': pages, 'c.docx': word };
  const files = {
    'pages.pdf': pages,
    'scans.pdf': pdfOfScans(200, { width: 425, height: 600 }),
    'noise.pdf': pdfOfScans(50, { width: 1200, height: 1600 }),
    'text.txt': textOf(MEBIBYTE / 2)
      .toString()
      .replaceAll(/(.{70}) /g, '$1\n'),
    'photo.png': pngOf({ width: 3000, height: 2000, colorType: 2, pixel: (x, y) => [x % 256, y % 256, 7] }),
    'fax.tiff': blank(MagickFormat.Tiff, 4960, 7016, (image) => {
      image.depth = 1;
      image.setCompression(CompressionMethod.Group4);
    }),
    'drawing.tiff': blank(MagickFormat.Tiff, 4990, 4990, (image) => {
      image.hasAlpha = true;
      image.setCompression(CompressionMethod.LZW);
    }),
    'photo.webp': blank(MagickFormat.WebP, 4990, 4990),
    'cells.xlsx': await xlsxOf([{ name: 's', rows: cellsOf(4_990) }], [], {
      styles: '<cellXfs><xf numFmtId="4"/></cellXfs>',
    }),
    'slides.pptx': await pptxOf(
      Array.from({ length: 500 }, (_, slide) => ({
        shapes: shape(...Array(10).fill(`line of slide ${slide}`)),
      })),
      Array.from({ length: 500 }, (_, slide) => slide),
    ),
    'rows.xlsx': await xlsxOf([{ name: 's', rows: cells }], [], {
      styles: '<cellXfs><xf numFmtId="4"/></cellXfs>',
    }),
    'form.pdf': formOf(Array.from({ length: 12 }, (_, i) => textField(`field ${i}`, 'value '.repeat(50)))),
    'cjk.pdf': Buffer.concat([
      pdfInCharacterMap('90ms-RKSJ-H', { codes: '93fa967b8cea'.repeat(20_000) }),
      Buffer.alloc(40 * MEBIBYTE),
    ]),
    'all.zip': await zipOf({ ...zip, 'd.bin': randomBytes(44 * MEBIBYTE) }),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['to-tiff', 'a PDF of 200 pages', ['pages.pdf'], { pages: 200 }],
  ['to-tiff', 'a PDF of 96 MB with 50 incompressible pages', ['noise.pdf'], { pages: 50 }],
  ['merge-pdf', 'a PDF of 200 pages, a photo and text', ['pages.pdf', 'photo.png', 'text.txt'], {}],
  ['merge-pdf', 'a PDF of 200 scans, 49 MB', ['scans.pdf'], { pages: 200 }],
  ['to-pdf', 'text of 100 pages, a photo and a PDF', ['text.txt', 'photo.png', 'pages.pdf'], {}],
  ['to-pdf', 'a PDF of 200 scans, 49 MB', ['scans.pdf'], { pages: 200 }],
  ['to-pdf', 'a workbook of 49,900 cells', ['cells.xlsx'], {}],
  ['merge-pdf', 'a workbook of 49,900 cells, a photo and text', ['cells.xlsx', 'photo.png', 'text.txt'], {}],
  ['to-pdf', 'a presentation of 500 slides', ['slides.pptx'], { pages: 500 }],
  ['to-pdf', 'a fax of 35 megapixels', ['fax.tiff'], { pages: 1 }],
  [
    'to-pdf',
    'images of 25 megapixels and a PDF of 200 scans',
    ['drawing.tiff', 'photo.webp', 'scans.pdf'],
    {},
  ],
  ['merge-pdf', 'a fax, images of 25 megapixels and a PDF', ['fax.tiff', 'drawing.tiff', 'pages.pdf'], {}],
  ['to-tiff', 'a fax, images of 25 megapixels and a PDF', ['fax.tiff', 'drawing.tiff', 'noise.pdf'], {}],
  ['extract-text', 'a PDF of 200 pages', ['pages.pdf'], { pages: 200 }],
  ['extract-text', 'a PDF of 200 scans, 49 MB', ['scans.pdf'], { pages: 200 }],
  ['extract-text', 'a workbook of 800,000 formatted numbers', ['rows.xlsx'], {}],
  ['extract-text', 'a PDF in a character map, with 40 MB after its end', ['cjk.pdf'], { pages: 1 }],
  ['merge-pdf', 'forms and a PDF of 200 pages', ['form.pdf', 'form.pdf', 'pages.pdf'], { pages: 202 }],
  ['to-tiff', 'a form', ['form.pdf'], { pages: 1 }],
  ['extract-text', 'a zip of 50 MB', ['all.zip'], { type: 'application/zip' }],
  [
    'extract-text',
    'one large document after the other',
    ['all.zip', 'scans.pdf', 'all.zip', 'pages.pdf'],
    {},
  ],
  ['unzip', 'a zip of 50 MB', ['all.zip'], { archives: 1, files: 4 }],
  ['export-zip', 'a zip of 50 MB and scans', ['all.zip', 'scans.pdf', 'pages.pdf'], { items: 1, files: 3 }],
])(
  '%s of %s stays below 512 MiB',
  async (worker, _, files, expectedOutput) => {
    const args = [
      'test/support/documents/memory/main.ts',
      worker,
      ...files.map((file) => join(folder, file)),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { mebibytes, output } = JSON.parse(stdout);

    expect(output).toMatchObject(expectedOutput);
    expect(mebibytes).toBeLessThan(MAX_MEBIBYTES);
  },
  180_000,
);
