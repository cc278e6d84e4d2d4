/** The document workers as they are deployed, through REST only; what they make is opened by other programs. */
import { decode } from 'tiff';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { pngOf } from '../support/documents/images.ts';
import { input } from '../support/documents/input.ts';
import { docxOf, paragraph } from '../support/documents/office.ts';
import { HAS_OFFICE, NEEDS_OFFICE } from '../support/documents/office-program.ts';
import { pdfOfPages } from '../support/documents/pdfs.ts';
import { zipOf } from '../support/documents/zips.ts';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

const PNG = pngOf({ width: 40, height: 30, colorType: 6, pixel: (x, y) => [x * 6, y * 8, 90, 200] });

interface Batch {
  readonly items: readonly unknown[];
  readonly worker: string;
  readonly pipeline?: readonly string[];
  readonly parameters?: unknown;
}

/** Runs a job over these items. Returns the job, its items, and the bytes of its result parts by file name. */
async function run(partition: string, { items, ...batch }: Batch) {
  const path = jobPath(partition, `${batch.worker}-job`);
  const definition = { splitter: 'items', definition: { items }, ...batch };
  const created = await call('PUT', path, { body: { batch: definition } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  const job = await finished(path, 150);
  const parts = new Map<string, Uint8Array>();
  for (const { filename, url } of await pages(`${path}/result`))
    parts.set(filename, new Uint8Array(await (await fetch(url)).arrayBuffer()));
  return { job, items: await pages(`${path}/items`), parts };
}

test('text, images and PDFs become PDFs, and those of an item one PDF with bookmarks', async () => {
  const partition = freshPartition();
  const sources = [
    await upload(partition, 'Grüße\nΕλληνικά\n\fsecond page', 'notes.txt'),
    await upload(partition, PNG, 'photo.png'),
    await upload(partition, await pdfOfPages(3), 'report.pdf'),
  ];
  const broken = await upload(partition, '%PDF-1.7\nnothing follows', 'broken.pdf');

  const { job, items, parts } = await run(partition, {
    items: [
      { id: 'good', sources },
      { id: 'bad', source: broken },
    ],
    worker: 'to-pdf',
    pipeline: ['merge-pdf'],
    parameters: { pageSize: 'A5', title: 'Everything' },
  });

  expect(job).toMatchObject({ status: 'Completed', items: { succeeded: 1, failed: 1 } });
  expect(items.find(({ id }) => id === 'bad').failure).toMatchObject({ code: 'document-broken' });
  const merged = parts.get('Everything.pdf') ?? new Uint8Array();
  expect(items.find(({ id }) => id === 'good').output).toEqual({ pages: 6, sizeBytes: merged.length });
  const opened = await getDocumentProxy(merged);
  const { text } = await extractText(opened);
  const outline = (await opened.getOutline()).map(({ title }) => title);
  expect(outline).toEqual(['notes.pdf', 'photo.pdf', 'report.pdf']);
  expect(text).toHaveLength(6);
  expect(text[0]).toContain('Ελληνικά');
  expect(text[5]).toContain('Page 3, line 0');
});

test('a workbook and Chinese, Japanese and Korean text become a PDF: the deployed code includes the fonts of the app', async () => {
  const partition = freshPartition();
  const sources = [
    await upload(partition, '发票编号\n日本語のテキスト\n한국어', 'cjk.txt'),
    await upload(partition, input('report-xlsxwriter.xlsx'), 'report.xlsx'),
    await upload(partition, input('talk-python-pptx.pptx'), 'talk.pptx'),
  ];

  const { items, parts } = await run(partition, { items: [{ id: 'a', sources }], worker: 'merge-pdf' });

  const { pages: pageCount, note } = items[0].output;
  expect(note).not.toContain('glyph');
  const { text } = await extractText(await getDocumentProxy(parts.get('a.pdf') ?? new Uint8Array()));
  expect(text).toHaveLength(pageCount);
  for (const expected of ['发票编号', '日本語のテキスト', '한국어']) expect(text[0]).toContain(expected);
  expect(text[1]).toContain('Sales of 2026');
  expect(text.at(-1)).toContain('Numbers');
});

test('pages become TIFF: the deployed code includes the WebAssembly that renders them', async () => {
  const partition = freshPartition();
  const sources = [
    await upload(partition, await pdfOfPages(2), 'report.pdf'),
    await upload(partition, PNG, 'photo.png'),
  ];

  const { items, parts } = await run(partition, {
    items: [{ id: 'a', sources }],
    worker: 'to-tiff',
    parameters: { dpi: 72, color: 'rgb' },
  });

  expect(items[0]).toMatchObject({ outcome: 'succeeded', output: { pages: 3 } });
  const report = decode(parts.get('report.tiff') ?? new Uint8Array());
  const [photo] = decode(parts.get('photo.tiff') ?? new Uint8Array());
  expect(report.map(({ width, height }) => [width, height])).toEqual(Array(2).fill([595, 842]));
  // Small letters are gray at such a resolution, and many.
  for (const { data } of report) expect(data.filter((sample) => sample < 128).length).toBeGreaterThan(10_000);
  expect(photo).toMatchObject({ width: 40, height: 30, samplesPerPixel: 3 });
});

test('the text of a zip and of an office document is extracted, a bomb fails alone', async () => {
  const partition = freshPartition();
  const word = await docxOf(paragraph('Words of an office document'), 'A letter');
  const zip = await zipOf({ 'a.txt': 'Plain words', 'b.docx': word });
  const bomb = await zipOf({ 'zeros.txt': Buffer.alloc(20 * 2 ** 20) });

  const { items, parts } = await run(partition, {
    items: [
      { id: 'word', source: await upload(partition, word, 'letter.docx') },
      { id: 'zip', source: await upload(partition, zip, 'all.zip') },
      { id: 'bomb', source: await upload(partition, bomb, 'bomb.zip') },
    ],
    worker: 'extract-text',
  });

  const byId = new Map(items.map((item) => [item.id, item]));
  expect(byId.get('word').output).toMatchObject({ title: 'A letter', words: 5 });
  expect(byId.get('zip').output).toMatchObject({ type: 'application/zip' });
  expect(byId.get('bomb').failure).toMatchObject({ code: 'document-too-large', attempts: 1 });
  expect(Buffer.from(parts.get('all.txt') ?? []).toString()).toBe(
    'a.txt\n\nPlain words\n\nb.docx\n\nWords of an office document',
  );
});

test.skipIf(!HAS_OFFICE)(
  `LibreOffice makes a PDF, or the item fails with the reason${NEEDS_OFFICE}`,
  async () => {
    const partition = freshPartition();
    const letter = await docxOf(paragraph('Sehr geehrte Damen und Herren'), 'A letter');

    const { items, parts } = await run(partition, {
      items: [
        { id: 'letter', source: await upload(partition, letter, 'letter.docx') },
        { id: 'locked', source: await upload(partition, input('password.docx'), 'locked.docx') },
      ],
      worker: 'office-to-pdf',
    });

    const byId = new Map(items.map((item) => [item.id, item]));
    const pdf = parts.get('letter.pdf') ?? new Uint8Array();
    expect(byId.get('letter').output).toEqual({ pages: 1, sizeBytes: pdf.length });
    expect(byId.get('locked').failure).toMatchObject({ code: 'document-encrypted', attempts: 1 });
    const { text } = await extractText(await getDocumentProxy(pdf));
    expect(text.join()).toContain('Sehr geehrte Damen und Herren');
  },
);
