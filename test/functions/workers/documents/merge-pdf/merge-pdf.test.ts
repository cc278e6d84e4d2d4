import { extractText, getDocumentProxy, getMeta } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { worker as mergePdfWorker } from '../../../../../functions/workers/documents/merge-pdf/definition.ts';
import { JPEG } from '../../../../support/documents/images.ts';
import { encryptedPdf, pdfOfPages } from '../../../../support/documents/pdfs.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { realPdf } from '../extract-text/documents.ts';

/** Titles of the outline and their page numbers, read by a different library than the writer. */
async function bookmarksOf(opened: Awaited<ReturnType<typeof getDocumentProxy>>) {
  const outline = (await opened.getOutline()) ?? [];
  return Promise.all(
    outline.map(async ({ title, dest }) => [title, (await opened.getPageIndex(dest?.[0])) + 1]),
  );
}

const DOCUMENTS = {
  'UDHR.pdf': realPdf('UDHR.pdf'),
  'notes – 日.txt': Buffer.from('Some notes\fon two pages'),
  'photo.jpg': JPEG,
  '2468.pdf': realPdf('2468.pdf'),
};

describe('the parts of an item', () => {
  test('become one PDF in order, each with a bookmark', async () => {
    const { record, files } = await runWorker(mergePdfWorker, DOCUMENTS, {
      parameters: { title: 'All of it' },
    });

    const pdf = files.get('All of it.pdf') ?? new Uint8Array();
    const opened = await getDocumentProxy(new Uint8Array(pdf));
    const { text } = await extractText(opened);
    expect(record.output).toEqual({ pages: 8 + 2 + 1 + 4, sizeBytes: pdf.length });
    expect(opened.numPages).toBe(15);
    expect(await bookmarksOf(opened)).toEqual([
      ['UDHR.pdf', 1],
      ['notes – 日.txt', 9],
      ['photo.jpg', 11],
      ['2468.pdf', 12],
    ]);
    expect(text[0]).toContain('Universal Declaration of Human Rights');
    expect(text.slice(8, 10)).toEqual(['Some notes', 'on two pages']);
    expect(text.slice(11)).toEqual(['2', '4', '6', '8']);
    expect((await getMeta(opened)).info['Title']).toBe('All of it');
  });

  test('make a PDF titled with the id of the item if no title is set', async () => {
    const { files } = await runWorker(mergePdfWorker, { 'a.txt': Buffer.from('x') });

    expect([...files.keys()]).toEqual(['i.pdf']);
  });

  test('that are protected only against changes are merged', async () => {
    const guarded = await encryptedPdf({ userPassword: '', ownerPassword: 'owner' });

    const { files } = await runWorker(mergePdfWorker, { 'a.pdf': guarded, 'b.txt': Buffer.from('x') });

    const { text } = await extractText(await getDocumentProxy(new Uint8Array(files.get('i.pdf') ?? [])));
    expect(text[1]).toContain('Page 2, line 0');
    expect(text).toHaveLength(3);
  });
});

describe('one part that cannot be read', () => {
  const broken = async () => (await pdfOfPages(3)).subarray(0, 900);
  const encrypted = () => encryptedPdf({ userPassword: 'secret', ownerPassword: 'owner' });

  test.each([
    ['document-broken', broken],
    ['document-encrypted', encrypted],
    ['document-unsupported', async () => Buffer.from('8BPS\0\x01\0\0\0\0', 'latin1')],
  ])('fails the item permanently with %s and its name', async (code, bytes) => {
    const documents = { 'good.txt': Buffer.from('x'), 'bad.bin': await bytes() };

    const { record } = await runWorker(mergePdfWorker, documents);

    expect(record).toMatchObject({ outcome: 'failed', attempts: 1, failure: { code } });
    expect(record.failure?.failureMessage).toContain("'bad.bin': ");
  });
});

describe('documents that cannot be read, left out on request', () => {
  const parameters = { onBrokenDocument: 'leaveOut' };

  test('are named in the note, and the others are merged', async () => {
    const documents = {
      'a.txt': Buffer.from('first'),
      'locked.pdf': await encryptedPdf({ userPassword: 'u', ownerPassword: 'o' }),
      'broken.jpg': JPEG.subarray(0, 20),
      'b.html': Buffer.from('<h1>last</h1>'),
    };
    const { record, files } = await runWorker(mergePdfWorker, documents, { parameters });

    const opened = await getDocumentProxy(new Uint8Array(files.get('i.pdf') ?? []));
    expect(record.output).toMatchObject({
      pages: 2,
      note: 'locked.pdf: left out, document-encrypted; broken.jpg: left out, document-broken',
    });
    expect(await bookmarksOf(opened)).toEqual([
      ['a.txt', 1],
      ['b.html', 2],
    ]);
  });

  test('fail the item if none is left', async () => {
    const { record } = await runWorker(
      mergePdfWorker,
      { 'a.pdf': await encryptedPdf({ userPassword: 'u', ownerPassword: 'o' }) },
      { parameters },
    );

    expect(record.failure).toMatchObject({ code: 'document-encrypted' });
  });
});
