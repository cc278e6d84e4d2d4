import { describe, expect, test } from 'vitest';
import { officeTypeOf } from '../../../../../functions/workers/documents/office-to-pdf/office-type.ts';
import { docxOf, odtOf, opcOf, paragraph, pptxOf, xlsxOf } from '../../../../support/documents/office.ts';
import { zipOf } from '../../../../support/documents/zips.ts';

const SECTOR = 512;
const XLSB_TYPE = 'application/vnd.ms-excel.sheet.binary.macroEnabled.main';

/** A compound file of one stream, whose directory is the first sector and its content the second. */
function compoundFileOf(name: string, content: string): Buffer {
  const file = Buffer.alloc(4 * SECTOR);
  file.write('d0cf11e0a1b11ae1', 'hex');
  file.writeUInt16LE(9, 30);
  for (const [i, entry] of ['Root Entry', name].entries()) {
    const at = SECTOR + i * 128;
    file.write(entry, at, 'utf16le');
    file.writeUInt16LE((entry.length + 1) * 2, at + 64);
    file.writeUInt8(i === 0 ? 5 : 2, at + 66);
    file.writeUInt32LE(1, at + 116);
  }
  file.write(content, 2 * SECTOR, 'hex');
  return file;
}

const typeOf = async (bytes: Uint8Array, name = 'a') => officeTypeOf({ name, bytes });

describe('the type of an office document', () => {
  test('follows its content types', async () => {
    expect(await typeOf(await docxOf(paragraph('a')))).toBe('docx');
    expect(await typeOf(await xlsxOf([{ name: 's', rows: '' }], []))).toBe('xlsx');
    expect(await typeOf(await pptxOf(['a'], [0]))).toBe('pptx');
    const xlsb = await opcOf({ 'xl/workbook.bin': { xml: '', contentType: XLSB_TYPE } });
    expect(await typeOf(xlsb)).toBe('xlsb');
  });

  test.each([
    ['text', 'odt'],
    ['text-template', 'odt'],
    ['spreadsheet', 'ods'],
    ['presentation', 'odp'],
    ['graphics', 'odg'],
  ])('of OpenDocument %s is %s', async (kind, extension) => {
    expect(await typeOf(await odtOf('', { kind }))).toBe(extension);
  });

  test.each([
    // The magic number of Word, and flags without and with encryption.
    ['WordDocument', 'eca5c100000000000000', 'doc'],
    // The first record of a workbook, and a record of another type.
    ['Workbook', '09080400000006004200020000', 'xls'],
    ['PowerPoint Document', '0f00e803', 'ppt'],
  ])('of a compound file with %s follows the stream', async (stream, content, extension) => {
    expect(await typeOf(compoundFileOf(stream, content))).toBe(extension);
  });

  test('is rtf, or that of a PDF', async () => {
    expect(await typeOf(Buffer.from('{\\rtf1 text}'))).toBe('rtf');
    expect(await typeOf(Buffer.from('%PDF-1.7\n1 0 obj\nendobj'))).toBe('pdf');
  });
});

describe('a password is found before LibreOffice starts', () => {
  test.each([
    ['WordDocument', 'eca5c1000000000000000001'],
    ['Workbook', '0908040000000600' + '2f0036000100'],
    ['PowerPoint Document', '0000f60f14000000dfc4d1f3'],
    ['EncryptedPackage', ''],
  ])('in a compound file with %s', async (stream, content) => {
    await expect(typeOf(compoundFileOf(stream, content))).rejects.toMatchObject({
      code: 'document-encrypted',
    });
  });

  test('in OpenDocument', async () => {
    const locked = await odtOf('', { manifest: '<manifest:encryption-data/>' });

    await expect(typeOf(locked)).rejects.toMatchObject({ code: 'document-encrypted' });
  });
});

test.each([
  ['text', Buffer.from('plain text'), 'text/plain'],
  ['a zip of other files', await zipOf({ 'a.txt': 'a' }), 'zip'],
  ['a mail', compoundFileOf('__properties_version1.0', ''), 'msg (application/vnd.ms-outlook)'],
])('%s is refused, with the worker for other types', async (_what, bytes, format) => {
  await expect(typeOf(bytes)).rejects.toMatchObject({
    code: 'document-unsupported',
    message: expect.stringMatching(
      new RegExp(
        `^the content is .*${format.replace(/[()]/g, '\\$&')}.*use to-pdf for text, HTML and images$`,
      ),
    ),
  });
});
