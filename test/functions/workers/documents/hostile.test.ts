import { beforeAll, describe, expect, test } from 'vitest';
import type { Part } from '#core/item.ts';
import { worker as extractTextWorker } from '../../../../functions/workers/documents/extract-text/definition.ts';
import { worker as mergePdfWorker } from '../../../../functions/workers/documents/merge-pdf/definition.ts';
import { worker as toPdfWorker } from '../../../../functions/workers/documents/to-pdf/definition.ts';
import { worker as toTiffWorker } from '../../../../functions/workers/documents/to-tiff/definition.ts';
import { worker as unzip } from '../../../../functions/workers/unzip/definition.ts';
import { HOSTILE } from '../../../support/documents/hostile.ts';
import { pdfOfPages } from '../../../support/documents/pdfs.ts';
import { runWorker } from '../../../support/documents/run-worker.ts';
import { memoryService } from '../../../support/memory-service.ts';
import { aZip, withRenamedEntry } from '../../../support/zips.ts';

const WORKERS = {
  'extract-text': extractTextWorker,
  'to-pdf': toPdfWorker,
  'merge-pdf': mergePdfWorker,
  'to-tiff': toTiffWorker,
  unzip,
};
const MAX_SECONDS = 5;

let honest: Uint8Array;
let honestZip: Uint8Array;

beforeAll(async () => {
  honest = await pdfOfPages(1);
  honestZip = await aZip({ 'a.txt': 'text' });
});

/** Processes a document in a started thread. Returns the outcome and the CPU time. */
async function outcomeOf(name: keyof typeof WORKERS, bytes: Uint8Array) {
  const mimeType = name === 'unzip' ? 'application/zip' : 'application/octet-stream';
  const run = (filename: string, body: Uint8Array) => {
    const part: Part = { type: 'BASE_PART', filename, mimeType, url: `upload:${filename}` };
    return runWorker(WORKERS[name], { [filename]: body }, { item: { parts: [part] } });
  };
  const warm = await run('honest.bin', name === 'unzip' ? honestZip : honest);
  expect(warm.record.outcome).toBe('succeeded');
  const started = process.cpuUsage();
  const { record } = await run('hostile.bin', bytes);
  const { user, system } = process.cpuUsage(started);
  return { record, seconds: (user + system) / 1e6 };
}

async function hostile(name: string): Promise<Buffer> {
  const make = HOSTILE[name];
  if (make === undefined) throw new Error(`there is no '${name}'`);
  return make();
}

/** Message for the user: the value received, the error, and what is allowed or the next step. */
const TOO_LARGE = /exceeds the limit of .*; simplify or split it$/;
const CUT_OFF = /the PDF is broken or cut off: .*; check that it opens in a viewer and upload it again$/;
const LOCKED = /opens only with a password; remove the password and submit it again$/;
const SIZE = /pixels.*the limit|the limit of .* pixels/;
const BROKEN_IMAGE = /the image is broken or cut off: /;
const NO_PAGES = /the content is zip .*; supported are .* convert it to one of these$/;

describe('a hostile document fails its item permanently, within 5 seconds of CPU time and by name', () => {
  test.each([
    ['extract-text', 'inflating content', 'document-too-large', TOO_LARGE],
    ['extract-text', 'endless tree of pages', 'document-broken', CUT_OFF],
    ['extract-text', 'PDF that is cut off', 'document-broken', CUT_OFF],
    ['extract-text', 'PDF with a password', 'document-encrypted', LOCKED],
    ['extract-text', 'docx with entities', 'document-broken', /has a DOCTYPE.*; save it again/],
    [
      'extract-text',
      'zip with ..',
      'document-unsupported',
      /without a readable document: \.\.\/evil\.txt \(document-unsupported\)/,
    ],
    [
      'extract-text',
      'zip with ..\\',
      'document-unsupported',
      /without a readable document: \.\.\/evil\.txt \(document-unsupported\)/,
    ],
    [
      'extract-text',
      'zip with an absolute name',
      'document-unsupported',
      /without a readable document: \/x\/evil\.txt \(document-unsupported\)/,
    ],
    [
      'extract-text',
      'zip with a drive',
      'document-unsupported',
      /without a readable document: C:\/evil\.txt \(document-unsupported\)/,
    ],
    ['extract-text', 'zip of zeros', 'document-too-large', /to 52428800 bytes, more than 200 times; submit/],
    [
      'extract-text',
      'zip that is cut off',
      'document-broken',
      /the zip is broken or cut off: .*; check that/,
    ],
    ['to-tiff', 'forms in forms', 'document-too-large', TOO_LARGE],
    ['to-tiff', 'endless tree of pages', 'document-broken', CUT_OFF],
    ['to-tiff', 'huge page', 'document-too-large', SIZE],
    ['to-tiff', 'huge PNG', 'document-too-large', SIZE],
    ['to-tiff', 'huge JPEG', 'document-too-large', SIZE],
    ['to-tiff', 'inflating PNG', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'huge TIFF', 'document-too-large', SIZE],
    ['to-tiff', 'TIFF whose one strip is far too short', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'TIFF whose strip is beyond its end', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'TIFF of 6,000 pages', 'document-too-large', /more than the limit of 5000 pages; split it$/],
    ['to-tiff', 'endless TIFF', 'document-broken', /its list of pages is circular/],
    ['to-tiff', 'TIFF that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'huge GIF', 'document-too-large', SIZE],
    ['to-tiff', 'GIF that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'huge WebP', 'document-too-large', SIZE],
    ['to-tiff', 'huge BMP', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'BMP that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-tiff', 'PDF that is cut off', 'document-broken', CUT_OFF],
    ['to-tiff', 'PDF with a password', 'document-encrypted', LOCKED],
    ['to-tiff', 'zip of zeros', 'document-unsupported', NO_PAGES],
    ['to-pdf', 'inflating objects', 'document-too-large', TOO_LARGE],
    ['to-pdf', 'endless tree of pages', 'document-broken', /its page tree is circular/],
    ['to-pdf', 'huge PNG', 'document-too-large', SIZE],
    ['to-pdf', 'huge JPEG', 'document-too-large', SIZE],
    ['to-pdf', 'inflating PNG', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'huge TIFF', 'document-too-large', SIZE],
    ['to-pdf', 'TIFF whose one strip is far too short', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'TIFF whose strip is beyond its end', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'TIFF of 6,000 pages', 'document-too-large', /more than the limit of 5000 pages; split it$/],
    ['to-pdf', 'endless TIFF', 'document-broken', /its list of pages is circular/],
    ['to-pdf', 'TIFF that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'huge GIF', 'document-too-large', SIZE],
    ['to-pdf', 'GIF that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'huge WebP', 'document-too-large', SIZE],
    ['to-pdf', 'huge BMP', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'BMP that is cut off', 'document-broken', BROKEN_IMAGE],
    ['to-pdf', 'PDF that is cut off', 'document-broken', CUT_OFF],
    ['to-pdf', 'PDF with a password', 'document-encrypted', LOCKED],
    ['to-pdf', 'zip of zeros', 'document-too-large', /more than 200 times; submit/],
    ['merge-pdf', 'inflating objects', 'document-too-large', TOO_LARGE],
    ['merge-pdf', 'endless tree of pages', 'document-broken', /its page tree is circular/],
    ['merge-pdf', 'huge PNG', 'document-too-large', SIZE],
    ['merge-pdf', 'huge TIFF', 'document-too-large', SIZE],
    ['merge-pdf', 'endless TIFF', 'document-broken', /its list of pages is circular/],
    ['merge-pdf', 'PDF that is cut off', 'document-broken', CUT_OFF],
    ['merge-pdf', 'PDF with a password', 'document-encrypted', LOCKED],
    ['merge-pdf', 'zip of zeros', 'document-too-large', /more than 200 times; submit/],
    ['unzip', 'zip with ..', 'entry-refused', /'\.\.\/evil\.txt' leaves the archive with \.\.; pack/],
    ['unzip', 'zip with ..\\', 'entry-refused', /'\.\.\/evil\.txt' leaves the archive with \.\.; pack/],
    ['unzip', 'zip with an absolute name', 'entry-refused', /'\/x\/evil\.txt' is absolute; .*; pack/],
    ['unzip', 'zip with a drive', 'entry-refused', /'C:\/evil\.txt' is absolute; .*; pack/],
    ['unzip', 'zip of zeros', 'entry-refused', /to 52428800 bytes; at most 1000 times is allowed; pack/],
    [
      'unzip',
      'zip that is cut off',
      'archive-broken',
      /cannot be read as a zip archive: it has no end record/,
    ],
  ] as const)('%s: %s', async (worker, name, code, words) => {
    const { record, seconds } = await outcomeOf(worker, await hostile(name));

    expect(record).toMatchObject({ outcome: 'failed', attempts: 1, failure: { code } });
    expect(record.failure?.failureMessage).toMatch(words);
    expect(record.failure?.failureMessage).toMatch(
      worker === 'unzip' ? /hostile\.bin|^entry '/ : /^'hostile\.bin': /,
    );
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });

  test('to-tiff: content that inflates to a gigabyte is rendered or refused within 5 seconds', async () => {
    const { record, seconds } = await outcomeOf('to-tiff', await hostile('inflating content'));

    expect(record.failure?.code ?? record.outcome).toMatch(/^(succeeded|document-too-large)$/);
    expect(seconds).toBeLessThan(MAX_SECONDS);
  });
});

/** Without the documents that take seconds, which are in the table above. */
const SOON = [
  'PDF that is cut off',
  'PDF with a password',
  'endless tree of pages',
  'docx with entities',
  'zip with ..',
  'zip with an absolute name',
  'zip of zeros',
  'zip that is cut off',
  'huge PNG',
  'huge TIFF',
  'endless TIFF',
  'TIFF that is cut off',
  'huge GIF',
];

describe('a batch continues despite hostile documents', () => {
  test.each(['extract-text', 'to-pdf', 'merge-pdf', 'to-tiff'] as const)('of %s', async (name) => {
    const service = memoryService({ workers: [WORKERS[name]] });
    const ids = ['good 1', ...SOON, 'good 2'];
    const items = [];
    for (const id of ids) {
      const bytes = id.startsWith('good') ? honest : await hostile(id);
      await service.objects.put(`uploads/p/${id}`, bytes);
      items.push({ id, source: `upload:${id}` });
    }

    await service.submit({ splitter: 'items', worker: name, itemsPerTask: 5 }, { definition: { items } });
    await service.drain();

    const outcomes = await service.outcomes();
    expect(outcomes.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    const good = outcomes.filter(({ outcome }) => outcome === 'succeeded').map(({ id }) => id);
    expect(good.sort()).toEqual(['good 1', 'good 2']);
    expect((await service.view())?.job.status).toBe('Completed');
  });

  test('of the splitter zip: entries with hostile names fail alone', async () => {
    const service = memoryService({ workers: [extractTextWorker] });
    const zip = await aZip({
      'a.txt': 'one',
      'xx/evil.txt': 'two',
      'b.txt': 'three',
      'z.txt': Buffer.alloc(2 ** 21),
    });
    await service.objects.put('uploads/p/zip', withRenamedEntry(zip, 'xx/evil.txt', '../evil.txt'));

    await service.submit(
      { splitter: 'zip', worker: 'extract-text' },
      { definition: { source: 'upload:zip' } },
    );
    await service.drain();

    const outcomes = await service.outcomes();
    const reasons = outcomes.map(({ id, failure }) => [id, failure?.failureMessage]);
    expect(Object.fromEntries(reasons)).toEqual({
      'a.txt': undefined,
      'b.txt': undefined,
      '../evil.txt': expect.stringContaining('leaves the archive with ..'),
      'z.txt': expect.stringContaining('at most 1000 times is allowed'),
    });
    expect((await service.view())?.job.status).toBe('Completed');
  });
});

test('aborted work ends at once, and the next document is read', async () => {
  const over = new AbortController();
  setTimeout(() => over.abort(new Error('no time left')), 500);
  const started = performance.now();

  const run = runWorker(toTiffWorker, { 'long.pdf': await pdfOfPages(300) }, { signal: over.signal });

  await expect(run).rejects.toThrow('not final: unfinished');
  expect(performance.now() - started).toBeLessThan(10_000);
  expect((await runWorker(toTiffWorker, { 'honest.pdf': honest })).record.outcome).toBe('succeeded');
});
