import { extractText, getDocumentProxy, getMeta } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { worker as toPdfWorker } from '../../../../../functions/workers/documents/to-pdf/definition.ts';
import { JPEG, pngOf } from '../../../../support/documents/images.ts';
import { encryptedPdf, pdfOfPages } from '../../../../support/documents/pdfs.ts';
import { runWorker } from '../../../../support/documents/run-worker.ts';
import { fromPackage, realPdf } from '../extract-text/documents.ts';

/** Reads the PDF of a document with a different library than the writer. */
async function read(pdf: Uint8Array | undefined) {
  const opened = await getDocumentProxy(new Uint8Array(pdf ?? []));
  const { text, totalPages } = await extractText(opened);
  return { opened, pages: totalPages, text };
}

async function made(name: string, bytes: Uint8Array, parameters: Record<string, unknown> = {}) {
  const { record, files } = await runWorker(toPdfWorker, { [name]: bytes }, { parameters });
  expect(record.failure).toBeUndefined();
  const pdf = [...files.values()][0];
  return { output: record.output, pdf, ...(await read(pdf)) };
}

describe('text', () => {
  test('in several scripts can be extracted from the pages', async () => {
    const text = 'Grüße, Ελληνικά, Русский, Հայերեն, ქართული\nשלום עולם\nfi ffl “quotes” €';

    const { text: found, output, pdf } = await made('a.txt', Buffer.from(text));

    const [page = ''] = found;
    for (const word of ['Grüße, Ελληνικά, Русский, Հայերեն, ქართული', 'שלום עולם', 'fi ffl “quotes” €'])
      expect(page).toContain(word);
    expect(output).toEqual({ pages: 1, sizeBytes: pdf?.length });
  });

  test('fills as many pages as needed, in order, without loss', async () => {
    const lines = Array.from({ length: 500 }, (_, i) => `Line number ${i} of five hundred`);

    const { pages, text } = await made('lines.txt', Buffer.from(lines.join('\n')));

    expect(pages).toBe(9);
    const numbers = [...text.join('\n').matchAll(/number (\d+) of/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(lines.map((_, i) => i));
  });

  test('starts a new page at a form feed', async () => {
    expect((await made('a.txt', Buffer.from('one\ftwo\fthree'))).text).toEqual(['one', 'two', 'three']);
  });

  test('without a glyph in the font is counted in the note', async () => {
    const { output, text } = await made('a.txt', Buffer.from('日本 and 中'));

    expect(output).toMatchObject({
      note: 'a.txt: 3 characters have no glyph in the font and are shown as \ufffd',
    });
    expect(text[0]).toBe('\ufffd\ufffd and \ufffd');
  });

  test('in Markdown and HTML has no marks', async () => {
    const markdown = await made('README.md', fromPackage('zod/README.md'));
    const html = await made('a.html', Buffer.from('<html><body><h1>Title</h1><p>Some <b>bold</b> text</p>'));

    expect(markdown.pages).toBeGreaterThan(1);
    expect(markdown.text.join('\n')).toContain('TypeScript-first schema validation');
    expect(html.text[0]).toContain('Title');
    expect(html.text[0]).toContain('Some bold text');
  });

  test('makes the same bytes on every run', async () => {
    const once = await made('a.txt', Buffer.from('again'));
    const twice = await made('a.txt', Buffer.from('again'));

    expect(Buffer.from(once.pdf ?? []).equals(Buffer.from(twice.pdf ?? []))).toBe(true);
  });
});

describe('the page', () => {
  test.each([
    ['A4', 'portrait', 595.28, 841.89],
    ['A5', 'landscape', 595.28, 419.53],
    ['Letter', 'portrait', 612, 792],
    ['Legal', 'landscape', 1008, 612],
  ])('is %s in %s', async (pageSize, orientation, width, height) => {
    const { opened } = await made('a.txt', Buffer.from('text'), { pageSize, orientation });

    const [, , right = 0, top = 0] = (await opened.getPage(1)).view;
    expect(right).toBeCloseTo(width, 1);
    expect(top).toBeCloseTo(height, 1);
  });

  test('has its text within the margins, at the requested size', async () => {
    const parameters = { margin: 100, fontSize: 20 };
    const { opened } = await made('a.txt', Buffer.from('word '.repeat(200)), parameters);

    const { items } = await (await opened.getPage(1)).getTextContent();
    const texts = items.filter((item) => 'str' in item && item.str.trim() !== '');
    expect(texts.length).toBeGreaterThan(5);
    for (const { transform, width } of texts as { transform: number[]; width: number }[]) {
      const [size, , , , x = 0, y = 0] = transform;
      expect(size).toBe(20);
      expect(x).toBeCloseTo(100, 1);
      expect(x + width).toBeLessThan(595.28 - 99);
      expect(y).toBeGreaterThan(99);
      expect(y).toBeLessThan(841.89 - 100);
    }
  });

  test('has the title from the parameters, else the file name', async () => {
    const named = await made('a.txt', Buffer.from('x'), { title: 'Ünicode' });
    const unnamed = await made('a.txt', Buffer.from('x'));

    expect((await getMeta(named.opened)).info['Title']).toBe('Ünicode');
    expect((await getMeta(unnamed.opened)).info['Title']).toBe('a.txt');
  });
});

describe('other parts', () => {
  test('a PDF is stored unchanged', async () => {
    const bytes = realPdf('UDHR.pdf');

    const { output, pdf } = await made('UDHR.pdf', bytes);

    expect(output).toEqual({ pages: 8, sizeBytes: bytes.length });
    expect(Buffer.from(pdf ?? []).equals(bytes)).toBe(true);
  });

  test('each image becomes a page, and all parts of an item are converted', async () => {
    const png = pngOf({ width: 4, height: 4, colorType: 2, pixel: (x) => [x * 60, 0, 0] });
    const documents = { 'a.png': png, 'b.jpg': JPEG, 'c.txt': Buffer.from('text') };

    const { record, files } = await runWorker(toPdfWorker, documents);

    expect(record).toMatchObject({ outcome: 'succeeded', output: { pages: 3 } });
    expect([...files.keys()]).toEqual(['a.pdf', 'b.pdf', 'c.pdf']);
    for (const pdf of files.values()) expect((await read(pdf)).pages).toBe(1);
  });

  test('take precedence over the payload, and META parts are ignored', async () => {
    const part = { type: 'BASE_PART', filename: 'given.txt', mimeType: 'text/plain', url: 'upload:x.txt' };
    const meta = { ...part, type: 'META', filename: 'meta.json' };
    const item = { payload: { source: 'upload:missing' }, parts: [meta, part] as never };

    const { record } = await runWorker(toPdfWorker, { 'x.txt': Buffer.from('x') }, { item });

    expect(record.parts?.map(({ filename }) => filename)).toEqual(['meta.json', 'given.txt', 'given.pdf']);
  });

  test.each([
    ['a.psd', Buffer.from('8BPS\0\x01\0\0\0\0', 'latin1'), 'document-unsupported', 'psd'],
    [
      'a.gif',
      Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
      'document-broken',
      'the image is broken or cut off',
    ],
    ['a.zip', Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'), 'document-unsupported', 'zip'],
    ['a.txt', Buffer.alloc(0), 'document-empty', '0 bytes'],
    ['a.pdf', Buffer.from('%PDF-1.7\nnothing follows'), 'document-broken', 'end of the file is missing'],
  ])('%s fails permanently with its name', async (name, bytes, code, message) => {
    const { record } = await runWorker(toPdfWorker, { [name]: bytes });

    expect(record).toMatchObject({ outcome: 'failed', attempts: 1, failure: { code } });
    expect(record.failure?.failureMessage).toContain(`'${name}': `);
    expect(record.failure?.failureMessage).toContain(message);
  });

  test('a PDF that needs a password fails permanently; one protected against changes does not', async () => {
    const locked = await encryptedPdf({ userPassword: 'secret', ownerPassword: 'owner' });
    const guarded = await encryptedPdf({ userPassword: '', ownerPassword: 'owner' });

    const { record } = await runWorker(toPdfWorker, { 'a.pdf': locked });

    expect(record).toMatchObject({ outcome: 'failed', failure: { code: 'document-encrypted' } });
    expect((await made('a.pdf', guarded)).pages).toBe(2);
  });

  test('a missing document, or an item without one, fails permanently', async () => {
    const missing = await runWorker(toPdfWorker, {}, { item: { payload: { source: 'upload:gone' } } });
    const nothing = await runWorker(toPdfWorker, {}, { item: { payload: { text: 'x' } } });

    expect(missing.record.failure).toMatchObject({ code: 'part-missing' });
    expect(nothing.record.failure).toMatchObject({ code: 'invalid-item' });
  });
});

test('an aborted invocation leaves the item unfinished', async () => {
  const over = AbortSignal.abort(new Error('no time left'));

  const run = runWorker(toPdfWorker, { 'a.pdf': await pdfOfPages(1) }, { signal: over });

  await expect(run).rejects.toThrow('not final: unfinished');
});

test('a document that cannot be read is left out on request', async () => {
  const documents = {
    'a.txt': Buffer.from('x'),
    'locked.pdf': await encryptedPdf({ userPassword: 'u', ownerPassword: 'o' }),
  };
  const parameters = { onBrokenDocument: 'leaveOut' };
  const { record, files } = await runWorker(toPdfWorker, documents, { parameters });
  const { record: none } = await runWorker(
    toPdfWorker,
    { 'b.pdf': await encryptedPdf({ userPassword: 'u', ownerPassword: 'o' }) },
    { parameters },
  );

  expect(record.output).toMatchObject({ pages: 1, note: 'locked.pdf: left out, document-encrypted' });
  expect([...files.keys()]).toEqual(['a.pdf']);
  expect(none.failure).toMatchObject({ code: 'document-encrypted' });
});
