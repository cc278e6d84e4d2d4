/** Runs the shipped templates on valid and hostile documents. Other programs open the results. */
import { decode } from 'tiff';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { MagickFormat, picture, tiff } from '../support/documents/decoded-images.ts';
import { pngOf } from '../support/documents/images.ts';
import { pdfOfPages } from '../support/documents/pdfs.ts';
import { aZip, withRenamedEntry } from '../support/zips.ts';
import {
  type Document,
  type Documents,
  hostilePdfs,
  one,
  readable,
  UNREADABLE,
  unreadable,
} from './documents.ts';
import { byPython, byYauzl, sha256 } from './opened-zips.ts';
import { call, finished, freshPartition, jobPath, pages, upload } from './rest.ts';

/** Runs a template over the documents of each item. Returns the job, its items and its results. */
async function run(
  template: string,
  documents: Documents,
  parameters?: object,
  partition = freshPartition(),
) {
  const items = [];
  for (const [id, files] of Object.entries(documents)) {
    const parts = [];
    for (const { body, ...part } of files) {
      parts.push({ url: await upload(partition, body, part.filename), ...part });
    }
    items.push({ id, parts });
  }
  return submitted(template, { items, ...omitUndefined({ parameters }) }, partition);
}

async function submitted(template: string, request: object, partition: string) {
  const path = jobPath(partition, template);
  const created = await call('PUT', path, { body: { template, ...request } });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  const job = await finished(path, 170);
  const items = new Map((await pages(`${path}/items?limit=3`)).map((item) => [item.id, item]));
  expect(items.size).toBe(job.items.found);
  const results = await pages(`${path}/result`);
  const codes = Object.fromEntries(
    [...items.values()].flatMap(({ id, failure }) => (failure === undefined ? [] : [[id, failure.code]])),
  );
  return { path, partition, job, items, results, codes };
}

/** Downloads a result from the signed URL that the API returned. */
async function downloaded({ url, sizeBytes }: { url: string; sizeBytes: number }): Promise<Buffer> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes).toHaveLength(sizeBytes);
  return bytes;
}

const fetched = (results: readonly { itemId: string; filename: string; url: string; sizeBytes: number }[]) =>
  Promise.all(
    results.map(async (result) => [`${result.itemId}/${result.filename}`, await downloaded(result)] as const),
  );

describe('reprocess', () => {
  test('tags documents by the text that is in them; hostile ones fail alone', async () => {
    const good = await readable();
    const rules = [
      { when: { field: 'payload.language', equals: 'de' }, set: { language: 'German' } },
      { when: { field: 'payload.pages', greater: 2 }, set: { size: 'long' } },
    ];

    const { job, items, results, codes } = await run(
      'reprocess',
      { ...good, ...(await unreadable()) },
      { rules },
    );

    expect(job).toMatchObject({ status: 'Completed', items: { found: 10, succeeded: 5, failed: 5 } });
    expect(codes).toEqual(UNREADABLE);
    expect(items.get('notes').output.tags).toEqual({ language: 'German' });
    expect(items.get('report').output.tags).toEqual({ size: 'long' });
    expect(items.get('letter').output.tags).toEqual({});
    const texts = new Map(await fetched(results));
    expect([...texts.keys()].sort()).toEqual(
      Object.entries(good)
        .map(([id, [file]]) => `${id}/${file?.filename.replace(/\.\w+$/, '.txt')}`)
        .sort(),
    );
    expect(texts.get('report/report.txt')?.toString()).toContain('Page 3, line 49');
    expect(texts.get('letter/letter.txt')?.toString()).toContain('the words of a letter');
  });
});

describe('export', () => {
  test('writes the texts of its own documents into archives, with a manifest of all of them', async () => {
    const good = await readable();

    const { job, items, results, codes } = await run(
      'export',
      { ...good, ...(await unreadable()) },
      { itemsPerArchive: 4, filename: 'texts' },
    );

    const archives = ['archive-0001', 'archive-0002', 'archive-0003'];
    expect(job).toMatchObject({ status: 'Completed', items: { found: 13, succeeded: 8, failed: 5 } });
    expect(codes).toEqual(UNREADABLE);
    expect([...items.keys()].filter((id) => id.startsWith('archive'))).toEqual(archives);
    const isArchive = ({ itemId }: { itemId: string }) => itemId.startsWith('archive');
    const files = await fetched(results.filter(isArchive));
    expect(files.map(([name]) => name)).toEqual(archives.map((id) => `${id}/texts-${id}.zip`));
    const texts = await fetched(results.filter((result) => !isArchive(result)));
    await expectArchives(
      files.map(([, zip]) => zip),
      { texts, ids: [...Object.keys(good), ...Object.keys(UNREADABLE)] },
    );
  });

  test('of another job takes the results of that job', async () => {
    const good = await readable();
    const reprocessed = await run('reprocess', good, { rules: [{ set: { seen: 'yes' } }] });

    const parameters = { job: 'reprocess', itemsPerArchive: 3 };
    const { job, results } = await submitted('export-job', { parameters }, reprocessed.partition);

    expect(job).toMatchObject({ status: 'Completed', items: { found: 2, succeeded: 2 } });
    const files = await fetched(results);
    const texts = await fetched(reprocessed.results);
    await expectArchives(
      files.map(([, zip]) => zip),
      { texts, ids: Object.keys(good) },
    );
  });
});

/** Asserts, with two zip readers, that the archives contain these texts and their manifests list each item once. */
async function expectArchives(
  zips: readonly Buffer[],
  { texts, ids }: { texts: readonly (readonly [string, Buffer])[]; ids: readonly string[] },
) {
  const read = (await Promise.all(zips.map(byYauzl))).flat();
  const hashes = read.map(([name, bytes]) => [name, sha256(bytes)]);
  expect((await Promise.all(zips.map(byPython))).flat()).toEqual(hashes);
  const isManifest = ([name]: readonly unknown[]) => name === 'manifest.json';
  const expected = texts.map(([name, bytes]) => [name, sha256(bytes)]).sort();
  expect(hashes.filter((entry) => !isManifest(entry)).sort()).toEqual(expected);
  const lines: { itemId: string; outcome: string; entry?: string; sha256?: string }[] = read
    .filter(isManifest)
    .flatMap(([, bytes]) => JSON.parse(bytes.toString()).files);
  expect(lines.map(({ itemId }) => itemId).sort()).toEqual(ids.toSorted());
  const listed = lines.flatMap(({ outcome, entry, sha256: sum }) => {
    expect(outcome).toBe(entry === undefined ? 'failed' : 'succeeded');
    return entry === undefined ? [] : [[entry, sum]];
  });
  expect(listed.sort()).toEqual(expected);
}

const PNG = pngOf({ width: 40, height: 30, colorType: 6, pixel: (x, y) => [x * 6, y * 8, 90, 200] });

const gif = Buffer.from('GIF89a\x01\0\x01\0', 'latin1');
const photoshop = Buffer.from('8BPS\0\x01\0\0\0\0', 'latin1');

describe('merge-to-pdf', () => {
  test('makes one PDF of the documents of an item and keeps META parts; others fail by name', async () => {
    const about: Document = {
      filename: 'about.json',
      body: '{"scanner":7}',
      mimeType: 'application/json',
      type: 'META',
    };
    const files = [
      { filename: 'notes.txt', body: 'Grüße\n\fsecond page', mimeType: 'text/plain' },
      { filename: 'photo.png', body: PNG, mimeType: 'image/png' },
      { filename: 'report.pdf', body: await pdfOfPages(3), mimeType: 'application/pdf' },
      { filename: 'fax.tif', body: tiff('g4'), mimeType: 'image/tiff' },
      { filename: 'chart.webp', body: picture(MagickFormat.WebP), mimeType: 'image/webp' },
    ];

    const { path, job, results, codes, items } = await run(
      'merge-to-pdf',
      {
        good: [...files, about],
        gif: one('a.gif', gif, 'image/gif'),
        psd: one('a.psd', photoshop, 'image/vnd.adobe.photoshop'),
        empty: [about],
        ...(await hostilePdfs('inflating objects')),
      },
      { title: 'Everything' },
    );

    expect(job).toMatchObject({ status: 'Completed', items: { found: 7, succeeded: 1, failed: 6 } });
    const { entities: _entities, zeros: _zeros, ...pdfs } = UNREADABLE;
    expect(codes).toEqual({
      ...pdfs,
      gif: 'document-broken',
      psd: 'document-unsupported',
      empty: 'invalid-item',
    });
    expect(items.get('psd').failure.failureMessage).toContain('photoshop');
    const [[name, bytes] = ['', Buffer.alloc(0)], ...others] = await fetched(results);
    expect([name, others]).toEqual(['good/Everything.pdf', []]);
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)));
    // The fax adds three pages, and the chart adds one.
    expect(text).toHaveLength(6 + 3 + 1);
    expect([text[1], text[5]]).toEqual([
      expect.stringContaining('second page'),
      expect.stringContaining('Page 3'),
    ]);

    const shown = (item: { parts: { filename: string; type: string }[] }) =>
      item.parts.map(({ filename, type }) => `${type} ${filename}`);
    const all = (await pages(`${path}/items?parts=all&outcome=succeeded`)).map(shown);
    const result = (await pages(`${path}/items?parts=result&outcome=succeeded`)).map(shown);
    const sources = [
      ...files,
      about,
      ...files.map(({ filename }) => ({ filename: filename.replace(/\.\w+$/, '.pdf') })),
    ];
    expect(all[0]?.toSorted()).toEqual(
      [...sources.map(({ filename }) => `META ${filename}`), 'BASE_PART Everything.pdf'].sort(),
    );
    expect(result).toEqual([['BASE_PART Everything.pdf']]);
  });
});

describe('production', () => {
  test('makes a TIFF of each document, with as many pages', async () => {
    const documents = {
      letter: [
        { filename: 'letter.txt', body: 'first page\n\fsecond page', mimeType: 'text/plain' },
        { filename: 'report.pdf', body: await pdfOfPages(3), mimeType: 'application/pdf' },
      ],
      ...(await hostilePdfs('inflating objects')),
    };

    const { job, results, codes } = await run('production', documents, { dpi: 72, color: 'gray' });

    expect(job).toMatchObject({ status: 'Completed', items: { found: 4, succeeded: 1, failed: 3 } });
    expect(Object.keys(codes).sort()).toEqual(['bomb', 'cut off', 'locked']);
    const images = (await fetched(results)).map(([name, bytes]) => [name, decode(bytes)] as const);
    expect(images.map(([name, found]) => [name, found.length])).toEqual([
      ['letter/letter.tiff', 2],
      ['letter/report.tiff', 3],
    ]);
    for (const { data } of images.flatMap(([, found]) => found)) {
      expect(data.some((sample) => sample < 128)).toBe(true);
    }
  });
});

describe('unpack', () => {
  test('takes archives in archives apart, in a partition of any name; hostile ones fail alone', async () => {
    const inner = await aZip({ 'inner.txt': 'in', 'deep.zip': await aZip({ 'deep.txt': 'deep' }) });
    const zip = (body: Buffer) => one('a.zip', body, 'application/zip');

    const { job, results, codes } = await run(
      'unpack',
      {
        mail: zip(await aZip({ 'outer.txt': 'out', 'größe/inner.zip': inner })),
        outside: zip(withRenamedEntry(await aZip({ 'xx/evil.txt': 'evil' }), 'xx/evil', '../evil')),
        zeros: zip(await aZip({ 'zeros.txt': Buffer.alloc(20 * 2 ** 20) })),
        text: zip(Buffer.from('no archive at all')),
      },
      undefined,
      `${freshPartition()} größe`,
    );

    expect(job).toMatchObject({ status: 'Completed', items: { found: 4, succeeded: 1, failed: 3 } });
    expect(codes).toEqual({ outside: 'entry-refused', zeros: 'entry-refused', text: 'archive-broken' });
    const files = (await fetched(results)).map(([name, bytes]) => [name, bytes.toString()]);
    expect(files.sort()).toEqual([
      ['mail/deep.txt', 'deep'],
      ['mail/inner.txt', 'in'],
      ['mail/outer.txt', 'out'],
    ]);
  });
});
