import { readdirSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createDeflate, deflateSync, gzipSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, test } from 'vitest';
import { extractText } from '../../../../../functions/workers/documents/extract-text/extract-text.ts';
import { input } from '../../../../support/documents/input.ts';
import { PDF_FOLDER, pdfOf, pdfSaying, realPdf, refusalOf } from './documents.ts';

async function encryptedPdf(passwords: { userPassword: string; ownerPassword: string }): Promise<Uint8Array> {
  const pdf = await PDFDocument.load(realPdf('2468.pdf'));
  await pdf.encrypt(passwords);
  return pdf.save();
}

/** Generated in pieces. A gigabyte in the memory of the test would hide the memory of the reader. */
async function deflatedBlanks(sizeBytes: number): Promise<Buffer> {
  const piece = Buffer.alloc(2 ** 20, ' ');
  return buffer(Readable.from(Array(sizeBytes / piece.length).fill(piece)).pipe(createDeflate({ level: 1 })));
}

/** A compound file whose directory has these entries. */
function compoundFileOf(names: readonly string[]): Buffer {
  const file = Buffer.alloc(512 + names.length * 128);
  file.write('d0cf11e0a1b11ae1', 'hex');
  for (const [i, name] of names.entries()) {
    const at = 512 + i * 128;
    file.write(name, at, 'utf16le');
    file.writeUInt16LE((name.length + 1) * 2, at + 64);
    file.writeUInt8(i === 0 ? 5 : 2, at + 66);
  }
  return file;
}

describe('an unreadable document is refused permanently with the next step', () => {
  test('an empty one', async () => {
    const refusal = await refusalOf(new Uint8Array());

    expect(refusal.code).toBe('document-empty');
    expect(refusal.message).toBe('the document has 0 bytes: check that its upload was completed');
  });

  test('one that opens only with a password', async () => {
    const refusal = await refusalOf(await encryptedPdf({ userPassword: 'secret', ownerPassword: 'owner' }));

    expect(refusal.code).toBe('document-encrypted');
    expect(refusal.message).toContain('remove the password');
  });

  test('but not one that is only protected against changes', async () => {
    const bytes = await encryptedPdf({ userPassword: '', ownerPassword: 'owner' });

    expect((await extractText(bytes, { name: 'a.pdf' })).text).toBe('2\n\n4\n\n6\n\n8');
  });

  test('an office document with a password', async () => {
    const refusal = await refusalOf(input('password.docx'), { name: 'a.docx' });

    expect(refusal.code).toBe('document-encrypted');
    expect(refusal.message).toBe(
      'the office document is protected with a password; remove the password and submit it again',
    );
  });

  test.each([
    ['WordDocument', 'doc (application/msword)'],
    ['Workbook', 'xls (application/vnd.ms-excel)'],
    ['PowerPoint Document', 'ppt (application/vnd.ms-powerpoint)'],
    ['__properties_version1.0', 'msg (application/vnd.ms-outlook)'],
    ['Other', 'a compound file of an unknown program'],
  ])('a compound file with the entry %s, named docx', async (entry, format) => {
    const refusal = await refusalOf(compoundFileOf(['Root Entry', entry]), { name: 'a.docx' });

    expect(refusal.code).toBe('document-unsupported');
    expect(refusal.message).toContain(`the content is ${format}`);
  });

  test.each([
    ['png (image/png)', 'a.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['gz (application/gzip)', 'a.gz', gzipSync('text')],
    ['rtf (application/rtf)', 'a.rtf', Buffer.from('{\\rtf1\\ansi text}')],
    ['unknown binary data', 'a.txt', Buffer.from('text\0text\u0001\u0002')],
  ])('one that is %s', async (format, name, bytes) => {
    const refusal = await refusalOf(bytes, { name });

    expect(refusal.code).toBe('document-unsupported');
    expect(refusal.message).toContain(`the content is ${format}`);
    expect(refusal.message).toContain(
      'supported are plain text, Markdown, HTML, PDF, docx, xlsx, pptx, odt, ods, odp and zips of them',
    );
  });

  test.each([
    ['bytes', { maxBytes: 10 }, 'has 12 bytes; the limit is 10', Buffer.from('twelve bytes')],
    ['text', { maxCharacters: 5 }, 'limit of 5 characters', Buffer.from('twelve bytes')],
    ['PDF text', { maxCharacters: 5 }, 'limit of 5 characters', pdfSaying('twelve bytes')],
    ['pages', { maxPages: 3 }, 'has 4 pages; the limit is 3', realPdf('2468.pdf')],
  ])('one with too many %s', async (_, limits, message, bytes) => {
    const refusal = await refusalOf(bytes, limits);

    expect(refusal.code).toBe('document-too-large');
    expect(refusal.message).toContain(message);
  });
});

describe('a damaged PDF', () => {
  const files = readdirSync(PDF_FOLDER).filter((file) => file.endsWith('.pdf'));

  test.each(files)('%s truncated at any byte is refused or read with a note', async (file) => {
    const whole = realPdf(file);
    for (let part = 1; part < 24; part += 1) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 24) - 1);
      const started = performance.now();

      const outcome = await extractText(cut, { name: file }).then(
        ({ note }) => note ?? 'no note',
        (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : error),
      );

      expect(outcome).toMatch(
        /^UnreadableDocument: the PDF is broken or cut off|the end of the file is missing/,
      );
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });

  test('with random bytes never fails in another way', async () => {
    const whole = realPdf('UDHR.pdf');
    for (let round = 1; round <= 40; round += 1) {
      const noisy = Buffer.from(whole);
      for (let i = 0; i < 60; i += 1) noisy[(i * 7919 * round) % noisy.length] = (i * 31 * round) % 256;

      const outcome = await extractText(noisy, { name: 'a.pdf' }).catch((error: Error) => error);

      expect(outcome instanceof Error ? outcome.name : outcome.type).toMatch(
        /^UnreadableDocument$|^application\/pdf$/,
      );
    }
  });
});

describe('a document designed to exhaust its reader fails alone', () => {
  test('a page of kilobytes that inflates to a gigabyte', async () => {
    const bomb = pdfOf(deflateSync(await deflatedBlanks(2 ** 30)), '[/FlateDecode /FlateDecode]');

    const refusal = await refusalOf(bomb, { maxMemoryMebibytes: 150, stallSeconds: 20 });

    expect(refusal.code).toBe('document-too-large');
    expect(refusal.message).toContain('the limit of 150 MiB of memory');
  }, 30_000);

  test('HTML that keeps its parser busy for minutes', async () => {
    const nested = Buffer.from('<div>'.repeat(400_000) + '</span>'.repeat(1_000_000));
    const refusal = await refusalOf(nested, { name: 'a.html', timeoutSeconds: 1 });

    expect(refusal.code).toBe('document-too-large');
    expect(refusal.message).toContain('the limit of 1 s;');
  }, 20_000);

  test('Markdown nested too deeply for its parser is returned as written', async () => {
    const { text, note } = await extractText(Buffer.from('>'.repeat(20_000)), { name: 'a.md' });

    expect(text).toHaveLength(20_000);
    expect(note).toBe('too deeply nested to take its markup out');
  }, 20_000);

  test('and the next document is read', async () => {
    await refusalOf(Buffer.from('<div>'.repeat(400_000) + '</span>'.repeat(1_000_000)), {
      timeoutSeconds: 0.2,
    });

    expect((await extractText(pdfSaying('Hello again'), { name: 'a.pdf' })).text).toBe('Hello again');
  }, 20_000);
});
