import { readdirSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { readPdf } from '../../../../../functions/workers/documents/extract-text/read-pdf.ts';
import { input } from '../../../../support/documents/input.ts';
import { dynamicXfa, formOf, textField } from '../../../../support/documents/pdf-forms.ts';
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

async function read(bytes: Uint8Array) {
  return readPdf(new Uint8Array(bytes), limits);
}

describe('text in predefined character maps, in fonts that are not embedded, is read', () => {
  test('in a file', async () => {
    const { text, note } = await read(input('cjk-font-not-embedded.pdf'));

    expect(text).toBe('中文文本测试 ABC');
    expect(note).toBeUndefined();
  });

  test.each([
    ['90ms-RKSJ-H', 'Japan1', '93fa967b8cea', '日本語'],
    ['90ms-RKSJ-V', 'Japan1', '93fa967b8cea', '日本語'],
    ['EUC-H', 'Japan1', 'c6fccbdcb8ec', '日本語'],
    ['UniJIS-UTF16-H', 'Japan1', '65e5672c8a9e', '日本語'],
    ['UniJIS-UCS2-V', 'Japan1', '65e5672c8a9e', '日本語'],
    ['GBK-EUC-H', 'GB1', 'bcf2cce5', '简体'],
    ['UniGB-UCS2-H', 'GB1', '7b804f53', '简体'],
    ['ETen-B5-H', 'CNS1', 'c163c5e9', '繁體'],
    ['KSCms-UHC-H', 'Korea1', 'c7d1b1db', '한글'],
    // A document without its own map of characters uses the glyph numbers of the collection.
    ['Identity-H', 'Japan1', '0ef90fad', '耶励'],
  ])('%s of %s', async (map, collection, codes, text) => {
    expect((await read(pdfInCharacterMap(map, { collection, codes }))).text).toBe(text);
  });

  test('except a map that PDF viewers do not know either, which the note names', async () => {
    const { text, note } = await read(pdfInCharacterMap('UniJIS-UTF32-H'));

    expect(text).toBe('');
    expect(note).toBe('text with the character map UniJIS-UTF32-H was left out; embed the fonts in the PDF');
  });
});

describe('the values of form fields follow the text of their page', () => {
  test('in a file', async () => {
    expect((await read(input('filled-form.pdf'))).text).toBe('Name:\nf: FILLED-IN-4711\nchk: Yes');
  });

  test.each([
    ['text', textField('a', 'value'), 'a: value'],
    ['text of several lines', '/FT /Tx /Ff 4096 /T (a) /V (one\\rtwo)', 'a: one\ntwo'],
    ['text in UTF-16', '/FT /Tx /T (a) /V <feff65e5672c>', 'a: 日本'],
    ['a choice, by its shown value', '/FT /Ch /T (a) /V (1) /Opt [[(0) (red)] [(1) (blue)]]', 'a: blue'],
    ['several choices', '/FT /Ch /Ff 2097152 /T (a) /V [(x) (z)] /Opt [(x) (y) (z)]', 'a: x, z'],
    ['a check mark', '/FT /Btn /T (a) /V /Yes /AS /Yes /AP << /N << /Yes 20 0 R /Off 20 0 R >> >>', 'a: Yes'],
    ['no check mark', '/FT /Btn /T (a) /V /Off /AS /Off /AP << /N << /Yes 20 0 R /Off 20 0 R >> >>', ''],
    ['a password', '/FT /Tx /Ff 8192 /T (a) /V (secret)', ''],
    ['an empty field', '/FT /Tx /T (a)', ''],
  ])('%s', async (_, field, text) => {
    const stream = '<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Length 0 >>\nstream\n\nendstream';

    expect((await read(formOf([field], { others: [stream] }))).text).toBe(text);
  });

  test('with the name and value of their parent', async () => {
    const parent = '<< /FT /Tx /T (address) /V (Main Street) /Kids [5 0 R] >>';

    expect((await read(formOf([`/Parent 20 0 R /T (street)`], { others: [parent] }))).text).toBe(
      'address.street: Main Street',
    );
  });

  test('and comments do too', async () => {
    const bytes = formOf([textField('a', 'value')]).toString('latin1');
    const comment = '/Subtype /FreeText /Contents (A remark)';

    expect((await read(Buffer.from(bytes.replace('/Subtype /Widget', comment), 'latin1'))).text).toBe(
      'A remark',
    );
  });

  test('of a dynamic XFA form, whose pages have only a hint', async () => {
    const { text, note } = await read(dynamicXfa());

    expect(text).toBe('A label of the form\nXFA-VALUE-1');
    expect(note).toContain('dynamic XFA form');
  });
});

describe('bytes around a PDF', () => {
  const pdf = pdfSaying('Hello');

  test.each([
    ['zeros after the end', Buffer.concat([pdf, Buffer.alloc(5_000)])],
    [
      'a page of HTML after the end',
      Buffer.concat([pdf, Buffer.from(`<html>${'<p>x</p>'.repeat(400)}</html>`)]),
    ],
    [
      'the header of an e-mail before the start',
      Buffer.concat([Buffer.from('Content-Type: application/pdf\r\n\r\n'), pdf]),
    ],
    ['both', Buffer.concat([Buffer.from('\uFEFF\n'), pdf, Buffer.alloc(2_000, 'x')])],
    ['an end mark that is missing after a complete table', pdf.subarray(0, pdf.lastIndexOf('%%EOF'))],
  ])('%s do not matter', async (_, bytes) => {
    expect(await read(bytes)).toMatchObject({ text: 'Hello', note: undefined });
  });

  test('a file with bytes after its end is read', async () => {
    const { text, note } = await read(input('bytes-behind-eof.pdf'));

    expect(text).toBe('Hello page one of the sample document 1');
    expect(note).toBeUndefined();
  });

  test('an update that is cut off is noted', async () => {
    const update = Buffer.from('\n4 0 obj\n<< /Length 9 >>\nendobj\n5 0 obj\n<< /Ty');

    expect((await read(Buffer.concat([pdf, update]))).note).toContain('the end of the file is missing');
  });
});
