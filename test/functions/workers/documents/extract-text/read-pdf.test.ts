import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { readPdf } from '../../../../../functions/workers/documents/extract-text/read-pdf.ts';
import { fromPackage, PDF_FOLDER, pdfInCharacterMap, pdfSaying, realPdf } from './documents.ts';

const limits = { maxPages: 100, maxCharacters: 1_000_000 };

test('reading a PDF fetches nothing, not even files for its fonts', async () => {
  const fetched = vi.fn();
  vi.stubGlobal('fetch', fetched);
  const files = readdirSync(PDF_FOLDER).filter((file) => file.endsWith('.pdf'));

  for (const bytes of [...files.map(realPdf), pdfSaying('Helvetica'), pdfInCharacterMap('90ms-RKSJ-H')]) {
    await readPdf(new Uint8Array(bytes), limits);
  }

  expect(fetched).not.toHaveBeenCalled();
  vi.unstubAllGlobals();
});

test('the library cannot run code in a document', () => {
  const library = fromPackage('unpdf/dist/pdfjs.mjs').toString();

  expect(library).not.toMatch(/\beval\(|\bnew Function\b|[^.\w]Function\(/);
});

test('text whose character map is not included is left out with a note', async () => {
  const { text, note } = await readPdf(new Uint8Array(pdfInCharacterMap('90ms-RKSJ-H')), limits);

  expect(text).toBe('');
  expect(note).toBe('text with the character map 90ms-RKSJ-H was left out; embed the fonts in the PDF');
});
